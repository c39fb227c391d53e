/**
 * How many statements or requests each link costs: pinned for every link, and the same for one parent as for a thousand.
 * A link that is not in the table fails the first test; write down there what it costs.
 */
import type { GraphQLObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionOf } from '../../src/entities/definition.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { makeBigPark, type TemporaryPark } from './bigPark.js';
import { allLinks, isConnection, type LinkCase, parentsOf, parentsQuery } from './linkCases.js';

type Costs = Readonly<Record<string, number>>;

/** What a link costs beyond its parents: for its rows, and (a connection) for its count and totals. */
interface Cost {
  readonly rows: Costs;
  readonly totals?: Costs;
}

const register: Costs = { park: 1 };
const toRegister: Cost = { rows: register };
const inRegister: Cost = { rows: register, totals: register };
// An API that is not asked by one of its batch's keys answers from the snapshot of its book; totals always do.
const investorBooks: Costs = { hongtu: 1, huakai: 1 };
const bankBooks: Costs = { bocom: 1, icbc: 1 };
const toInvestors: Cost = { rows: investorBooks };
const toBanks: Cost = { rows: bankBooks };
const ofInvestors: Cost = { rows: investorBooks, totals: investorBooks };
const ofBanks: Cost = { rows: bankBooks, totals: bankBooks };
const ofPledges: Cost = { rows: { icbc: 1 }, totals: { icbc: 1 } };
const byBatchOfPledges: Cost = { rows: { icbc: 1, spdb: 1 }, totals: { icbc: 1 } };
const byBatchOfInvestors: Cost = { rows: { ...investorBooks, huayu: 1 }, totals: investorBooks };
const byBatchOfBanks: Cost = { rows: { ...bankBooks, spdb: 1 }, totals: bankBooks };

const pinned: Readonly<Record<string, Cost>> = {
  'AnnualReport.tenant': toRegister,
  'Application.tenant': toRegister,
  'Award.tenant': toRegister,
  'Bank.borrowerProfiles': ofBanks,
  'Bank.loanProducts': ofBanks,
  'Bank.loans': ofBanks,
  'Bank.patentPledges': ofPledges,
  'BorrowerProfile.bank': toRegister,
  'BorrowerProfile.tenant': toRegister,
  'Carrier.units': inRegister,
  'CashFlow.investment': toInvestors,
  'Certification.tenant': toRegister,
  'Donation.shelter': toRegister,
  'Donation.tenant': toRegister,
  'Eviction.tenant': toRegister,
  'FormerName.tenant': toRegister,
  'Fund.investments': ofInvestors,
  'Fund.investor': toRegister,
  'Graduation.tenant': toRegister,
  'Investment.cashFlows': byBatchOfInvestors,
  'Investment.fund': toInvestors,
  'Investment.investor': toRegister,
  'Investment.latestValuation': { rows: byBatchOfInvestors.rows },
  'Investment.tenant': toRegister,
  'Investment.valuations': byBatchOfInvestors,
  'Investor.funds': ofInvestors,
  'Investor.investments': ofInvestors,
  'Investor.portfolioReports': ofInvestors,
  'Lease.tenant': toRegister,
  'Lease.unit': toRegister,
  'Loan.bank': toRegister,
  'Loan.patentPledges': ofPledges,
  'Loan.product': toBanks,
  'Loan.tenant': toRegister,
  'LoanProduct.bank': toRegister,
  'LoanProduct.loans': ofBanks,
  'ParkFunding.tenant': toRegister,
  'Patent.extracts': inRegister,
  'Patent.pledges': ofPledges,
  'Patent.tenant': toRegister,
  'PatentExtract.patent': toRegister,
  'PatentExtract.tenant': toRegister,
  'PatentPledge.bank': toRegister,
  'PatentPledge.loan': { rows: { icbc: 1 } },
  'PatentPledge.patent': toRegister,
  'PatentPledge.tenant': toRegister,
  'PortfolioReport.investor': toRegister,
  'PortfolioReport.tenant': toRegister,
  'ProductClaim.tenant': toRegister,
  'RentWaiver.tenant': toRegister,
  'Shareholding.tenant': toRegister,
  'Shelter.donations': inRegister,
  'Tenant.annualReports': inRegister,
  'Tenant.applications': inRegister,
  'Tenant.awards': inRegister,
  'Tenant.borrowerProfiles': ofBanks,
  'Tenant.certifications': inRegister,
  'Tenant.donations': inRegister,
  'Tenant.eviction': toRegister,
  'Tenant.financing': { rows: { ...investorBooks, huayu: 1, ...bankBooks, spdb: 1, park: 1 }, totals: { ...investorBooks, ...bankBooks, park: 1 } },
  'Tenant.formerNames': inRegister,
  'Tenant.graduation': toRegister,
  'Tenant.investments': byBatchOfInvestors,
  'Tenant.latestAnnualReport': toRegister,
  'Tenant.leases': inRegister,
  'Tenant.loans': byBatchOfBanks,
  'Tenant.parkFundings': inRegister,
  'Tenant.patentExtracts': inRegister,
  'Tenant.patentPledges': byBatchOfPledges,
  'Tenant.patents': inRegister,
  'Tenant.portfolioReports': byBatchOfInvestors,
  'Tenant.productClaims': inRegister,
  'Tenant.rentWaivers': inRegister,
  'Tenant.shareholdings': inRegister,
  'Unit.carrier': toRegister,
  'Unit.leases': inRegister,
  'Valuation.investment': toInvestors,
};

/** The lists of the park itself: one park, one statement. */
const listsOfPark = [
  ...[
    'accreditations',
    'annualReports',
    'applications',
    'awards',
    'carriers',
    'certifications',
    'donations',
    'evictions',
    'formerNames',
    'graduations',
    'leases',
  ],
  ...['parkFundings', 'patentExtracts', 'patents', 'productClaims', 'rentWaivers', 'reportedFigures', 'shareholdings', 'shelters', 'units'],
];

const links = allLinks();
/** One of each partner: there are no more of them than sources. */
const partners: Readonly<Record<string, readonly string[]>> = { Bank: ['bocom', 'icbc', 'spdb'], Investor: ['hongtu', 'huakai', 'huayu'] };

let park: TemporaryPark;
let hub: TestHub;
let holders: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  park = await makeBigPark();
  // The clock stands still: copies, surveys and snapshots that were made once are not made again.
  hub = await openTestHub({ ...park, clock: () => new Date('2022-01-05T02:00:00.000Z') });
  const statuses = await hub.hub.sourceStatuses();
  const held = new Map<string, string[]>();
  for (const { id, books } of statuses) for (const { entity } of books) held.set(entity, [...(held.get(entity) ?? []), id]);
  holders = held;
}, 120_000);

afterAll(async () => {
  await hub?.close();
  await park?.remove();
});

it('knows what every link of every entity costs', () => {
  expect(links.map(({ name }) => name).sort()).toEqual(Object.keys(pinned));
});

describe('asks each source at most once, for one parent and for a thousand', () => {
  it.each(links)('$name', async (link) => {
    const { rows } = pinned[link.name] as Cost;
    const selection = isConnection(hub.hub.schema, link) ? 'nodes { id }' : 'id';
    expect(await costOfOne(link, selection)).toEqual(sorted(rows));
    expect(await costOfAll(link, selection)).toEqual(sorted(rows));
    expect(Math.max(...Object.values(rows))).toBe(1);
  });
});

describe('counts and adds up for a thousand parents at once', () => {
  it.each(links.filter(({ name }) => pinned[name]?.totals))('$name', async (link) => {
    const totals = sorted(pinned[link.name]?.totals as Costs);
    const selection = 'totalCount totals { count }';
    expect(await costOfOne(link, selection)).toEqual(totals);
    expect(await costOfAll(link, selection)).toEqual(totals);
  });
});

describe('gives each of a thousand parents what it gets alone', () => {
  it.each(links)('$name', async (link) => {
    const rows = isConnection(hub.hub.schema, link);
    const selection = `id ${link.field} { ${rows ? 'totalCount nodes { id }' : 'id'} }`;
    const parents = parentsOf(link.definition, await hub.ask(parentsQuery(hub.hub.schema, link, 1_000, selection)));
    for (const parent of parents.filter((_parent, index) => index % 97 === 0)) {
      const { node } = await hub.ask(`query ($id: ID!) { node(id: $id) { ... on ${link.definition.name} { ${selection} } } }`, { id: parent.id });
      expect(node).toEqual(parent);
    }
    const isFound = (parent: Record<string, unknown>): boolean =>
      rows ? (parent[link.field] as { totalCount: number }).totalCount > 0 : parent[link.field] !== null;
    const partner = partners[link.definition.name];
    expect(parents.length).toBe(partner?.length ?? 1_000);
    // Of the demo's own rows not every one has another; of the added rows each has, where its partner keeps such a book.
    expect(parents.filter(isFound).length).toBeGreaterThanOrEqual(partner ? holdersOfOtherEnd(link).length : 400);
  });
});

describe('leads to the row that it names', () => {
  it.each(links.filter(joining))('$name', async (link) => {
    const { from, to } = joining(link) as { from: string; to: string };
    const parents = parentsOf(link.definition, await hub.ask(parentsQuery(hub.hub.schema, link, 1_000, `${from} ${link.field} { ${to} }`)));
    const led = parents.filter((parent) => parent[link.field] !== null);
    expect(led.length).toBeGreaterThan(500);
    for (const parent of led) expect((parent[link.field] as Record<string, unknown>)[to]).toBe(parent[from]);
  });
});

describe('the lists of the park', () => {
  it('are all known', () => {
    const fields = (hub.hub.schema.getType('Park') as GraphQLObjectType).getFields();
    const connections = Object.entries(fields).filter(([, { type }]) => String(type).endsWith('Connection'));
    expect(connections.map(([name]) => name).sort()).toEqual(listsOfPark);
  });

  it.each(listsOfPark)('%s cost the park and one statement', async (name) => {
    expect(await received(`{ park { ${name}(first: 1000) { nodes { id } } } }`)).toEqual({ park: 2 });
    expect(await received(`{ park { ${name} { totalCount } } }`)).toEqual({ park: 2 });
  });
});

/** The sources that hold the rows that a link leads to. */
function holdersOfOtherEnd({ definition, field }: LinkCase): readonly string[] {
  const type = (hub.hub.schema.getType(definition.name) as GraphQLObjectType).getFields()[field]?.type;
  return holders.get(String(type).replace(/(Connection)?!?$/, '')) ?? [];
}

/** What each source received for a document. */
async function received(document: string): Promise<Costs> {
  hub.statements.length = 0;
  await hub.ask(document);
  const counts: Record<string, number> = {};
  for (const { source } of hub.statements) counts[source] = (counts[source] ?? 0) + 1;
  return counts;
}

const receivedBare = new Map<string, Costs>();

/** What each source received beyond the parents' own ask. */
async function costBeyond(link: LinkCase, query: (selection: string) => string, selection: string): Promise<Costs> {
  const parents = query('id');
  const bare = receivedBare.get(parents) ?? (await received(parents));
  receivedBare.set(parents, bare);
  const whole = await received(query(`id ${link.field} { ${selection} }`));
  const beyond = Object.entries(whole).map(([id, number]) => [id, number - (bare[id] ?? 0)] as const);
  return sorted(Object.fromEntries(beyond.filter(([, number]) => number !== 0)));
}

async function costOfAll(link: LinkCase, selection: string): Promise<Costs> {
  return costBeyond(link, (inner) => parentsQuery(hub.hub.schema, link, 1_000, inner), selection);
}

/** The cost of one parent; of a book over several sources, of one in each, for a link within a source stays there. */
async function costOfOne(link: LinkCase, selection: string): Promise<Costs> {
  const { definition } = link;
  const single = partners[definition.name]?.map((code) => (inner: string) => `{ ${definition.plural}(where: {code: {eq: "${code}"}}) { nodes { ${inner} } } }`);
  const queries = single ?? (holders.get(definition.name) ?? []).map((source) => (inner: string) => parentsQuery(hub.hub.schema, link, 1, inner, source));
  const greatest: Record<string, number> = {};
  for (const query of queries) {
    for (const [id, number] of Object.entries(await costBeyond(link, query, selection))) greatest[id] = Math.max(greatest[id] ?? 0, number);
  }
  return sorted(greatest);
}

/** The fields on both sides that carry the key, where both are attributes. */
function joining({ forward }: LinkCase): { from: string; to: string } | undefined {
  if (!forward || forward.from === 'source') return undefined;
  const to = forward.to === 'key' ? definitionOf(forward.target()).key : forward.to;
  return to === undefined ? undefined : { from: forward.from, to };
}

function sorted(costs: Costs): Costs {
  return Object.fromEntries(Object.entries(costs).sort());
}
