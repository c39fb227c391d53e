/** The table of who may see what, on the demo park, through the graph. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import '../../src/entities/index.js';
import { gapsOfTable, rules, rulesFor, scopeOf } from '../../src/access/rules.js';
import { tokenViewerSchema } from '../../src/access/viewer.js';
import { allDefinitions, type EntityDefinition } from '../../src/entities/definition.js';
import type { Scope } from '../../src/entities/scope.js';
import { globalId } from '../../src/schema/ids.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { startTestServer } from '../server/testServer.js';
import { anyone, askAs, bank, investor, park, service, tenant } from './viewers.js';

/** 百都医疗 of the demo: a loan of bocom, an investment of hongtu. */
const COMPANY = '91410771MA3XGWU758';

const given = new Set<string>();
let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub({
    consents: {
      authorised: async (grantee, scope) =>
        new Set([...given].map((text) => text.split(' ')).flatMap(([to, of, uscc]) => (to === grantee && of === scope ? [uscc as string] : []))),
    },
  });
});
afterAll(() => hub.close());
beforeEach(() => given.clear());
const authorise = (grantee: string, scope: Scope, uscc = COMPANY): void => void given.add(`${grantee} ${scope} ${uscc}`);

describe('the table', () => {
  it('has a line for every entity, and none for what is no entity', () => {
    expect(gapsOfTable()).toEqual({ unknown: [], unnamed: [] });
  });

  it('shows an entity without a line to the admin of the park alone', () => {
    const unnamed = { ...(allDefinitions()[0] as EntityDefinition), name: 'Newcomer' };
    expect(rulesFor(park('ADMIN'), unnamed)).toHaveLength(1);
    for (const viewer of [anyone, tenant(COMPANY), investor('huakai'), bank('icbc'), park('ANALYST'), park('OPERATOR'), service('icbc')]) {
      expect(rulesFor(viewer, unnamed)).toEqual([]);
    }
    // The name of an entity is no property of every object.
    expect(rulesFor(anyone, { ...unnamed, name: 'constructor' })).toEqual([]);
  });

  it('names public attributes that there are', () => {
    for (const { name, attributes, public: named = [] } of allDefinitions()) {
      for (const attribute of named === 'all' ? [] : named) expect([...attributes.keys()], `public of ${name}`).toContain(attribute);
      const fields = (rules[name] ?? []).flatMap(({ sees }) => (typeof sees === 'string' ? [] : sees));
      for (const attribute of fields) expect([...attributes.keys()], `rules of ${name}`).toContain(attribute);
    }
  });

  it('has a scope for every attribute that an authorization is to open, and an authorization for every scope', () => {
    for (const definition of allDefinitions()) {
      const isOpened = (rules[definition.name] ?? []).some(({ sees }) => sees === 'AUTHORISED');
      for (const attribute of definition.attributes.keys()) expect(scopeOf(definition, attribute) !== null, `${definition.name}.${attribute}`).toBe(isOpened);
    }
  });
});

describe('a viewer', () => {
  it.each([
    { kind: 'SYSTEM' },
    { kind: 'BANK', source: 'park' },
    { kind: 'BANK', source: '../icbc' },
    { kind: 'BANK' },
    { kind: 'PARK', role: 'OWNER' },
    { kind: 'PARK', role: 'ADMIN', source: 'icbc' },
    { kind: 'TENANT', uscc: '1' },
    { kind: 'INVESTOR', source: 'huakai' },
    { kind: 'INVESTOR', source: 'huakai', funds: 'some' },
    {},
  ])('is none that a token can make: %j', (said) => {
    expect(tokenViewerSchema.safeParse({ ...said, name: 'x', via: 'token' }).success).toBe(false);
  });

  it('is known neither without a name nor as the hub itself', () => {
    expect(tokenViewerSchema.safeParse({ kind: 'PUBLIC', via: 'token' }).success).toBe(false);
    expect(tokenViewerSchema.safeParse({ kind: 'PUBLIC', name: 'x', via: 'hub' }).success).toBe(false);
    expect(tokenViewerSchema.parse({ kind: 'BANK', source: 'icbc', name: 'x', via: 'token' })).toEqual({
      kind: 'BANK',
      source: 'icbc',
      name: 'x',
      via: 'token',
    });
  });

  it('is anyone where nobody is named', async () => {
    const server = await startTestServer({ ...hub.hub, createContext: () => hub.hub.createContext({ viewer: anyone }) });
    const { body } = await server.ask('{ tenants(first: 1) { nodes { name registeredCapital } } loans { totalCount } }');
    expect(body.data).toMatchObject({ tenants: { nodes: [{ name: expect.any(String), registeredCapital: null }] }, loans: { totalCount: 0 } });
    expect(body.errors).toBeUndefined();
    // A book of which nothing shows is told from one without rows.
    const closed = { entity: 'Loan', attribute: '*', effect: 'ROWS_LEFT_OUT', reason: 'NOT_PUBLIC', scope: null, ids: null };
    expect(body.extensions?.hidden).toEqual([
      ...['bocom', 'icbc', 'spdb'].map((source) => ({ source, ...closed })),
      { source: 'park', entity: 'Tenant', attribute: 'registeredCapital', effect: 'NULL', reason: 'NOT_PUBLIC', scope: null, ids: null },
    ]);
  });
});

/** One query, asked by all: a company, what it says of itself, and what partners know of it. */
const FILE = `{
  tenant(uscc: "${COMPANY}") {
    name registeredCapital
    annualReports(first: 1) { totalCount nodes { revenue } }
    loans(orderBy: [{number: ASC}]) { totalCount nodes { number balance bank { name } } totals { count sum { balance } } sources { sourceId state } }
    investments { totalCount nodes { round amount fund { name } } totals { sum { amount } } }
  }
}`;

describe('one query', () => {
  it('shows anyone what is public, and asks no partner', async () => {
    await askAs(hub, anyone, FILE);
    hub.statements.length = 0;
    const { data, errors, hidden } = await askAs(hub, anyone, FILE);
    expect(errors).toBeUndefined();
    expect(data.tenant).toEqual({
      name: expect.any(String),
      registeredCapital: null,
      annualReports: { totalCount: 0, nodes: [] },
      loans: {
        totalCount: 0,
        nodes: [],
        totals: [{ count: 0, sum: { balance: null } }],
        sources: ['bocom', 'icbc', 'spdb'].map((sourceId) => ({ sourceId, state: 'DENIED' })),
      },
      investments: { totalCount: 0, nodes: [], totals: [{ sum: { amount: null } }] },
    });
    expect(hidden.map(({ source, entity, attribute }) => `${source} ${entity}.${attribute}`)).toEqual([
      'park AnnualReport.*',
      ...['hongtu', 'huakai', 'huayu'].map((source) => `${source} Investment.*`),
      ...['bocom', 'icbc', 'spdb'].map((source) => `${source} Loan.*`),
      'park Tenant.registeredCapital',
    ]);
    expect(new Set(hidden.map(({ reason }) => reason))).toEqual(new Set(['NOT_PUBLIC']));
    expect(new Set(hub.statements.map(({ source }) => source))).toEqual(new Set(['park']));
  });

  it('asks each source as often as for a viewer that sees all, or not at all', async () => {
    const counts = async (viewer: Parameters<typeof askAs>[1]): Promise<Record<string, number>> => {
      await askAs(hub, viewer, FILE);
      hub.statements.length = 0;
      await askAs(hub, viewer, FILE);
      const found: Record<string, number> = {};
      for (const { source } of hub.statements) found[source] = (found[source] ?? 0) + 1;
      return found;
    };
    const all = await hub.counts(FILE);
    expect(Object.keys(all).sort()).toEqual(['bocom', 'hongtu', 'huakai', 'huayu', 'icbc', 'park', 'spdb']);
    const own = await counts(bank('icbc'));
    expect(Object.keys(own).sort()).toEqual(['icbc', 'park']);
    expect(own.icbc).toBe(all.icbc);
    authorise('icbc', 'CREDIT');
    const more = await counts(bank('icbc'));
    expect(Object.keys(more).sort()).toEqual(['bocom', 'icbc', 'park', 'spdb']);
    for (const source of ['bocom', 'icbc', 'spdb']) expect(more[source], source).toBe(all[source]);
  });

  it('does not ask a source for companies that have authorised nothing, though others have: DENIED, and not an empty list', async () => {
    const loans = '{ uscc loans { totalCount nodes { tenantUscc } totals { count } sources { sourceId state } } }';
    const of = (uscc: string): string => `{ tenant(uscc: "${uscc}") ${loans} }`;
    const { nodes } = (await hub.ask('{ loans(where: { sourceId: { eq: "bocom" } }, first: 100) { nodes { tenantUscc } } }')).loans as {
      nodes: { tenantUscc: string }[];
    };
    const other = nodes.find(({ tenantUscc }) => tenantUscc !== COMPANY)?.tenantUscc as string;
    authorise('icbc', 'CREDIT', other);
    await askAs(hub, bank('icbc'), of(COMPANY));
    hub.statements.length = 0;
    const { tenant: closed } = (await askAs(hub, bank('icbc'), of(COMPANY))).data;
    expect(closed.loans.sources.map(({ state }: { state: string }) => state)).toEqual(['DENIED', 'LIVE', 'DENIED']);
    expect(new Set(hub.statements.map(({ source }) => source))).toEqual(new Set(['park', 'icbc']));
    // Who did authorise it is there, alone and among others.
    const { tenant: open } = (await askAs(hub, bank('icbc'), of(other))).data;
    expect(open.loans.sources.map(({ state }: { state: string }) => state)).not.toContain('DENIED');
    expect(open.loans.nodes.length).toBeGreaterThan(0);
    const both = (await askAs(hub, bank('icbc'), `{ tenants(where: { uscc: { in: ["${COMPANY}", "${other}"] } }) { nodes ${loans} } }`)).data.tenants
      .nodes as (typeof open)[];
    const found = new Map(both.map(({ uscc, loans: { sources: _sources, ...rest } }) => [uscc, rest]));
    const { sources: _closed, ...closedLoans } = closed.loans;
    const { sources: _open, ...openLoans } = open.loans;
    expect([found.get(COMPANY), found.get(other)]).toEqual([closedLoans, openLoans]);
  });

  it('shows the tenant its whole file, and what the investor makes of it to none but the investor', async () => {
    const whole = (await hub.ask(FILE)).tenant;
    const { data, hidden } = await askAs(hub, tenant(COMPANY), FILE);
    const funds = whole.investments.nodes.map((node: object) => ({ ...node, fund: null }));
    expect(data.tenant).toEqual({ ...whole, investments: { ...whole.investments, nodes: funds } });
    expect(whole.loans.totalCount).toBeGreaterThan(0);
    const ofFunds = ['hongtu', 'huakai', 'huayu'].map((source) => ({ source, entity: 'Fund', attribute: '*', reason: 'NOT_PUBLIC' }));
    expect(hidden).toEqual(ofFunds.map((note) => expect.objectContaining(note)));
    const of =
      '{ funds { totalCount } portfolioReports { totalCount } investments { nodes { latestValuation { value } valuations { totalCount } cashFlows { totalCount } } } }';
    const { data: own } = await askAs(hub, tenant(COMPANY), of);
    expect(own).toMatchObject({ funds: { totalCount: 0 }, portfolioReports: { totalCount: 0 } });
    for (const node of own.investments.nodes) expect(node).toEqual({ latestValuation: null, valuations: { totalCount: 0 }, cashFlows: { totalCount: 0 } });
  });

  it('shows another tenant nothing of it', async () => {
    const { data: anyones } = await askAs(hub, anyone, FILE);
    const other = (await hub.ask('{ tenants(first: 1) { nodes { uscc } } }')).tenants.nodes[0].uscc;
    expect(other).not.toBe(COMPANY);
    // But that its sources are asked: a tenant has rows there.
    const { sources, ...loans } = (await askAs(hub, tenant(other), FILE)).data.tenant.loans;
    expect(sources.map(({ state }: { state: string }) => state)).not.toContain('DENIED');
    const { sources: denied, ...none } = anyones.tenant.loans;
    expect(denied).toHaveLength(3);
    expect(loans).toEqual(none);
    const withoutLoans = FILE.replace(/^ +loans.*$/m, '');
    expect((await askAs(hub, tenant(other), withoutLoans)).data).toEqual((await askAs(hub, anyone, withoutLoans)).data);
  });

  it('shows a bank its own loans, and those of others by authorization, until that ends', async () => {
    const loans = '{ loans(first: 1000) { totalCount nodes { tenantUscc provenance { sourceId } } } }';
    const rows = async () => (await askAs(hub, bank('icbc'), loans)).data.loans.nodes as { tenantUscc: string; provenance: { sourceId: string } }[];
    const own = await rows();
    expect(new Set(own.map(({ provenance }) => provenance.sourceId))).toEqual(new Set(['icbc']));
    // For another scope, to another bank, of another company: none of them is the one that counts.
    authorise('icbc', 'FINANCING');
    authorise('bocom', 'CREDIT');
    expect(await rows()).toEqual(own);
    authorise('icbc', 'CREDIT');
    const more = (await rows()).filter(({ provenance }) => provenance.sourceId !== 'icbc');
    expect(more.length).toBeGreaterThan(0);
    expect(new Set(more.map(({ tenantUscc }) => tenantUscc))).toEqual(new Set([COMPANY]));
    given.clear();
    expect(await rows()).toEqual(own);
  });

  it('shows the staff of the park no credit data without an authorization to the park, the admin neither', async () => {
    const of = `{ loans { totalCount } borrowerProfiles { totalCount } patentPledges { totalCount } tenant(uscc: "${COMPANY}") { registeredCapital } }`;
    for (const role of ['ANALYST', 'OPERATOR', 'ADMIN'] as const) {
      given.clear();
      const before = (await askAs(hub, park(role), of)).data;
      expect(before).toMatchObject({ loans: { totalCount: 0 }, borrowerProfiles: { totalCount: 0 }, patentPledges: { totalCount: 0 } });
      expect(before.tenant.registeredCapital).not.toBeNull();
      authorise('park', 'CREDIT');
      expect((await askAs(hub, park(role), of)).data.loans.totalCount).toBeGreaterThan(0);
    }
  });
});

describe('rows of one list', () => {
  const LIST =
    '{ investments(first: 1000) { totalCount nodes { id number tenantUscc round date amount stake provenance { sourceId } } totals { count sum { amount } } } }';

  it('show an investor whole what is its own, of others the public facts of the round, and say which are hidden', async () => {
    authorise('huakai', 'FINANCING');
    const { data, errors, hidden } = await askAs(hub, investor('huakai'), LIST);
    const whole = (await hub.ask(LIST)).investments.nodes as Record<string, unknown>[];
    expect(errors).toBeUndefined();
    expect(data.investments.totalCount).toBe(whole.length);
    const isSeen = (row: Record<string, unknown>): boolean => (row.provenance as { sourceId: string }).sourceId === 'huakai' || row.tenantUscc === COMPANY;
    expect(data.investments.nodes).toEqual(whole.map((row) => (isSeen(row) ? row : { ...row, amount: null, stake: null })));
    // A null with the row's id in the extensions is hidden; without it, or where others show it, it is empty.
    const ofHongtu = hidden.find((note) => note.source === 'hongtu' && note.attribute === 'amount' && note.effect === 'NULL');
    expect(ofHongtu).toMatchObject({ entity: 'Investment', reason: 'NOT_AUTHORISED', scope: 'FINANCING' });
    expect(ofHongtu?.ids).toEqual(
      whole
        .filter((row) => row.tenantUscc !== COMPANY && (row.provenance as { sourceId: string }).sourceId === 'hongtu')
        .map(({ id }) => id)
        .sort(),
    );
    expect(hidden.filter(({ source }) => source === 'huakai')).toEqual([]);
  });

  it('are added up where they are seen, and the answer says that others were left out', async () => {
    const { data, hidden } = await askAs(hub, investor('huakai'), LIST);
    const own = (data.investments.nodes as { amount: string | null }[]).filter(({ amount }) => amount !== null);
    const sum = own.reduce((all, { amount }) => all + BigInt((amount as string).replace('.', '')), 0n);
    expect(data.investments.totals).toEqual([{ count: own.length, sum: { amount: `${String(sum).slice(0, -2)}.${String(sum).slice(-2)}` } }]);
    expect(hidden.filter(({ effect }) => effect === 'ROWS_LEFT_OUT').map(({ source, attribute }) => [source, attribute])).toEqual([
      ['hongtu', 'amount'],
      ['huayu', 'amount'],
    ]);
  });

  it('are not told apart by a filter, an order or a cursor over what is hidden', async () => {
    const own = (await askAs(hub, investor('huakai'), '{ investments(where: {sourceId: {eq: "huakai"}}) { totalCount } }')).data.investments.totalCount;
    for (const argument of [
      'where: {amount: {gt: "0"}}',
      'where: {not: {amount: {lt: "0"}}}',
      'where: {or: [{amount: {gt: "0"}}, {round: {in: [A, B, ANGEL]}}]}',
      'orderBy: [{stake: DESC}]',
    ]) {
      const { data } = await askAs(hub, investor('huakai'), `{ investments(first: 1000, ${argument}) { nodes { provenance { sourceId } } } }`);
      expect(new Set(data.investments.nodes.map(({ provenance }: { provenance: { sourceId: string } }) => provenance.sourceId)), argument).toEqual(
        new Set(['huakai']),
      );
      expect(data.investments.nodes.length, argument).toBeLessThanOrEqual(own);
    }
    const through = '{ tenants(where: {investments: {some: {amount: {gt: "0"}, sourceId: {in: ["hongtu", "huayu"]}}}}) { totalCount } }';
    expect((await askAs(hub, investor('huakai'), through)).data.tenants.totalCount).toBe(0);
  });

  it('show an investor that is limited to a fund the rows of that fund: holdings, what flowed and what they are worth', async () => {
    const of =
      '{ funds { nodes { code } } investments(first: 1000) { nodes { fundCode cashFlows { totalCount } valuations { totalCount } provenance { sourceId } } } }';
    const { data } = await askAs(hub, investor('hongtu', ['HT-A']), of);
    expect(data.funds.nodes).toEqual([{ code: 'HT-A' }]);
    const own = data.investments.nodes.filter(({ provenance }: { provenance: { sourceId: string } }) => provenance.sourceId === 'hongtu') as Record<
      string,
      { totalCount: number } | string | null
    >[];
    const whole = ((await askAs(hub, investor('hongtu'), of)).data.investments.nodes as typeof own).filter(
      ({ provenance }) => (provenance as unknown as { sourceId: string }).sourceId === 'hongtu',
    );
    expect(own).toEqual(
      whole.map((row) => (row.fundCode === 'HT-A' ? row : { ...row, fundCode: null, cashFlows: { totalCount: 0 }, valuations: { totalCount: 0 } })),
    );
    expect(whole.some((row) => row.fundCode !== 'HT-A' && (row.valuations as { totalCount: number }).totalCount > 0)).toBe(true);
    expect((await askAs(hub, investor('hongtu', []), of)).data.funds.nodes).toEqual([]);
  });
});

describe('an id', () => {
  it('of a row that is not there for the viewer is answered like one of a row that there is not', async () => {
    const [loan] = (await hub.ask('{ loans(first: 1, where: {sourceId: {eq: "bocom"}}) { nodes { id } } }')).loans.nodes as [{ id: string }];
    const none = globalId({ entity: 'Loan', source: 'bocom', key: 'none' });
    const of = (id: string): string => `{ node(id: "${id}") { id } nodes(ids: ["${id}"]) { id ... on Loan { balance } } }`;
    for (const viewer of [anyone, bank('icbc'), park('ADMIN'), investor('huakai'), tenant('91410771558318201A')]) {
      expect(await askAs(hub, viewer, of(loan.id))).toEqual(await askAs(hub, viewer, of(none)));
      expect((await askAs(hub, viewer, of(loan.id))).data).toEqual({ node: null, nodes: [null] });
    }
    expect((await askAs(hub, bank('bocom'), of(loan.id))).data.node).toEqual({ id: loan.id });
  });
});

describe('the figures of the park', () => {
  it('are the same for everyone; the rows that they rest on are not', async () => {
    const of =
      '{ park { figures(years: [2020, 2021]) { tenantCount output jobs letArea rentWaived financing { totalCount } } annualReports { totalCount } leases { totalCount } } }';
    const whole = (await hub.ask(of)).park;
    const { data, hidden } = await askAs(hub, anyone, of);
    const bare = (figures: { financing?: unknown }[]) => figures.map(({ financing: _, ...figure }) => figure);
    expect(bare(data.park.figures)).toEqual(bare(whole.figures));
    expect(data.park.figures.map(({ financing }: { financing: unknown }) => financing)).toEqual([{ totalCount: 0 }, { totalCount: 0 }]);
    expect(data.park).toMatchObject({ annualReports: { totalCount: 0 }, leases: { totalCount: 0 } });
    // Of the figures themselves nothing is hidden.
    expect(new Set(hidden.map(({ entity, attribute }) => `${entity}.${attribute}`))).toEqual(
      new Set(['AnnualReport.*', 'Investment.*', 'Lease.*', 'Loan.*', 'ParkFunding.*']),
    );
  });
});

describe('a portfolio', () => {
  it('is whole to its investor, and adds up nothing that another may not see', async () => {
    const of = '{ portfolio(investor: "huakai") { investor { name uscc } holdings { totalCount } totals { holdings cost value lent } } }';
    const whole = (await hub.ask(of)).portfolio;
    const own = (await askAs(hub, investor('huakai'), of)).data.portfolio;
    expect(own).toEqual({ ...whole, totals: { ...whole.totals, lent: '0.00' } });
    const others = (await askAs(hub, investor('hongtu'), of)).data.portfolio;
    expect(others).toEqual({
      investor: { name: whole.investor.name, uscc: null },
      holdings: { totalCount: 0 },
      totals: { holdings: 0, cost: '0.00', value: '0.00', lent: '0.00' },
    });
  });
});
