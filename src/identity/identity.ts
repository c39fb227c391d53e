/**
 * Identity: who the companies are that partners name without a USCC. The hub proposes candidates with their grounds; a
 * park officer accepts or rejects. Nothing is joined before that.
 */
import { definitionOf } from '../entities/definition.js';
import { FormerName, Tenant } from '../entities/index.js';
import { HubError } from '../schema/errors.js';
import { Book, type SourceReport } from '../sources/book.js';
import { companyId, type IdentifiedAttributes, sourceOfCompany } from '../sources/identity/designation.js';
import type { SourceRegistry } from '../sources/registry.js';
import { compareText } from '../values/text.js';
import { type Candidate, type KnownTenant, TenantIndex } from './candidates.js';
import type { Act, Decision, Decisions, DecisionsAsked, Verdict } from './decisions.js';
import { inOrder, type NamedCompany, namedCompanies, namedCompaniesOrNone, placeOfCursor } from './namedCompanies.js';
import { officerName } from './officer.js';

/** A company that nobody has identified, with the tenants that it may be. */
export interface OpenCompany extends NamedCompany {
  readonly candidates: readonly Candidate[];
  /** Tenants of which an officer has said that it is none of them. */
  readonly rejected: readonly string[];
}

/** Companies that nobody has identified: those with most rows first, then by source, name and number. */
export interface OpenCompanies {
  readonly companies: readonly OpenCompany[];
  readonly more: boolean;
  readonly total: number;
  readonly reports: readonly SourceReport[];
}

/** What the graph and the command line do with identities. */
export interface Identity {
  /** @throws HubError for a source that there is not, or what is no cursor; SourceError when the register cannot be read */
  open(asked: { source?: string | undefined; after?: string | undefined; first: number }): Promise<OpenCompanies>;
  decisions(asked: DecisionsAsked): Promise<Decision[]>;
  /** @throws HubError UNKNOWN_COMPANY, UNKNOWN_TENANT, ALREADY_DECIDED, BAD_USER_INPUT; SourceError when the source does not answer */
  decide(verdict: Verdict, company: string, uscc: string, by: string): Promise<Decision>;
  /** @throws HubError UNKNOWN_DECISION, ALREADY_DECIDED, BAD_USER_INPUT */
  withdraw(decision: number, by: string): Promise<Decision>;
}

interface IdentityOptions {
  readonly registry: SourceRegistry;
  readonly decisions: Decisions;
  /** The sources that name companies otherwise than by a USCC, with the attributes concerned of each book. */
  readonly identified: ReadonlyMap<string, ReadonlyMap<string, IdentifiedAttributes>>;
  /** Names of the places around the park. */
  readonly regions: readonly string[];
  readonly clock: () => Date;
}

/** So much of what a client gave is said back to it. */
const MOST_SHOWN = 100;

/** The identity of a hub. */
export function createIdentity({ registry, decisions, identified, regions, clock }: IdentityOptions): Identity {
  const tenants = new Book([definitionOf(Tenant)], registry, () => undefined);
  const formerNames = new Book([definitionOf(FormerName)], registry, () => undefined);
  const index = async (): Promise<TenantIndex> => new TenantIndex(await knownTenants(tenants, formerNames), regions);

  const sourcesAsked = (source: string | undefined) => {
    if (source !== undefined && !registry.get(source)) {
      const ids = registry.all().map(({ id }) => id);
      throw new HubError('BAD_USER_INPUT', `sourceId: expected one of the sources ${ids.join(', ')}, but got: ${shown(source)}.`);
    }
    return [...identified].flatMap(([id, books]) => {
      const registered = source === undefined || id === source ? registry.get(id) : undefined;
      return registered ? [{ registered, books }] : [];
    });
  };

  const companyOf = async (id: string): Promise<NamedCompany> => {
    const source = registry.get(sourceOfCompany(id) ?? '');
    const books = source && identified.get(source.id);
    const named = source && books && (await namedCompanies(source, books)).companies.find((candidate) => candidate.id === id);
    if (named) return named;
    throw new HubError(
      'UNKNOWN_COMPANY',
      `company: expected the id of a company that a source names without a USCC, but got: ${shown(id)}. The list of open companies has them.`,
    );
  };

  const actOf = (by: string): Act => ({ by: officerName(by), at: clock().toISOString() });

  return {
    decisions: (asked) => decisions.list(asked),

    open: async ({ source, after, first }) => {
      const place = after === undefined ? undefined : placeOfCursor(after);
      const asked = sourcesAsked(source);
      const [answers, inForce] = await Promise.all([
        Promise.all(asked.map(({ registered, books }) => namedCompaniesOrNone(registered, books))),
        decisions.list({ source, inForce: true }),
      ]);
      const { accepted, rejected } = verdictsOf(inForce);
      const companies = answers.flatMap((answer) => answer.companies).filter(({ id }) => !accepted.has(id));
      const following = companies.filter((company) => !place || inOrder(company, place) > 0).sort(inOrder);
      const page = following.slice(0, first);
      const tenantIndex = page.length === 0 ? undefined : await index();
      return {
        companies: page.map((company) => {
          const none = rejected.get(company.id) ?? new Set<string>();
          return { ...company, candidates: tenantIndex?.candidates(company, none) ?? [], rejected: [...none].sort(compareText) };
        }),
        more: following.length > page.length,
        total: companies.length,
        reports: answers.map(({ report }) => report),
      };
    },

    decide: async (verdict, id, uscc, by) => {
      const act = actOf(by);
      const [company, tenantIndex] = await Promise.all([companyOf(id), index()]);
      const candidate = tenantIndex.candidate(company, uscc);
      if (!candidate) throw new HubError('UNKNOWN_TENANT', `uscc: expected that of a tenant of the park, past or present, but got: ${shown(uscc)}.`);
      const { source } = company;
      return decisions.decide(company, { source, uscc, verdict, ...act, score: candidate.score, grounds: candidate.grounds });
    },

    withdraw: (decision, by) => decisions.withdraw(decision, actOf(by)),
  };
}

/** The companies that are identified, and the tenants that others are not, by the companies' ids. */
function verdictsOf(inForce: readonly Decision[]): { accepted: ReadonlySet<string>; rejected: ReadonlyMap<string, ReadonlySet<string>> } {
  const accepted = new Set<string>();
  const rejected = new Map<string, Set<string>>();
  for (const decision of inForce) {
    const id = companyId(decision.source, decision);
    if (decision.verdict === 'ACCEPTED') accepted.add(id);
    else rejected.set(id, (rejected.get(id) ?? new Set()).add(decision.uscc));
  }
  return { accepted, rejected };
}

async function knownTenants(tenants: Book, formerNames: Book): Promise<KnownTenant[]> {
  const [found, former] = await Promise.all([
    tenants.page({ order: [], attributes: new Map([['Tenant', ['uscc', 'name', 'registrationNumber']]]) }),
    formerNames.page({ order: [], attributes: new Map([['FormerName', ['tenantUscc', 'name']]]) }),
  ]);
  const failed = [...found.reports, ...former.reports].find(({ failure }) => failure);
  if (failed?.failure) throw failed.failure;
  const namesOf = new Map<string, string[]>();
  for (const { tenantUscc, name } of former.rows) {
    const names = namesOf.get(tenantUscc as string);
    if (names) names.push(name as string);
    else namesOf.set(tenantUscc as string, [name as string]);
  }
  return found.rows.map((row) => ({
    uscc: row.uscc as string,
    name: row.name as string,
    formerNames: namesOf.get(row.uscc as string) ?? [],
    registrationNumber: row.registrationNumber as string | null,
  }));
}

function shown(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
