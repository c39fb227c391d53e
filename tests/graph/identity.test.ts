import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SourceError } from '../../src/sources/source.js';
import { temporaryFolder } from '../helpers/commandLine.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { loanColumns, registrationNumber, type TENANTS, uscc, writeDrop, writeRegister, writeSource } from '../helpers/identityPark.js';
import { databaseIn } from '../sources/sqlPartner.js';

const BAIDU = '新乡市百都医疗器械有限公司';
const ZHUODING = '新乡卓鼎信息有限公司';

/** Loans as each partner has them: two of 百都 under two names, one of 卓鼎 under a former name, one of nobody, one of no one named. */
const ROWS: readonly (readonly [no: string, name: string | null, amount: number])[] = [
  ['1', BAIDU, 1],
  ['2', '百都医疗器械（新乡）', 2],
  ['3', ZHUODING, 4],
  ['4', '郑州某某贸易有限公司', 8],
  ['5', null, 16],
];

interface Company {
  id: string;
  sourceId: string;
  name: string | null;
  registrationNumber: string | null;
  rows: number;
  candidates: { uscc: string; score: string; grounds: string[]; matchedName: string | null; tied: boolean }[];
  rejected: string[];
}

const OPEN =
  'openCompanies { totalCount nodes { id sourceId name registrationNumber rows candidates { uscc score grounds matchedName tied } rejected } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } sources { sourceId state message } }';

async function openOf(hub: TestHub, source?: string): Promise<Company[]> {
  const document = `{ ${source ? OPEN.replace('openCompanies', `openCompanies(sourceId: "${source}")`) : OPEN} }`;
  return (await hub.ask(document)).openCompanies.nodes;
}

async function companyNamed(hub: TestHub, source: string, name: string | null): Promise<Company> {
  const found = (await openOf(hub, source)).find((company) => company.name === name);
  if (!found) throw new Error(`expected a company ${name} of ${source}`);
  return found;
}

const DECISION = '{ id sourceId name registrationNumber tenantUscc verdict by at score grounds inForce withdrawnBy withdrawnAt tenant { name } }';

function decide(hub: TestHub, mutation: 'acceptAlias' | 'rejectAlias', company: string, tenant: string, by = '王敏') {
  return hub.execute(`mutation ($company: ID!, $uscc: USCC!, $by: String!) { ${mutation}(company: $company, uscc: $uscc, by: $by) ${DECISION} }`, {
    company,
    uscc: tenant,
    by,
  });
}

async function accept(hub: TestHub, source: string, name: string, tenant: string, by?: string): Promise<{ id: string }> {
  const { data, errors } = await decide(hub, 'acceptAlias', (await companyNamed(hub, source, name)).id, tenant, by);
  if (errors?.[0]) throw errors[0];
  return { id: idIn(data, 'acceptAlias') };
}

function withdraw(hub: TestHub, decision: string, by = '李强') {
  return hub.execute(`mutation ($decision: ID!, $by: String!) { withdrawAlias(decision: $decision, by: $by) ${DECISION} }`, { decision, by });
}

function idIn(data: Record<string, unknown> | null | undefined, field: string): string {
  return (data?.[field] as { id: string } | undefined)?.id ?? 'none';
}

const codeOf = ({ errors }: { errors?: readonly { extensions: Record<string, unknown> }[] }) => errors?.[0]?.extensions.code;

/** An API of loans that can be asked for many names at once. */
async function api(): Promise<{ url: string; requests: string[]; stop: () => void }> {
  const requests: string[] = [];
  const items = ROWS.map(([no, name, amount]) => ({ no, borrower: { name }, amount, balance: amount }));
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      requests.push(`${request.method} ${request.url} ${body}`);
      const names = request.method === 'POST' ? (JSON.parse(body) as { names: string[] }).names : undefined;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ items: items.filter(({ borrower }) => !names || names.includes(borrower.name ?? '')) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, stop: () => void server.close().closeAllConnections() };
}

/** A park whose three partners hold the same loans: `live` a database, `mirror` the same copied, `drop` a file, `api` an API. */
async function park(options: { tenants?: typeof TENANTS } = {}) {
  const folder = temporaryFolder();
  writeRegister(folder.path, options.tenants);
  for (const [id, mode] of [
    ['live', 'live'],
    ['mirror', 'mirrored'],
  ] as const) {
    const own = writeSource(folder.path, id, {
      connector: 'sql',
      ...(mode === 'mirrored' ? { mode, sync: { schedule: '0 3 * * *' } } : {}),
      connection: { type: 'sqlite', file: 'book.db' },
      books: {
        Loan: {
          from: { table: 'dk', as: 'd' },
          joins: [{ from: { table: 'kh' }, as: 'k', on: { id: 'd.kh' } }],
          columns: loanColumns({ name: 'k.mc' }),
        },
      },
    });
    const database = databaseIn(
      own,
      'CREATE TABLE kh (id INTEGER PRIMARY KEY, mc TEXT)',
      'CREATE INDEX kh_mc ON kh (mc)',
      'CREATE TABLE dk (no TEXT PRIMARY KEY, kh INTEGER, amount INTEGER, balance INTEGER)',
    );
    database.insert(
      'kh',
      ROWS.map(([no, name]) => [Number(no), name]),
    );
    database.insert(
      'dk',
      ROWS.map(([no, , amount]) => [no, Number(no), amount, amount]),
    );
  }
  writeDrop(
    folder.path,
    'drop',
    ROWS.map(([no, name, amount]) => [no, name ?? '', no === '1' ? registrationNumber(1) : '', amount]),
  );
  const partner = await api();
  writeSource(folder.path, 'api', {
    connector: 'http',
    url: { env: 'API_URL' },
    token: { env: 'API_TOKEN' },
    books: {
      Loan: {
        from: { path: '/loans', rows: 'items', batch: { attribute: 'tenantUscc', method: 'POST', path: '/query', parameter: 'names', maximum: 10 } },
        columns: loanColumns({ name: 'borrower.name' }),
      },
    },
  });
  const variables = { API_URL: partner.url, API_TOKEN: 'token' };
  const hub = await openTestHub({ parkFolder: folder.path, variables, clock: () => new Date('2022-01-05T02:24:54Z') });
  return {
    hub,
    folder: folder.path,
    requests: partner.requests,
    close: async () => {
      await hub.close();
      partner.stop();
      folder.remove();
    },
  };
}

async function ownPark(options: { tenants?: typeof TENANTS } = {}) {
  const made = await park(options);
  onTestFinished(made.close);
  return made;
}

const SOURCES = ['api', 'drop', 'live', 'mirror'] as const;

describe('companies that nobody has identified', () => {
  let test: Awaited<ReturnType<typeof park>>;
  beforeAll(async () => {
    test = await park();
  });
  afterAll(() => test.close());

  it('are listed of every connector, with rows, candidates, score and grounds', async () => {
    const { openCompanies } = await test.hub.ask(`{ ${OPEN} }`);
    expect(openCompanies.totalCount).toBe(16);
    expect(openCompanies.sources).toEqual([
      { sourceId: 'api', state: 'LIVE', message: null },
      { sourceId: 'drop', state: 'MIRRORED', message: null },
      { sourceId: 'live', state: 'LIVE', message: null },
      { sourceId: 'mirror', state: 'MIRRORED', message: null },
    ]);
    for (const source of SOURCES) {
      const companies = (openCompanies.nodes as Company[]).filter(({ sourceId }) => sourceId === source);
      const numbered = source === 'drop';
      expect(companies.map(({ id: _, ...company }) => company)).toEqual([
        {
          sourceId: source,
          name: ZHUODING,
          registrationNumber: null,
          rows: 1,
          candidates: [{ uscc: uscc(2), score: '0.85', grounds: ['SAME_FORMER_NAME'], matchedName: ZHUODING, tied: false }],
          rejected: [],
        },
        {
          sourceId: source,
          name: BAIDU,
          registrationNumber: numbered ? registrationNumber(1) : null,
          rows: 1,
          candidates: [
            numbered
              ? { uscc: uscc(1), score: '1', grounds: ['SAME_REGISTRATION_NUMBER', 'SAME_NAME'], matchedName: BAIDU, tied: false }
              : { uscc: uscc(1), score: '0.9', grounds: ['SAME_NAME'], matchedName: BAIDU, tied: false },
          ],
          rejected: [],
        },
        {
          sourceId: source,
          name: '百都医疗器械（新乡）',
          registrationNumber: null,
          rows: 1,
          candidates: [{ uscc: uscc(1), score: '0.65', grounds: ['SAME_CORE_NAME'], matchedName: BAIDU, tied: false }],
          rejected: [],
        },
        { sourceId: source, name: '郑州某某贸易有限公司', registrationNumber: null, rows: 1, candidates: [], rejected: [] },
      ]);
    }
  });

  it('join nothing by name alone: their rows are their partner’s, and no tenant’s', async () => {
    const { loans, tenants, banks } = await test.hub.ask(
      `{ loans { totalCount totals { count sum { amount } } nodes { tenantUscc tenant { name } } } tenants { nodes { loans { totalCount } financing { totalCount } } }
         banks(orderBy: [{ code: ASC }]) { nodes { code loans { totals { count sum { amount } } } } } }`,
    );
    expect(loans.totals).toEqual([{ count: 20, sum: { amount: '124.00' } }]);
    expect(new Set(loans.nodes.map((loan: object) => JSON.stringify(loan)))).toEqual(new Set(['{"tenantUscc":null,"tenant":null}']));
    for (const tenant of tenants.nodes) expect(tenant).toEqual({ loans: { totalCount: 0 }, financing: { totalCount: 0 } });
    expect(banks.nodes).toEqual(SOURCES.map((code) => ({ code, loans: { totals: [{ count: 5, sum: { amount: '31.00' } }] } })));
  });

  it('come in pages, with most rows first and in one order', async () => {
    const all = await openOf(test.hub);
    expect(all.map(({ rows }) => rows)).toEqual([...all.map(({ rows }) => rows)].sort((a, b) => b - a));
    const paged: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 4; page++) {
      const { openCompanies } = await test.hub.ask(
        'query ($after: String) { openCompanies(first: 5, after: $after) { nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount } }',
        { after },
      );
      paged.push(...openCompanies.nodes.map(({ id }: { id: string }) => id));
      expect(openCompanies.pageInfo).toMatchObject({ hasNextPage: page < 3, hasPreviousPage: page > 0 });
      expect(openCompanies.totalCount).toBe(16);
      after = openCompanies.pageInfo.endCursor;
    }
    expect(paged).toEqual(all.map(({ id }) => id));
  });

  it('cost one statement a source, and two of the register', async () => {
    // The API's book was read a moment ago.
    expect(await test.hub.counts(`{ ${OPEN} }`)).toEqual({ drop: 1, live: 1, mirror: 1, park: 2 });
  });

  it.each([
    ['openCompanies(sourceId: "nobody") { totalCount }', /^sourceId: expected one of the sources park, api, drop, live, mirror, but got: nobody/],
    ['openCompanies(first: -1) { totalCount }', /^first: expected 0 to 1000, but got: -1/],
    ['openCompanies(after: "x") { totalCount }', /^after: expected a cursor that this list gave/],
    ['aliasDecisions(after: "1; DROP TABLE alias_decision") { nodes { id } }', /^after: expected the number of a decision/],
  ])('refuse %s', async (field, message) => {
    const { errors } = await test.hub.execute(`{ ${field} }`);
    expect(errors?.[0]?.message).toMatch(message);
    expect(codeOf({ errors } as never)).toBe('BAD_USER_INPUT');
  });
});

describe('an accepted alias', () => {
  let test: Awaited<ReturnType<typeof park>>;
  beforeAll(async () => {
    test = await park();
    for (const source of SOURCES) {
      await accept(test.hub, source, BAIDU, uscc(1));
      await accept(test.hub, source, '百都医疗器械（新乡）', uscc(1));
      await accept(test.hub, source, ZHUODING, uscc(2), '李强');
    }
  });
  afterAll(() => test.close());

  it('joins the rows of every connector from the next read on', async () => {
    const { loans } = await test.hub.ask(
      '{ loans(orderBy: [{ number: ASC }]) { nodes { number sourceId: provenance { sourceId } tenantUscc tenant { name } } } }',
    );
    for (const source of SOURCES) {
      const own = loans.nodes.filter((loan: { sourceId: { sourceId: string } }) => loan.sourceId.sourceId === source);
      expect(
        own.map((loan: { number: string; tenantUscc: string | null; tenant: { name: string } | null }) => [loan.number, loan.tenantUscc, loan.tenant?.name]),
      ).toEqual([
        ['1', uscc(1), BAIDU],
        ['2', uscc(1), BAIDU],
        ['3', uscc(2), '河南卓鼎科技有限公司'],
        ['4', null, undefined],
        ['5', null, undefined],
      ]);
    }
  });

  it('is followed back from the tenant, with limits, one statement a source', async () => {
    const document =
      '{ tenants(orderBy: [{ uscc: ASC }]) { nodes { loans(first: 3, orderBy: [{ amount: DESC }]) { nodes { number provenance { sourceId } } } } } }';
    const { tenants } = await test.hub.ask(document);
    const numbers = tenants.nodes.map(({ loans }: { loans: { nodes: { number: string; provenance: { sourceId: string } }[] } }) =>
      loans.nodes.map(({ number, provenance }) => `${provenance.sourceId} ${number}`),
    );
    expect(numbers).toEqual([['api 2', 'drop 2', 'live 2'], ['api 3', 'drop 3', 'live 3'], [], []]);
    expect(await test.hub.counts(document)).toEqual({ api: 1, drop: 1, live: 1, mirror: 1, park: 1 });
    // The API is asked for the names, in one request.
    const asked = /^POST \/query (.*)$/.exec(test.requests.at(-1) ?? '')?.[1] ?? '{}';
    expect((JSON.parse(asked) as { names: string[] }).names.sort()).toEqual([BAIDU, '百都医疗器械（新乡）', ZHUODING].sort());
  });

  it('is filtered by inside the partner’s database, its names as parameters', async () => {
    const document =
      '{ loans(where: { tenantUscc: { eq: "USCC" }, sourceId: { in: ["live", "mirror", "drop"] } }) { totals { count sum { amount } } } }'.replace(
        'USCC',
        uscc(1),
      );
    expect((await test.hub.ask(document)).loans.totals).toEqual([{ count: 6, sum: { amount: '9.00' } }]);
    expect(await test.hub.counts(document)).toEqual({ drop: 1, live: 1, mirror: 1 });
    const live = test.hub.statements.find(({ source }) => source === 'live');
    expect(live?.text).toMatch(/^SELECT COUNT\(\*\).* FROM "dk" AS "d" LEFT JOIN "kh" AS "k" .* WHERE .*"k"\."mc".* IN \(\?, \?\)/);
    expect(live?.text).not.toContain('百都');
  });

  it.each([
    ['isNull: true', 8, '96.00'],
    ['isNull: false', 12, '28.00'],
    [`in: ["${uscc(1)}", "${uscc(3)}"]`, 8, '12.00'],
    [`gt: "${uscc(1)}"`, 4, '16.00'],
    [`lte: "${uscc(1)}"`, 8, '12.00'],
    [`eq: "${uscc(4)}"`, 0, null],
  ])('keeps what a filter says of the USCC: %s', async (comparison, count, amount) => {
    const { loans } = await test.hub.ask(`{ loans(where: { tenantUscc: { ${comparison} } }) { totals { count sum { amount } } } }`);
    expect(loans.totals).toEqual([{ count, sum: { amount } }]);
  });

  it('is crossed by filters, orders and totals of other books', async () => {
    const data = await test.hub.ask(`{
      borrowers: tenants(where: { loans: { some: { amount: { gte: "4.00" } } } }) { nodes { uscc } }
      others: tenants(where: { loans: { none: {} } }, orderBy: [{ uscc: ASC }]) { nodes { uscc } }
      byName: loans(where: { tenant: { name: { startsWith: "河南卓鼎" } } }) { totals { count } }
      richest: tenants(orderBy: [{ loans: { sum: { amount: DESC } } }], first: 1) { nodes { uscc } }
      financing: tenants(where: { uscc: { eq: "${uscc(2)}" } }) { nodes { financing { totals { sum { amount } } } } }
    }`);
    expect(data).toEqual({
      borrowers: { nodes: [{ uscc: uscc(2) }] },
      others: { nodes: [{ uscc: uscc(3) }, { uscc: uscc(4) }] },
      byName: { totals: [{ count: 4 }] },
      richest: { nodes: [{ uscc: uscc(2) }] },
      financing: { nodes: [{ financing: { totals: [{ sum: { amount: '16.00' } }] } }] },
    });
  });

  it('is listed no more, and is on record with who, when, score and grounds', async () => {
    expect((await openOf(test.hub)).map(({ name }) => name)).toEqual(Array.from({ length: 4 }, () => '郑州某某贸易有限公司'));
    const { aliasDecisions } = await test.hub.ask(`{ aliasDecisions(sourceId: "drop", inForce: true) { nodes ${DECISION} pageInfo { hasNextPage } } }`);
    expect(aliasDecisions.nodes.map((decision: { name: string }) => decision.name)).toEqual([ZHUODING, '百都医疗器械（新乡）', BAIDU]);
    expect(aliasDecisions.nodes[2]).toEqual({
      id: expect.any(String),
      sourceId: 'drop',
      name: BAIDU,
      registrationNumber: registrationNumber(1),
      tenantUscc: uscc(1),
      verdict: 'ACCEPTED',
      by: '王敏',
      at: '2022-01-05T02:24:54.000Z',
      score: '1',
      grounds: ['SAME_REGISTRATION_NUMBER', 'SAME_NAME'],
      inForce: true,
      withdrawnBy: null,
      withdrawnAt: null,
      tenant: { name: BAIDU },
    });
  });

  it('comes in pages, the last first', async () => {
    const paged: string[] = [];
    let after: string | null = null;
    do {
      const { aliasDecisions } = await test.hub.ask(
        'query ($after: String) { aliasDecisions(first: 5, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
        { after },
      );
      paged.push(...aliasDecisions.nodes.map(({ id }: { id: string }) => id));
      after = aliasDecisions.pageInfo.hasNextPage ? aliasDecisions.pageInfo.endCursor : null;
    } while (after);
    expect(paged).toEqual(Array.from({ length: 12 }, (_, index) => String(12 - index)));
  });

  it('shows in a sample of the source', async () => {
    const rows = await test.hub.hub.sample('live', 'Loan', 5);
    expect(rows.map(({ row }) => (row as { tenantUscc?: unknown }).tenantUscc)).toEqual([uscc(1), uscc(1), uscc(2), null, null]);
  });
});

describe('a decision', () => {
  it('that is withdrawn joins no more, stays on record, and may be taken again', async () => {
    const { hub } = await ownPark();
    for (const source of SOURCES) {
      const company = await companyNamed(hub, source, BAIDU);
      const { id } = await accept(hub, source, BAIDU, uscc(1));
      const joined = `{ tenant(uscc: "${uscc(1)}") { loans(where: { sourceId: { eq: "${source}" } }) { totalCount } } }`;
      expect((await hub.ask(joined)).tenant.loans.totalCount).toBe(1);
      const { data } = await withdraw(hub, id);
      expect(data?.withdrawAlias).toMatchObject({ id, inForce: false, by: '王敏', withdrawnBy: '李强', withdrawnAt: '2022-01-05T02:24:54.000Z' });
      expect((await hub.ask(joined)).tenant.loans.totalCount).toBe(0);
      expect((await companyNamed(hub, source, BAIDU)).id).toBe(company.id);
      await accept(hub, source, BAIDU, uscc(1));
      expect((await hub.ask(joined)).tenant.loans.totalCount).toBe(1);
    }
    const { aliasDecisions } = await hub.ask('{ aliasDecisions(inForce: false) { nodes { by withdrawnBy } } }');
    expect(aliasDecisions.nodes).toEqual(SOURCES.map(() => ({ by: '王敏', withdrawnBy: '李强' })));
  });

  it('to reject is not proposed again until it is withdrawn', async () => {
    const { hub } = await ownPark();
    const company = await companyNamed(hub, 'live', BAIDU);
    const { data } = await decide(hub, 'rejectAlias', company.id, uscc(1));
    expect(data?.rejectAlias).toMatchObject({ verdict: 'REJECTED', tenantUscc: uscc(1), score: '0.9', inForce: true });
    expect(await companyNamed(hub, 'live', BAIDU)).toMatchObject({ candidates: [], rejected: [uscc(1)] });
    expect((await companyNamed(hub, 'mirror', BAIDU)).candidates).toHaveLength(1);
    await withdraw(hub, idIn(data, 'rejectAlias'));
    expect(await companyNamed(hub, 'live', BAIDU)).toMatchObject({ candidates: [{ uscc: uscc(1) }], rejected: [] });
  });

  it('may name a tenant that is no candidate: the officer knows, and the record says that nothing spoke for it', async () => {
    const { hub } = await ownPark();
    const { data } = await decide(hub, 'acceptAlias', (await companyNamed(hub, 'live', '郑州某某贸易有限公司')).id, uscc(4));
    expect(data?.acceptAlias).toMatchObject({ tenantUscc: uscc(4), score: '0', grounds: [] });
  });

  it.each([
    ['accept twice', 'acceptAlias', 1, 'acceptAlias', 1],
    ['accept another after one', 'acceptAlias', 1, 'acceptAlias', 2],
    ['reject after accepting', 'acceptAlias', 1, 'rejectAlias', 1],
    ['accept after rejecting', 'rejectAlias', 1, 'acceptAlias', 1],
    ['reject twice', 'rejectAlias', 1, 'rejectAlias', 1],
  ] as const)('is taken once: %s', async (_what, first, firstTenant, second, secondTenant) => {
    const { hub } = await ownPark();
    const { id } = await companyNamed(hub, 'live', BAIDU);
    await decide(hub, first, id, uscc(firstTenant));
    const answer = await decide(hub, second, id, uscc(secondTenant), '李强');
    expect(answer.errors?.[0]?.message).toMatch(
      /^company: expected one on which this is still open, but got: one of which 王敏 said at 2022-01-05T02:24:54.000Z that it is/,
    );
    expect(answer.errors?.[0]?.extensions).toEqual({
      code: 'ALREADY_DECIDED',
      decision: 1,
      verdict: first === 'acceptAlias' ? 'ACCEPTED' : 'REJECTED',
      uscc: uscc(firstTenant),
      by: '王敏',
      at: '2022-01-05T02:24:54.000Z',
    });
    expect((await hub.ask('{ aliasDecisions { nodes { id } } }')).aliasDecisions.nodes).toHaveLength(1);
  });

  it('may reject one tenant and accept another', async () => {
    const { hub } = await ownPark();
    const { id } = await companyNamed(hub, 'live', BAIDU);
    expect((await decide(hub, 'rejectAlias', id, uscc(1))).errors).toBeUndefined();
    expect((await decide(hub, 'acceptAlias', id, uscc(2))).errors).toBeUndefined();
  });

  it('of two officers at once is one', async () => {
    const { hub } = await ownPark();
    const { id } = await companyNamed(hub, 'drop', BAIDU);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => decide(hub, 'acceptAlias', id, uscc((index % 2) + 1), `officer ${index}`)));
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    expect(answers.filter((answer) => codeOf(answer as never) === 'ALREADY_DECIDED')).toHaveLength(7);
    const { id: decision } = (await hub.ask('{ aliasDecisions { nodes { id } } }')).aliasDecisions.nodes[0];
    const withdrawn = await Promise.all([withdraw(hub, decision), withdraw(hub, decision)]);
    expect(withdrawn.filter(({ errors }) => !errors)).toHaveLength(1);
  });

  it.each([
    ['a company that there is not', 'live.0123456789abcdef', uscc(1), '王敏', 'UNKNOWN_COMPANY'],
    ['a source that there is not', 'nobody.0123456789abcdef', uscc(1), '王敏', 'UNKNOWN_COMPANY'],
    ['a source that has USCCs', 'park.0123456789abcdef', uscc(1), '王敏', 'UNKNOWN_COMPANY'],
    ['what is no id', "x'; DROP TABLE alias_decision; --", uscc(1), '王敏', 'UNKNOWN_COMPANY'],
    ['an id of ten thousand characters', 'x'.repeat(10_000), uscc(1), '王敏', 'UNKNOWN_COMPANY'],
    ['a USCC that is no tenant', undefined, uscc(99), '王敏', 'UNKNOWN_TENANT'],
    ['nobody', undefined, uscc(1), '', 'BAD_USER_INPUT'],
    ['blanks', undefined, uscc(1), ' \u3000', 'BAD_USER_INPUT'],
    ['an invisible officer', undefined, uscc(1), '\u200b', 'BAD_USER_INPUT'],
    ['a long officer', undefined, uscc(1), '王'.repeat(101), 'BAD_USER_INPUT'],
  ])('is refused for %s', async (_what, company, tenant, by, code) => {
    const { hub } = await ownPark();
    const answer = await decide(hub, 'acceptAlias', company ?? (await companyNamed(hub, 'live', BAIDU)).id, tenant, by);
    expect(codeOf(answer as never)).toBe(code);
    expect(answer.errors?.[0]?.message.length).toBeLessThan(400);
    expect((await hub.ask('{ aliasDecisions { nodes { id } } }')).aliasDecisions.nodes).toEqual([]);
  });

  it.each([
    ['1', 'UNKNOWN_DECISION'],
    ['0', 'BAD_USER_INPUT'],
    ["1' OR '1'='1", 'BAD_USER_INPUT'],
  ])('is not withdrawn by %s', async (decision, code) => {
    const { hub } = await ownPark();
    expect(codeOf((await withdraw(hub, decision)) as never)).toBe(code);
  });

  it('is refused where the source does not answer, and its companies are missing from the list, which says so', async () => {
    const { hub, folder } = await ownPark();
    const { id } = await companyNamed(hub, 'drop', BAIDU);
    const other = await openTestHub({ parkFolder: folder, variables: { API_URL: 'http://127.0.0.1:9', API_TOKEN: 'x' } });
    onTestFinished(other.close);
    const { openCompanies } = await other.ask(`{ ${OPEN} }`);
    expect(openCompanies.totalCount).toBe(12);
    expect(openCompanies.sources[0]).toMatchObject({ sourceId: 'api', state: 'UNAVAILABLE', message: expect.any(String) });
    const answer = await decide(other, 'acceptAlias', 'api.0123456789abcdef', uscc(1));
    expect(answer.errors?.[0]?.originalError).toBeInstanceOf(SourceError);
    expect((await decide(other, 'acceptAlias', id, uscc(1))).errors).toBeUndefined();
  });
});

describe('names that are not what they seem', () => {
  const TRICKS = [
    `'; DROP TABLE loan; --`,
    `百都" OR "1"="1`,
    '%',
    '_______________',
    '百都\\',
    BAIDU,
    `${BAIDU}\u200b`,
    '新乡市百都医疗器械有限公司'.replace('百', '百\ufe00'),
    '新乡市Ｂ都医疗器械有限公司',
    '新乡市B都医疗器械有限公司',
    'Café',
    'Cafe\u0301',
    'null',
    '\u{1f600}'.repeat(10),
    '名'.repeat(200),
  ];

  it.each(['csv', 'sqlite'] as const)('are each a company of its own (%s)', async (kind) => {
    const folder = temporaryFolder();
    onTestFinished(folder.remove);
    writeRegister(folder.path);
    if (kind === 'csv') {
      const own = writeDrop(folder.path, 'odd', [], { name: '企业' });
      const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
      const lines = TRICKS.map((name, index) => `${index},${cell(name)},,${index},${index}`);
      writeFileSync(join(own, '贷款_20211231.csv'), `no,企业,注册号,amount,balance\n${lines.join('\n')}\n`);
    } else {
      const own = writeSource(folder.path, 'odd', {
        connector: 'sql',
        connection: { type: 'sqlite', file: 'book.db' },
        books: { Loan: { from: { table: 'dk' }, columns: loanColumns({ name: 'mc' }) } },
      });
      const database = databaseIn(own, 'CREATE TABLE dk (no TEXT PRIMARY KEY, mc TEXT, amount INTEGER, balance INTEGER)');
      database.insert(
        'dk',
        TRICKS.map((name, index) => [String(index), name, index, index]),
      );
    }
    const hub = await openTestHub({ parkFolder: folder.path });
    onTestFinished(hub.close);
    const companies = await openOf(hub);
    expect(companies.map(({ name }) => name).sort()).toEqual([...TRICKS].sort());
    expect(new Set(companies.map(({ id }) => id)).size).toBe(TRICKS.length);
    for (const [index, name] of TRICKS.entries()) {
      const { id } = companies.find((company) => company.name === name) as Company;
      const { data, errors } = await decide(hub, 'acceptAlias', id, uscc(1));
      expect(errors).toBeUndefined();
      const { loans } = await hub.ask(`{ loans(where: { tenantUscc: { eq: "${uscc(1)}" } }) { nodes { number } totals { count } } }`);
      expect(loans).toEqual({ nodes: [{ number: String(index) }], totals: [{ count: 1 }] });
      expect((await hub.ask(`{ tenant(uscc: "${uscc(1)}") { loans { nodes { number } } } }`)).tenant.loans.nodes).toEqual([{ number: String(index) }]);
      await withdraw(hub, idIn(data, 'acceptAlias'));
    }
    expect((await hub.ask('{ loans { totalCount } }')).loans.totalCount).toBe(TRICKS.length);
  });

  it('of ten thousand characters, or with control characters, are set aside with their rows', async () => {
    const folder = temporaryFolder();
    onTestFinished(folder.remove);
    writeRegister(folder.path);
    writeDrop(folder.path, 'drop', [
      ['1', '名'.repeat(10_000), '', 1],
      ['2', '名'.repeat(201), '', 2],
      ['3', '名\u0007', '', 4],
      ['4', '名', '1'.repeat(201), 8],
      ['5', ' \u3000 ', ' ', 16],
      ['6', '  名 ', '', 32],
      ['7', '名\u001f', '', 64],
    ]);
    const hub = await openTestHub({ parkFolder: folder.path });
    onTestFinished(hub.close);
    const { loans, sources } = await hub.ask(
      '{ loans(orderBy: [{ number: ASC }]) { nodes { number tenantUscc } } sources { id books { entity read accepted setAside { line reason } } } }',
    );
    expect(loans.nodes).toEqual([
      { number: '5', tenantUscc: null },
      { number: '6', tenantUscc: null },
    ]);
    const { setAside } = sources.find(({ id }: { id: string }) => id === 'drop').books[0];
    expect(setAside.map(({ line }: { line: number }) => line)).toEqual([2, 3, 4, 5, 8]);
    expect(setAside[1].reason).toMatch(/tenantUscc \(columns 注册号, 企业\): expected a text of at most 200 characters/);
    // Blanks around a name are not the name's; one of blanks is none.
    expect((await openOf(hub)).map(({ name, rows }) => [name, rows])).toEqual([['名', 1]]);
  });
});

describe('two tenants', () => {
  it('with one former name are both shown, as equal', async () => {
    const folder = temporaryFolder();
    onTestFinished(folder.remove);
    writeRegister(folder.path);
    writeDrop(folder.path, 'drop', [
      ['1', '新乡田园合作有限公司', '', 1],
      ['2', '新乡田园合作有限公司', registrationNumber(3), 1],
      ['3', '新乡田园合作有限公司', registrationNumber(9), 1],
    ]);
    const hub = await openTestHub({ parkFolder: folder.path });
    onTestFinished(hub.close);
    const companies = await openOf(hub);
    const byNumber = (number: string | null) =>
      companies.find((company) => company.registrationNumber === number)?.candidates.map(({ uscc: code, score, tied }) => [code, score, tied]);
    expect(byNumber(null)).toEqual([
      [uscc(3), '0.85', true],
      [uscc(4), '0.85', true],
    ]);
    expect(byNumber(registrationNumber(3))).toEqual([
      [uscc(3), '0.994444', false],
      [uscc(4), '0.85', false],
    ]);
    // Tenant 3 has another number; of tenant 4 none is known.
    expect(byNumber(registrationNumber(9))).toEqual([
      [uscc(4), '0.85', false],
      [uscc(3), '0.425', false],
    ]);
  });
});

describe('a source whose column of names is gone', () => {
  it('says so, fails the fields that rest on it, and joins nothing meanwhile', async () => {
    const folder = temporaryFolder();
    onTestFinished(folder.remove);
    writeRegister(folder.path);
    const own = writeSource(folder.path, 'live', {
      connector: 'sql',
      connection: { type: 'sqlite', file: 'book.db' },
      books: { Loan: { from: { table: 'dk' }, columns: loanColumns({ name: 'mc', registrationNumber: 'zch' }) } },
    });
    const database = databaseIn(own, 'CREATE TABLE dk (no TEXT PRIMARY KEY, mc TEXT, zch TEXT, amount INTEGER, balance INTEGER)');
    database.insert('dk', [['1', BAIDU, registrationNumber(1), 1, 1]]);
    const before = await openTestHub({ parkFolder: folder.path });
    onTestFinished(before.close);
    await accept(before, 'live', BAIDU, uscc(1));
    database.run('ALTER TABLE dk RENAME COLUMN mc TO khmc');
    const hub = await openTestHub({ parkFolder: folder.path, variables: { PARKHUB_STORE: before.store } });
    onTestFinished(hub.close);
    const { data, errors } = await hub.execute('{ loans { nodes { number amount tenantUscc } sources { drift { missingColumns newColumns attributes } } } }');
    expect(JSON.parse(JSON.stringify(data))).toEqual({
      loans: {
        nodes: [{ number: '1', amount: '1.00', tenantUscc: null }],
        sources: [{ drift: [{ missingColumns: ['mc'], newColumns: ['khmc'], attributes: ['tenantUscc'] }] }],
      },
    });
    expect(errors?.map(({ path }) => path?.join('.'))).toEqual(['loans.nodes.0.tenantUscc']);
    const joined = await hub.execute(`{ tenant(uscc: "${uscc(1)}") { loans { nodes { number } sources { state message } } } }`);
    expect(JSON.parse(JSON.stringify(joined.data)).tenant.loans).toEqual({
      nodes: [],
      sources: [{ state: 'UNAVAILABLE', message: expect.stringContaining('mc is missing, so that tenantUscc cannot be read') }],
    });
    expect((await hub.ask(`{ ${OPEN} }`)).openCompanies).toMatchObject({ totalCount: 0, sources: [{ sourceId: 'live', state: 'UNAVAILABLE' }] });
  });
});

describe('a source whose last good copy answers', () => {
  it('goes by the decisions as they are, not as they were when it was copied', async () => {
    const folder = temporaryFolder();
    onTestFinished(folder.remove);
    writeRegister(folder.path);
    const own = writeSource(folder.path, 'live', {
      connector: 'sql',
      policy: 'stale',
      connection: { type: 'sqlite', file: 'book.db' },
      books: { Loan: { from: { table: 'dk' }, columns: loanColumns({ name: 'mc' }) } },
    });
    const database = databaseIn(own, 'CREATE TABLE dk (no TEXT PRIMARY KEY, mc TEXT, amount INTEGER, balance INTEGER)');
    database.insert('dk', [
      ['1', BAIDU, 1, 1],
      ['2', ZHUODING, 2, 2],
      ['3', null, 4, 4],
    ]);
    const hub = await openTestHub({ parkFolder: folder.path });
    onTestFinished(hub.close);
    const first = await accept(hub, 'live', BAIDU, uscc(1));
    const { id } = await companyNamed(hub, 'live', ZHUODING);
    await hub.hub.sourceStatuses();
    expect((await decide(hub, 'acceptAlias', id, uscc(2))).errors).toBeUndefined();
    database.run('DROP TABLE dk');
    const loans = '{ loans(orderBy: [{ number: ASC }]) { nodes { number tenantUscc provenance { how } } sources { state } } }';
    expect(await hub.ask(loans)).toEqual({
      loans: {
        nodes: [
          { number: '1', tenantUscc: uscc(1), provenance: { how: 'LAST_GOOD_COPY' } },
          { number: '2', tenantUscc: uscc(2), provenance: { how: 'LAST_GOOD_COPY' } },
          { number: '3', tenantUscc: null, provenance: { how: 'LAST_GOOD_COPY' } },
        ],
        sources: [{ state: 'STALE' }],
      },
    });
    await withdraw(hub, first.id);
    expect((await hub.ask(loans)).loans.nodes.map(({ tenantUscc }: { tenantUscc: string | null }) => tenantUscc)).toEqual([null, uscc(2), null]);
  });
});

describe('a store that two processes share', () => {
  it('shows a decision of the one to the next read of the other, in every connector, without a new drop', async () => {
    const { hub, folder } = await ownPark();
    const other = await openTestHub({ parkFolder: folder, variables: { API_URL: 'http://127.0.0.1:9', API_TOKEN: 'x', PARKHUB_STORE: hub.store } });
    onTestFinished(other.close);
    const joined = `{ tenant(uscc: "${uscc(1)}") { loans { totalCount } } }`;
    expect((await other.ask(joined)).tenant.loans.totalCount).toBe(0);
    const decisions: string[] = [];
    for (const [index, source] of (['drop', 'live', 'mirror'] as const).entries()) {
      decisions.push((await accept(hub, source, BAIDU, uscc(1))).id);
      expect((await other.ask(joined)).tenant.loans.totalCount).toBe(index + 1);
    }
    for (const [index, decision] of decisions.entries()) {
      await withdraw(other, decision);
      expect((await hub.ask(joined)).tenant.loans.totalCount).toBe(2 - index);
    }
  });
});
