/** What the rows of books state of facts of tenants, read by what the entity files say of their attributes. */
import type { EntityDefinition } from '../../entities/definition.js';
import { type Fact, type StatingAttribute, statingAttributes, tenantAttribute } from '../../entities/facts.js';
import { type FoundDiscrepancy, findDiscrepancies, type RowStatement, type StatedValue } from '../../rules/discrepancies.js';
import type { HubContext } from '../../schema/context.js';
import { HubError } from '../../schema/errors.js';
import { MOST_KEYS, mergeReports, type Row, SourceError, type SourceReport, valueOf } from '../../sources/book.js';
import { compareText } from '../../values/text.js';

/** A fact of one tenant on which sources differ. */
export interface TenantDiscrepancy extends FoundDiscrepancy<Row> {
  readonly tenantUscc: string;
}

/** What was found, and what became of the sources that were asked. */
export interface Found<T> {
  readonly found: readonly T[];
  readonly reports: readonly SourceReport[];
}

/** The facts of one tenant on which sources differ; all tenants of the operation go to each book as one batch. */
export async function discrepanciesOf(context: HubContext, tenantUscc: string, facts: ReadonlySet<Fact>): Promise<Found<TenantDiscrepancy>> {
  const answers = await Promise.all(
    statingBooks(facts).map(async (book) => {
      // What is hidden of a row states nothing: an empty day of a pledge would be a no.
      const request = { order: [], attributes: new Map([[book.definition.name, book.attributes]]), rests: book.attributes };
      const { rows, reports } = await context.rows({ definitions: [book.definition], attribute: book.tenant }, request, { value: tenantUscc });
      return { reports, statements: rows.flatMap((row) => book.stating.flatMap((stating) => statementOf(stating, row) ?? [])) };
    }),
  );
  const statements = answers.flatMap((answer) => answer.statements);
  return {
    found: findDiscrepancies(statements).map((found) => ({ ...found, tenantUscc })),
    reports: mergeReports(answers.flatMap((answer) => [...answer.reports])),
  };
}

/**
 * The USCCs that two sources or more name in books that state the same fact, in their order: one total of each book. Only
 * they can have discrepancies. Throws a HubError where they are more than a crossing may carry.
 */
export async function candidates(context: HubContext, facts: ReadonlySet<Fact>): Promise<Found<string>> {
  const answers = await Promise.all(
    statingBooks(facts).map(async (book) => {
      const groupBy = [book.tenant, 'source'].map((attribute) => ({ attribute, year: false }));
      return { book, ...(await context.books.of([book.definition]).total(undefined, groupBy, [{ function: 'count' }])) };
    }),
  );
  const found = new Set<string>();
  for (const fact of facts) {
    const namedBy = new Map<string, string>();
    for (const { book, rows } of answers) {
      if (!book.stating.some(({ states }) => states.fact === fact)) continue;
      for (const { group } of rows) {
        const [uscc, source] = group as readonly [string, string];
        const other = namedBy.get(uscc);
        if (other === undefined) namedBy.set(uscc, source);
        else if (other !== source) found.add(uscc);
      }
    }
  }
  if (found.size > MOST_KEYS)
    throw new HubError(
      'LIMIT_EXCEEDED',
      `discrepancies: expected at most ${MOST_KEYS} companies that two sources name, but got: ${found.size}. Ask tenants(where: …) { discrepancies } in parts.`,
    );
  return { found: [...found].sort(compareText), reports: mergeReports(answers.flatMap((answer) => [...answer.reports])) };
}

/** One entity whose rows state some of the facts, with the attributes that are read of it. */
interface StatingBook {
  readonly definition: EntityDefinition;
  /** The attribute that holds the tenant's USCC. */
  readonly tenant: string;
  readonly attributes: readonly string[];
  readonly stating: readonly StatingAttribute[];
}

function statingBooks(facts: ReadonlySet<Fact>): StatingBook[] {
  const books = new Map<EntityDefinition, StatingAttribute[]>();
  for (const stating of statingAttributes(facts)) books.set(stating.definition, [...(books.get(stating.definition) ?? []), stating]);
  return [...books].map(([definition, stating]) => {
    const tenant = tenantAttribute((stating[0] as StatingAttribute).states);
    const read = stating.flatMap(({ attribute, states }) => [attribute.name, states.subject ?? [], states.dates ?? [], states.reads ?? []].flat());
    return { definition, tenant, stating, attributes: [...new Set([tenant, ...read])].filter((name) => name !== 'source') };
  });
}

/** What a row states by one of its attributes; undefined where it states nothing, or rests on a column that is gone: the report says so. */
function statementOf(stating: StatingAttribute, row: Row): RowStatement<Row> | undefined {
  try {
    return readStatement(stating, row);
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}

function readStatement({ attribute, states }: StatingAttribute, row: Row): RowStatement<Row> | undefined {
  const stated = row[attribute.name] ?? null;
  const value = states.as ? states.as(stated, row) : stated;
  const subject = states.subject === undefined ? null : valueOf(row, states.subject);
  if (value === null || (states.subject !== undefined && subject === null)) return undefined;
  const dates = (states.dates ?? []).map((name) => row[name] ?? null).filter((date) => date !== null);
  return {
    fact: states.fact,
    subject: subject === null ? null : String(subject),
    source: row.source,
    entity: row.entity,
    date: (dates.sort().at(-1) as string | undefined) ?? null,
    several: states.several ?? 'latest',
    value: value as StatedValue,
    key: row.key,
    row,
  };
}
