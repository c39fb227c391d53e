/**
 * A full reading of one book of a partner's database.
 *
 * It tells the rows from those that break the mapping, and finds out how far the database can be trusted to compare,
 * order and add up for us: the columns in which some cell is written unlike the form that a filter would look for are
 * irregular, and rows that are to be left out must be told apart by their key.
 */
import type { BookMapping, ColumnMapping } from '../../../config/sourceFile.js';
import type { Attribute, EntityDefinition } from '../../../entities/definition.js';
import type { Value } from '../../../entities/kinds.js';
import { encodeCell, isEncodable, showRaw } from '../../decode.js';
import { createMapper, keyAttributeOf, type RawRecord, setAsideDuplicates } from '../../mapping.js';
import type { Row, SetAside, Survey } from '../../source.js';
import type { Binding, Parameter } from './binding.js';
import type { Dialect } from './dialect.js';
import { isNumeric, mappedBinding, recordOf } from './mappedBinding.js';
import type { RawRow } from './reader.js';
import { type Excluded, everyRowStatement, type SqlStatement } from './statement.js';

/** A book of a partner's database. */
export interface SqlBook {
  readonly definition: EntityDefinition;
  readonly mapping: BookMapping;
  readonly source: { readonly id: string; readonly timeZone: string };
  readonly dialect: Dialect;
}

/** What a full reading found. */
export interface BookReading {
  /** Every accepted row, with all its attributes. */
  readonly rows: readonly Row[];
  readonly survey: Survey;
  /** How to ask for rows of the book from now on. */
  readonly binding: Binding;
  /** The rows to leave out; undefined where a statement cannot say which they are. */
  readonly excluded: Excluded | undefined;
  /** Attributes that cannot be compared, ordered or added up in the database. */
  readonly irregular: ReadonlySet<string>;
}

/** More rows to leave out than this are not named in a statement. */
const MOST_EXCLUDED = 2_000;
/** The result columns that tell how a cell is stored; no partner's column is called so. */
const STORAGE = 'parkhub storage of ';
/** A float names every number of up to fifteen digits, each by itself. */
const EXACT_FLOATS = 1e15;

/** Reads every row of the book. @param read runs a statement */
export async function readBook(book: SqlBook, asOf: string, read: (statement: SqlStatement) => Promise<RawRow[]>): Promise<BookReading> {
  const { definition, mapping, source, dialect } = book;
  const binding = mappedBinding(book);
  const mapped = mappedColumns(book);
  const storage = mapped.flatMap(({ attribute, column }) =>
    column.column === undefined ? [] : [{ name: STORAGE + attribute.name, expression: dialect.storage(binding.column(attribute.name).expression) }],
  );
  const raws = await read(everyRowStatement(dialect, binding, [...definition.attributes.keys()], storage));
  const mapper = createMapper(definition, mapping, { ...source, how: 'LIVE' });
  const good: { row: Row; record: RawRecord; raw: RawRow }[] = [];
  const faulty: { record: RawRecord; setAside: SetAside }[] = [];
  for (const raw of raws) {
    const record = recordOf(withoutStorage(raw), binding.place(raw));
    const result = mapper.map(record, asOf);
    if (result.ok) good.push({ row: result.row, record, raw });
    else faulty.push({ record, setAside: result.setAside });
  }
  const key = mapping.columns[keyAttributeOf(definition).name] as ColumnMapping;
  const parted = partByKey(good, faulty, key);
  const irregular = new Set<string>();
  for (const { row, raw } of parted.accepted) {
    for (const { attribute, column } of mapped) {
      if (!irregular.has(attribute.name) && !isRegular(attribute, column, row[attribute.name] ?? null, raw)) irregular.add(attribute.name);
    }
  }
  if (irregular.has(keyAttributeOf(definition).name)) irregular.add('key');
  const storedAsNumbers = new Set(
    mapped.flatMap(({ attribute, column }) =>
      isNumeric(attribute, column) || !raws.some((raw) => raw[STORAGE + attribute.name] === 'whole') ? [] : [attribute.name],
    ),
  );
  return {
    rows: parted.accepted.map(({ row }) => row),
    survey: { entity: definition.name, read: raws.length, accepted: parted.accepted.length, setAside: parted.faulty.map((entry) => entry.setAside) },
    binding: storedAsNumbers.size === 0 ? binding : mappedBinding({ ...book, storedAsNumbers }),
    excluded: excludedBy(parted.faulty, key),
    irregular,
  };
}

function mappedColumns({ definition, mapping }: SqlBook): { attribute: Attribute; column: ColumnMapping }[] {
  const attributes = [...definition.attributes.values(), ...(definition.key === undefined ? [keyAttributeOf(definition)] : [])];
  return attributes.flatMap((attribute) => {
    const column = mapping.columns[attribute.name];
    return column === undefined ? [] : [{ attribute, column }];
  });
}

function withoutStorage(raw: RawRow): RawRow {
  return Object.fromEntries(Object.entries(raw).filter(([name]) => !name.startsWith(STORAGE)));
}

/** Also sets aside a good row that shares its key with a faulty one: neither can be told by it, and a statement leaves out both. */
function partByKey<G extends { row: Row; record: RawRecord }>(
  good: readonly G[],
  faulty: readonly { record: RawRecord; setAside: SetAside }[],
  key: ColumnMapping,
) {
  const { accepted, setAside } = setAsideDuplicates(good);
  const left = [...faulty, ...setAside];
  const taken = new Set(left.map(({ record }) => rawKey(record, key)?.join('-')));
  // An accepted row has a key, so that rows without one share nothing with it.
  const shares = (entry: G): boolean => key.constant === undefined && taken.has(rawKey(entry.record, key)?.join('-'));
  const shared = accepted.filter(shares).map(({ row, record }) => {
    const reason = `expected an id of its own, but got: ${showRaw(row.key)}, which a row that was set aside carries too`;
    return { record, setAside: { entity: row.entity, place: record.place, reason, raw: record.cells } };
  });
  return { accepted: accepted.filter((entry) => !shares(entry)), faulty: [...left, ...shared] };
}

/** The cells of the key; undefined where one of them is empty. */
function rawKey(record: RawRecord, key: ColumnMapping): Parameter[] | undefined {
  const cells = (key.columns ?? [key.column as string]).map((name) => record.cells[name]);
  return cells.some((cell) => cell === null || cell === undefined) ? undefined : (cells as Parameter[]);
}

/** Rows without a key are in no answer as it is. A key that is not kept as a text or a whole number cannot be named exactly. */
function excludedBy(faulty: readonly { record: RawRecord }[], key: ColumnMapping): Excluded | undefined {
  if (faulty.length > 0 && key.constant !== undefined) return undefined;
  const keys = new Set<string>();
  for (const { record } of faulty) {
    const cells = rawKey(record, key);
    // Bytes were taken out of the record: whether they were in the key is not known.
    if (record.problem !== undefined) return undefined;
    if (cells === undefined) continue;
    if (!cells.every((cell) => typeof cell === 'string')) return undefined;
    keys.add(cells.join('-'));
  }
  return keys.size > MOST_EXCLUDED ? undefined : { keys: [...keys] };
}

/** Whether the cell of an accepted row is written as a filter looks for it. */
function isRegular(attribute: Attribute, column: ColumnMapping, value: Value, raw: RawRow): boolean {
  if (column.constant !== undefined) return true;
  if (column.columns) {
    const cells = column.columns.map((name) => raw[name]);
    return cells.every((cell) => typeof cell === 'string') && cells.join('-') === value;
  }
  const cell = raw[column.column as string];
  if (value === null) return cell === null;
  if (!isEncodable(attribute, column)) return false;
  const storage = raw[STORAGE + attribute.name];
  const encoded = encodeCell(attribute, column, value);
  if (isNumeric(attribute, column)) {
    return storage === 'whole' || (storage === 'fractional' && Math.abs(cell as number) < EXACT_FLOATS && Number(encoded) === cell);
  }
  // The driver gives whole numbers as texts; a form that is a number (a serial day) is never one of them.
  return (storage === 'text' || storage === 'whole') && [encoded].flat().includes(cell as string);
}
