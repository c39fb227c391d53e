/** An entity in a partner's database, as its source.yml declares it. */
import type { BookMapping, ColumnMapping, RowFilter, SqlTable } from '../../../config/sourceFile.js';
import type { Attribute, EntityDefinition } from '../../../entities/definition.js';
import type { Value } from '../../../entities/kinds.js';
import { decodeCell, encodeCell, isMonotone } from '../../decode.js';
import { decodeDecimal, decodeMoney } from '../../decodeNumber.js';
import { createMapper, keyAttributeOf, type Mapper, type RawRecord, type RawValue } from '../../mapping.js';
import type { Binding, BoundColumn, Parameter } from './binding.js';
import type { Dialect } from './dialect.js';

interface MappedOptions {
  readonly dialect: Dialect;
  readonly definition: EntityDefinition;
  readonly mapping: BookMapping;
  readonly source: { readonly id: string; readonly timeZone: string };
  /** Attributes that are texts of ours and that the partner stores as numbers: they are compared as texts. */
  readonly storedAsNumbers?: ReadonlySet<string>;
}

/** The binding of an entity to the tables and columns that its book's mapping names. */
export function mappedBinding({ dialect, definition, mapping, source, storedAsNumbers = new Set() }: MappedOptions): Binding {
  const main = mapping.from as SqlTable;
  const name = new ColumnNames(dialect, main.as ?? main.table);
  const columns = new Map<string, BoundColumn>([['source', constant(source.id)]]);
  const raws = new Map<string, readonly string[]>();

  const add = (attribute: Attribute, column: ColumnMapping): void => {
    raws.set(attribute.name, column.columns ?? (column.column === undefined ? [] : [column.column]));
    columns.set(attribute.name, bound(dialect, name, attribute, column, source.timeZone, storedAsNumbers.has(attribute.name)));
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
    from: fromClause(dialect, mapping),
    base: (mapping.where ?? []).map((filter) => (parameter: (value: Parameter) => string) => rowFilter(name, filter, parameter)),
    mayLackKeys: keyColumn.constant === undefined,
    column,
    selection: (attributes) => {
      const wanted = new Set(['key', ...attributes].flatMap((attribute) => raws.get(attribute) ?? []));
      return [...wanted].map((raw) => ({ name: raw, expression: dialect.exact(name.quoted(raw)) }));
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

/** Names of columns as the mapping writes them (`fkje`, `k.tyxydm`), as quoted SQL. */
class ColumnNames {
  constructor(
    private readonly dialect: Dialect,
    private readonly main: string,
  ) {}

  quoted(column: string): string {
    const point = column.indexOf('.');
    const [table, own] = point < 0 ? [this.main, column] : [column.slice(0, point), column.slice(point + 1)];
    return `${this.dialect.quote(table)}.${this.dialect.quote(own)}`;
  }
}

function fromClause(dialect: Dialect, mapping: BookMapping): string {
  const main = mapping.from as SqlTable;
  const mainName = main.as ?? main.table;
  const names = new ColumnNames(dialect, mainName);
  const table = `${dialect.quote(main.table)} AS ${dialect.quote(mainName)}`;
  const joins = (mapping.joins ?? []).map((join) => {
    const on = Object.entries(join.on).map(([joined, own]) => `${dialect.quote(join.as)}.${dialect.quote(joined)} = ${names.quoted(own)}`);
    return ` LEFT JOIN ${dialect.quote((join.from as SqlTable).table)} AS ${dialect.quote(join.as)} ON ${on.join(' AND ')}`;
  });
  return table + joins.join('');
}

function rowFilter(names: ColumnNames, filter: RowFilter, parameter: (value: Parameter) => string): string {
  const column = names.quoted(filter.column);
  if (filter.equals !== undefined) return `${column} = ${parameter(filter.equals)}`;
  if (filter.notEquals !== undefined) return `(${column} <> ${parameter(filter.notEquals)} OR ${column} IS NULL)`;
  if (filter.in !== undefined) return `${column} IN (${filter.in.map(parameter).join(', ')})`;
  return filter.empty ? `(${column} IS NULL OR ${column} = '')` : `(${column} IS NOT NULL AND ${column} <> '')`;
}

/** Whether the attribute's cells are numbers that the database can compare and add up; coded ones are texts. */
export function isNumeric(attribute: Attribute, column: ColumnMapping): boolean {
  return (attribute.kind === 'money' || attribute.kind === 'decimal' || attribute.kind === 'integer') && column.values === undefined;
}

function bound(dialect: Dialect, names: ColumnNames, attribute: Attribute, column: ColumnMapping, timeZone: string, storedAsNumber: boolean): BoundColumn {
  const decode = (raw: RawValue): Value => decodeCell(attribute, column, raw, timeZone);
  if (column.constant !== undefined) return constant(decode(undefined));
  const cell = column.columns ? `(${column.columns.map((own) => names.quoted(own)).join(" || '-' || ")})` : names.quoted(column.column as string);
  const numeric = isNumeric(attribute, column);
  return {
    expression: numeric ? cell : dialect.text(storedAsNumber ? dialect.numberAsText(cell) : cell),
    // A partner's column may be empty whatever the attribute says; such a row is set aside, but until then it is there.
    nullable: attribute.nullable ?? false,
    numeric,
    monotone: isMonotone(attribute, column),
    factor: attribute.kind === 'money' ? decodeMoney(1, column.unit) : attribute.kind === 'decimal' ? decodeDecimal(1, column.unit) : 1n,
    encode: (value) => encodeCell(attribute, column, value),
    decode,
  };
}

function constant(value: Value): BoundColumn {
  return {
    constant: value,
    expression: '',
    nullable: value === null,
    numeric: false,
    monotone: true,
    factor: 1n,
    encode: (own) => own as Parameter,
    decode: () => value,
  };
}

function placeOf(main: SqlTable, key: ColumnMapping, raw: Readonly<Record<string, RawValue>>): string {
  const cells = (key.columns ?? (key.column === undefined ? [] : [key.column])).map((name) => raw[name] ?? '');
  return `${main.table} ${isBytes(cells[0]) || cells.every((cell) => cell === '') ? 'without a key' : cells.join('-')}`;
}
