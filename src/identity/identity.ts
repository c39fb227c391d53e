/**
 * Identity: who the companies are that partners name without a USCC. The hub proposes candidates with their grounds; a
 * park officer accepts or rejects. Nothing is joined before that.
 */
import { definitionOf } from '../entities/definition.js';
import { FormerName, Tenant } from '../entities/index.js';
import { HubError } from '../schema/errors.js';
import { Book, type Row, SourceError, type SourceReport } from '../sources/book.js';
import { companyId, type Designation, designationOf, type IdentifiedAttributes, sourceOfCompany } from '../sources/identity/designation.js';
import type { RegisteredSource, SourceRegistry } from '../sources/registry.js';
import { compareText } from '../values/text.js';
import { type Candidate, type KnownTenant, TenantIndex } from './candidates.js';
import type { Act, Decision, Decisions, DecisionsAsked, Verdict } from './decisions.js';

/** A company as a source names it. */
export interface NamedCompany extends Designation {
  readonly id: string;
  readonly source: string;
  /** Rows of the source's books that name it so. */
  readonly rows: number;
}

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
  /** @throws HubError for a source that there is not; SourceError when the register cannot be read */
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

const LONGEST_OFFICER = 100;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffd]/u;

/** The identity of a hub. */
export function createIdentity({ registry, decisions, identified, regions, clock }: IdentityOptions): Identity {
  const tenants = new Book([definitionOf(Tenant)], registry, () => undefined);
  const formerNames = new Book([definitionOf(FormerName)], registry, () => undefined);

  const index = async (): Promise<TenantIndex> => new TenantIndex(await knownTenants(tenants, formerNames), regions);

  /** The companies of a source that its books name; a source without such books names none. */
  const namedBy = async (source: RegisteredSource): Promise<NamedCompany[]> => {
    const found = new Map<string, NamedCompany>();
    for (const [entity, attributes] of identified.get(source.id) ?? []) {
      for (const [attribute, form] of attributes) {
        const groups = await source.ask((open, signal) =>
          open.totals({ entity, groupBy: [{ attribute, year: false }], figures: [{ function: 'count' }] }, signal),
        );
        for (const { group, figures } of groups) {
          if (group[0] === null) continue;
          const designation = designationOf(group[0] as string, form);
          const id = companyId(source.id, designation);
          found.set(id, { id, source: source.id, ...designation, rows: Number(figures[0]) + (found.get(id)?.rows ?? 0) });
        }
      }
    }
    return [...found.values()];
  };

  const company = async (id: string): Promise<NamedCompany> => {
    const source = registry.get(sourceOfCompany(id) ?? '');
    const named = source && identified.has(source.id) ? (await namedBy(source)).find((candidate) => candidate.id === id) : undefined;
    if (named) return named;
    const shown = id.length > 100 ? `${id.slice(0, 100)}…` : id;
    throw new HubError(
      'UNKNOWN_COMPANY',
      `company: expected the id of a company that a source names without a USCC, but got: ${shown}. The list of open companies has them.`,
    );
  };

  const actOf = (by: string): Act => {
    const name = by.trim();
    if (name === '' || [...name].length > LONGEST_OFFICER || UNPRINTABLE.test(name)) {
      throw new HubError(
        'BAD_USER_INPUT',
        `by: expected the name of the officer, 1 to ${LONGEST_OFFICER} printable characters, but got: ${name === '' ? 'none' : 'another text'}.`,
      );
    }
    return { by: name, at: clock().toISOString() };
  };

  return {
    decisions: (asked) => decisions.list(asked),

    open: async ({ source, after, first }) => {
      const asked = registry.all().filter(({ id }) => identified.has(id) && (source === undefined || id === source));
      if (source !== undefined && !registry.get(source)) {
        const ids = registry.all().map(({ id }) => id);
        throw new HubError('BAD_USER_INPUT', `sourceId: expected one of the sources ${ids.join(', ')}, but got: ${source.slice(0, 100)}.`);
      }
      const [answers, inForce] = await Promise.all([Promise.all(asked.map((entry) => reported(entry, namedBy))), decisions.list({ source, inForce: true })]);
      const rejected = new Map<string, Set<string>>();
      const accepted = new Set<string>();
      for (const decision of inForce) {
        const id = companyId(decision.source, decision);
        if (decision.verdict === 'ACCEPTED') accepted.add(id);
        else rejected.set(id, (rejected.get(id) ?? new Set()).add(decision.uscc));
      }
      const companies = answers
        .flatMap((answer) => answer.companies)
        .filter(({ id }) => !accepted.has(id))
        .sort(inOrder);
      const start = after === undefined ? 0 : companies.findIndex((entry) => compareToCursor(entry, after) > 0);
      const page = start < 0 ? [] : companies.slice(start, start + first);
      const tenantIndex = page.length === 0 ? undefined : await index();
      return {
        companies: page.map((entry) => {
          const none = rejected.get(entry.id) ?? new Set<string>();
          return { ...entry, candidates: tenantIndex?.candidates(entry, none) ?? [], rejected: [...none].sort(compareText) };
        }),
        more: start >= 0 && start + first < companies.length,
        total: companies.length,
        reports: answers.map(({ report }) => report),
      };
    },

    decide: async (verdict, id, uscc, by) => {
      const act = actOf(by);
      const [named, tenantIndex] = await Promise.all([company(id), index()]);
      const candidate = tenantIndex.candidate(named, uscc);
      if (!candidate) throw new HubError('UNKNOWN_TENANT', `uscc: expected that of a tenant of the park, past or present, but got: ${uscc}.`);
      const { source } = named;
      return decisions.decide(named, { source, uscc, verdict, ...act, score: candidate.score, grounds: candidate.grounds });
    },

    withdraw: (decision, by) => decisions.withdraw(decision, actOf(by)),
  };
}

/** The place of a company in the list, as a text. */
export function cursorOfCompany({ rows, source, name, registrationNumber }: NamedCompany): string {
  return Buffer.from(JSON.stringify([rows, source, name, registrationNumber]), 'utf8').toString('base64url');
}

function compareToCursor(company: NamedCompany, cursor: string): number {
  const place = placeOf(cursor);
  if (!place) throw new HubError('BAD_USER_INPUT', 'after: expected a cursor that this list gave, but got another text. Take it from pageInfo.');
  return inOrder(company, place);
}

type Place = Pick<NamedCompany, 'rows' | 'source' | 'name' | 'registrationNumber'>;

function placeOf(cursor: string): Place | undefined {
  try {
    const [rows, source, name, registrationNumber] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown[];
    const isText = (value: unknown): value is string | null => value === null || typeof value === 'string';
    return typeof rows === 'number' && typeof source === 'string' && isText(name) && isText(registrationNumber)
      ? { rows, source, name, registrationNumber }
      : undefined;
  } catch {
    return undefined;
  }
}

function inOrder(a: Place, b: Place): number {
  return (
    b.rows - a.rows ||
    compareText(a.source, b.source) ||
    compareText(a.name ?? '', b.name ?? '') ||
    compareText(a.registrationNumber ?? '', b.registrationNumber ?? '')
  );
}

/** The companies of a source, and what became of it; one that fails costs its own. */
async function reported(
  source: RegisteredSource,
  namedBy: (source: RegisteredSource) => Promise<NamedCompany[]>,
): Promise<{ companies: NamedCompany[]; report: SourceReport }> {
  const sourceId = source.id;
  try {
    const companies = await namedBy(source);
    const { how, asOf } = await source.ask(async (open) => ({ how: open.how, asOf: open.asOf() }));
    return { companies, report: { sourceId, state: how, asOf, message: null } };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { companies: [], report: { sourceId, state: 'UNAVAILABLE', asOf: null, message: error.message, failure: error } };
  }
}

async function knownTenants(tenants: Book, formerNames: Book): Promise<KnownTenant[]> {
  const [found, former] = await Promise.all([
    tenants.page({ order: [], attributes: new Map([['Tenant', ['uscc', 'name', 'registrationNumber']]]) }),
    formerNames.page({ order: [], attributes: new Map([['FormerName', ['tenantUscc', 'name']]]) }),
  ]);
  const failed = [...found.reports, ...former.reports].find(({ failure }) => failure);
  if (failed?.failure) throw failed.failure;
  const namesOf = new Map<string, string[]>();
  for (const { tenantUscc, name } of former.rows) namesOf.set(tenantUscc as string, [...(namesOf.get(tenantUscc as string) ?? []), name as string]);
  return found.rows.map((row: Row) => ({
    uscc: row.uscc as string,
    name: row.name as string,
    formerNames: namesOf.get(row.uscc as string) ?? [],
    registrationNumber: row.registrationNumber as string | null,
  }));
}
