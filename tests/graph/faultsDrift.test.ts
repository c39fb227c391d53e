/** A source whose columns changed: named with what is missing and what is new, and only the fields concerned fail. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startPartnerApi } from '../../demo/partner-api/server.js';
import type { TestHub } from '../helpers/hub.js';
import { startTestServer } from '../server/testServer.js';
import type { TemporaryPark } from './bigPark.js';
import { declareInPark, dying, hubForTest, Meddler, parkForTest } from './faultyPark.js';

interface LoanNode {
  readonly number: string;
  readonly amount: string | null;
  readonly balance: string | null;
  readonly provenance: { readonly sourceId: string };
}

type Bank = 'icbc' | 'bocom' | 'spdb';

/** A column of a bank's loans under another name: the one that holds the amount, unless told. */
interface Renaming {
  readonly bank: Bank;
  readonly column: string;
  readonly renamed: string;
  rename(park: TemporaryPark, from: string, to: string): Promise<void>;
}

const renamings: readonly Renaming[] = [
  { bank: 'icbc', column: 'fkje', renamed: 'fkje_yuan', rename: renameInDatabase },
  { bank: 'bocom', column: '发放金额（万元）', renamed: '放款金额（万元）', rename: renameInCsv },
  { bank: 'spdb', column: 'principal.amount', renamed: 'principal.value', rename: renameInJson },
];

async function renameInDatabase({ parkFolder }: TemporaryPark, from: string, to: string): Promise<void> {
  const database = new Database(join(parkFolder, 'icbc/book.db'));
  database.exec(`ALTER TABLE dk_jj RENAME COLUMN "${from}" TO "${to}"`);
  database.close();
}

async function renameInCsv({ parkFolder }: TemporaryPark, from: string, to: string): Promise<void> {
  const path = join(parkFolder, 'bocom/贷款台账_20211231.csv');
  const text = iconv.decode(await readFile(path), 'gb18030');
  const [header = '', ...lines] = text.split('\n');
  await writeFile(path, iconv.encode([header.replace(from, to), ...lines].join('\n'), 'gb18030'));
}

async function renameInJson({ partnerData }: TemporaryPark, from: string, to: string): Promise<void> {
  const path = join(partnerData, 'spdb.json');
  const data = JSON.parse(await readFile(path, 'utf8'));
  const rows = data.resources['/v1/loans'] as Record<string, Record<string, unknown>>[];
  const [object = '', member = ''] = from.split('.');
  const renamed = to.split('.')[1] ?? '';
  for (const row of rows) {
    const inner = member === '' ? row : (row[object] as Record<string, unknown>);
    const [old, name] = member === '' ? [object, to] : [member, renamed];
    inner[name] = inner[old];
    delete inner[old];
  }
  await writeFile(path, JSON.stringify(data));
}

const fields = 'number amount balance provenance { sourceId }';
const loans = `{ loans(first: 1000) { nodes { ${fields} } totalCount sources { sourceId state message drift { entity missingColumns newColumns attributes } } } }`;

async function driftedHub({ rename, column, renamed }: Renaming, declare?: (park: TemporaryPark) => Promise<void>): Promise<TestHub> {
  const park = await parkForTest();
  await declare?.(park);
  await rename(park, column, renamed);
  return hubForTest(park);
}

const ofBank = (nodes: readonly LoanNode[], bank: Bank) => nodes.filter(({ provenance }) => provenance.sourceId === bank);

describe.each(renamings)('$bank without $column', (renaming) => {
  const { bank, column, renamed } = renaming;

  it('keeps its rows, of which exactly the field concerned is an error', async () => {
    const hub = await driftedHub(renaming);
    const server = await startTestServer(hub.hub);
    const { status, body } = await server.ask(loans);
    expect(status).toBe(200);
    const { nodes, totalCount, sources } = (body.data as { loans: { nodes: LoanNode[]; totalCount: number; sources: object[] } }).loans;
    expect(totalCount).toBe(nodes.length);
    const own = ofBank(nodes, bank);
    expect(own.length).toBeGreaterThan(10);
    for (const node of nodes) {
      expect(node.balance).toMatch(/^\d+\.\d\d$/);
      expect(node.amount === null).toBe(node.provenance.sourceId === bank);
    }
    expect(body.errors?.map(({ path }) => path)).toEqual(nodes.flatMap((node, index) => (node.amount === null ? [['loans', 'nodes', index, 'amount']] : [])));
    for (const { message, extensions } of body.errors ?? []) {
      expect(extensions).toEqual({
        code: 'SOURCE_DRIFTED',
        source: bank,
        entity: 'Loan',
        missingColumns: [column],
        newColumns: expect.arrayContaining([renamed]),
      });
      expect(message).toContain(`The columns of ${bank} changed. Loan: ${column} is missing, so that amount cannot be read.`);
    }
    const drift = [{ entity: 'Loan', missingColumns: [column], newColumns: expect.arrayContaining([renamed]), attributes: ['amount'] }];
    expect(sources).toHaveLength(3);
    expect(sources).toContainEqual({ sourceId: bank, state: bank === 'bocom' ? 'MIRRORED' : 'LIVE', message: expect.stringContaining(column), drift });
    expect(body.extensions).toEqual({ sources: [expect.objectContaining({ sourceId: bank, drift })] });
  });

  it('is whole for a document that does not ask for it', async () => {
    const hub = await driftedHub(renaming);
    const { nodes } = (
      await hub.ask('{ loans(first: 1000) { nodes { number balance tenant { name } bank { code } product { code } provenance { sourceId } } } }')
    ).loans;
    expect(ofBank(nodes, bank).length).toBeGreaterThan(10);
    const { banks } = await hub.ask('{ banks { nodes { code loans { totalCount totals { sum { balance } } } } } }');
    for (const { loans: lent } of banks.nodes) expect(lent.totals[0].sum.balance).toMatch(/^\d+\.\d\d$/);
  });

  it('is left out, and named, where the missing field decides which rows, in which order, or how much', async () => {
    const hub = await driftedHub(renaming);
    const answer = await hub.ask(`{
      filtered: loans(first: 1000, where: { amount: { gt: "0.00" } }) { nodes { provenance { sourceId } } sources { sourceId state } }
      empty: loans(first: 1000, where: { amount: { isNull: true } }) { totalCount sources { sourceId state } }
      ordered: loans(first: 1000, orderBy: [{ amount: DESC }]) { nodes { provenance { sourceId } } sources { sourceId state } }
      summed: loans { totals { count sum { amount } } sources { sourceId state } }
    }`);
    for (const { nodes = [], sources } of Object.values<{ nodes?: LoanNode[]; sources: { sourceId: string; state: string }[] }>(answer)) {
      expect(ofBank(nodes, bank)).toEqual([]);
      expect(sources.filter(({ state }) => state === 'UNAVAILABLE')).toEqual([{ sourceId: bank, state: 'UNAVAILABLE' }]);
    }
    expect(answer.empty.totalCount).toBe(0);
    expect(answer.filtered.nodes.length).toBeGreaterThan(10);
  });

  it('is named by sources, book by book, and its rows are not set aside', async () => {
    const hub = await driftedHub(renaming);
    const { sources } = await hub.ask(
      '{ sources { id state drift { entity missingColumns newColumns attributes } books { entity accepted setAside { reason } } } }',
    );
    const { state, drift, books } = sources.find(({ id }: { id: string }) => id === bank);
    expect({ state, drift }).toEqual({
      state: bank === 'bocom' ? 'MIRRORED' : 'LIVE',
      drift: [{ entity: 'Loan', missingColumns: [column], newColumns: expect.arrayContaining([renamed]), attributes: ['amount'] }],
    });
    const book = books.find(({ entity }: { entity: string }) => entity === 'Loan');
    expect(book.accepted).toBeGreaterThan(10);
    for (const { reason } of book.setAside) expect(reason).not.toContain(column);
    for (const other of sources) if (other.id !== bank) expect(other.drift).toEqual([]);
  });

  it('is seen while the hub runs, names what is new and nothing that was there before, and is whole again when the column is back', async () => {
    const park = await parkForTest();
    let now = Date.parse('2022-01-05T02:00:00.000Z');
    const partner = bank === 'spdb' ? await servedAnew(park) : undefined;
    const hub = await hubForTest({ ...park, clock: () => new Date(now), ...(partner ? { variables: partner.variables } : {}) });
    const ask = async () =>
      (await hub.execute(loans)) as { data: { loans: { nodes: LoanNode[]; sources: { sourceId: string; drift: object[] }[] } }; errors?: unknown[] };
    const first = await ask();
    expect(first.errors).toBeUndefined();
    await renaming.rename(park, column, renamed);
    await partner?.reload();
    now += 30_001;
    const { data, errors } = await ask();
    expect(errors).toHaveLength(ofBank(data.loans.nodes, bank).length);
    expect(data.loans.sources.find(({ sourceId }) => sourceId === bank)?.drift).toEqual([
      { entity: 'Loan', missingColumns: [column], newColumns: [renamed], attributes: ['amount'] },
    ]);
    await renaming.rename(park, renamed, column);
    await partner?.reload();
    now += 300_001;
    expect((await ask()).data).toEqual(first.data);
  });

  it('under stale is answered from the last good copy for what it lacks, and by itself for the rest', async () => {
    const park = await parkForTest();
    await declareInPark(park, bank, 'policy: stale');
    let now = Date.parse('2022-01-05T02:00:00.000Z');
    const partner = bank === 'spdb' ? await servedAnew(park) : undefined;
    const hub = await hubForTest({ ...park, clock: () => new Date(now), ...(partner ? { variables: partner.variables } : {}) });
    const good = (await hub.ask(loans)).loans.nodes;
    await hub.hub.sourceStatuses();
    await renaming.rename(park, column, renamed);
    await partner?.reload();
    now += 300_001;
    const answer = await hub.ask(loans);
    expect(answer.loans.nodes).toEqual(good);
    expect(answer.loans.sources.find(({ sourceId }: { sourceId: string }) => sourceId === bank)).toMatchObject({
      state: 'STALE',
      message: expect.stringContaining(column),
      drift: [{ missingColumns: [column] }],
    });
    const rest = await hub.ask(`{ loans(where: { sourceId: { eq: "${bank}" } }) { nodes { number balance } sources { state } } }`);
    // A drop is taken in whole or not at all.
    expect(rest.loans.sources[0].state).toBe(bank === 'bocom' ? 'STALE' : 'LIVE');
  });
});

/** The partners' APIs on a port of their own, which may be started anew with other data. */
async function servedAnew({ partnerData }: TemporaryPark) {
  let api = await startPartnerApi({ dataFolder: partnerData });
  const port = Number(new URL(api.url).port);
  const tokens = { spdb: api.environment.SPDB_API_TOKEN as string, huayu: api.environment.HUAYU_API_TOKEN as string };
  onTestFinished(() => api.close());
  return {
    variables: { ...api.environment },
    reload: async () => {
      await api.close();
      api = await startPartnerApi({ dataFolder: partnerData, port, tokens });
    },
  };
}

describe('a link whose column is gone', () => {
  it('fails for each row by itself, and the row keeps the rest', async () => {
    const hub = await driftedHub({ bank: 'icbc', column: 'cpbh', renamed: 'cp', rename: renameInDatabase });
    const { data, errors } = (await hub.execute(
      '{ loans(first: 1000, where: { sourceId: { eq: "icbc" } }) { nodes { number product { code } bank { code } } } }',
    )) as unknown as { data: { loans: { nodes: { number: string; product: null; bank: object }[] } }; errors: { path: unknown[] }[] };
    expect(data.loans.nodes.length).toBeGreaterThan(10);
    for (const { product, bank } of data.loans.nodes) expect({ product, bank }).toEqual({ product: null, bank: { code: 'icbc' } });
    expect(errors.map(({ path }) => path.at(-1))).toEqual(data.loans.nodes.map(() => 'product'));
  });

  it('costs the lists that follow it from the other side that source alone', async () => {
    const park = await parkForTest();
    const database = new Database(join(park.parkFolder, 'icbc/book.db'));
    database.exec('ALTER TABLE kh_jbxx RENAME COLUMN tyshxydm TO xydm');
    database.close();
    const hub = await hubForTest(park);
    const { tenants } = await hub.ask('{ tenants(first: 1000) { nodes { loans { nodes { provenance { sourceId } } sources { sourceId state } } } } }');
    const lent = tenants.nodes.flatMap(({ loans: { nodes } }: { loans: { nodes: LoanNode[] } }) => nodes);
    expect(ofBank(lent, 'icbc')).toEqual([]);
    expect(ofBank(lent, 'bocom').length).toBeGreaterThan(5);
    expect(tenants.nodes[0].loans.sources.map(({ state }: { state: string }) => state)).toEqual(['MIRRORED', 'UNAVAILABLE', 'LIVE']);
  });
});

describe('a book of which no row can be read', () => {
  it.each<Renaming>([
    { bank: 'icbc', column: 'jjbh', renamed: 'jj', rename: renameInDatabase },
    { bank: 'icbc', column: 'scbz', renamed: 'sc', rename: renameInDatabase },
    { bank: 'bocom', column: '客户编号', renamed: '客户号', rename: renameInCsv },
    { bank: 'spdb', column: 'loanNo', renamed: 'loanNumber', rename: renameInJson },
  ])('for want of $column of $bank is unavailable; the source’s other books are not', async (renaming) => {
    const hub = await driftedHub(renaming);
    const { bank, column } = renaming;
    const answer = await hub.ask(
      '{ loans(first: 1000) { nodes { number } sources { sourceId state message drift { missingColumns attributes } } } loanProducts(first: 1000) { nodes { provenance { sourceId } } sources { state } } }',
    );
    const report = answer.loans.sources.find(({ sourceId }: { sourceId: string }) => sourceId === bank);
    if (column === '客户编号') {
      // It is what the customers' file is joined by: the loans are there without their borrowers.
      expect(report).toMatchObject({ state: 'MIRRORED', drift: [{ attributes: ['tenantUscc'] }] });
    } else {
      expect(report).toMatchObject({ state: 'UNAVAILABLE', message: expect.stringContaining('no row can be read'), drift: [{ missingColumns: [column] }] });
    }
    expect(ofBank(answer.loanProducts.nodes, bank).length).toBeGreaterThan(1);
    for (const { state } of answer.loanProducts.sources) expect(state).not.toBe('UNAVAILABLE');
  });

  it('leaves the breaker closed: the source answers', async () => {
    const park = await parkForTest();
    await declareInPark(park, 'icbc', 'breaker: { failures: 1, rest: 60000 }');
    await renameInDatabase(park, 'jjbh', 'jj');
    const hub = await hubForTest(park);
    await hub.ask('{ loans { totalCount } }');
    const { loanProducts } = await hub.ask('{ loanProducts { nodes { provenance { sourceId } } } }');
    expect(ofBank(loanProducts.nodes, 'icbc').length).toBeGreaterThan(1);
  });
});

describe('a column that an API leaves out', () => {
  it('of some rows is no drift: those rows are set aside as ever', async () => {
    const park = await parkForTest();
    const path = join(park.partnerData, 'spdb.json');
    const data = JSON.parse(await readFile(path, 'utf8'));
    delete data.resources['/v1/loans'][0].principal;
    await writeFile(path, JSON.stringify(data));
    const hub = await hubForTest(park);
    const { loans: answer } = await hub.ask(loans);
    expect(answer.sources.find(({ sourceId }: { sourceId: string }) => sourceId === 'spdb')).toMatchObject({ state: 'LIVE', drift: [] });
    expect(answer.nodes.every(({ amount }: LoanNode) => amount !== null)).toBe(true);
  });

  it('because it is empty everywhere is none either', async () => {
    const park = await parkForTest();
    const path = join(park.partnerData, 'spdb.json');
    const data = JSON.parse(await readFile(path, 'utf8'));
    for (const row of data.resources['/v1/loans']) delete row.product;
    await writeFile(path, JSON.stringify(data));
    const hub = await hubForTest(park);
    const answer = await hub.ask('{ loans(where: { sourceId: { eq: "spdb" } }) { nodes { productCode } sources { drift { entity } } } }');
    expect(answer.loans.nodes.length).toBeGreaterThan(10);
    for (const { productCode } of answer.loans.nodes) expect(productCode).toBeNull();
    expect(answer.loans.sources).toEqual([{ drift: [] }]);
  });

  it('is seen by an ask for keys too, which reads no more than those rows while all is well', async () => {
    const hub = await driftedHub({ bank: 'spdb', column: 'principal.amount', renamed: 'principal.value', rename: renameInJson });
    const { data, errors } = (await hub.execute(
      '{ tenants(first: 1000) { nodes { loans { nodes { number amount provenance { sourceId } } } } } }',
    )) as unknown as {
      data: { tenants: { nodes: { loans: { nodes: LoanNode[] } }[] } };
      errors: unknown[];
    };
    const own = ofBank(
      data.tenants.nodes.flatMap(({ loans: { nodes } }) => nodes),
      'spdb',
    );
    expect(own.length).toBeGreaterThan(10);
    for (const { amount } of own) expect(amount).toBeNull();
    expect(errors).toHaveLength(own.length);
  });
});

describe('a source that drifts and then fails', () => {
  it('is unavailable like any other', async () => {
    const park = await parkForTest();
    await renameInDatabase(park, 'fkje', 'je');
    const meddler = new Meddler();
    const hub = await hubForTest({ ...park, intercept: meddler.intercept });
    await hub.execute(loans);
    meddler.let('icbc', dying);
    const { loans: answer } = await hub.ask(loans);
    expect(answer.sources.find(({ sourceId }: { sourceId: string }) => sourceId === 'icbc')).toMatchObject({ state: 'UNAVAILABLE', drift: [] });
  });
});
