/**
 * What is shown of partners' and tenants' data by other ways than a book: rows as they came from a source, and companies that
 * a source names without a USCC. The trace records it like what a book gives.
 */
import { allDefinitions } from '../entities/definition.js';
import type { Scope } from '../entities/scope.js';
import { SCOPES } from '../rules/authorization.js';
import type { Row } from '../sources/source.js';
import { type CompaniesOf, OperationReads } from './reads.js';
import type { TracedRows } from './traceChain.js';

/** Rows of one entity of one source, shown whole. */
export interface ShownRows {
  readonly source: string;
  readonly entity: string;
  readonly rows: readonly Row[];
  /** Rows that could not be read, shown as they came: nobody knows whose they are. */
  readonly setAside: number;
}

/** Companies as a source names them, each beside the tenants that it may be. */
export interface ShownCompany {
  readonly source: string;
  readonly candidates: readonly { readonly uscc: string }[];
}

/** What an officer said of a company that a source names. */
export interface ShownDecision {
  readonly source: string;
  readonly uscc: string;
}

/** Rows as the trace records them: by company and scope; what is public of them leaves nothing. */
export async function shownRows(shown: readonly ShownRows[], companiesOf: CompaniesOf): Promise<TracedRows[]> {
  const reads = new OperationReads(companiesOf);
  for (const { source, entity, rows, setAside } of shown) {
    const definition = allDefinitions().find(({ name }) => name === entity);
    if (!definition) continue;
    const part = { definition, source: { id: source } };
    (await reads.rows(part, { entity, attributes: [...definition.attributes.keys()], order: [] }))?.given(rows);
    reads.also(shownSetAside(source, entity, setAside));
  }
  return reads.take();
}

/** Rows as they came, which could not be read, as the trace records them: nobody knows whose they are. */
export function shownSetAside(source: string, entity: string, rows: number): TracedRows[] {
  const definition = allDefinitions().find(({ name }) => name === entity);
  if (!definition || rows === 0) return [];
  const of = new Set([definition.scope, ...[...definition.attributes.values()].map(({ scope }) => scope)]);
  return [{ source, entity, ask: 'ROWS', scopes: SCOPES.filter((scope: Scope) => of.has(scope)), rows, companies: new Map() }];
}

/** What officers have said of who companies are, as the trace records it: by the source that names them, and the tenants that they are or are not. */
export function shownDecisions(decisions: readonly ShownDecision[]): TracedRows[] {
  const bySource = new Map<string, Map<string, number>>();
  for (const { source, uscc } of decisions) {
    const companies = bySource.get(source) ?? new Map<string, number>();
    bySource.set(source, companies.set(uscc, (companies.get(uscc) ?? 0) + 1));
  }
  return [...bySource].map(([source, companies]): TracedRows => {
    const rows = [...companies.values()].reduce((sum, count) => sum + count, 0);
    return { source, entity: 'AliasDecision', ask: 'ROWS', scopes: ['IDENTITY'], rows, companies };
  });
}

/**
 * Companies as the trace records them: of each source how many it names, for whose they are is not known; and the tenants
 * whose names and registration numbers they were held against.
 */
export function shownCompanies(companies: readonly ShownCompany[]): TracedRows[] {
  const named = new Map<string, number>();
  for (const { source } of companies) named.set(source, (named.get(source) ?? 0) + 1);
  const tenants = new Set(companies.flatMap(({ candidates }) => candidates.map(({ uscc }) => uscc)));
  const bySource = [...named].map(
    ([source, rows]): TracedRows => ({ source, entity: 'OpenCompany', ask: 'ROWS', scopes: ['IDENTITY'], rows, companies: new Map() }),
  );
  if (tenants.size === 0) return bySource;
  const compared = new Map([...tenants].map((uscc) => [uscc, 1]));
  return [...bySource, { source: 'park', entity: 'Tenant', ask: 'ROWS', scopes: ['IDENTITY'], rows: tenants.size, companies: compared }];
}
