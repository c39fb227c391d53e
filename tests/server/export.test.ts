/** POST /export over the demonstration park: what leaves is what the pages of the graph give, whole and recorded, or nothing. */
import { createHash } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parse as parseCsv } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadTrace } from '../../src/access/trace.js';
import type { Viewer } from '../../src/access/viewer.js';
import type { Hub } from '../../src/hub.js';
import { usccCheckCharacter } from '../../src/rules/uscc.js';
import { hubForTest, parkForTest } from '../graph/faultyPark.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { anyone, bank, investor, park, tenant } from '../helpers/viewers.js';
import { exportAs, jsonLinesOf, viewedBy } from './exports.js';
import { startTestServer, type TestServer } from './testServer.js';

let opened: TestHub;
let hub: Hub;
let company: string;
let viewers: Record<string, Viewer>;

beforeAll(async () => {
  opened = await openTestHub();
  const { loans } = await opened.ask('{ loans(first: 1, where: { sourceId: { eq: "icbc" } }) { nodes { tenantUscc } } }');
  company = loans.nodes[0].tenantUscc;
  viewers = { anyone, icbc: bank('icbc'), hongtu: investor('hongtu'), admin: park('ADMIN'), company: tenant(company) };
  hub = viewedBy(opened.hub, viewers);
});
afterAll(() => opened.close());

/** A hub that takes pages of a few rows: a larger one would have more objects than an answer may hold. */
const inSmallPages = (nodes = 20): Hub => ({ ...hub, limits: { ...hub.limits, nodes } });

interface Listed {
  readonly list: string;
  readonly given?: string;
  readonly fields: string;
}

const lists: readonly Listed[] = [
  {
    list: 'loans',
    given: 'orderBy: [{ balance: DESC }], where: { amount: { gt: "1000000.00" } }',
    fields: 'number balance rate classification date tenant { name }',
  },
  { list: 'tenants', fields: 'uscc name registeredCapital industry leftOn' },
  { list: 'investments', fields: 'tenantUscc round amount date provenance { sourceId how } investor { name }' },
  { list: 'financing', given: 'orderBy: [{ date: ASC }]', fields: '__typename tenantUscc date ... on Loan { balance } ... on Investment { stake }' },
];

const queryOf = ({ list, given, fields }: Listed): string => `query Book { ${list}${given ? `(${given})` : ''} { nodes { ${fields} } } }`;

/** The same rows, page by page over /graphql. */
async function rowsByPages(server: TestServer, as: string, { list, given, fields }: Listed): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let after = '';
  for (;;) {
    const query = `{ ${list}(${given ? `${given}, ` : ''}first: 100${after}) { nodes { ${fields} } pageInfo { hasNextPage endCursor } } }`;
    const { body } = await server.ask(query, {}, { authorization: as });
    expect(body.errors).toBeUndefined();
    const page = body.data?.[list] as { nodes: Record<string, unknown>[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    rows.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return rows;
    after = `, after: "${page.pageInfo.endCursor}"`;
  }
}

function flattened(row: object, before = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => {
      if (typeof value === 'object' && value !== null) return Object.entries(flattened(value, `${before}${name}.`));
      return value === null ? [] : [[`${before}${name}`, String(value)]];
    }),
  );
}

const tableOf = (text: string): Record<string, string>[] => parseCsv(text, { bom: true, columns: true, record_delimiter: '\r\n' });

describe('an export', () => {
  it.each(['anyone', 'icbc', 'hongtu', 'admin', 'company'])('gives %s the rows that the pages of the graph give, in both forms', async (as) => {
    const server = await startTestServer(hub);
    for (const listed of lists) {
      const rows = await rowsByPages(server, as, listed);
      const { rows: given, end } = jsonLinesOf((await exportAs(server, as, queryOf(listed), { accept: 'application/x-ndjson' })).text);
      expect(given.map(({ extensions: _hidden, ...row }) => row)).toEqual(rows);
      expect(end.export).toMatchObject({ rows: rows.length, hasNextPage: false });

      const csv = await exportAs(server, as, queryOf(listed), { accept: 'text/csv' });
      expect(csv.type).toBe('text/csv; charset=utf-8; header=present');
      expect(csv.headers.get('content-disposition')).toBe(`attachment; filename="${listed.list}.csv"`);
      expect(csv.headers.get('cache-control')).toBe('no-store');
      expect(csv.text.startsWith('\uFEFF')).toBe(true);
      const cells = tableOf(csv.text).map(({ 'extensions.hidden': _hidden, ...row }) =>
        Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== '')),
      );
      expect(cells).toEqual(rows.map((row) => flattened(row)));
    }
  });

  it.each(['icbc', 'hongtu', 'company'])('is to the byte the same for %s in small pages', async (as) => {
    const [large, small] = [await startTestServer(hub), await startTestServer(inSmallPages())];
    for (const listed of lists) {
      for (const accept of ['text/csv', 'application/x-ndjson']) {
        const whole = await exportAs(large, as, queryOf(listed), { accept });
        expect(await exportAs(small, as, queryOf(listed), { accept })).toMatchObject({ status: 200, text: whole.text });
      }
    }
  });

  it('says at each row what of it is hidden, and at the end why', async () => {
    const server = await startTestServer(inSmallPages());
    const query = '{ tenants { nodes { uscc leftOn registeredCapital } } }';
    const { rows, end } = jsonLinesOf((await exportAs(server, 'company', query, { accept: 'application/x-ndjson' })).text);
    for (const { uscc, leftOn, registeredCapital, extensions } of rows) {
      expect(extensions).toEqual(uscc === company ? undefined : { hidden: ['registeredCapital'] });
      expect(registeredCapital === null).toBe(uscc !== company);
      // Those who are still here have left on no day: that is empty, and not hidden.
      expect(leftOn === null || typeof leftOn === 'string').toBe(true);
    }
    expect(rows.some(({ leftOn }) => leftOn === null)).toBe(true);
    expect(end.hidden).toEqual([{ source: 'park', entity: 'Tenant', attribute: 'registeredCapital', effect: 'NULL', reason: 'NOT_PUBLIC', scope: null }]);
    const table = tableOf((await exportAs(server, 'company', query)).text);
    expect(table.map((row) => row['extensions.hidden'])).toEqual(rows.map(({ uscc }) => (uscc === company ? '' : 'registeredCapital')));
  });

  it('says of a link that is hidden all that is behind it', async () => {
    const server = await startTestServer(hub);
    const query = '{ investments { nodes { amount fund { name code } investor { name } } } }';
    const { text } = await exportAs(server, 'hongtu', query);
    const hidden = new Set(tableOf(text).map((row) => row['extensions.hidden']));
    expect(hidden).toEqual(new Set(['', 'amount fund.name fund.code']));
    const { rows } = jsonLinesOf((await exportAs(server, 'hongtu', query, { accept: 'application/x-ndjson' })).text);
    expect(rows.map(({ extensions }) => extensions?.hidden)).toContainEqual(['amount', 'fund']);
  });

  it('says what a filter left out, where a table has no place for it', async () => {
    const server = await startTestServer(hub);
    const query = '{ tenants(where: { registeredCapital: { gt: "0.00" } }) { nodes { name } } }';
    const { headers } = await exportAs(server, 'company', query);
    expect(JSON.parse(headers.get('x-parkhub-notes') ?? '')).toEqual({ leftOut: ['park Tenant.registeredCapital'], sources: [] });
    const { end } = jsonLinesOf((await exportAs(server, 'company', query, { accept: 'application/x-ndjson' })).text);
    expect(end.hidden).toMatchObject([{ attribute: 'registeredCapital', effect: 'ROWS_LEFT_OUT' }]);
    expect((await exportAs(server, 'admin', query)).headers.get('x-parkhub-notes')).toBeNull();
  });

  it('takes a list within one row, variables, fragments, directives, and leaves out what is no row', async () => {
    const server = await startTestServer(inSmallPages(60));
    const query = `
      query Other { park { name } }
      query Book($uscc: USCC!, $with: Boolean!, $page: Int, $total: Boolean = true) {
        __typename
        company: tenant(uscc: $uscc) {
          name
          ...Loans
        }
      }
      fragment Loans on Tenant {
        loans(first: $page) { totalCount @include(if: $total) totals { sum { balance } } pageInfo { startCursor } nodes { ...Row ... on Loan { rate @include(if: $with) } } }
      }
      fragment Row on Loan { number of: tenant { ...Name } }
      fragment Name on Tenant { name }`;
    const variables = { uscc: company, with: false };
    const { rows } = jsonLinesOf((await exportAs(server, 'company', query, { accept: 'application/x-ndjson', variables, operationName: 'Book' })).text);
    const { tenant: own } = await opened.ask('query ($uscc: USCC!) { tenant(uscc: $uscc) { name loans { nodes { number } } } }', { uscc: company });
    expect(rows).toEqual(own.loans.nodes.map(({ number }: { number: string }) => ({ number, of: { name: own.name } })));
    expect(rows.length).toBeGreaterThan(0);
  });

  it('gives lists within the rows as JSON, with what is hidden in them', async () => {
    const server = await startTestServer(hub);
    const { rows } = jsonLinesOf(
      (await exportAs(server, 'hongtu', '{ tenants { nodes { name investments { nodes { round amount } } } } }', { accept: 'application/x-ndjson' })).text,
    );
    const places = rows.flatMap(({ extensions, investments }) => (extensions?.hidden ?? []).map((place: string) => ({ place, investments })));
    expect(places.length).toBeGreaterThan(0);
    for (const { place, investments } of places) {
      const [, index] = /^investments\.nodes\.(\d+)\.amount$/.exec(place) ?? [];
      expect((investments as { nodes: { amount: null }[] }).nodes[Number(index)]?.amount).toBeNull();
    }
  });

  it('takes lists that are no books: consents, with their scopes in one cell', async () => {
    const grant = (partner: string) =>
      `mutation { grantAuthorization(grantee: "${partner}", scopes: [CREDIT, OPERATING], purpose: BEFORE_LENDING, validFrom: "2022-03-01", validTo: "2022-03-31", documentHash: "${'ab'.repeat(32)}") { id } }`;
    const server = await startTestServer(viewedBy((await hubForTest({ clock: () => new Date('2022-03-15T10:00:00+08:00') })).hub, viewers));
    for (const partner of ['spdb', 'huakai']) expect((await server.ask(grant(partner), {}, { authorization: 'company' })).body.errors).toBeUndefined();
    const { text } = await exportAs(server, 'company', '{ authorizations { nodes { grantee scopes validTo } } }');
    expect(tableOf(text)).toEqual(
      ['huakai', 'spdb'].map((grantee) => ({ grantee, scopes: '["OPERATING","CREDIT"]', validTo: '2022-03-31', 'extensions.hidden': '' })),
    );
    const reads = await exportAs(server, 'company', '{ readsOfMyData { nodes { operation } } }');
    expect(reads.status).toBe(200);
  });

  it('of a part goes on after the cursor that it ends with', async () => {
    const server = await startTestServer(inSmallPages());
    const whole = jsonLinesOf((await exportAs(server, 'admin', '{ tenants { nodes { uscc } } }', { accept: 'application/x-ndjson' })).text).rows;
    const part = async (after: string | null) =>
      jsonLinesOf(
        (
          await exportAs(server, 'admin', 'query ($after: String) { tenants(first: 30, after: $after) { nodes { uscc } } }', {
            accept: 'application/x-ndjson',
            variables: { after },
          })
        ).text,
      );
    const first = await part(null);
    expect(first).toMatchObject({ rows: whole.slice(0, 30), end: { export: { rows: 30, hasNextPage: true } } });
    expect((await part(first.end.export.endCursor)).rows).toEqual(whole.slice(30, 60));
  });
});

describe('an export is refused', () => {
  const rows = 'nodes { uscc }';
  it.each<[string, string, string | RegExp]>([
    ['two fields of Query', `{ tenants { ${rows} } loans { nodes { number } } }`, 'Expected one field of Query, but got: tenants, loans.'],
    ['a mutation', 'mutation { revokeAuthorization(authorization: "1") { id } }', 'Expected a query, but got: a mutation.'],
    ['no list', '{ park { name } }', 'park: expected a list with nodes and pageInfo, or one row with one such list in it, but got: none.'],
    ['a list that has no pages', '{ sources { id } }', 'sources: expected a list with nodes and pageInfo, or one row with one such list in it, but got: none.'],
    ['the schema', '{ __schema { types { name } } }', /^__schema: expected a list/],
    [
      'two lists of one row',
      '{ park { leases { nodes { number } } awards { nodes { id } } } }',
      'Expected one list, but got: park.leases, park.awards. Export each by itself.',
    ],
    ['a list without its rows', '{ tenants { totalCount } }', 'tenants: expected nodes { … } once, but got: none. The rows of nodes are exported.'],
    ['rows under two names', `{ tenants { ${rows} again: ${rows} } }`, 'tenants: expected nodes { … } once, but got: 2 times. The rows of nodes are exported.'],
    ['a way backwards', `{ tenants(last: 5) { ${rows} } }`, 'tenants: expected first and after, but got last or before. An export goes forwards.'],
    [
      'a start without an end',
      `{ tenants(after: "x") { ${rows} } }`,
      'tenants: expected first beside after, but got none. Say how many rows are wanted after the cursor.',
    ],
    ['a cursor that is none', `{ tenants(first: 5, after: "x") { ${rows} } }`, /^after: /],
    ['less than no rows', `{ tenants(first: -1) { ${rows} } }`, 'first: expected 0 to 1000, but got: -1. Page with after.'],
    [
      'a list of rows for a cell',
      '{ tenants { nodes { loans { nodes { number } } } } }',
      'loans.nodes: expected one value for a cell of CSV, but got: a list of rows. Export that list by itself, or ask for application/x-ndjson.',
    ],
    [
      'a name that is the hub’s',
      '{ tenants { nodes { extensions: name } } }',
      'Expected fields of the rows under other names, but got: extensions. There stands what is hidden of a row.',
    ],
    ['what is not in the schema', '{ tenants { nodes { secret } } }', 'Cannot query field "secret" on type "Tenant".'],
    ['what is no document', '{ tenants {', /^Syntax Error/],
    [
      'a variable that is missing',
      `query ($uscc: USCC!) { tenants(where: { uscc: { eq: $uscc } }) { ${rows} } }`,
      'Variable "$uscc" of required type "USCC!" was not provided.',
    ],
    ['a name of no operation', `query A { tenants { ${rows} } } query B { tenants { ${rows} } }`, /operation/],
  ])('of %s', async (_what, query, message) => {
    const server = await startTestServer(hub);
    const { status, type, text } = await exportAs(server, 'admin', query);
    expect({ status, type }).toEqual({ status: 400, type: 'application/json; charset=utf-8' });
    expect(JSON.parse(text).errors[0].message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  it.each([undefined, null, 1, [], { query: 1 }, { query: '{x}', variables: [] }, { query: '{x}', operationName: 1 }])('of the body %j', async (body) => {
    const { url } = await startTestServer(hub);
    const response = await fetch(`${url}/export`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) ?? null });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });

  it.each([
    ['text/csv', 200],
    ['text/*', 200],
    ['application/json', 406],
    ['application/graphql-response+json', 406],
    ['application/json, application/x-ndjson;q=0.1', 200],
    ['text/csv;q=0', 406],
    ['text/csv;q=0, */*', 200],
    ['', 406],
    ['*/*;q=nonsense', 406],
  ])('or given to who accepts %j: %i', async (accept, status) => {
    const { url } = await startTestServer(hub);
    const body = JSON.stringify({ query: '{ tenants { nodes { name } } }' });
    const response = await fetch(`${url}/export`, { method: 'POST', headers: { 'content-type': 'application/json', accept }, body });
    expect(response.status).toBe(status);
    await response.arrayBuffer();
  });

  it('of a form, a text, and any other method', async () => {
    const { url } = await startTestServer(hub);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const response = await fetch(`${url}/export`, { method: 'POST', headers: { 'content-type': type }, body: '{"query":"{ tenants { nodes { name } } }"}' });
      expect(response.status).toBe(415);
    }
    const got = await fetch(`${url}/export?query={tenants{nodes{name}}}`, { headers: { 'apollo-require-preflight': '1' } });
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('with a token that is not known, and above the rate', async () => {
    const server = await startTestServer(hub, undefined, { settings: { rate: 6 } });
    const query = '{ tenants(first: 1) { nodes { name } } }';
    expect(await exportAs(server, 'stranger', query)).toMatchObject({ status: 401 });
    expect(await exportAs(server, 'icbc', query)).toMatchObject({ status: 200 });
    const { status, headers } = await exportAs(server, 'icbc', query);
    expect([status, headers.get('retry-after')]).toEqual([429, '10']);
  });

  it('above a bound of documents, and where a row alone is above it', async () => {
    const server = await startTestServer(inSmallPages(2));
    const deep = await exportAs(server, 'admin', `{ tenants { nodes { ${'loans { nodes { tenant { '.repeat(8)}name${' } } }'.repeat(8)} } } }`);
    expect([deep.status, JSON.parse(deep.text).errors[0].extensions]).toEqual([400, expect.objectContaining({ code: 'LIMIT_EXCEEDED', limit: 'depth' })]);
    const wide = await exportAs(server, 'admin', '{ tenants { nodes { name } } }');
    expect([wide.status, JSON.parse(wide.text).errors[0].extensions]).toEqual([400, expect.objectContaining({ code: 'LIMIT_EXCEEDED', limit: 'nodes' })]);
  });

  it('as CSV by a protocol that cannot tell a whole file from one that broke off', async () => {
    const { url } = await startTestServer(hub);
    const body = '{"query":"{ tenants(first: 1) { nodes { name } } }"}';
    const said = async (accept: string): Promise<string> => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.end(`POST /export HTTP/1.0\r\ncontent-type: application/json\r\naccept: ${accept}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
      return text(socket);
    };
    expect(await said('text/csv')).toMatch(/^HTTP\/1\.1 505 .*Expected HTTP\/1\.1 or later for text\/csv/s);
    expect(await said('application/x-ndjson')).toMatch(/^HTTP\/1\.1 200 .*"rows":1/s);
  });

  it('of more rows than park.yml lets an export have, before the first of them leaves', async () => {
    const park = await parkForTest();
    await appendFile(path.join(park.parkFolder, 'park.yml'), '\nlimits:\n  exportRows: 40\n  nodes: 20\n');
    const server = await startTestServer(viewedBy((await hubForTest(park)).hub, viewers));
    const all = await exportAs(server, 'admin', '{ tenants { nodes { uscc } } }');
    const { tenants } = await opened.ask('{ tenants { totalCount } }');
    expect([all.status, JSON.parse(all.text).errors[0]]).toEqual([
      400,
      {
        message: `exportRows: expected at most 40, but got: ${tenants.totalCount}. Ask for fewer rows by \`where\`, or for one part after the other (first, after).`,
        extensions: { code: 'LIMIT_EXCEEDED', limit: 'exportRows', figure: tenants.totalCount, bound: 40 },
      },
    ]);
    expect((await exportAs(server, 'admin', '{ tenants(first: 41) { nodes { uscc } } }')).status).toBe(400);
    expect(tableOf((await exportAs(server, 'admin', '{ tenants(first: 40) { nodes { uscc } } }')).text)).toHaveLength(40);
  });

  it('of a list of a row that is not there', async () => {
    const server = await startTestServer(hub);
    const seventeen = '91410771T00000009';
    const { status, text } = await exportAs(server, 'admin', `{ tenant(uscc: "${seventeen}${usccCheckCharacter(seventeen)}") { loans { nodes { number } } } }`);
    expect([status, JSON.parse(text).errors[0]]).toEqual([
      404,
      { message: 'tenant.loans: expected a list, but got: none. There is no such row, or none that you may see.', extensions: { code: 'NOT_FOUND' } },
    ]);
  });

  it('of an operation that is in no manifest, where no others are answered', async () => {
    const query = '{ tenants(first: 1) { nodes { name } } }';
    const hash = createHash('sha256').update(query).digest('hex');
    const server = await startTestServer(hub, undefined, { settings: { onlyPersisted: true, operations: new Map([[hash, query]]) } });
    expect((await exportAs(server, 'icbc', query)).status).toBe(400);
    const response = await fetch(`${server.url}/export`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ documentId: `sha256:${hash}` }),
    });
    expect(tableOf(await response.text())).toHaveLength(1);
  });

  it('without a word of the schema to who may not ask for it', async () => {
    const server = await startTestServer(hub, undefined, { settings: { introspection: 'none' } });
    const { text } = await exportAs(server, 'icbc', '{ tenants { nodes { nam } } }');
    expect(JSON.parse(text).errors[0].message).toBe('Cannot query field "nam" on type "Tenant".');
  });
});

describe('the trace of an export', () => {
  it('has each page, as exported, with the client’s document, the rows that left and their companies', async () => {
    const server = await startTestServer(inSmallPages());
    const trace = new ReadTrace(path.join(opened.store, `${hub.parkId}.trace.db`), hub.parkId);
    const since = (await trace.readsOf(company, { limit: 1 }))[0]?.id ?? 0;
    const query = 'query Nightly { loans(orderBy: [{ number: ASC }]) { nodes { number tenantUscc balance } } }';
    const { rows } = jsonLinesOf((await exportAs(server, 'icbc', query, { accept: 'application/x-ndjson' })).text);
    const own = rows.filter(({ tenantUscc }) => tenantUscc === company).length;
    const records = (await trace.readsOf(company, { limit: 100 })).filter(({ id }) => id > since);
    await trace.close();
    expect(own).toBeGreaterThan(0);
    const read = records.flatMap(({ reads }) => reads).filter(({ ask }) => ask === 'ROWS');
    expect(read.reduce((sum, { companies }) => sum + (companies?.get(company) ?? 0), 0)).toBe(own);
    for (const record of records) {
      expect(record).toMatchObject({
        operation: 'Nightly',
        exported: true,
        document: createHash('sha256').update(query).digest('hex'),
        viewer: { name: 'officer of icbc' },
      });
      expect(record.reads).toMatchObject([{ source: 'icbc', entity: 'Loan', scopes: ['CREDIT'] }]);
    }
    const { body } = await server.ask('{ readsOfMyData(first: 1) { nodes { exported operation } } }', {}, { authorization: 'company' });
    expect(body.data).toEqual({ readsOfMyData: { nodes: [{ exported: true, operation: 'Nightly' }] } });
  });
});
