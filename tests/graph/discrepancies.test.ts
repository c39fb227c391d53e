/** What sources state differently of a tenant: each of the five facts in the demo park, and what each source is asked for it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { makeBigPark, type TemporaryPark } from './bigPark.js';
import { type Shown, shown, wholePark } from './discrepancyCases.js';

let hub: TestHub;
beforeAll(async () => {
  // The clock stands still: surveys and snapshots that were made once are not made again.
  hub = await openTestHub({ clock: () => new Date('2022-01-05T02:00:00.000Z') });
});
afterAll(() => hub?.close());

const ofTenant = async (uscc: string, facts: readonly string[]): Promise<Shown[]> => {
  const document = `query ($uscc: USCC!, $facts: [Fact!]) { tenant(uscc: $uscc) { discrepancies(facts: $facts) { nodes { ${shown.selection} } } } }`;
  return (await hub.ask(document, { uscc, facts })).tenant.discrepancies.nodes.map(shown.of);
};

describe('a tenant’s discrepancies', () => {
  it('in staff: a bank counts three more than the tenant reported', async () => {
    expect(await ofTenant('91410771MA3XK7NY53', ['STAFF'])).toEqual([
      {
        what: 'STAFF 2020',
        difference: '3',
        relative: '0.272727',
        statements: ['icbc BorrowerProfile 2021-08-17: 11', 'park AnnualReport -: 8'],
      },
    ]);
  });

  it('in revenue: three say one amount, and one, with its value-added tax, another', async () => {
    expect(await ofTenant('91410771MA4057M43B', ['REVENUE'])).toEqual([
      {
        what: 'REVENUE 2020',
        difference: '265292.00',
        relative: '0.115044',
        statements: [
          'bocom BorrowerProfile 2021-09-27: 2040710.00',
          'huayu PortfolioReport 2021-03-03: 2306002.00',
          'icbc BorrowerProfile 2021-09-17: 2040710.00',
          'park AnnualReport -: 2040710.00',
        ],
      },
    ]);
  });

  it('in registered capital: a bank has the old one', async () => {
    expect(await ofTenant('91410771MA40YNCJ4P', ['REGISTERED_CAPITAL'])).toEqual([
      {
        what: 'REGISTERED_CAPITAL -',
        difference: '500000.00',
        relative: '0.5',
        statements: ['icbc BorrowerProfile 2021-07-13: 500000.00', 'park Tenant -: 1000000.00'],
      },
    ]);
  });

  it('in an investor’s stake: diluted in the registration, or still there after the investor has left', async () => {
    expect(await ofTenant('91410771MA9FKFWT85', ['STAKE'])).toEqual([
      { what: 'STAKE hongtu', difference: '0.0072', relative: '0.117647', statements: ['hongtu Investment -: 0.0612', 'park Shareholding 2020-07-14: 0.054'] },
    ]);
    expect(await ofTenant('91410771060158184B', ['STAKE'])).toEqual([
      { what: 'STAKE huakai', difference: '0.0516', relative: '1', statements: ['huakai Investment -: 0', 'park Shareholding 2016-09-04: 0.0516'] },
    ]);
  });

  it('in a patent’s pledge: released by the bank and still registered, or counted on and not registered', async () => {
    expect(await ofTenant('91410771MA3XGWH3XM', ['PATENT_PLEDGE'])).toEqual([
      {
        what: 'PATENT_PLEDGE 201921091193.0',
        difference: null,
        relative: null,
        statements: ['park PatentExtract 2021-11-19: true', 'spdb PatentPledge 2021-06-30: false'],
      },
    ]);
    expect(await ofTenant('91410771MA455Q8AX0', ['PATENT_PLEDGE'])).toEqual([
      {
        what: 'PATENT_PLEDGE 202120310783.9',
        difference: null,
        relative: null,
        statements: ['icbc PatentPledge 2021-09-29: true', 'park PatentExtract 2021-11-11: false'],
      },
    ]);
  });

  it('are none where all agree, and none for want of facts to compare', async () => {
    // Three investors and a bank state something of it.
    expect(await ofTenant('91410771MA3XGWU758', ['STAFF', 'REVENUE', 'REGISTERED_CAPITAL', 'STAKE', 'PATENT_PLEDGE'])).toEqual([]);
    expect(await ofTenant('91410771MA3XK7NY53', [])).toEqual([]);
  });

  it('give each value in the field of its own kind, and the rows to go to', async () => {
    const document = `{ discrepancies { nodes { fact difference { text money decimal integer boolean }
      statements { value { text money decimal integer boolean } entity rowIds provenance { sourceId how asOf } } } } }`;
    const { discrepancies } = await hub.ask(document);
    const ofKind: Record<string, string> = { STAFF: 'integer', REVENUE: 'money', REGISTERED_CAPITAL: 'money', STAKE: 'decimal', PATENT_PLEDGE: 'boolean' };
    for (const { fact, difference, statements } of discrepancies.nodes) {
      for (const { text, ...kinds } of [...statements.map(({ value }: { value: object }) => value), ...(difference ? [difference] : [])]) {
        const there = Object.entries(kinds).filter(([, value]) => value !== null);
        expect(there.map(([kind, value]) => [kind, String(value)])).toEqual([[ofKind[fact], text]]);
      }
      for (const { entity, rowIds, provenance } of statements) {
        const { nodes } = await hub.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Sourced { provenance { sourceId how asOf } } } }', {
          ids: rowIds,
        });
        expect(nodes.length).toBeGreaterThan(0);
        for (const node of nodes) expect(node).toEqual({ __typename: entity, provenance });
      }
    }
  });

  it('are what a comparison of the very rows gives, which shares no code with the books', async () => {
    const { tenants } = await hub.ask(`{ tenants(first: 1000) { nodes { uscc discrepancies(facts: [STAFF, REVENUE]) { nodes { ${shown.selection} } }
      annualReports(first: 50) { nodes { year staff revenue } }
      borrowerProfiles(first: 50) { nodes { year staff revenue date provenance { sourceId } } }
      portfolioReports(first: 50) { nodes { year staff revenue date provenance { sourceId } } } } } }`);
    let found = 0;
    for (const tenant of tenants.nodes) {
      type Said = { year: number | null; staff: number | null; revenue: string | null; provenance?: { sourceId: string } };
      const rows: Said[] = [...tenant.annualReports.nodes, ...tenant.borrowerProfiles.nodes, ...tenant.portfolioReports.nodes];
      const expected = new Set<string>();
      for (const one of rows)
        for (const other of rows)
          for (const fact of ['staff', 'revenue'] as const)
            if (one.year !== null && one.year === other.year && one[fact] !== null && other[fact] !== null && one[fact] !== other[fact])
              expected.add(`${fact.toUpperCase()} ${one.year}`);
      expect(tenant.discrepancies.nodes.map(shown.of).map(({ what }: Shown) => what)).toEqual([...expected].sort());
      found += expected.size;
    }
    expect(found).toBe(4);
  });

  it('can be narrowed by how much they differ; a yes against a no always counts', async () => {
    const all = await wholePark(hub);
    const large = await wholePark(hub, 'minimumRelativeDifference: "0.2"');
    expect(large).toEqual(all.filter(({ relative }) => relative === null || Number(relative) >= 0.2));
    expect(large.length).toBeGreaterThan(3);
    expect(large.length).toBeLessThan(all.length);
  });
});

describe('the discrepancies of the whole park', () => {
  it('are those of each tenant, in the order of tenant, fact and subject', async () => {
    const { tenants } = await hub.ask(`{ tenants(first: 1000, orderBy: [{ uscc: ASC }]) { nodes { uscc discrepancies { nodes { ${shown.selection} } } } } }`);
    const each = tenants.nodes.flatMap(({ uscc, discrepancies }: { uscc: string; discrepancies: { nodes: never[] } }) =>
      discrepancies.nodes.map((node) => ({ uscc, ...shown.of(node) })),
    );
    expect(await wholePark(hub)).toEqual(each);
    expect(each.length).toBe(9);
  });

  it('can be paged, and lead to their tenants', async () => {
    const whole = await wholePark(hub);
    const paged: object[] = [];
    let after: string | null = null;
    do {
      const { discrepancies } = await hub.ask(
        `query ($after: String) { discrepancies(first: 2, after: $after) { nodes { tenantUscc tenant { uscc } ${shown.selection} } pageInfo { hasNextPage hasPreviousPage endCursor } } }`,
        { after },
      );
      expect(discrepancies.pageInfo.hasPreviousPage).toBe(after !== null);
      for (const node of discrepancies.nodes) expect(node.tenant.uscc).toBe(node.tenantUscc);
      paged.push(...discrepancies.nodes.map((node: Parameters<typeof shown.of>[0] & { tenantUscc: string }) => ({ uscc: node.tenantUscc, ...shown.of(node) })));
      after = discrepancies.pageInfo.hasNextPage ? discrepancies.pageInfo.endCursor : null;
    } while (after);
    expect(paged).toEqual(whole);
  });

  it('are refused where the page or the cursor is none', async () => {
    const errors = async (given: string) => (await hub.execute(`{ discrepancies(${given}) { nodes { fact } } }`)).errors?.map(({ message }) => message);
    expect(await errors('first: 1001')).toEqual(['first: expected 0 to 1000, but got: 1001. Page with after.']);
    expect(await errors('first: -1')).toEqual(['first: expected 0 to 1000, but got: -1. Page with after.']);
    const wrong = [['x'], ['91410771MA3XGWU759', 'STAFF', '2020'], ['91410771MA3XGWU758', 'AGE', null], ['91410771MA3XGWU758', 'STAFF', 2020]];
    for (const cursor of ['', 'x', '!', ...wrong.map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url'))])
      expect(await errors(`after: "${cursor}"`)).toEqual([expect.stringMatching(/^after: expected a cursor that discrepancies gave/)]);
    expect(await errors('first: 0')).toBeUndefined();
  });
});

describe('the statements that it costs', () => {
  const all = { bocom: 1, hongtu: 2, huakai: 2, huayu: 2, icbc: 2, park: 4, spdb: 1 };
  const list = { park: 1 };
  const plus = (a: Record<string, number>, b: Record<string, number>) => Object.fromEntries(Object.entries(a).map(([id, count]) => [id, count + (b[id] ?? 0)]));
  const query = (first: number, facts = '') =>
    `{ tenants(first: ${first}) { nodes { discrepancies${facts} { nodes { fact statements { rowIds } } sources { sourceId state } } } } }`;
  let park: TemporaryPark;
  let big: TestHub;
  beforeAll(async () => {
    park = await makeBigPark();
    big = await openTestHub({ ...park, clock: () => new Date('2022-01-05T02:00:00.000Z') });
  }, 120_000);
  afterAll(async () => {
    await big?.close();
    await park?.remove();
  });

  it('are the same for one tenant and for a thousand: one for each book that states the facts', async () => {
    expect(await big.counts(query(1))).toEqual(plus(all, list));
    expect(await big.counts(query(1_000))).toEqual(plus(all, list));
  });

  it('are only those of the facts that are asked for', async () => {
    expect(await big.counts(query(1_000, '(facts: [STAKE])'))).toEqual({ hongtu: 1, huakai: 1, huayu: 1, park: 2 });
    expect(await big.counts(query(1_000, '(facts: [PATENT_PLEDGE])'))).toEqual({ icbc: 1, park: 2, spdb: 1 });
  });

  it('are one total of each book more for the whole park, however many companies differ', async () => {
    const { discrepancies } = await big.ask('{ discrepancies(first: 1000) { nodes { fact } pageInfo { hasNextPage } } }');
    expect(discrepancies.nodes.length).toBeGreaterThan(900);
    const few = await big.counts('{ discrepancies(first: 1) { nodes { fact } } }');
    expect(few).toEqual({ bocom: 2, hongtu: 4, huakai: 4, huayu: 2, icbc: 4, park: 8, spdb: 1 });
    expect(await big.counts('{ discrepancies(first: 1000) { nodes { fact } } }')).toEqual(few);
  });
});
