/**
 * Which tenants a company may be that a partner names without a USCC, each with a score and its grounds.
 *
 * A company is compared with those few tenants that can be like it. Of two names that are alike by the pairs of characters
 * that they share, the shared ones weigh at least a third of the one name (S shared, A and B of each, 2S at least half of
 * A + B, and B at least S). So tenants that share nothing but the commonest pairs, which together weigh less, need not be
 * looked at. And one slip of the pen spoils two neighbouring pairs at most: of any three one is left.
 */
import {
  companyScore,
  formsOf,
  type Ground,
  LEAST_SIMILARITY,
  type NameEvidence,
  type NameForms,
  nameEvidence,
  nearness,
  pairsOf,
  pairWeight,
} from '../rules/companyName.js';
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
/** Pairs that one character left out, put in or mistyped can spoil. */
const SPOILT_PAIRS = 2;

/** A name of a tenant, registered or former. */
interface OwnName {
  readonly text: string;
  readonly forms: NameForms;
  readonly isFormer: boolean;
}

interface IndexedTenant extends KnownTenant {
  readonly names: readonly OwnName[];
}

/** What a partner calls a company, ready to be compared. */
interface Given {
  readonly forms: NameForms | undefined;
  readonly number: string | undefined;
}

/** The tenants, to be found by what a partner calls them. */
export class TenantIndex {
  private readonly byUscc: ReadonlyMap<string, IndexedTenant>;
  private readonly byNumber = new Map<string, IndexedTenant[]>();
  private readonly byNormalName = new Map<string, IndexedTenant[]>();
  private readonly byPair = new Map<string, IndexedTenant[]>();

  /** @param regions see `regionsOf` */
  constructor(
    tenants: readonly KnownTenant[],
    private readonly regions: readonly string[],
  ) {
    const indexed = tenants.map((tenant): IndexedTenant => {
      const names = [tenant.name, ...tenant.formerNames].map((text, index) => ({ text, forms: formsOf(text, regions), isFormer: index > 0 }));
      return { ...tenant, names };
    });
    this.byUscc = new Map(indexed.map((tenant) => [tenant.uscc, tenant]));
    for (const tenant of indexed) {
      if (tenant.registrationNumber !== null) put(this.byNumber, numberKey(tenant.registrationNumber), tenant);
      for (const { forms } of tenant.names) {
        put(this.byNormalName, forms.normal, tenant);
        for (const pair of new Set(pairsOf(forms.core))) put(this.byPair, pair, tenant);
      }
    }
  }

  /** The tenants that a company may be: the highest score first, then by USCC. At most ten, none that was rejected. */
  candidates(company: Designation, rejected: ReadonlySet<string> = new Set()): Candidate[] {
    const given = this.givenOf(company);
    const found = [...this.alike(given)]
      .filter(({ uscc }) => !rejected.has(uscc))
      .map((tenant) => this.weigh(given, tenant))
      .filter(({ score }) => score > 0n)
      .sort((a, b) => (a.score === b.score ? compareText(a.uscc, b.uscc) : a.score > b.score ? -1 : 1));
    const scores = new Map<Millionths, number>();
    for (const { score } of found) scores.set(score, (scores.get(score) ?? 0) + 1);
    return found.slice(0, MOST_CANDIDATES).map((candidate) => ({ ...candidate, tied: (scores.get(candidate.score) ?? 0) > 1 }));
  }

  /** What speaks for the company being this tenant; a score of 0 where nothing does. Undefined where there is no such tenant. */
  candidate(company: Designation, uscc: string): Candidate | undefined {
    const tenant = this.byUscc.get(uscc);
    return tenant && { ...this.weigh(this.givenOf(company), tenant), tied: false };
  }

  private givenOf({ name, registrationNumber }: Designation): Given {
    return {
      forms: name === null ? undefined : formsOf(name, this.regions),
      number: registrationNumber === null ? undefined : numberKey(registrationNumber),
    };
  }

  private alike({ forms, number }: Given): Set<IndexedTenant> {
    const found = new Set(number === undefined ? [] : this.byNumber.get(number));
    if (!forms) return found;
    for (const tenant of this.byNormalName.get(forms.normal) ?? []) found.add(tenant);
    const pairs = pairsOf(forms.core)
      .map((pair) => ({ pair, weight: this.weight(pair) }))
      .sort((a, b) => (a.weight === b.weight ? compareText(a.pair, b.pair) : a.weight > b.weight ? -1 : 1));
    const all = pairs.reduce((sum, { weight }) => sum + weight, 0n);
    let left = all;
    for (const { pair, weight } of pairs) {
      // A thousandth for what rounding may add.
      if (left * 3_000n < all * 999n) break;
      for (const tenant of this.byPair.get(pair) ?? []) found.add(tenant);
      left -= weight;
    }
    for (const { pair } of pairs.slice(0, SPOILT_PAIRS + 1)) {
      for (const tenant of this.byPair.get(pair) ?? []) if (!found.has(tenant) && isNear(forms, tenant)) found.add(tenant);
    }
    return found;
  }

  private weight(pair: string): bigint {
    return pairWeight(this.byPair.get(pair)?.length ?? 0);
  }

  private weigh({ forms, number }: Given, tenant: IndexedTenant): Omit<Candidate, 'tied'> {
    const best = forms && this.bestName(forms, tenant);
    const agreement =
      number === undefined || tenant.registrationNumber === null ? 'unknown' : number === numberKey(tenant.registrationNumber) ? 'same' : 'other';
    const grounds: Ground[] = [
      ...(agreement === 'same' ? (['SAME_REGISTRATION_NUMBER'] as const) : []),
      ...(best ? [best.ground] : []),
      ...(agreement === 'other' ? (['OTHER_REGISTRATION_NUMBER'] as const) : []),
    ];
    return { uscc: tenant.uscc, score: companyScore(best?.score ?? 0n, agreement), grounds, matchedName: best?.text ?? null };
  }

  private bestName(given: NameForms, { names }: IndexedTenant): (NameEvidence & { text: string }) | undefined {
    let best: (NameEvidence & { text: string }) | undefined;
    for (const { text, forms, isFormer } of names) {
      const evidence = nameEvidence(given, forms, isFormer, (pair) => this.weight(pair));
      if (evidence && (!best || evidence.score > best.score)) best = { ...evidence, text };
    }
    return best;
  }
}

function isNear(given: NameForms, { names }: IndexedTenant): boolean {
  return names.some(({ forms }) => Math.abs(forms.core.length - given.core.length) <= 2 && nearness(given.core, forms.core) >= LEAST_SIMILARITY);
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
