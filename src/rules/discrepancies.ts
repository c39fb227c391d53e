/**
 * Where sources differ on one fact: a pure comparison of what rows of books say.
 *
 * Compared is only what speaks of the same thing: the same fact of the same subject (a year, an investor, a patent). The
 * rows of one book on it make its statement first; a fact is a discrepancy where two sources or more state it, and not all
 * values are equal. Nothing is rounded before it is compared, and no tolerance is assumed.
 */
import { ratio } from '../values/decimal.js';
import { compareText } from '../values/text.js';

/** What a row may say of a fact: money in fen and decimals in millionths, whole numbers, or yes and no. */
export type StatedValue = bigint | number | boolean;

/** What one row says of one fact. */
export interface RowStatement<Row> {
  readonly fact: string;
  /** The year, the investor, the patent; null where the fact has none. */
  readonly subject: string | null;
  readonly source: string;
  readonly entity: string;
  /** The day of the statement, YYYY-MM-DD; null where the row has none. */
  readonly date: string | null;
  /** What several rows of one book on one subject state together; see StatedFact. */
  readonly several: 'latest' | 'sum' | 'any';
  readonly value: StatedValue;
  /** The row's key within its book. */
  readonly key: string;
  readonly row: Row;
}

/** What one book states of one fact, with the rows that state it. */
export interface BookStatement<Row> {
  readonly source: string;
  readonly entity: string;
  readonly date: string | null;
  readonly value: StatedValue;
  readonly rows: readonly Row[];
}

/** A fact on which sources differ. */
export interface FoundDiscrepancy<Row> {
  readonly fact: string;
  readonly subject: string | null;
  /** Two or more, of two sources or more, in the order of source, entity, and value. */
  readonly statements: readonly BookStatement<Row>[];
  /** The greatest value less the least; null where the values are yes and no. */
  readonly difference: bigint | number | null;
  /** The difference as a part of the value that is farthest from zero, in millionths; null where there is no difference. */
  readonly relativeDifference: bigint | null;
}

/** The facts on which the rows differ, in the order of fact and subject, however the rows are ordered. */
export function findDiscrepancies<Row>(rows: readonly RowStatement<Row>[]): FoundDiscrepancy<Row>[] {
  return grouped(rows, ({ fact, subject }) => JSON.stringify([fact, subject]))
    .map(compared)
    .filter((found) => found !== undefined)
    .sort((a, b) => compareText(a.fact, b.fact) || compareText(a.subject ?? '', b.subject ?? ''));
}

function compared<Row>(rows: readonly RowStatement<Row>[]): FoundDiscrepancy<Row> | undefined {
  const { fact, subject } = rows[0] as RowStatement<Row>;
  const books = grouped(withoutOwnNo(rows), ({ source, entity }) => JSON.stringify([source, entity]));
  const statements = books
    .flatMap(statementsOf)
    .sort((a, b) => compareText(a.source, b.source) || compareText(a.entity, b.entity) || compareValues(a.value, b.value));
  const values = statements.map(({ value }) => value).sort(compareValues);
  const [least, greatest] = [values[0], values.at(-1)];
  if (least === undefined || greatest === undefined || least === greatest || new Set(statements.map(({ source }) => source)).size < 2) return undefined;
  if (typeof least === 'boolean' || typeof greatest === 'boolean') return { fact, subject, statements, difference: null, relativeDifference: null };
  const difference = BigInt(greatest) - BigInt(least);
  return {
    fact,
    subject,
    statements,
    difference: typeof least === 'bigint' ? difference : Number(difference),
    relativeDifference: ratio(difference, larger(magnitude(least), magnitude(greatest))),
  };
}

/** A "no" of one source's own rows says nothing where another source's row of the same entity says yes. */
function withoutOwnNo<Row>(rows: readonly RowStatement<Row>[]): readonly RowStatement<Row>[] {
  const sayYes = new Set(rows.filter(({ several, value }) => several === 'any' && value === true).map(({ entity }) => entity));
  return rows.filter(({ several, value, entity }) => !(several === 'any' && value === false && sayYes.has(entity)));
}

/** What the rows of one book on one subject state: one value, or several where rows of the latest day differ. */
function statementsOf<Row>(rows: readonly RowStatement<Row>[]): BookStatement<Row>[] {
  const { several } = rows[0] as RowStatement<Row>;
  if (several === 'sum') return [statement(rows, total(rows))];
  const latest = latestOf(rows);
  const counted = several === 'any' ? rows : rows.filter(({ date }) => date === latest);
  return grouped(counted, ({ value }) => String(value)).map((same) => statement(same, (same[0] as RowStatement<Row>).value));
}

function statement<Row>(rows: readonly RowStatement<Row>[], value: StatedValue): BookStatement<Row> {
  const { source, entity } = rows[0] as RowStatement<Row>;
  return { source, entity, date: latestOf(rows), value, rows: [...rows].sort((a, b) => compareText(a.key, b.key)).map(({ row }) => row) };
}

/** The latest day of the rows; a row without a day is older than every other. */
function latestOf<Row>(rows: readonly RowStatement<Row>[]): string | null {
  return rows.reduce<string | null>((latest, { date }) => (date !== null && (latest === null || date > latest) ? date : latest), null);
}

function total<Row>(rows: readonly RowStatement<Row>[]): StatedValue {
  const sum = rows.reduce((all, { value }) => all + BigInt(value), 0n);
  return typeof rows[0]?.value === 'bigint' ? sum : Number(sum);
}

function compareValues(a: StatedValue, b: StatedValue): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function magnitude(value: bigint | number): bigint {
  const whole = BigInt(value);
  return whole < 0n ? -whole : whole;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function grouped<T>(items: readonly T[], nameOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return [...groups.values()];
}
