/**
 * A full reading of one book of a partner's database.
 *
 * It tells the rows from those that break the mapping, and finds out how far the database can be trusted to compare,
 * order and add up for us: the columns in which some cell is written unlike the form that a filter would look for are
 * irregular, and rows that are to be left out must be told apart by their key.
 *
 * What it remembers does not grow with the book: it keeps the rows that were set aside, up to a number, and nothing of the
 * others. Rows that share a key come in one piece of the reading, but for a key that is written in two ways (with blanks
 * around it): those are few, and looked for once more at the end.
 */
import type { BookMapping, ColumnMapping } from '../../../config/sourceFile.js';
import type { Attribute, EntityDefinition } from '../../../entities/definition.js';
import type { Value } from '../../../entities/kinds.js';
import { encodeCell, isEncodable, showRaw } from '../../decode.js';
import { BETWEEN, joinDesignation } from '../../designationText.js';
import { createMapper, keyAttributeOf, type Mapper, type RawRecord, setAsideDuplicates } from '../../mapping.js';
import { type Drift, type Row, type SetAside, SourceError, type Survey } from '../../source.js';
import type { Binding, Parameter } from './binding.js';
import { eachInTurn, piecesOf } from './chunks.js';
import type { ColumnType } from './columnType.js';
import type { Dialect } from './dialect.js';
import { ColumnNames, isDayColumn, isNumeric, type KnownOfColumns, mappedBinding, recordOf } from './mappedBinding.js';
import type { RawRow } from './reader.js';
import { type Excluded, everyRowStatement, type SqlStatement } from './statement.js';
import type { TypesOfTables } from './tables.js';

/** A book of a partner's database. */
export interface SqlBook {
  readonly definition: EntityDefinition;
  readonly mapping: BookMapping;
  readonly source: { readonly id: string; readonly timeZone: string };
  readonly dialect: Dialect;
}

/** A book as far as it can be read, as its tables are now. */
export interface ReadableBook extends SqlBook {
  /** What the database declares of its columns; undefined where each cell has a type of its own. */
  readonly types?: TypesOfTables;
  /** Where columns are not as the mapping expects. */
  readonly drift: Drift | undefined;
}

/** What a full reading found, as the statements need it. */
export interface Surveyed {
  /** The book as it was read. */
  readonly book: ReadableBook;
  readonly survey: Survey;
  /** How to ask for rows of the book from now on. */
  readonly binding: Binding;
  /** The rows to leave out; undefined where a statement cannot say which they are. */
  readonly excluded: Excluded | undefined;
  /** Attributes that cannot be compared, ordered or added up in the database. */
  readonly irregular: ReadonlySet<string>;
  /** Keys of ours that several rows carry, written in several ways. */
  readonly shared: ReadonlySet<string>;
}

/** How a book is read. */
export interface Reading {
  readonly asOf: string;
  /** Runs a statement. */
  readonly read: (statement: SqlStatement) => Promise<RawRow[]>;
  /** Rows of a piece; 5,000 unless told. */
  readonly piece?: number;
  /** Takes what is known after each piece that is not the last: what was found in the rows so far. */
  readonly progress?: (surveyed: Surveyed) => void;
  /** Takes the accepted rows of each piece, with all their attributes. */
  readonly rows?: (rows: readonly Row[]) => void;
}

/** More rows to leave out than this are not named in a statement. */
const MOST_EXCLUDED = 2_000;
/** More rows that were set aside than this are counted and not kept. */
const MOST_KEPT = 10_000;
/** More keys than this with blanks around them are not looked for once more. */
const MOST_ODD_KEYS = 20_000;
/** Rows that are read with one statement. */
export const PIECE = 5_000;
/** The result columns that tell how a cell is stored; no partner's column is called so. */
const STORAGE = 'parkhub storage of ';
/** A float names every number of up to fifteen digits, each by itself. */
const EXACT_FLOATS = 1e15;

/** Reads every row of the book. @throws SourceError */
export async function readBook(book: ReadableBook, reading: Reading): Promise<Surveyed> {
  const notes = new Notes(book, reading);
  for await (const { rows, isWhole } of notes.pieces()) {
    await notes.take(rows, isWhole);
    if (!isWhole) reading.progress?.(notes.found());
  }
  await notes.findSharedKeys();
  return notes.found();
}

interface MappedColumn {
  readonly attribute: Attribute;
  readonly column: ColumnMapping;
  readonly type: ColumnType;
}

interface GoodRow {
  readonly row: Row;
  readonly record: RawRecord;
  readonly raw: RawRow;
}

interface FaultyRow {
  readonly record: RawRecord;
  readonly setAside: SetAside;
}

/** Gathers what the pieces say. */
class Notes {
  private readonly binding: Binding;
  private readonly tables: ColumnNames;
  private readonly mapped: readonly MappedColumn[];
  private readonly key: ColumnMapping;
  private readonly mapper: Mapper;
  private readonly counted = { read: 0, accepted: 0 };
  private readonly setAside: SetAside[] = [];
  /** Undefined once they cannot be named. */
  private excluded: Set<string> | undefined = new Set();
  private readonly irregular = new Set<string>();
  /** Texts that their column's collation orders as we do, so far. */
  private readonly ordered: Set<string>;
  /** Whole numbers among the cells of an attribute, and other cells. */
  private readonly stored = new Map<string, { whole: boolean; other: boolean }>();
  private readonly odd = new Map<string, GoodRow[]>();
  private readonly shared = new Set<string>();

  constructor(
    private readonly book: ReadableBook,
    private readonly reading: Reading,
  ) {
    const { definition, mapping, source, dialect, types } = book;
    this.binding = mappedBinding(book);
    this.tables = new ColumnNames(dialect, mapping, types);
    this.mapped = this.mappedColumns();
    this.key = mapping.columns[keyAttributeOf(definition).name] as ColumnMapping;
    this.mapper = createMapper(definition, mapping, { ...source, how: 'LIVE' });
    for (const column of this.mapped) if (isIrregularByType(column)) this.irregular.add(column.attribute.name);
    this.ordered = new Set(this.mapped.filter(({ type }) => type.collation?.orders instanceof RegExp).map(({ attribute }) => attribute.name));
  }

  pieces() {
    const { dialect, definition, source } = this.book;
    const { storage } = dialect;
    return piecesOf({
      source: source.id,
      dialect,
      binding: this.binding,
      tables: this.tables,
      key: this.key,
      attributes: [...definition.attributes.keys()],
      more: storage
        ? this.mapped.flatMap(({ attribute, column }) =>
            column.column === undefined ? [] : [{ name: STORAGE + attribute.name, expression: storage(this.binding.column(attribute.name).expression) }],
          )
        : [],
      size: this.reading.piece ?? PIECE,
      read: this.reading.read,
    });
  }

  async take(raws: readonly RawRow[], isWhole: boolean): Promise<void> {
    const good: GoodRow[] = [];
    const faulty: FaultyRow[] = [];
    await eachInTurn(raws, (raw) => {
      const record = recordOf(withoutStorage(raw), this.binding.place(raw));
      const result = this.mapper.map(record, this.reading.asOf);
      if (result.ok) good.push({ row: result.row, record, raw });
      else faulty.push({ record, setAside: result.setAside });
    });
    const parted = partByKey(good, faulty, this.key);
    await eachInTurn(parted.accepted, (entry) => this.lookAt(entry, isWhole));
    for (const raw of raws) this.noteStorage(raw);
    this.counted.read += raws.length;
    this.counted.accepted += parted.accepted.length;
    this.leaveOut(parted.faulty);
    this.reading.rows?.(parted.accepted.map(({ row }) => row));
  }

  /** Finds the rows whose key another row writes in another way, which another piece may have held. */
  async findSharedKeys(): Promise<void> {
    if (this.odd.size === 0) return;
    const keys = [...this.odd.keys()];
    const { dialect, definition } = this.book;
    const attributes = [...definition.attributes.keys()];
    const most = Math.floor(dialect.maximumParameters / 2);
    const plain: GoodRow[] = [];
    for (let start = 0; start < keys.length; start += most) {
      const part = keys.slice(start, start + most);
      const condition = (parameter: (value: Parameter) => string): string[] => [
        `${this.binding.column('key').expression} IN (${part.map(parameter).join(', ')})`,
      ];
      for (const raw of await this.reading.read(everyRowStatement(dialect, this.binding, attributes, [], { condition }))) {
        const record = recordOf(raw, this.binding.place(raw));
        const result = this.mapper.map(record, this.reading.asOf);
        if (result.ok) plain.push({ row: result.row, record, raw });
      }
    }
    // A key of several columns may be this text by itself: then the statement has found its row too.
    const odd = [...this.odd.values()].flat().filter(({ row, record }) => rawKey(record, this.key)?.join('-') !== row.key);
    const { setAside } = setAsideDuplicates([...odd, ...plain]);
    const keyOf = new Map([...odd, ...plain].map(({ row, record }) => [record, row.key]));
    for (const { record } of setAside) this.shared.add(keyOf.get(record) as string);
    // Rows that share a key in one piece were set aside there.
    const others = setAside.filter(({ record }) => !this.excluded?.has(rawKey(record, this.key)?.join('-') ?? ''));
    this.counted.accepted -= others.length;
    this.leaveOut(others);
  }

  found(): Surveyed {
    const { definition, drift } = this.book;
    const key = keyAttributeOf(definition).name;
    if (this.irregular.has(key)) this.irregular.add('key');
    const ordered = new Set([...this.ordered].filter((name) => !this.irregular.has(name)));
    const known: KnownOfColumns = { types: this.typesOfCells(), ordered };
    const { read, accepted } = this.counted;
    return {
      book: this.book,
      survey: { entity: definition.name, read, accepted, setAside: this.setAside, drift },
      binding: known.types.size === 0 && ordered.size === 0 ? this.binding : mappedBinding({ ...this.book, known }),
      excluded: this.excluded && { keys: [...this.excluded] },
      irregular: this.irregular,
      shared: this.shared,
    };
  }

  private mappedColumns(): MappedColumn[] {
    const { definition, mapping } = this.book;
    const attributes = [...definition.attributes.values(), ...(definition.key === undefined ? [keyAttributeOf(definition)] : [])];
    return attributes.flatMap((attribute) => {
      const column = mapping.columns[attribute.name];
      return column === undefined
        ? []
        : [{ attribute, column, type: this.binding.column(attribute.name === keyAttributeOf(definition).name ? 'key' : attribute.name).type }];
    });
  }

  private lookAt({ row, record, raw }: GoodRow, isWhole: boolean): void {
    for (const mapped of this.mapped) {
      const { name } = mapped.attribute;
      if (!this.irregular.has(name) && !isRegular(mapped, row[name] ?? null, raw)) this.irregular.add(name);
      if (this.ordered.has(name) && !isOrdered(mapped, raw)) this.ordered.delete(name);
    }
    if (isWhole || this.isPlainKey(record, row.key)) return;
    if (this.odd.size >= MOST_ODD_KEYS) {
      const { source, definition } = this.book;
      throw new SourceError(
        source.id,
        'MALFORMED',
        `More than ${MOST_ODD_KEYS} keys of ${definition.name} in ${source.id} have blanks around them. Give the hub a view that trims them.`,
      );
    }
    this.odd.set(row.key, [...(this.odd.get(row.key) ?? []), { row, record, raw }]);
  }

  /** Whether no other cells mean this key. */
  private isPlainKey(record: RawRecord, key: string): boolean {
    const cells = rawKey(record, this.key)?.map(String) ?? [];
    return cells.join('-') === key && key.split('-').length >= cells.length && (cells.length === 1 || cells.slice(1).every((cell) => !cell.includes('-')));
  }

  private noteStorage(raw: RawRow): void {
    if (!this.book.dialect.storage) return;
    for (const { attribute, column } of this.mapped) {
      if (isNumeric(attribute, column)) continue;
      const storage = raw[STORAGE + attribute.name];
      if (storage === null || storage === undefined) continue;
      const stored = this.stored.get(attribute.name) ?? { whole: false, other: false };
      stored[storage === 'whole' ? 'whole' : 'other'] = true;
      this.stored.set(attribute.name, stored);
    }
  }

  private typesOfCells(): Map<string, ColumnType> {
    const types = [...this.stored].flatMap(([name, { whole, other }]): [string, ColumnType][] =>
      whole ? [[name, { kind: other ? 'other' : 'whole', name: '', filled: false }]] : [],
    );
    const key = keyAttributeOf(this.book.definition).name;
    return new Map([...types, ...types.filter(([name]) => name === key).map(([, type]): [string, ColumnType] => ['key', type])]);
  }

  private leaveOut(faulty: readonly FaultyRow[]): void {
    for (const { setAside } of faulty) if (this.setAside.length < MOST_KEPT) this.setAside.push(setAside);
    const keys = excludedBy(faulty, this.key);
    if (!keys) this.excluded = undefined;
    for (const key of keys ?? []) this.excluded?.add(key);
    if (this.excluded && this.excluded.size > MOST_EXCLUDED) this.excluded = undefined;
  }
}

/** How a row that a reading met, and that breaks the mapping, is left out from now on; undefined where it cannot be named. */
export function alsoExcluded(book: SqlBook, surveyed: Surveyed, setAside: readonly SetAside[]): Excluded | undefined {
  const key = book.mapping.columns[keyAttributeOf(book.definition).name] as ColumnMapping;
  const keys = excludedBy(
    setAside.map(({ place, raw }) => ({ record: { place, cells: raw as RawRecord['cells'] } })),
    key,
  );
  if (!keys || !surveyed.excluded) return undefined;
  const all = new Set([...surveyed.excluded.keys, ...keys]);
  return all.size > MOST_EXCLUDED ? undefined : { keys: [...all] };
}

function withoutStorage(raw: RawRow): RawRow {
  return Object.fromEntries(Object.entries(raw).filter(([name]) => !name.startsWith(STORAGE)));
}

/** Also sets aside a good row that shares its key with a faulty one: neither can be told by it, and a statement leaves out both. */
function partByKey<G extends { row: Row; record: RawRecord }>(good: readonly G[], faulty: readonly FaultyRow[], key: ColumnMapping) {
  const { accepted, setAside } = setAsideDuplicates(good);
  const left: FaultyRow[] = [...faulty, ...setAside];
  const taken = new Set(left.map(({ record }) => rawKey(record, key)?.join('-')));
  // An accepted row has a key, so that rows without one share nothing with it.
  const shares = (entry: G): boolean => key.constant === undefined && taken.has(rawKey(entry.record, key)?.join('-'));
  const shared = accepted.filter(shares).map(({ row, record }) => {
    const reason = `expected an id of its own, but got: ${showRaw(row.key)}, which a row that was set aside carries too`;
    return { record, setAside: { entity: row.entity, place: record.place, reason, raw: record.cells } };
  });
  return { accepted: shared.length === 0 ? accepted : accepted.filter((entry) => !shares(entry)), faulty: [...left, ...shared] };
}

/** The cells of the key; undefined where one of them is empty. */
function rawKey(record: RawRecord, key: ColumnMapping): Parameter[] | undefined {
  const cells = (key.columns ?? [key.column as string]).map((name) => record.cells[name]);
  return cells.some((cell) => cell === null || cell === undefined) ? undefined : (cells as Parameter[]);
}

/** Rows without a key are in no answer as it is. A key that is not kept as a text or a whole number cannot be named exactly. */
function excludedBy(faulty: readonly { record: RawRecord }[], key: ColumnMapping): string[] | undefined {
  if (faulty.length > 0 && key.constant !== undefined) return undefined;
  const keys: string[] = [];
  for (const { record } of faulty) {
    const cells = rawKey(record, key);
    // Bytes were taken out of the record: whether they were in the key is not known.
    if (record.problem !== undefined) return undefined;
    if (cells === undefined) continue;
    if (!cells.every((cell) => typeof cell === 'string')) return undefined;
    keys.push(cells.join('-'));
  }
  return keys;
}

/** Whether nothing in a column of this type is written as a filter looks for it. */
function isIrregularByType({ attribute, column, type }: MappedColumn): boolean {
  const { kind } = type;
  if (kind === 'any' || column.constant !== undefined || column.columns) return false;
  if (isNumeric(attribute, column)) return !['whole', 'decimal', 'float'].includes(kind);
  if (isDayColumn(attribute, type)) return (column.format ?? 'yyyy-MM-dd') !== 'yyyy-MM-dd';
  return kind === 'bytes' || !isEncodable(attribute, column);
}

/** Whether the cell of an accepted row is written as a filter looks for it. */
function isRegular({ attribute, column, type }: MappedColumn, value: Value, raw: RawRow): boolean {
  if (column.constant !== undefined) return true;
  if (column.columns) {
    const cells = column.columns.map((name) => raw[name]);
    // The empty text and a text that means no value are written unlike an empty cell.
    if (column.designation)
      return cells.every((cell) => cell === null || (typeof cell === 'string' && cell !== '')) && joinDesignation(cells) === (value ?? BETWEEN);
    return cells.every((cell) => typeof cell === 'string') && cells.join('-') === value;
  }
  const cell = raw[column.column as string];
  if (value === null) return cell === null;
  if (!isEncodable(attribute, column)) return false;
  // Where a column has a type, its numbers are exact, and its days are days.
  const isTyped = type.kind !== 'any';
  if (isTyped && (isNumeric(attribute, column) || isDayColumn(attribute, type))) return true;
  const encoded = encodeCell(attribute, column, value);
  const storage = isTyped ? 'text' : raw[STORAGE + attribute.name];
  if (isNumeric(attribute, column)) {
    return storage === 'whole' || (storage === 'fractional' && Math.abs(cell as number) < EXACT_FLOATS && Number(encoded) === cell);
  }
  // The driver gives whole numbers as texts; a form that is a number (a serial day) is never one of them.
  return (storage === 'text' || storage === 'whole') && [encoded].flat().includes(cell as string);
}

/** Whether the column's own collation puts the cell where we do. */
function isOrdered({ column, type }: MappedColumn, raw: RawRow): boolean {
  const cell = raw[column.column as string];
  return cell === null || (typeof cell === 'string' && type.collation?.orders instanceof RegExp && type.collation.orders.test(cell));
}
