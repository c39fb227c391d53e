import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ManifestError, readManifest } from '../../src/server/persisted.js';
import { parkFigures } from '../../web/operations/parkFigures.js';
import { createClient } from '../../web/src/client.js';
import { openTestHub } from '../helpers/hub.js';
import { handMadeHub } from './handMadeHub.js';
import { type Answer, startTestServer, type TestServer } from './testServer.js';

const greeting = 'query Greeting($count: Int!) { greeting(count: $count) }';
const context = 'query Context { context }';
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const operations = new Map([greeting, context].map((text) => [hashOf(text), text]));

const serve = (onlyPersisted: boolean): Promise<TestServer> => startTestServer(handMadeHub(), '', { settings: { operations, onlyPersisted } });

async function post({ url }: TestServer, body: object): Promise<{ status: number; text: string; body: Answer }> {
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) as Answer };
}

const byHash = (sha256Hash: unknown, more: object = {}): object => ({ extensions: { persistedQuery: { version: 1, sha256Hash } }, ...more });

describe('an operation of the manifest', () => {
  it.each([true, false])('is answered by its hash, in each form that clients send (only persisted: %s)', async (onlyPersisted) => {
    const server = await serve(onlyPersisted);
    const variables = { count: 2 };
    const hash = hashOf(greeting);
    for (const body of [byHash(hash, { variables }), { documentId: hash, variables }, { documentId: `sha256:${hash}`, variables }]) {
      expect(await post(server, body)).toMatchObject({ status: 200, body: { data: { greeting: '你好 你好' } } });
    }
  });

  it('keeps to the limits all the same', async () => {
    const server = await startTestServer(handMadeHub({ limits: { depth: 0 } }), '', { settings: { operations } });
    expect((await post(server, { documentId: hashOf(context) })).body.errors?.[0]?.extensions).toMatchObject({ limit: 'depth', figure: 1, bound: 0 });
  });
});

describe('what is not of the manifest', () => {
  const unknown = hashOf('{ greeting }');
  const refused: [string, object][] = [
    ['an unknown hash', byHash(unknown)],
    ['an unknown document id', { documentId: unknown }],
    ['a hash with its text, to register it', byHash(unknown, { query: '{ greeting }' })],
    ['a hash of the manifest with its own text', byHash(hashOf(greeting), { query: greeting })],
    ['a hash of the manifest with another text', byHash(hashOf(greeting), { query: '{ greeting }' })],
    ['a hash in capitals', byHash(hashOf(greeting).toUpperCase())],
    ['a hash that is a number', byHash(7)],
    ['a hash that is an object', byHash({ toString: 'x' })],
    ['the name of a method', byHash('constructor')],
    ['no hash', { extensions: { persistedQuery: {} } }],
    ['an empty hash', byHash('')],
    ['persistedQuery: null', { extensions: { persistedQuery: null } }],
    ['a document id that is a list', { documentId: [unknown] }],
  ];

  it('is refused alike where only persisted operations are taken, a text among it', async () => {
    const server = await serve(true);
    const answers = new Set<string>();
    for (const [, body] of [...refused, ['a text', { query: '{ greeting }' }], ['a text of the manifest', { query: greeting }], ['nothing', {}]] as const) {
      const { status, text } = await post(server, body);
      answers.add(`${status} ${text}`);
    }
    expect([...answers]).toEqual([
      '200 {"errors":[{"message":"PersistedQueryNotSupported: Only operations of the manifest are answered here: send the hash of one with POST, and no text. Asking registers none.","extensions":{"code":"PERSISTED_QUERY_NOT_SUPPORTED"}}]}',
    ]);
    for (const address of [`?query=${encodeURIComponent('{ greeting }')}`, `?extensions=${encodeURIComponent(JSON.stringify(byHash(hashOf(context))))}`, '']) {
      const response = await fetch(`${server.url}/graphql${address}`, { headers: { 'apollo-require-preflight': 'yes' } });
      expect(await response.text()).toBe([...answers][0]?.slice(4));
    }
    expect(server.logged).toEqual([]);
  });

  it.each(refused)('%s is refused alike where texts are taken', async (_name, body) => {
    const { status, body: answer } = await post(await serve(false), body);
    expect(status).toBe(200);
    expect(answer).toEqual({
      errors: [
        {
          message: 'PersistedQueryNotSupported: No operation has this hash. Asking registers none.',
          extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
        },
      ],
    });
  });

  it('is known no better the second time: asking registers nothing', async () => {
    const server = await serve(false);
    await post(server, byHash(unknown, { query: '{ greeting }' }));
    expect((await post(server, { query: '{ greeting }' })).body.data).toEqual({ greeting: '你好' });
    expect((await post(server, byHash(unknown))).body.errors?.[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_SUPPORTED');
  });

  it('has the status 400 under application/graphql-response+json', async () => {
    const { status, type } = await (await serve(true)).ask('{ greeting }', {}, { accept: 'application/graphql-response+json' });
    expect([status, type]).toEqual([400, 'application/graphql-response+json; charset=utf-8']);
  });
});

describe("the front end's manifest", () => {
  const file = 'web/src/generated/persisted-documents.json';

  it('is read, and its operations fit the schema', async () => {
    const manifest = await readManifest(file);
    expect(manifest.size).toBe(5);
    const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
    for (const text of manifest.values()) expect(validate(schema, parse(text))).toEqual([]);
  });

  it('lets the typed client ask by hash where nothing else is taken', async () => {
    const hub = await openTestHub();
    onTestFinished(() => hub.close());
    const server = await startTestServer(hub.hub, '', { settings: { operations: await readManifest(file), onlyPersisted: true } });
    const { park } = await createClient({ url: `${server.url}/graphql`, persisted: true })(parkFigures, { years: [2021] });
    expect(park.figures[0]?.tenantCount).toBe(146);
    await expect(createClient({ url: `${server.url}/graphql` })(parkFigures, { years: [2021] })).rejects.toThrow('PersistedQueryNotSupported');
  });

  it.each([
    ['is not there', undefined, 'cannot be read'],
    ['is no JSON', '{', 'is no JSON'],
    ['is a list', '[]', 'is no map of SHA-256 hashes to operations'],
    ['has a name that is no hash', '{"x": "{ a }"}', 'is no map of SHA-256 hashes to operations'],
    ["has a hash that is not its text's", `{"${hashOf('{ a }')}": "{ b }"}`, 'the text under'],
  ])('that %s is refused with one line', async (_name, text, message) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'parkhub-manifest-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const own = path.join(folder, 'manifest.json');
    if (text !== undefined) await writeFile(own, text);
    await expect(readManifest(own)).rejects.toThrow(ManifestError);
    await expect(readManifest(own)).rejects.toThrow(message);
  });
});
