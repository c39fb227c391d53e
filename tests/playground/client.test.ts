import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Hub } from '../../src/hub.js';
import { HubError } from '../../src/schema/errors.js';
import { AskError, createClient } from '../../web/src/client.js';
import { openTestHub } from '../helpers/hub.js';
import { anyone } from '../helpers/viewers.js';
import { handMadeHub } from '../server/handMadeHub.js';
import { startTestServer } from '../server/testServer.js';

const greeting = parse('query Greeting($count: Int!) { greeting(count: $count) }') as TypedDocumentNode<{ greeting: string | null }, { count: number }>;
const context = parse('query Context { context }') as TypedDocumentNode<{ context: string }, { [key: string]: never }>;
const half = parse('query Half { greeting failing }') as TypedDocumentNode<{ greeting: string }, { [key: string]: never }>;
const whoAsks = parse('query WhoAsks { viewer { kind sourceId } }') as TypedDocumentNode<object, { [key: string]: never }>;

/** The demonstration's hub, as anyone is answered who sends no token. */
async function openedHub(): Promise<Hub> {
  const opened = await openTestHub({ viewer: anyone });
  onTestFinished(() => opened.close());
  return opened.hub;
}

describe('the typed client', () => {
  it('asks with variables, and without where the operation takes none', async () => {
    const { url } = await startTestServer(handMadeHub());
    const ask = createClient({ url: `${url}/graphql` });
    expect((await ask(greeting, { count: 2 })).greeting).toBe('你好 你好');
    expect((await ask(context)).context).toBe('{}');
  });

  it('does not compile where a variable is missing or of the wrong type', async () => {
    const { url } = await startTestServer(handMadeHub());
    const ask = createClient({ url: `${url}/graphql` });
    // @ts-expect-error the operation has a variable that must be given
    await expect(ask(greeting)).rejects.toThrow('Variable "$count" of required type "Int!" was not provided.');
    // @ts-expect-error a number is expected
    await expect(ask(greeting, { count: 'two' })).rejects.toThrow('Variable "$count" got invalid value "two"');
  });

  it('throws what the hub says of an error, with what could be answered', async () => {
    const { url } = await startTestServer(handMadeHub({ failing: () => new HubError('NOT_FOUND', 'No such tenant.') }));
    const error = await createClient({ url: `${url}/graphql` })(half).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AskError);
    expect(error).toMatchObject({
      message: 'The hub could not answer all of it: No such tenant.',
      errors: [{ message: 'No such tenant.', path: ['failing'], extensions: { code: 'NOT_FOUND' } }],
      data: { greeting: '你好', failing: null },
    });
  });

  it('asks as the holder of its token, or of the one that it is given for each request', async () => {
    const { url } = await startTestServer(handMadeHub());
    const sent: (string | null)[] = [];
    const listening: typeof fetch = (to, init) => {
      sent.push(new Headers(init?.headers).get('authorization'));
      return fetch(to, { ...init, headers: { 'content-type': 'application/json' } });
    };
    const options = { url: `${url}/graphql`, fetch: listening };
    await createClient(options)(context);
    await createClient({ ...options, token: 'phk_one' })(context);
    let renewed = 0;
    const ask = createClient({ ...options, token: async () => `phk_${++renewed}`, headers: { Authorization: 'Bearer old' } });
    await ask(context);
    await ask(context);
    expect(sent).toEqual([null, 'Bearer phk_one', 'Bearer phk_1', 'Bearer phk_2']);
  });

  it('throws the refusal of a token with its code', async () => {
    const { url } = await startTestServer(await openedHub());
    const error = await createClient({ url: `${url}/graphql`, token: 'phk_nobody' })(whoAsks).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AskError);
    expect(error).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }], data: undefined });
  });

  it('is whom its token makes of it', async () => {
    const hub = await openedHub();
    const { token } = await hub.tokens.issue({ name: 'front end', grant: { kind: 'BANK', source: 'icbc' }, lifetime: 60_000, by: 'test' });
    const { url } = await startTestServer(hub);
    expect(await createClient({ url: `${url}/graphql`, token })(whoAsks)).toEqual({ viewer: { kind: 'BANK', sourceId: 'icbc' } });
    expect(await createClient({ url: `${url}/graphql` })(whoAsks)).toEqual({ viewer: { kind: 'PUBLIC', sourceId: null } });
  });

  it('says what came where it was no answer of GraphQL', async () => {
    const { url } = await startTestServer(handMadeHub());
    await expect(createClient({ url: `${url}/playground` })(context)).rejects.toThrow('Nothing is here.');
    const page = async (): Promise<Response> => new Response('<html>Bad gateway</html>', { status: 502, headers: { 'content-type': 'text/html' } });
    await expect(createClient({ url: `${url}/graphql`, fetch: page })(context)).rejects.toThrow(
      'Expected an answer of GraphQL, but got: status 502, 24 characters of text/html.',
    );
  });
});
