/** Joins within a drop: cells of another file of the same drop beside a row's own. */
import type { BookMapping, FileTable } from '../../../config/sourceFile.js';
import type { RawRecord } from '../../raw.js';
import { SourceError } from '../../source.js';
import { cellsOf, textOf } from '../rowFilter.js';

/** A join of a mapping whose `from` is a file. */
export type FileJoin = NonNullable<BookMapping['joins']>[number] & { readonly from: FileTable };

/** Adds the cells of a join to a row. */
export type Joiner = (record: RawRecord) => RawRecord;

/** A joined file is held in memory. */
const MOST_JOINED_ROWS = 1_000_000;

/**
 * Reads the joined rows once and gives the function that adds their cells as `alias.column`: null where no row fits. A row
 * that fits more than one, or one that cannot be read, has a problem. Keys are equal when their trimmed texts are; an
 * empty key fits nothing.
 *
 * @param wanted the columns of the joined file that the mapping names: given, empty, even when the file has no rows
 */
export async function joinerOf(source: string, join: FileJoin, rows: AsyncIterable<RawRecord>, wanted: readonly string[]): Promise<Joiner> {
  const joinedColumns = Object.keys(join.on);
  const mainColumns = Object.values(join.on);
  const byKey = new Map<string, RawRecord[]>();
  const names = new Set<string>();
  let count = 0;
  for await (const row of rows) {
    if (count === 0) checkColumns(source, join, row);
    for (const name of Object.keys(row.cells)) names.add(name);
    if (++count > MOST_JOINED_ROWS) throw new SourceError(source, 'MALFORMED', `the file joined as ${join.as} has more than ${MOST_JOINED_ROWS} rows.`);
    const key = keyOf(row, joinedColumns);
    const found = key === undefined ? undefined : byKey.get(key);
    if (found) found.push(row);
    else if (key !== undefined) byKey.set(key, [row]);
  }
  if (count === 0) for (const name of wanted) names.add(name);
  return (record) => {
    const key = keyOf(record, mainColumns);
    const matches = (key === undefined ? undefined : byKey.get(key)) ?? [];
    const match = matches[0];
    const added = [...names].map((name) => [`${join.as}.${name}`, match?.cells[name] ?? null] as const);
    return {
      place: record.place,
      at: record.at,
      cells: cellsOf([...Object.entries(record.cells), ...added]),
      problem: record.problem ?? ambiguity(matches) ?? (match?.problem && `${match.place}: ${match.problem}`),
    };
  };
}

function checkColumns(source: string, join: FileJoin, row: RawRecord): void {
  const missing = Object.keys(join.on).filter((column) => !(column in row.cells));
  if (missing.length === 0) return;
  const present = Object.keys(row.cells).join(', ');
  throw new SourceError(
    source,
    'MISCONFIGURED',
    `the file joined as ${join.as} lacks columns that it is joined by: ${missing.join(', ')}. It has: ${present}.`,
  );
}

function keyOf(record: RawRecord, columns: readonly string[]): string | undefined {
  const texts = columns.map((column) => textOf(record.cells[column]));
  return texts.includes('') ? undefined : JSON.stringify(texts);
}

function ambiguity(matches: readonly RawRecord[]): string | undefined {
  if (matches.length < 2) return undefined;
  return `expected one row to join, but got: ${matches.length} (${matches
    .slice(0, 3)
    .map((match) => match.place)
    .join('; ')}${matches.length > 3 ? '; …' : ''})`;
}
