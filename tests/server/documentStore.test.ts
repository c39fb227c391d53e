import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DocumentStore } from '../../src/server/documentStore.js';
import { handMadeHub } from './handMadeHub.js';
import { startTestServer } from './testServer.js';

const document = (name: string) => parse(`{ ${name} }`);
/** Room for two documents of a field of one letter. */
const TWO = 2 * (500 + 56 * 5);

describe('the store of documents', () => {
  it('keeps the documents that were asked last, within its bytes', async () => {
    const store = new DocumentStore(TWO);
    const [a, b, c] = [document('a'), document('b'), document('c')];
    await store.set('a', a);
    await store.set('b', b);
    expect(await store.get('a')).toBe(a);
    await store.set('c', c);
    expect(await Promise.all(['a', 'b', 'c'].map((key) => store.get(key)))).toEqual([a, undefined, c]);
  });

  it('counts a document that is set again once', async () => {
    const store = new DocumentStore(TWO);
    for (let count = 0; count < 10; count++) await store.set('a', document('a'));
    await store.set('b', document('b'));
    expect(await store.get('a')).toBeDefined();
  });

  it('keeps none that is longer than all its room', async () => {
    const store = new DocumentStore(TWO);
    await store.set('long', document('a'.repeat(1_000)));
    expect(await store.get('long')).toBeUndefined();
    await store.set('a', document('a'));
    expect(await store.get('a')).toBeDefined();
  });

  it('a document that is asked again is answered by the plan that was made, whatever its variables', async () => {
    const server = await startTestServer(handMadeHub());
    const ask = (count: number) =>
      server.ask('query ($n: Int!, $not: Boolean!) { greeting(count: $n) other: greeting @skip(if: $not) }', { n: count, not: count > 1 });
    expect((await ask(1)).body).toEqual({ data: { greeting: '你好', other: '你好' } });
    expect((await ask(2)).body).toEqual({ data: { greeting: '你好 你好' } });
    expect((await ask(1)).body).toEqual({ data: { greeting: '你好', other: '你好' } });
  });
});
