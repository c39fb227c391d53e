/** Totals grouped by what another book knows, and groups chosen by their figures. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestHub, type TestHub } from '../helpers/hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

interface LoanNode {
  readonly balance: string;
  readonly classification: string;
  readonly tenant: { readonly industry: string; readonly stage: string; readonly enteredOn: string } | null;
}

const fen = (yuan: string): bigint => BigInt(yuan.replace('.', ''));

/** Count and balance of all loans by a key of each, computed in the test. */
async function expected(keyOf: (loan: LoanNode) => unknown[]): Promise<Map<string, { count: number; balance: bigint }>> {
  const { loans } = await hub.ask('{ loans(first: 1000) { nodes { balance classification tenant { industry stage enteredOn } } } }');
  const groups = new Map<string, { count: number; balance: bigint }>();
  for (const loan of loans.nodes as LoanNode[]) {
    const name = JSON.stringify(keyOf(loan));
    const found = groups.get(name) ?? { count: 0, balance: 0n };
    groups.set(name, { count: found.count + 1, balance: found.balance + fen(loan.balance) });
  }
  return groups;
}

it.each([
  ['TENANT_INDUSTRY', 'tenantIndustry', (loan: LoanNode) => [loan.tenant?.industry ?? null]],
  ['TENANT_STAGE', 'tenantStage', (loan: LoanNode) => [loan.tenant?.stage ?? null]],
  ['TENANT_ENTERED_ON_YEAR', 'tenantEnteredOnYear', (loan: LoanNode) => [loan.tenant ? Number(loan.tenant.enteredOn.slice(0, 4)) : null]],
  ['TENANT_STAGE, CLASSIFICATION', 'tenantStage classification', (loan: LoanNode) => [loan.tenant?.stage ?? null, loan.classification]],
])("groups three banks' loans by %s of the register", async (choices, fields, keyOf) => {
  const { loans } = await hub.ask(`{ loans { totals(groupBy: [${choices}]) { group { ${fields} } count sum { balance } } } }`);
  const given = new Map(
    loans.totals.map((row: { group: Record<string, unknown>; count: number; sum: { balance: string } }) => [
      JSON.stringify(fields.split(' ').map((field) => row.group[field])),
      { count: row.count, balance: fen(row.sum.balance) },
    ]),
  );
  expect(given).toEqual(await expected(keyOf));
});

it('counts a key that leads nowhere to the group without a value', async () => {
  // SPD-2019-000777 went to a company that the register does not hold.
  const { loans } = await hub.ask('{ loans(where: {number: {eq: "SPD-2019-000777"}}) { totals(groupBy: [TENANT_STATUS]) { group { tenantStatus } count } } }');
  expect(loans.totals).toEqual([{ group: { tenantStatus: null }, count: 1 }]);
});

it('asks each source once, and the register once for all keys', async () => {
  expect(await hub.counts('{ loans { totals(groupBy: [TENANT_STAGE, TENANT_STATUS]) { count } } }')).toEqual({ bocom: 1, icbc: 1, park: 1 });
});

it('batches the keys of all parents', async () => {
  expect(await hub.counts('{ banks { nodes { loans { totals(groupBy: [TENANT_STAGE]) { count } } } } }')).toEqual({ bocom: 1, icbc: 1, park: 2 });
});

it('gives the groups whose figures keep what having says', async () => {
  const all = (await hub.ask('{ loans { totals(groupBy: [TENANT_INDUSTRY]) { group { tenantIndustry } count sum { balance } } } }')).loans.totals;
  const { loans } = await hub.ask(
    '{ loans { totals(groupBy: [TENANT_INDUSTRY], having: {count: {gte: 3}, sum: {balance: {gt: "500000"}}}) { group { tenantIndustry } count sum { balance } } } }',
  );
  const chosen = all.filter((row: { count: number; sum: { balance: string } }) => row.count >= 3 && fen(row.sum.balance) > 50_000_000n);
  expect(chosen.length).toBeGreaterThan(0);
  expect(chosen.length).toBeLessThan(all.length);
  expect(loans.totals).toEqual(chosen);
});

it('reads the figures that only having names', async () => {
  const { loans } = await hub.ask('{ loans { totals(groupBy: [SOURCE_ID], having: {minimum: {amount: {lt: "0"}}}) { count } } }');
  expect(loans.totals).toEqual([]);
});

it('refuses a null in having', async () => {
  const { errors } = await hub.execute('{ loans { totals(having: {count: {gte: null}}) { count } } }');
  expect(errors?.[0]?.message).toContain('having.count.gte: expected a value, but got: null');
});
