/**
 * Which tenants a company may be that a partner names without a USCC, each with a score and its grounds. Tenants are found
 * by their numbers and by pairs of characters of their names, so that a company is compared with those few that share some.
 */
import { companyScore, formsOf, type Ground, type NameEvidence, type NameForms, nameEvidence, pairsOf } from '../rules/companyName.js';
import type { Designation } from '../sources/identity/designation.js';
import type { Millionths } from '../values/decimal.js';
import { compareText, toHalfWidth } from '../values/text.js';

/** A tenant as the register knows it. */
export interface KnownTenant {
  readonly uscc: string;
  readonly name: string;
  readonly formerNames: readonly string[];
  readonly registrationNumber: string | null;
}

/** A tenant that a company may be. */
export interface Candidate {
  readonly uscc: string;
  /** 0 to 1. */
  readonly score: Millionths;
  readonly grounds: readonly Ground[];
  /** The name of the tenant's that is most like the one given; null where none is alike. */
  readonly matchedName: string | null;
  /** Another candidate has the same score. */
  readonly tied: boolean;
}

/** Candidates that are given of one company. */
export const MOST_CANDIDATES = 10;

interface IndexedName {
  readonly tenant: KnownTenant;
  readonly text: string;
  readonly forms: NameForms;
  readonly isFormer: boolean;
}

/** The tenants, to be found by what a partner calls them. */
export class TenantIndex {
  private readonly byUscc: ReadonlyMap<string, KnownTenant>;
  private readonly byNumber = new Map<string, KnownTenant[]>();
  private readonly byNormalName = new Map<string, IndexedName[]>();
  private readonly byPair = new Map<string, IndexedName[]>();

  /** @param regions see `regionsOf` */
  constructor(
    tenants: readonly KnownTenant[],
    private readonly regions: readonly string[],
  ) {
    this.byUscc = new Map(tenants.map((tenant) => [tenant.uscc, tenant]));
    for (const tenant of tenants) {
      if (tenant.registrationNumber !== null) put(this.byNumber, numberKey(tenant.registrationNumber), tenant);
      for (const [index, text] of [tenant.name, ...tenant.formerNames].entries()) {
        const name = { tenant, text, forms: formsOf(text, regions), isFormer: index > 0 };
        put(this.byNormalName, name.forms.normal, name);
        for (const pair of new Set(pairsOf(name.forms.core))) put(this.byPair, pair, name);
      }
    }
  }

  /** The tenants that a company may be: the highest score first, then by USCC. At most ten, none that was rejected. */
  candidates(company: Designation, rejected: ReadonlySet<string> = new Set()): Candidate[] {
    const found = [...this.alike(company)]
      .filter(({ uscc }) => !rejected.has(uscc))
      .map((tenant) => this.weigh(company, tenant))
      .filter(({ score }) => score > 0n)
      .sort((a, b) => (a.score === b.score ? compareText(a.uscc, b.uscc) : a.score > b.score ? -1 : 1));
    const scores = new Map<Millionths, number>();
    for (const { score } of found) scores.set(score, (scores.get(score) ?? 0) + 1);
    return found.slice(0, MOST_CANDIDATES).map((candidate) => ({ ...candidate, tied: (scores.get(candidate.score) ?? 0) > 1 }));
  }

  /** What speaks for the company being this tenant; a score of 0 where nothing does. Undefined where there is no such tenant. */
  candidate(company: Designation, uscc: string): Candidate | undefined {
    const tenant = this.byUscc.get(uscc);
    return tenant && { ...this.weigh(company, tenant), tied: false };
  }

  private alike({ name, registrationNumber }: Designation): Set<KnownTenant> {
    const found = new Set(registrationNumber === null ? [] : this.byNumber.get(numberKey(registrationNumber)));
    if (name === null) return found;
    const forms = formsOf(name, this.regions);
    for (const other of this.byNormalName.get(forms.normal) ?? []) found.add(other.tenant);
    for (const pair of new Set(pairsOf(forms.core))) for (const other of this.byPair.get(pair) ?? []) found.add(other.tenant);
    return found;
  }

  private weigh({ name, registrationNumber }: Designation, tenant: KnownTenant): Omit<Candidate, 'tied'> {
    const best = name === null ? undefined : this.bestName(formsOf(name, this.regions), tenant);
    const number =
      registrationNumber === null || tenant.registrationNumber === null
        ? 'unknown'
        : numberKey(registrationNumber) === numberKey(tenant.registrationNumber)
          ? 'same'
          : 'other';
    const grounds: Ground[] = [
      ...(number === 'same' ? (['SAME_REGISTRATION_NUMBER'] as const) : []),
      ...(best ? [best.ground] : []),
      ...(number === 'other' ? (['OTHER_REGISTRATION_NUMBER'] as const) : []),
    ];
    return { uscc: tenant.uscc, score: companyScore(best?.score ?? 0n, number), grounds, matchedName: best?.text ?? null };
  }

  private bestName(given: NameForms, tenant: KnownTenant): (NameEvidence & { text: string }) | undefined {
    let best: (NameEvidence & { text: string }) | undefined;
    for (const [index, text] of [tenant.name, ...tenant.formerNames].entries()) {
      const evidence = nameEvidence(given, formsOf(text, this.regions), index > 0);
      if (evidence && (!best || evidence.score > best.score)) best = { ...evidence, text };
    }
    return best;
  }
}

/** Digits of full width, and blanks between them, are the same number. */
function numberKey(registrationNumber: string): string {
  return toHalfWidth(registrationNumber).replace(/\s/gu, '').toUpperCase();
}

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const found = map.get(key);
  if (found) found.push(value);
  else map.set(key, [value]);
}
