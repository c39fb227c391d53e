/** The checks of the public GraphQL hardening lists (graphql-cop's thirteen among them), each against a hub as it is served outside a demonstration. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { type Answer, startTestServer, type TestServer } from './testServer.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

/** A server whose settings are the hub's own defaults. */
const closed = (): Promise<TestServer> => startTestServer(hub.hub, '/nonexistent', { settings: { introspection: 'none', playground: false } });

const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

const get = (url: string, query: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/graphql?query=${encodeURIComponent(query)}`, { headers });

const many = (count: number, make: (index: number) => string): string => Array.from({ length: count }, (_, index) => make(index)).join(' ');

describe('the thirteen checks', () => {
  it('1. alias overloading: a field under 101 names is refused, with the figure and the bound', async () => {
    const { body } = await (await closed()).ask(`{ ${many(101, (index) => `alias${index}: __typename`)} }`);
    expect(body).toEqual({
      errors: [
        {
          message: 'aliases: expected at most 50, but got: 101. Ask in several operations, or by lists.',
          extensions: { code: 'LIMIT_EXCEEDED', limit: 'aliases', figure: 101, bound: 50 },
        },
      ],
    });
  });

  it('2. batch queries: a list of operations is not executed', async () => {
    const { url } = await closed();
    const response = await post(
      url,
      Array.from({ length: 10 }, () => ({ query: '{ __typename }' })),
    );
    expect(response.status).toBe(400);
    const body = (await response.json()) as Answer;
    expect(body.data).toBeUndefined();
    expect(body.errors).toHaveLength(1);
  });

  it('3. field duplication: a field written 500 times is refused', async () => {
    const { body } = await (await closed()).ask(`query cop { ${many(500, () => '__typename')} }`);
    expect(body.data).toBeUndefined();
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'repeats', figure: 500, bound: 10 });
  });

  it('4. directive overloading: ten directives at one field are one refusal, not ten', async () => {
    const { body } = await (await closed()).ask(`query cop { __typename ${many(10, () => '@aa')} }`);
    expect(body.errors).toHaveLength(1);
    expect(body.errors?.[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: 'directives', figure: 10, bound: 5 });
  });

  it('5. circular introspection: types within fields within types are refused, also to those who may introspect', async () => {
    const circle = 'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }';
    const { body } = await (await startTestServer(hub.hub)).ask(circle);
    expect(body.data).toBeUndefined();
    expect(body.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(body.errors?.[0]?.message).toBe('Maximum introspection depth exceeded');
    expect((await (await closed()).ask(circle)).body.errors?.[0]?.extensions.code).toBe('INTROSPECTION_DISABLED');
  });

  it("6. queries over GET: only with the header that another site's page cannot send", async () => {
    const { url } = await closed();
    expect((await get(url, '{ __typename }')).status).toBe(400);
    expect((await get(url, '{ __typename }', { 'apollo-require-preflight': 'yes' })).status).toBe(200);
  });

  it('7. mutations over GET: refused with it and without it, and nothing is done', async () => {
    const { url } = await closed();
    const mutation = 'mutation { withdrawAlias(decision: "1", by: "x") { id } }';
    expect((await get(url, mutation)).status).toBe(400);
    const response = await get(url, mutation, { 'apollo-require-preflight': 'yes' });
    expect(response.status).toBe(405);
    expect(((await response.json()) as Answer).errors?.[0]?.message).toBe('GET requests only support query operations, not mutation operations');
  });

  it('8. POST of a form (urlencoded, multipart, plain text): refused, before and after the header', async () => {
    const { url } = await closed();
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain']) {
      for (const headers of [{}, { 'apollo-require-preflight': 'yes' }] as Record<string, string>[]) {
        const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { ...headers, 'content-type': type }, body: 'query={__typename}' });
        expect([type, response.status]).toEqual([type, 415]);
      }
    }
  });

  it.each([
    ['a field', '{ tenant(uscc: "91410771MA3XGWU758") { nam } }', undefined, 'Cannot query field "nam" on type "Tenant".'],
    ['a root field', '{ tenantz { totalCount } }', undefined, 'Cannot query field "tenantz" on type "Query".'],
    ['an argument', '{ tenants(firsd: 1) { totalCount } }', undefined, 'Unknown argument "firsd" on field "Query.tenants".'],
    ['an enum value', '{ loans(where: {status: {eq: ACTIV}}) { totalCount } }', undefined, 'Value "ACTIV" does not exist in "LoanStatus" enum.'],
    ['an input field', '{ loans(where: {statu: {eq: ACTIVE}}) { totalCount } }', undefined, 'Field "statu" is not defined by type "LoanWhere".'],
    ['a type', '{ node(id: "x") { ... on Tenan { name } } }', undefined, 'Unknown type "Tenan".'],
    ['a selection', '{ tenants }', undefined, 'Field "tenants" of type "TenantConnection" must have a selection of subfields.'],
    [
      'an enum value of a variable',
      'query ($w: LoanWhere) { loans(where: $w) { totalCount } }',
      { w: { status: { eq: 'ACTIV' } } },
      'Variable "$w" got invalid value "ACTIV" at "w.status.eq"; Value "ACTIV" does not exist in "LoanStatus" enum.',
    ],
    [
      'an input field of a variable',
      'query ($w: LoanWhere) { loans(where: $w) { totalCount } }',
      { w: { statu: {} } },
      'Variable "$w" got invalid value { statu: {} }; Field "statu" is not defined by type "LoanWhere".',
    ],
  ])('9. field suggestions: %s that is nearly right is not put right', async (_name, query, variables, message) => {
    const { body, text } = await (await closed()).ask(query, variables);
    expect(body.errors?.[0]?.message).toBe(message);
    expect(text).not.toMatch(/did you mean/i);
    // The same with introspection does suggest: the check looks at something.
    expect((await (await startTestServer(hub.hub)).ask(query, variables)).text).toMatch(/Did you mean/);
  });

  it.each(['{ __schema { types { name } } }', '{ __type(name: "Loan") { fields { name } } }', '{ x: __schema { queryType { name } } }'])(
    '10. introspection: %s is refused, __typename is not',
    async (query) => {
      const server = await closed();
      expect((await server.ask(query)).body).toEqual({
        errors: [
          {
            message: 'Expected an operation over the data, but got one over the schema, which is not shown here.',
            extensions: { code: 'INTROSPECTION_DISABLED' },
          },
        ],
      });
      const hidden = `query { ...F } fragment F on Query { ... on Query { ${query.slice(1, -1)} } }`;
      expect((await server.ask(hidden)).body.errors?.[0]?.extensions.code).toBe('INTROSPECTION_DISABLED');
      expect((await get(server.url, query, { 'apollo-require-preflight': 'yes' })).status).toBe(200);
      expect(await (await get(server.url, query, { 'apollo-require-preflight': 'yes' })).text()).toContain('INTROSPECTION_DISABLED');
      expect((await server.ask('{ __typename }')).body.data).toEqual({ __typename: 'Query' });
    },
  );

  it('11. tracing: no answer has traces, whatever header asks for them', async () => {
    const { url } = await closed();
    for (const [header, value] of [
      ['apollo-federation-include-trace', 'ftv1'],
      ['x-apollo-tracing', '1'],
      ['apollographql-include-trace', 'true'],
    ] as const) {
      expect(await (await post(url, { query: '{ __typename }' }, { [header]: value })).json()).toEqual({ data: { __typename: 'Query' } });
    }
  });

  it('12. Playground: no page is served, neither at its own address nor at the usual ones', async () => {
    const { url } = await closed();
    for (const path of ['/', '/playground', '/playground/', '/graphiql', '/altair', '/console', '/voyager', '/graphql/playground']) {
      const response = await fetch(`${url}${path}`, { headers: { accept: 'text/html' } });
      expect([path, response.status]).toEqual([path, 404]);
      expect(await response.text()).not.toMatch(/<html|playground/i);
    }
    expect(await (await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })).text()).not.toMatch(/<html|graphiql|sandbox/i);
  });

  it('13. unhandled errors: a wrong request names itself, without stack, path or package', async () => {
    const server = await closed();
    const inside = /stacktrace|exception|node_modules|\.[jt]s:\d|\bat .*\(/i;
    for (const body of [{ query: 'query cop { __typename @abc }' }, { query: 'queryy cop { __typename }' }, { query: '{' }, {}, { query: 7 }, { query: '' }]) {
      const response = await post(server.url, body);
      const text = await response.text();
      expect(response.status).toBeLessThan(500);
      expect(text).toMatch(/^\{"errors":/);
      expect(text).not.toMatch(inside);
    }
    expect(server.logged).toEqual([]);
  });
});

describe('beside the thirteen', () => {
  it('every answer carries the headers that keep it data', async () => {
    const { url } = await closed();
    for (const path of ['/graphql', '/health', '/nowhere']) {
      const { headers } = await fetch(`${url}${path}`);
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('server')).toBeNull();
    }
  });

  it('fragments that unfold to millions of fields are refused by their figure, in no time', async () => {
    const levels = Array.from({ length: 30 }, (_, index) => `fragment F${index} on Query { ...F${index + 1} a: __typename ...F${index + 1} }`).join(' ');
    const { body } = await (await closed()).ask(`{ ...F0 } ${levels} fragment F30 on Query { __typename }`);
    expect(body.errors?.[0]?.extensions).toMatchObject({ code: 'LIMIT_EXCEEDED', figure: 1_000_000_000 });
  });

  it('fragments that spread themselves are refused', async () => {
    const { body } = await (await closed()).ask('{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }');
    expect(body.errors?.[0]?.message).toBe('Cannot spread fragment "A" within itself via "B".');
  });

  it('a document tells at most five errors and that there are more', async () => {
    const { body } = await (await closed()).ask(`{ ${many(15, (index) => `f${index}`)} }`);
    expect(body.errors?.map(({ message }) => message)).toEqual([
      ...[0, 1, 2, 3, 4].map((index) => `Cannot query field "f${index}" on type "Query".`),
      'Too many validation errors, error limit reached. Validation aborted.',
    ]);
  });

  it('variables nested beyond anything are refused before they are walked into', async () => {
    const server = await closed();
    const deep = `${'{"not":'.repeat(100_000)}{}${'}'.repeat(100_000)}`;
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":"query ($w: LoanWhere) { loans(where: $w) { totalCount } }","variables":{"w":${deep}}}`,
    });
    expect(response.status).toBe(200);
    expect(((await response.json()) as Answer).errors?.[0]?.message).toBe('variables: expected at most 64 levels, but got: 100001.');
    expect(server.logged).toEqual([]);
  });

  it('variables may have as many levels as the bound, and not one more', async () => {
    const server = await closed();
    const ask = (levels: number) => server.ask('{ __typename }', { unused: JSON.parse(`${'['.repeat(levels - 1)}1${']'.repeat(levels - 1)}`) });
    expect((await ask(64)).body.data).toEqual({ __typename: 'Query' });
    expect((await ask(65)).body.errors?.[0]).toMatchObject({
      message: 'variables: expected at most 64 levels, but got: 65.',
      extensions: { code: 'LIMIT_EXCEEDED', limit: 'variables', figure: 65, bound: 64 },
    });
  });

  it('a text of too many words and signs is refused with how many it has, however many', async () => {
    const server = await closed();
    const most = `{ ${'__typename '.repeat(3_998)}}`;
    const one = (await server.ask(`${most} # a note is none`)).body.errors?.[0];
    expect(one?.extensions).toMatchObject({ limit: 'repeats' });
    for (const [text, figure] of [
      [`${most}{`, 4_001],
      [`{ ${'__typename '.repeat(90_000)}}`, 90_002],
      [`{ ${'a '.repeat(500_000)}}`, 500_002],
      // What is no word ends the count.
      [`{ ${'a,'.repeat(5_000)} "`, 5_001],
    ] as const) {
      const { body } = await server.ask(text);
      expect(body).toEqual({
        errors: [
          {
            message: `tokens: expected at most 4000, but got: ${figure}. Ask in several operations.`,
            extensions: { code: 'LIMIT_EXCEEDED', limit: 'tokens', figure, bound: 4_000 },
          },
        ],
      });
    }
    expect(server.logged).toEqual([]);
  });
});
