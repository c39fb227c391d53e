/** An entity in a partner's database, as its source.yml declares it. */
import type { BookMapping, ColumnMapping, SqlTable } from '../../../config/sourceFile.js';
import type { Attribute, EntityDefinition } from '../../../entities/definition.js';
import type { Value } from '../../../entities/kinds.js';
import { decodeCell, encodeCell, isMonotone } from '../../decode.js';
import { decodeDecimal, decodeMoney } from '../../decodeNumber.js';
import { BETWEEN } from '../../designationText.js';
import { createMapper, keyAttributeOf, type Mapper, type RawRecord, type RawValue } from '../../mapping.js';
import type { Binding, BoundColumn, IndexedColumn, Parameter } from './binding.js';
import { ANY_TYPE, type ColumnType } from './columnType.js';
import type { Dialect } from './dialect.js';
import { conditionOfRowFilter } from './rowFilter.js';
import { type BookTables, fromClause, type TypesOfTables } from './tables.js';

interface MappedOptions {
  readonly dialect: Dialect;
  readonly definition: EntityDefinition;
  readonly mapping: BookMapping;
  readonly source: { readonly id: string; readonly timeZone: string };
  /** What the database declares of the columns; nothing unless told. */
  readonly types?: TypesOfTables;
  /** What a survey found out. */
  readonly known?: KnownOfColumns;
}

/** What a survey found out of all rows, by attribute. */
export interface KnownOfColumns {
  /** Where each cell has a type of its own: those that it found instead, of attributes that are texts of ours. */
  readonly types: ReadonlyMap<string, ColumnType>;
  /** Attributes whose texts the column's collation puts into the order of code points. */
  readonly ordered: ReadonlySet<string>;
}

const NOTHING_KNOWN: KnownOfColumns = { types: new Map(), ordered: new Set() };
/** Several columns as one text. */
const JOINED_TYPE: ColumnType = { kind: 'text', name: 'several', filled: false };
const CANONICAL = /^(0|-?[1-9]\d{0,17})$/;

/** The binding of an entity to the tables and columns that its book's mapping names. */
export function mappedBinding({ dialect, definition, mapping, source, types, known = NOTHING_KNOWN }: MappedOptions): Binding {
  const main = mapping.from as SqlTable;
  const tables = new ColumnNames(dialect, mapping, types);
  const columns = new Map<string, BoundColumn>([['source', constant(source.id)]]);
  const raws = new Map<string, readonly string[]>();

  const add = (attribute: Attribute, column: ColumnMapping): void => {
    raws.set(attribute.name, column.columns ?? (column.column === undefined ? [] : [column.column]));
    columns.set(attribute.name, bound({ dialect, tables, known, timeZone: source.timeZone }, attribute, column));
  };
  for (const attribute of definition.attributes.values()) {
    const column = mapping.columns[attribute.name];
    if (column) add(attribute, column);
    else columns.set(attribute.name, constant(null));
  }
  const mapper = createMapper(definition, mapping, { ...source, how: 'LIVE' });
  const keyAttribute = keyAttributeOf(definition);
  const keyColumn = mapping.columns[keyAttribute.name] as ColumnMapping;
  if (definition.key === undefined) add(keyAttribute, keyColumn);
  else {
    columns.set('key', columns.get(definition.key) as BoundColumn);
    raws.set('key', raws.get(definition.key) as readonly string[]);
  }

  const column = (attribute: string): BoundColumn => {
    const found = columns.get(attribute);
    if (!found) throw new Error(`${definition.name} has no attribute ${attribute}.`);
    return found;
  };
  let narrowed: { readonly attributes: readonly string[]; readonly mapper: Mapper } = { attributes: [], mapper: mapper.only([]) };
  const reading = (attributes: readonly string[]): Mapper => {
    // All rows of a statement are read by the same list.
    if (narrowed.attributes !== attributes) narrowed = { attributes, mapper: mapper.only(attributes) };
    return narrowed.mapper;
  };

  return {
    entity: definition.name,
    from: fromClause(dialect, mapping, tables),
    base: (mapping.where ?? []).map((filter) => (parameter: (value: Parameter) => string) => conditionOfRowFilter(dialect, tables, filter, parameter)),
    mayLackKeys: keyColumn.constant === undefined && !(keyColumn.column !== undefined && tables.typeOf(keyColumn.column).filled),
    column,
    selection: (attributes) => {
      const wanted = new Set(['key', ...attributes].flatMap((attribute) => raws.get(attribute) ?? []));
      return [...wanted].map((raw) => ({ name: raw, expression: dialect.cell(tables.quoted(raw), tables.typeOf(raw)) }));
    },
    row: (raw, attributes, asOf) => reading(attributes).map(recordOf(raw, placeOf(main, keyColumn, raw)), asOf),
    place: (raw) => placeOf(main, keyColumn, raw),
  };
}

/** A result row of a partner's database as the mapping reads it. */
export function recordOf(raw: Readonly<Record<string, RawValue>>, place: string): RawRecord {
  const bytes = Object.keys(raw).filter((name) => isBytes(raw[name]));
  if (bytes.length === 0) return { place, cells: raw };
  const cells = Object.fromEntries(Object.entries(raw).map(([name, cell]) => [name, isBytes(cell) ? null : cell]));
  return { place, cells, problem: `expected texts, numbers and dates, but got: bytes in column ${bytes.join(', ')}` };
}

/** libsql gives a cell of bytes as a buffer, whatever the type says. */
function isBytes(cell: unknown): boolean {
  return cell instanceof ArrayBuffer || ArrayBuffer.isView(cell);
}

/** Names of columns as the mapping writes them (`fkje`, `k.tyxydm`), as quoted SQL, and their types. */
export class ColumnNames implements BookTables {
  private readonly main: string;

  constructor(
    private readonly dialect: Dialect,
    { from }: BookMapping,
    private readonly types: TypesOfTables | undefined,
  ) {
    const { as, table } = from as SqlTable;
    this.main = as ?? table;
  }

  quoted(column: string): string {
    return this.parts(column)
      .map((part) => this.dialect.quote(part))
      .join('.');
  }

  typeOf(column: string): ColumnType {
    const [table, own] = this.parts(column);
    return this.types?.get(table)?.get(own) ?? ANY_TYPE;
  }

  private parts(column: string): [table: string, column: string] {
    const point = column.indexOf('.');
    return point < 0 ? [this.main, column] : [column.slice(0, point), column.slice(point + 1)];
  }
}

/** Whether the attribute's cells are numbers that the database can compare and add up; coded ones are texts. */
export function isNumeric(attribute: Attribute, column: ColumnMapping): boolean {
  return (attribute.kind === 'money' || attribute.kind === 'decimal' || attribute.kind === 'integer') && column.values === undefined;
}

interface BoundOptions {
  readonly dialect: Dialect;
  readonly tables: BookTables;
  readonly known: KnownOfColumns;
  readonly timeZone: string;
}

function bound({ dialect, tables, known, timeZone }: BoundOptions, attribute: Attribute, column: ColumnMapping): BoundColumn {
  const decode = (raw: RawValue): Value => decodeCell(attribute, column, raw, timeZone);
  if (column.constant !== undefined) return constant(decode(undefined));
  const cell = column.columns ? joinedCell(dialect, tables, column, column.columns) : tables.quoted(column.column as string);
  const type = known.types.get(attribute.name) ?? (column.columns ? JOINED_TYPE : tables.typeOf(column.column as string));
  const numeric = isNumeric(attribute, column);
  const as = numeric ? 'number' : isDayColumn(attribute, type) ? 'day' : 'text';
  const expression = as === 'number' ? dialect.amount(cell, type) : as === 'day' ? cell : dialect.text(cell, type);
  const indexed = as === 'text' && expression !== cell ? indexedColumn(cell, type, known.ordered.has(attribute.name)) : undefined;
  return {
    expression,
    type,
    as,
    ...(indexed ? { indexed } : {}),
    // A partner's column may be empty whatever the attribute says; such a row is set aside, but until then it is there.
    nullable: (attribute.nullable ?? false) && !type.filled && !column.designation,
    numeric,
    monotone: isMonotone(attribute, column),
    singular: isSingular(attribute, column),
    factor: attribute.kind === 'money' ? decodeMoney(1, column.unit) : attribute.kind === 'decimal' ? decodeDecimal(1, column.unit) : 1n,
    encode: (value) => encodeCell(attribute, column, value),
    decode,
  };
}

function joinedCell(dialect: Dialect, tables: BookTables, { designation }: ColumnMapping, columns: readonly string[]): string {
  if (!designation) return dialect.joined(columns.map((own) => tables.quoted(own)));
  return dialect.joined(
    columns.map((own) => `COALESCE(${dialect.text(tables.quoted(own), tables.typeOf(own))}, '')`),
    BETWEEN,
  );
}

function isSingular(attribute: Attribute, column: ColumnMapping): boolean {
  if (column.values) return new Set(Object.values(column.values).map((value) => value.trim())).size === Object.keys(column.values).length;
  return attribute.kind !== 'date' || isMonotone(attribute, { ...column, empty: undefined });
}

/** Whether a day of ours is kept as a day of the database. */
export function isDayColumn(attribute: Attribute, type: ColumnType): boolean {
  return attribute.kind === 'date' && (type.kind === 'day' || type.kind === 'moment');
}

/** How an index of a column of texts, or of whole numbers that are texts of ours, may serve. */
function indexedColumn(expression: string, type: ColumnType, ordered: boolean): IndexedColumn | undefined {
  if (type.kind === 'whole') {
    // A whole number has one text. Their order is that of numbers, not of texts.
    return { expression, as: 'whole', equals: (value) => (CANONICAL.test(String(value)) ? 'same' : 'none'), ordered: false, orders: () => false };
  }
  const { collation } = type;
  if (type.kind !== 'text' || !collation) return undefined;
  const { equals, orders } = collation;
  const isOrdered = orders === 'all' || (orders !== undefined && ordered);
  // Rows have no blanks at the end of a text; where another has them, it is in no row, and stands elsewhere in a padded order.
  const fits = (text: string): boolean => (orders === 'all' || orders?.test(text) === true) && !text.endsWith(' ');
  return {
    expression,
    as: 'text',
    equals: (value) => {
      const text = String(value);
      if (equals === 'same') return 'same';
      if (text.endsWith(' ')) return 'none';
      if (equals === 'blanks') return 'same';
      return !isOrdered ? 'more' : fits(text) ? 'same' : 'none';
    },
    ordered: isOrdered,
    orders: (value) => isOrdered && fits(String(value)),
  };
}

function constant(value: Value): BoundColumn {
  return {
    constant: value,
    expression: '',
    type: ANY_TYPE,
    as: 'text',
    nullable: value === null,
    numeric: false,
    monotone: true,
    singular: true,
    factor: 1n,
    encode: (own) => own as Parameter,
    decode: () => value,
  };
}

function placeOf(main: SqlTable, key: ColumnMapping, raw: Readonly<Record<string, RawValue>>): string {
  const cells = (key.columns ?? (key.column === undefined ? [] : [key.column])).map((name) => raw[name] ?? '');
  return `${main.table} ${isBytes(cells[0]) || cells.every((cell) => cell === '') ? 'without a key' : cells.join('-')}`;
}
