/** The companies that a source names without a USCC: read from it, and in an order to be paged through. */
import { HubError } from '../schema/errors.js';
import { SourceError, type SourceReport } from '../sources/book.js';
import { companyId, type Designation, designationOf, type IdentifiedAttributes } from '../sources/identity/designation.js';
import type { RegisteredSource } from '../sources/registry.js';
import { compareText } from '../values/text.js';

/** A company as a source names it. */
export interface NamedCompany extends Designation {
  readonly id: string;
  readonly source: string;
  /** Rows of the source's books that name it so. */
  readonly rows: number;
}

/** The companies of a source, and what became of it. */
export interface NamedCompanies {
  readonly companies: readonly NamedCompany[];
  readonly report: SourceReport;
}

/** The companies that these books of a source name: one statement a book. Throws a SourceError. */
export function namedCompanies(source: RegisteredSource, books: ReadonlyMap<string, IdentifiedAttributes>): Promise<NamedCompanies> {
  return source.ask(async (open, signal) => {
    const found = new Map<string, NamedCompany>();
    for (const [entity, attributes] of books) {
      for (const [attribute, form] of attributes) {
        for (const { group, figures } of await open.totals({ entity, groupBy: [{ attribute, year: false }], figures: [{ function: 'count' }] }, signal)) {
          if (group[0] === null) continue;
          const designation = designationOf(group[0] as string, form);
          const id = companyId(source.id, designation);
          found.set(id, { id, source: source.id, ...designation, rows: Number(figures[0]) + (found.get(id)?.rows ?? 0) });
        }
      }
    }
    return { companies: [...found.values()], report: { sourceId: source.id, state: open.how, asOf: open.asOf(), message: null } };
  });
}

/** The same, of a source that fails none: it costs its own companies. */
export async function namedCompaniesOrNone(source: RegisteredSource, books: ReadonlyMap<string, IdentifiedAttributes>): Promise<NamedCompanies> {
  try {
    return await namedCompanies(source, books);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { companies: [], report: { sourceId: source.id, state: 'UNAVAILABLE', asOf: null, message: error.message, failure: error } };
  }
}

type Place = Pick<NamedCompany, 'rows' | 'source' | 'name' | 'registrationNumber'>;

/** The order of companies: those with most rows first, then by source, name and number. */
export function inOrder(a: Place, b: Place): number {
  return (
    b.rows - a.rows ||
    compareText(a.source, b.source) ||
    compareText(a.name ?? '', b.name ?? '') ||
    compareText(a.registrationNumber ?? '', b.registrationNumber ?? '')
  );
}

/** The place of a company in that order, as a text. */
export function cursorOfCompany({ rows, source, name, registrationNumber }: Place): string {
  return Buffer.from(JSON.stringify([rows, source, name, registrationNumber]), 'utf8').toString('base64url');
}

/** The place that such a text names. Throws a HubError where it is none. */
export function placeOfCursor(cursor: string): Place {
  const [rows, source, name, registrationNumber] = listIn(cursor);
  const isText = (value: unknown): value is string | null => value === null || typeof value === 'string';
  if (typeof rows === 'number' && typeof source === 'string' && isText(name) && isText(registrationNumber)) return { rows, source, name, registrationNumber };
  throw new HubError('BAD_USER_INPUT', 'after: expected a cursor that this list gave, but got another text. Take it from pageInfo.');
}

function listIn(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
