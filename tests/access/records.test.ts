/** The hub's own records (rows set aside, runs, who companies are) and the preview, by viewer. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { TokenViewer } from '../../src/access/viewer.js';
import { allDefinitions } from '../../src/entities/definition.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { uscc, writeDrop, writeRegister } from '../helpers/identityPark.js';
import { anyone, askAs, bank, investor, park, service, tenant } from './viewers.js';

const COMPANY = '91410771MA3XGWU758';

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub({ consents: { authorised: async (grantee, scope) => new Set(grantee === 'icbc' && scope === 'CREDIT' ? [COMPANY] : []) } });
});
afterAll(() => hub.close());

interface SeenSource {
  id: string;
  title: string;
  state: string;
  books: { entity: string; read: number; setAside: { place: string; reason: string | null; cells: { column: string; value: string | null }[] | null }[] }[];
  syncRuns: { by: string }[];
}
const SOURCES = '{ sources { id title state books { entity read setAside { place reason cells { column value } } } syncRuns { by } } }';

async function sourcesOf(viewer: TokenViewer): Promise<{ of: ReadonlyMap<string, SeenSource>; hidden: string[] }> {
  const { data, errors, hidden } = await askAs(hub, viewer, SOURCES);
  expect(errors).toBeUndefined();
  return {
    of: new Map((data.sources as SeenSource[]).map((source) => [source.id, source])),
    hidden: hidden.map((note) => `${note.entity}.${note.attribute} of ${note.source}`),
  };
}

describe('sources', () => {
  it('are known to anyone; what is in their books, and how they were copied, is not', async () => {
    for (const viewer of [anyone, tenant(COMPANY), park('ANALYST')]) {
      const { of, hidden } = await sourcesOf(viewer);
      expect([...of.keys()].sort()).toEqual(['bocom', 'hongtu', 'huakai', 'huayu', 'icbc', 'park', 'spdb']);
      for (const source of of.values()) expect(source).toMatchObject({ title: expect.any(String), books: [], syncRuns: [] });
      expect(hidden).toContain('Source.books of icbc');
      expect(hidden).toContain('Source.syncRuns of bocom');
    }
  });

  it('show their own partner each row that was set aside, cell by cell, and nothing of the others', async () => {
    for (const viewer of [bank('bocom'), service('bocom')]) {
      const { of, hidden } = await sourcesOf(viewer);
      const [loans] = of.get('bocom')?.books.filter(({ entity }) => entity === 'Loan') ?? [];
      expect(loans?.setAside[0]).toMatchObject({ place: '贷款台账_20211231.csv line 27', reason: expect.stringContaining('约120万') });
      expect(loans?.setAside[0]?.cells?.map(({ value }) => value)).toContain('约120万');
      expect(of.get('bocom')?.syncRuns.length).toBeGreaterThan(0);
      for (const id of ['icbc', 'spdb', 'huakai', 'park']) expect(of.get(id)).toMatchObject({ books: [], syncRuns: [] });
      expect(hidden).not.toContain('Source.books of bocom');
    }
    // An investor that is limited to some of its funds does not see what is told of all.
    expect((await sourcesOf(investor('hongtu', ['HT-A']))).of.get('hongtu')?.books).toEqual([]);
    expect((await sourcesOf(investor('hongtu'))).of.get('hongtu')?.books.length).toBeGreaterThan(0);
  });

  it("show the park's operators where a partner's row stands that was set aside, and not what it holds", async () => {
    for (const role of ['OPERATOR', 'ADMIN'] as const) {
      const { of, hidden } = await sourcesOf(park(role));
      const aside = ['bocom', 'icbc', 'spdb', 'hongtu', 'huayu'].flatMap((id) => of.get(id)?.books.flatMap(({ setAside }) => setAside) ?? []);
      expect(aside.length).toBeGreaterThanOrEqual(5);
      for (const row of aside) expect(row).toMatchObject({ place: expect.any(String), reason: null, cells: null });
      expect(hidden).toContain('SetAsideRow.cells of bocom');
      expect(of.get('bocom')?.syncRuns.length).toBeGreaterThan(0);
    }
  });
});

describe('who companies are', () => {
  const OPEN = '{ openCompanies { totalCount nodes { id name sourceId } } aliasDecisions { nodes { by tenantUscc sourceId } } }';

  async function identityHub(): Promise<TestHub> {
    const folder = await mkdtemp(join(tmpdir(), 'parkhub-access-'));
    writeRegister(folder);
    writeDrop(folder, 'first', [['A', '河南卓鼎科技有限公司', '', 100]]);
    writeDrop(folder, 'second', [['B', '新乡市润丰农业科技有限公司', '', 200]]);
    const opened = await openTestHub({ parkFolder: folder });
    onTestFinished(async () => {
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    });
    return opened;
  }

  it('is for the park to say, and for a partner to see of its own source', async () => {
    const own = await identityHub();
    const seen = async (viewer: TokenViewer) => (await askAs(own, viewer, OPEN)).data.openCompanies;
    for (const viewer of [anyone, tenant(uscc(1)), park('ANALYST')]) expect(await seen(viewer)).toEqual({ totalCount: 0, nodes: [] });
    expect((await seen(bank('first'))).nodes).toMatchObject([{ sourceId: 'first', name: '河南卓鼎科技有限公司' }]);
    expect((await seen(service('second'))).nodes).toMatchObject([{ sourceId: 'second' }]);
    expect((await seen(park('OPERATOR'))).totalCount).toBe(2);
    const other = await askAs(own, bank('first'), '{ openCompanies(sourceId: "second") { totalCount } }');
    expect(other.data.openCompanies.totalCount).toBe(0);
    expect(other.hidden).toMatchObject([{ source: 'second', entity: 'OpenCompany' }]);
  });

  it('is decided in the name of who asks, whatever name is given', async () => {
    const own = await identityHub();
    const [company] = (await askAs(own, park('OPERATOR'), OPEN)).data.openCompanies.nodes as [{ id: string }];
    const accept = (id: string): string => `mutation { acceptAlias(company: "${id}", uscc: "${uscc(2)}", by: "another") { by } }`;
    for (const viewer of [anyone, tenant(uscc(2)), bank('first'), service('first'), park('ANALYST')]) {
      const refused = await askAs(own, viewer, accept(company.id));
      expect(refused.data).toBeNull();
      expect(refused.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
      // Nothing tells whether there is such a company.
      expect((await askAs(own, viewer, accept('none'))).errors?.[0]?.message).toBe(refused.errors?.[0]?.message);
    }
    expect((await askAs(own, park('OPERATOR'), accept(company.id))).data.acceptAlias).toEqual({ by: 'somebody' });
    expect((await askAs(own, bank('first'), OPEN)).data.aliasDecisions.nodes).toMatchObject([{ by: 'somebody', sourceId: 'first' }]);
    expect((await askAs(own, bank('second'), OPEN)).data.aliasDecisions.nodes).toEqual([]);
  });
});

describe('whatCanSee', () => {
  const preview = (viewer: string): string =>
    `{ whatCanSee(viewer: ${viewer}) { entity sourceId rows { rows scope tenants fields } hidden { field reason scope } } }`;

  it('is for the admin of the park', async () => {
    for (const viewer of [anyone, tenant(COMPANY), bank('icbc'), investor('huakai'), service('icbc'), park('ANALYST'), park('OPERATOR')]) {
      const { data, errors } = await askAs(hub, viewer, preview('{kind: PUBLIC}'));
      expect(data).toEqual({ whatCanSee: null });
      expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    }
  });

  it('says of every book which rows and fields a viewer sees, and why not the others', async () => {
    const { data } = await askAs(hub, park('ADMIN'), preview('{kind: BANK, sourceId: "icbc"}'));
    const books = data.whatCanSee as { entity: string; sourceId: string; rows: object[]; hidden: object[] }[];
    const of = (entity: string, sourceId: string) => books.find((book) => book.entity === entity && book.sourceId === sourceId);
    const loan = [
      ...(allDefinitions()
        .find(({ name }) => name === 'Loan')
        ?.attributes.keys() ?? []),
    ];
    const consent = { rows: 'ROWS_ABOUT_WHO_AUTHORISED_IT', scope: 'CREDIT', tenants: [COMPANY], fields: loan };
    expect(of('Loan', 'icbc')).toEqual({
      entity: 'Loan',
      sourceId: 'icbc',
      rows: [{ rows: 'ROWS_OF_ITS_OWN_BOOK', scope: null, tenants: null, fields: loan }, consent],
      hidden: [],
    });
    expect(of('Loan', 'bocom')?.rows).toEqual([consent]);
    expect(of('Fund', 'huakai')).toMatchObject({ rows: [], hidden: expect.arrayContaining([{ field: 'commitment', reason: 'NOT_PUBLIC', scope: null }]) });
    expect(of('Tenant', 'park')).toMatchObject({
      rows: [{ rows: 'EVERY_ROW', fields: expect.arrayContaining(['uscc', 'name']) }],
      hidden: expect.arrayContaining([{ field: 'registeredCapital', reason: 'NOT_AUTHORISED', scope: 'IDENTITY' }]),
    });
    expect(new Set(books.map(({ entity }) => entity))).toEqual(new Set(allDefinitions().map(({ name }) => name)));
  });

  it('says what the viewer is then answered', async () => {
    const viewers: readonly [TokenViewer, string][] = [
      [anyone, '{kind: PUBLIC}'],
      [tenant(COMPANY), `{kind: TENANT, uscc: "${COMPANY}"}`],
      [investor('huakai'), '{kind: INVESTOR, sourceId: "huakai"}'],
      [bank('icbc'), '{kind: BANK, sourceId: "icbc"}'],
      [park('ANALYST'), '{kind: PARK, role: ANALYST}'],
      [service('icbc'), '{kind: SERVICE, sourceId: "icbc"}'],
    ];
    const roots = ['Tenant', 'Investment', 'Fund', 'PortfolioReport', 'Loan', 'LoanProduct', 'BorrowerProfile', 'PatentPledge', 'Bank', 'Investor'];
    for (const [viewer, named] of viewers) {
      const books = (await askAs(hub, park('ADMIN'), preview(named))).data.whatCanSee as { entity: string; sourceId: string; rows: { fields: string[] }[] }[];
      for (const definition of allDefinitions().filter(({ name }) => roots.includes(name))) {
        const names = [...definition.attributes.keys()];
        const list = `{ ${definition.plural}(first: 1000) { nodes { ${names.join(' ')} provenance { sourceId } } } }`;
        const rows = (await askAs(hub, viewer, list)).data[definition.plural].nodes as ({ provenance: { sourceId: string } } & Record<string, unknown>)[];
        for (const { sourceId, rows: seen } of books.filter(({ entity }) => entity === definition.name)) {
          const own = rows.filter(({ provenance }) => provenance.sourceId === sourceId);
          const said = `${named} ${definition.name} in ${sourceId}`;
          if (seen.length === 0) expect(own, said).toEqual([]);
          const shown = new Set(seen.flatMap(({ fields }) => fields));
          for (const row of own) for (const name of names) if (row[name] !== null) expect([...shown], said).toContain(name);
        }
      }
    }
  });

  it('refuses what is no viewer', async () => {
    for (const named of [
      '{kind: BANK}',
      '{kind: BANK, sourceId: "park"}',
      '{kind: TENANT, sourceId: "icbc"}',
      '{kind: PARK}',
      `{kind: PUBLIC, uscc: "${COMPANY}"}`,
    ]) {
      const { errors } = await askAs(hub, park('ADMIN'), preview(named));
      expect(errors?.[0]?.extensions?.code, named).toBe('BAD_USER_INPUT');
    }
  });
});
