import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KnownTenant, MOST_CANDIDATES, TenantIndex } from '../../src/identity/candidates.js';
import { companyScore, formsOf, nameEvidence, pairsOf, pairWeight, regionsOf } from '../../src/rules/companyName.js';
import type { Designation } from '../../src/sources/identity/designation.js';
import { registrationNumber, uscc } from '../helpers/identityPark.js';

const regions = regionsOf('410771', '新乡市');

const name = fc
  .tuple(
    fc.constantFrom('', '新乡市', '河南', '郑州'),
    fc.string({ unit: fc.constantFrom(...'甲乙丙丁'), minLength: 0, maxLength: 3 }),
    fc.constantFrom('', '物联网科技', '医疗器械', '科技'),
    fc.constantFrom('有限公司', '有限责任公司', '股份有限公司', ''),
  )
  .map((parts) => parts.join(''));
const number = fc.option(fc.integer({ min: 1, max: 4 }).map(registrationNumber));
const tenantsOf: fc.Arbitrary<KnownTenant[]> = fc
  .array(fc.record({ name, formerNames: fc.array(name, { maxLength: 2 }), registrationNumber: number }), { maxLength: 12 })
  .map((tenants) => tenants.map((tenant, index) => ({ ...tenant, uscc: uscc(index) })));
const companies: fc.Arbitrary<Designation> = fc.record({ name: fc.option(name), registrationNumber: number });

/** The scores that the rule gives every tenant, each compared with the company. */
function scoresOf(tenants: readonly KnownTenant[], company: Designation): Map<string, bigint> {
  const cores = tenants.flatMap((tenant) => [tenant.name, ...tenant.formerNames].map((own) => new Set(pairsOf(formsOf(own, regions).core))));
  const weight = (pair: string) => pairWeight(cores.filter((pairs) => pairs.has(pair)).length);
  return new Map(
    tenants.flatMap((tenant): [string, bigint][] => {
      const own = [tenant.name, ...tenant.formerNames];
      const names = own.map((text, index) =>
        company.name === null ? 0n : (nameEvidence(formsOf(company.name, regions), formsOf(text, regions), index > 0, weight)?.score ?? 0n),
      );
      const best = names.reduce((most, score) => (score > most ? score : most), 0n);
      const [given, known] = [company.registrationNumber, tenant.registrationNumber];
      const score = companyScore(best, given === null || known === null ? 'unknown' : given === known ? 'same' : 'other');
      return score > 0n ? [[tenant.uscc, score]] : [];
    }),
  );
}

/** One slip of the pen, of names that share no pair at all, is the one thing that the index does not look for. */
function sharesNothing(tenant: KnownTenant, company: Designation): boolean {
  const own = new Set([tenant.name, ...tenant.formerNames].flatMap((text) => pairsOf(formsOf(text, regions).core)));
  return !pairsOf(formsOf(company.name ?? '', regions).core).some((pair) => own.has(pair));
}

describe('the candidates of a company', () => {
  it('are the tenants to which the rule gives a score, the highest first, whatever the index leaves out', () => {
    fc.assert(
      fc.property(tenantsOf, companies, (tenants, company) => {
        const index = new TenantIndex(tenants, regions);
        const found = index.candidates(company);
        const expected = scoresOf(tenants, company);
        for (const { uscc: code, score } of found) expect(expected.get(code)).toBe(score);
        if (found.length < MOST_CANDIDATES) {
          const missed = tenants.filter((tenant) => expected.has(tenant.uscc) && !found.some((candidate) => candidate.uscc === tenant.uscc));
          for (const tenant of missed) expect(sharesNothing(tenant, company)).toBe(true);
        }
        const order = found.map(({ score, uscc: code }) => [-score, code]);
        expect([...order].sort((a, b) => Number((a[0] as bigint) - (b[0] as bigint)) || ((a[1] as string) < (b[1] as string) ? -1 : 1))).toEqual(order);
        for (const { score, tied } of found) if (found.filter((other) => other.score === score).length > 1) expect(tied).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('are the same in whatever order the tenants come', () => {
    fc.assert(
      fc.property(tenantsOf, companies, (tenants, company) => {
        expect(new TenantIndex([...tenants].reverse(), regions).candidates(company)).toEqual(new TenantIndex(tenants, regions).candidates(company));
      }),
    );
  });

  it('are at most ten, and none that was rejected', () => {
    const tenants = Array.from({ length: 30 }, (_, index) => ({ uscc: uscc(index), name: '甲乙科技有限公司', formerNames: [], registrationNumber: null }));
    const index = new TenantIndex(tenants, regions);
    const company = { name: '甲乙科技有限公司', registrationNumber: null };
    const usccs = tenants.map((tenant) => tenant.uscc).sort();
    expect(index.candidates(company).map((candidate) => candidate.uscc)).toEqual(usccs.slice(0, 10));
    expect(index.candidates(company).every(({ tied }) => tied)).toBe(true);
    expect(index.candidates(company, new Set(usccs.slice(0, 25))).map((candidate) => candidate.uscc)).toEqual(usccs.slice(25));
    expect(index.candidates(company, new Set(usccs.slice(1)))).toMatchObject([{ uscc: usccs[0], tied: false }]);
  });

  it('are found by a number of full width, or with blanks in it', () => {
    const index = new TenantIndex([{ uscc: uscc(1), name: '甲', formerNames: [], registrationNumber: registrationNumber(1) }], regions);
    const wide = registrationNumber(1).replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    for (const given of [registrationNumber(1), wide, ` ${registrationNumber(1).slice(0, 6)} ${registrationNumber(1).slice(6)}`]) {
      expect(index.candidates({ name: null, registrationNumber: given })).toMatchObject([
        { uscc: uscc(1), score: 900_000n, grounds: ['SAME_REGISTRATION_NUMBER'], matchedName: null },
      ]);
    }
  });

  it('take no time over a name of ten thousand characters', () => {
    const index = new TenantIndex([{ uscc: uscc(1), name: '甲'.repeat(200), formerNames: [], registrationNumber: null }], regions);
    expect(index.candidates({ name: '甲'.repeat(10_000), registrationNumber: null })).toEqual([]);
    expect(index.candidates({ name: '(('.repeat(5_000), registrationNumber: null })).toEqual([]);
  });

  it('are of nobody undefined, of a tenant whatever speaks for it', () => {
    const index = new TenantIndex([{ uscc: uscc(1), name: '甲', formerNames: [], registrationNumber: null }], regions);
    expect(index.candidate({ name: '乙', registrationNumber: null }, uscc(2))).toBeUndefined();
    expect(index.candidate({ name: '乙', registrationNumber: null }, uscc(1))).toMatchObject({ score: 0n, grounds: [], matchedName: null });
  });
});
