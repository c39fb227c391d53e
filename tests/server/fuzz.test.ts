/** Whatever comes as a body, the hub refuses it or answers it: it neither falls nor says that something went wrong inside. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { startTestServer } from './testServer.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

const types = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'x',
  '',
);
const word = fc.constantFrom(
  ...['{', '}', '(', ')', '[', ']', ':', '...', '@', '$', '!', '=', '|', '&', '"', '"""', '\\u0000', '\\ud800', '#', ',', '\n'],
  ...['query', 'mutation', 'subscription', 'fragment', 'on', 'null', 'true', '1e999', '-', '"x"', 'a', '__typename', '__schema', '__type'],
  ...['tenants', 'loans', 'nodes', 'first', 'where', 'orderBy', 'and', 'or', 'not', 'Tenant', 'Loan', '@skip(if: $a)', '@include(if: true)', '9999999999999'],
);
const document = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.array(word, { maxLength: 60 }).map((words) => words.join(' ')),
  fc.array(word, { maxLength: 30 }).map((words) => `query ($a: Boolean) { tenants(first: 1) { ${words.join(' ')} } }`),
);
const json = fc.jsonValue({ maxDepth: 5 });
const request = fc.record(
  { query: fc.oneof(document, json), variables: json, operationName: fc.oneof(fc.string(), json), extensions: json, documentId: json },
  { requiredKeys: [] },
);
const body: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
  fc.jsonValue({ maxDepth: 8 }).map((value) => Buffer.from(JSON.stringify(value))),
  request.map((value) => Buffer.from(JSON.stringify(value))),
  document.map((query) => Buffer.from(JSON.stringify({ query }))),
);

it('random bytes, JSON and documents are refused or answered, never with a fault of the inside', { timeout: 120_000 }, async () => {
  for (const settings of [{ introspection: 'none' as const }, { introspection: 'all' as const, onlyPersisted: true, operations: new Map<string, string>() }]) {
    const server = await startTestServer(hub.hub, '', { settings });
    await fc.assert(
      fc.asyncProperty(types, body, fc.boolean(), async (type, bytes, asGet) => {
        const response = asGet
          ? await fetch(
              `${server.url}/graphql?query=${encodeURIComponent(bytes.toString('latin1'))}&variables=${encodeURIComponent(bytes.toString('latin1'))}`,
              {
                headers: { 'apollo-require-preflight': 'yes' },
              },
            )
          : await fetch(`${server.url}/graphql`, { method: 'POST', headers: type === '' ? {} : { 'content-type': type }, body: new Uint8Array(bytes) });
        const text = await response.text();
        expect(response.status, text).toBeLessThan(500);
        expect(text).not.toMatch(/INTERNAL_SERVER_ERROR|node_modules|\.ts:\d/);
        expect(JSON.parse(text)).toBeTypeOf('object');
      }),
      { numRuns: 600 },
    );
    expect(server.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  }
});
