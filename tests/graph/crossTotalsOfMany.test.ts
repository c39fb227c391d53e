/** Totals grouped by the many rows behind a link: a loan counts in the group of each certification that its borrower holds. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestHub, type TestHub } from '../helpers/hub.js';

let hub: TestHub;
beforeAll(async () => {
  hub = await openTestHub();
});
afterAll(() => hub.close());

interface Certification {
  readonly kind: string;
  readonly validTo: string;
  readonly issuedOn: string;
}

interface LoanNode {
  readonly balance: string;
  readonly tenant: { readonly certifications: { readonly nodes: readonly Certification[] } } | null;
}

const fen = (yuan: string): bigint => BigInt(yuan.replace('.', ''));

/** Count and balance of all loans, computed here: a loan counts once in each of its groups. */
async function expected(groupsOf: (certifications: readonly Certification[]) => unknown[][]): Promise<object[]> {
  const { loans } = await hub.ask('{ loans(first: 1000) { nodes { balance tenant { certifications(first: 1000) { nodes { kind validTo issuedOn } } } } } }');
  const groups = new Map<string, { count: number; balance: bigint }>();
  for (const { balance, tenant } of loans.nodes as LoanNode[]) {
    const own = groupsOf(tenant?.certifications.nodes ?? []);
    for (const name of new Set((own.length === 0 ? [[null]] : own).map((group) => JSON.stringify(group)))) {
      const found = groups.get(name) ?? { count: 0, balance: 0n };
      groups.set(name, { count: found.count + 1, balance: found.balance + fen(balance) });
    }
  }
  return [...groups].map(([name, figures]) => ({ group: JSON.parse(name), ...figures })).sort(byGroup);
}

function byGroup(a: { group: unknown }, b: { group: unknown }): number {
  return JSON.stringify(a.group) < JSON.stringify(b.group) ? -1 : 1;
}

async function given(groupBy: string, fields: readonly string[], among = ''): Promise<object[]> {
  const { loans } = await hub.ask(`{ loans { totals(groupBy: [${groupBy}]${among}) { group { ${fields.join(' ')} } count sum { balance } } } }`);
  return loans.totals
    .map(({ group, count, sum }: { group: Record<string, unknown>; count: number; sum: { balance: string } }) => ({
      group: fields.map((field) => group[field]),
      count,
      balance: fen(sum.balance),
    }))
    .sort(byGroup);
}

it("groups three banks' loans by the certifications of their borrowers", async () => {
  const groups = await given('TENANT_CERTIFICATIONS_KIND', ['tenantCertificationsKind']);
  expect(groups).toEqual(await expected((certifications) => certifications.map(({ kind }) => [kind])));
  // HNTE, tech SME, and neither.
  expect(groups).toHaveLength(3);
});

it('makes groups of those certifications alone that `among` names', async () => {
  const groups = await given('TENANT_CERTIFICATIONS_KIND', ['tenantCertificationsKind'], ', among: {tenantCertifications: {validTo: {gte: "2021-12-31"}}}');
  expect(groups).toEqual(await expected((certifications) => certifications.filter(({ validTo }) => validTo >= '2021-12-31').map(({ kind }) => [kind])));
  expect(groups).not.toEqual(await given('TENANT_CERTIFICATIONS_KIND', ['tenantCertificationsKind']));
});

it('keeps what one certification says together', async () => {
  const fields = ['tenantCertificationsKind', 'tenantCertificationsIssuedOnYear'];
  expect(await given('TENANT_CERTIFICATIONS_KIND, TENANT_CERTIFICATIONS_ISSUED_ON_YEAR', fields)).toEqual(
    (await expected((certifications) => certifications.map(({ kind, issuedOn }) => [kind, Number(issuedOn.slice(0, 4))]))).map((row) => {
      const { group, ...figures } = row as { group: unknown[] };
      return { group: group.length === 1 ? [null, null] : group, ...figures };
    }),
  );
});

it('groups tenants by their own, also where a condition crosses on', async () => {
  const { tenants } = await hub.ask(`{
    tenants(where: {loans: {some: {status: {eq: ACTIVE}}}}) {
      totalCount
      totals(groupBy: [CERTIFICATIONS_KIND], among: {certifications: {tenant: {stage: {eq: INCUBATOR}}}}) { group { certificationsKind } count }
    }
  }`);
  const { nodes } = (
    await hub.ask('{ tenants(first: 1000, where: {loans: {some: {status: {eq: ACTIVE}}}}) { nodes { stage certifications(first: 1000) { nodes { kind } } } } }')
  ).tenants as { nodes: { stage: string; certifications: { nodes: Certification[] } }[] };
  const counted = (kind: string | null): number =>
    nodes.filter(({ stage, certifications }) => {
      const kinds = stage === 'INCUBATOR' ? certifications.nodes.map((certification) => certification.kind) : [];
      return kind === null ? kinds.length === 0 : kinds.includes(kind);
    }).length;
  expect(tenants.totalCount).toBe(nodes.length);
  for (const { group, count } of tenants.totals as { group: { certificationsKind: string | null }; count: number }[])
    expect([group.certificationsKind, count]).toEqual([group.certificationsKind, counted(group.certificationsKind)]);
  expect(tenants.totals.length).toBeGreaterThan(1);
});

it('asks each source once, and the register once for all keys, without their tenants', async () => {
  expect(await hub.counts('{ loans { totals(groupBy: [TENANT_CERTIFICATIONS_KIND, STATUS]) { count } } }')).toEqual({ bocom: 1, icbc: 1, park: 1 });
  expect(await hub.counts('{ banks { nodes { loans { totals(groupBy: [TENANT_CERTIFICATIONS_KIND]) { count } } } } }')).toEqual({ bocom: 1, icbc: 1, park: 2 });
});

it('refuses in `among` what no `where` may say', async () => {
  const { errors } = await hub.execute(
    '{ loans { totals(groupBy: [TENANT_CERTIFICATIONS_KIND], among: {tenantCertifications: {kind: {eq: null}}}) { count } } }',
  );
  expect(errors?.[0]?.message).toContain('among.tenantCertifications.kind.eq: expected a value, but got: null');
});
