import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createErrorFormatter, HubError } from '../../src/schema/errors.js';
import { SourceError } from '../../src/sources/source.js';
import { handMadeHub } from './handMadeHub.js';
import { startTestServer } from './testServer.js';

const inside = /select|secret|db\.internal|\/srv\/|node_modules|\.ts:|\bat .*\(|stacktrace/i;

describe('an error that was written for people', () => {
  it('reaches the client with its code, its extensions and its place', async () => {
    const server = await startTestServer(
      handMadeHub({ failing: () => new HubError('NOT_FOUND', 'No tenant has the USCC 91410700MA0000000X.', { uscc: '91410700MA0000000X' }) }),
    );
    const { status, body } = await server.ask('{ failing }');
    expect(status).toBe(200);
    expect(body.errors).toEqual([
      {
        message: 'No tenant has the USCC 91410700MA0000000X.',
        locations: [{ line: 1, column: 3 }],
        path: ['failing'],
        extensions: { code: 'NOT_FOUND', uscc: '91410700MA0000000X' },
      },
    ]);
    expect(server.logged).toEqual([]);
  });

  it('keeps its cause to itself', async () => {
    const cause = new Error('SELECT secret FROM loan -- db.internal');
    const server = await startTestServer(handMadeHub({ failing: () => new HubError('BAD_USER_INPUT', 'The cursor is not one of ours.', {}, { cause }) }));
    const { text } = await server.ask('{ failing }');
    expect(text).toContain('The cursor is not one of ours.');
    expect(text).not.toMatch(inside);
  });

  it('reaches the client when the context of the operation throws it', async () => {
    const hub = handMadeHub({
      createContext: () => {
        throw new HubError('UNAUTHENTICATED', 'The token has expired; ask for a new one.');
      },
    });
    const { body } = await (await startTestServer(hub)).ask('{ greeting }');
    expect(body.errors?.[0]?.message).toContain('The token has expired; ask for a new one.');
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'UNAUTHENTICATED' });
  });
});

describe('an error of a source', () => {
  it('reaches the client as SOURCE_UNAVAILABLE with the source, and the log with its cause', async () => {
    const failing = () =>
      new SourceError('icbc', 'UNREACHABLE', 'The book of icbc did not answer.', { cause: new Error('connect ECONNREFUSED db.internal:5432') });
    const server = await startTestServer(handMadeHub({ failing }));
    const { body, text } = await server.ask('{ failing }');
    expect(body.errors?.[0]).toMatchObject({
      message: 'The book of icbc did not answer.',
      path: ['failing'],
      extensions: { code: 'SOURCE_UNAVAILABLE', source: 'icbc', reason: 'UNREACHABLE' },
    });
    expect(text).not.toMatch(inside);
    expect(JSON.stringify(server.logged)).toContain('connect ECONNREFUSED db.internal:5432');
  });
});

describe('an error that nobody foresaw', () => {
  it.each([
    ['of a database', () => Object.assign(new Error('SELECT secret FROM loan: no such column'), { query: 'SELECT secret FROM loan', parameters: ['x'] })],
    ['of a file', () => new Error("ENOENT: no such file or directory, open '/srv/parks/xinxiang/icbc/loans.csv'")],
    ['of a host', () => new Error('getaddrinfo ENOTFOUND db.internal')],
    [
      'of a library that throws GraphQL errors',
      () => new GraphQLError('SELECT secret FROM loan', { extensions: { code: 'BAD_USER_INPUT', query: 'SELECT secret' } }),
    ],
    ['that is a text', () => 'SELECT secret FROM loan'],
    ['that carries a HubError as its cause only', () => new Error('SELECT secret', { cause: new HubError('NOT_FOUND', 'not here') })],
  ])('%s is logged whole, and shown by its id', async (_name, failing) => {
    const server = await startTestServer(handMadeHub({ failing }));
    const { body, text } = await server.ask('{ failing }');
    const [error] = body.errors ?? [];
    expect(error?.extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', id: expect.stringMatching(/^[0-9a-f]{12}$/) });
    expect(error?.message).toBe(`Something went wrong here; the log has it under ${error?.extensions.id}.`);
    expect(error?.path).toEqual(['failing']);
    expect(text).not.toMatch(inside);
    expect(server.logged).toHaveLength(1);
    expect(server.logged[0]).toMatchObject({ level: 50, id: error?.extensions.id, path: ['failing'] });
    expect(JSON.stringify(server.logged[0])).toMatch(inside);
  });

  it('in the making of the context shows nothing either', async () => {
    const hub = handMadeHub({
      createContext: () => {
        throw new Error('SELECT secret FROM viewer');
      },
    });
    const server = await startTestServer(hub);
    const { text, body } = await server.ask('{ greeting }');
    expect(body.errors?.[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(text).not.toMatch(inside);
    expect(JSON.stringify(server.logged)).toContain('SELECT secret FROM viewer');
  });

  it('has one id and one line in the log where it fails many fields', async () => {
    const error = new Error('SELECT secret FROM loan');
    const server = await startTestServer(handMadeHub({ failing: () => error }));
    const { body } = await server.ask('{ a: failing b: failing c: failing }');
    expect(new Set(body.errors?.map(({ extensions }) => extensions.id)).size).toBe(1);
    expect(body.errors?.map(({ path }) => path)).toEqual([['a'], ['b'], ['c']]);
    expect(server.logged).toHaveLength(1);
  });

  it('gets a new id each time it happens', () => {
    let next = 0;
    const format = createErrorFormatter(pino({ enabled: false }), () => `id${++next}`);
    const shown = (error: Error): GraphQLFormattedError => format({ message: error.message }, error);
    expect([shown(new Error('one')), shown(new Error('one'))].map(({ extensions }) => extensions?.id)).toEqual(['id1', 'id2']);
  });
});

describe("an error of the client's own", () => {
  it.each([
    ['a text that is no document', '{ greeting', undefined, 'GRAPHQL_PARSE_FAILED', 'Syntax Error: Expected Name, found <EOF>.'],
    [
      'a field that does not exist',
      '{ greetin }',
      undefined,
      'GRAPHQL_VALIDATION_FAILED',
      'Cannot query field "greetin" on type "Query". Did you mean "greeting"?',
    ],
    ['an argument of the wrong type', '{ greeting(count: "two") }', undefined, 'GRAPHQL_VALIDATION_FAILED', 'Int cannot represent non-integer value: "two"'],
    ['an amount that is none', '{ greeting(amount: "1.234") }', undefined, 'GRAPHQL_VALIDATION_FAILED', '"1.234"'],
    ['a variable of the wrong type', 'query ($n: Int!) { greeting(count: $n) }', { n: 'two' }, 'BAD_USER_INPUT', 'Variable "$n" got invalid value "two"'],
    [
      'an amount in a variable',
      'query ($m: Money) { greeting(amount: $m) }',
      { m: 'viel' },
      'BAD_USER_INPUT',
      'Variable "$m" got invalid value "viel"; Money: expected yuan',
    ],
    ['a missing variable', 'query ($n: Int!) { greeting(count: $n) }', {}, 'BAD_USER_INPUT', 'Variable "$n" of required type "Int!" was not provided.'],
    [
      'a null where none may be',
      'query ($n: Int = 2) { greeting(count: $n) }',
      { n: null },
      'BAD_USER_INPUT',
      'Argument "count" of non-null type "Int!" must not be null.',
    ],
    ['two operations and no name', 'query A { greeting } query B { greeting }', undefined, 'OPERATION_RESOLUTION_FAILURE', 'Must provide operation name'],
    ['a mutation where there are none', 'mutation { greet }', undefined, 'BAD_USER_INPUT', 'Schema is not configured to execute mutation operation.'],
  ])('%s: names it and logs nothing', async (_name, query, variables, code, message) => {
    const server = await startTestServer(handMadeHub());
    const { status, body } = await server.ask(query, variables);
    expect(status).toBe(200);
    expect(body.errors).toHaveLength(1);
    expect(body.errors?.[0]?.message).toContain(message);
    expect(body.errors?.[0]?.extensions).toEqual({ code });
    expect(server.logged).toEqual([]);
  });

  it('has the status 400 for a client that takes application/graphql-response+json', async () => {
    const server = await startTestServer(handMadeHub());
    for (const query of ['{', '{ greetin }', 'query ($n: Int!) { greeting(count: $n) }']) {
      const { status, type } = await server.ask(query, {}, { accept: 'application/graphql-response+json' });
      expect([status, type]).toEqual([400, 'application/graphql-response+json; charset=utf-8']);
    }
  });
});
