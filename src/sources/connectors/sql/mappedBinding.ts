/** An entity in a partner's database, as its source.yml declares it. */
import type { BookMapping, ColumnMapping, RowFilter, SqlTable } from '../../../config/sourceFile.js';
import type { Attribute, EntityDefinition } from '../../../entities/definition.js';
import type { Value } from '../../../entities/kinds.js';
import { decodeCell, encodeCell, isMonotone, MappingProblem } from '../../decode.js';
import type { RawValue } from '../../mapping.js';
import type { Row } from '../../source.js';
import type { Binding, BoundColumn, Parameter } from './binding.js';
import type { Dialect } from './dialect.js';

interface MappedOptions {
  readonly dialect: Dialect;
  readonly definition: EntityDefinition;
  readonly mapping: BookMapping;
  readonly source: { readonly id: string; readonly timeZone: string };
}

/** A partner's key is a text like any other. */
const KEY: Attribute = { name: 'key', kind: 'text', column: 'key', description: '', length: 128 };

/** The binding of an entity to the tables and columns that its book's mapping names. */
export function mappedBinding({ dialect, definition, mapping, source }: MappedOptions): Binding {
  const main = mapping.from as SqlTable;
  const name = new ColumnNames(dialect, main.as ?? main.table);
  const columns = new Map<string, BoundColumn>([['source', constant(source.id)]]);
  const raws = new Map<string, readonly string[]>();

  const add = (attribute: Attribute, column: ColumnMapping): void => {
    raws.set(attribute.name, column.columns ?? (column.column === undefined ? [] : [column.column]));
    columns.set(attribute.name, bound(name, attribute, column, source.timeZone));
  };
  for (const attribute of definition.attributes.values()) {
    const column = mapping.columns[attribute.name];
    if (column) add(attribute, column);
    else columns.set(attribute.name, constant(null));
  }
  const keyAttribute = definition.key ? definition.attributes.get(definition.key) : KEY;
  const keyColumn = mapping.columns[definition.key ?? 'key'];
  if (!keyAttribute || !keyColumn) throw new Error(`${definition.name} of ${source.id} maps no key.`);
  add({ ...keyAttribute, name: 'key' }, keyColumn);

  const column = (attribute: string): BoundColumn => {
    const found = columns.get(attribute);
    if (!found) throw new Error(`${definition.name} has no attribute ${attribute}.`);
    return found;
  };
  const mappingOf = (attribute: string): { attribute: Attribute; column: ColumnMapping } | undefined => {
    const isKey = attribute === 'key';
    const mapped = isKey ? keyColumn : mapping.columns[attribute];
    const defined = isKey ? { ...keyAttribute, name: 'key' } : definition.attributes.get(attribute);
    return mapped && defined && { attribute: defined, column: mapped };
  };

  return {
    entity: definition.name,
    from: fromClause(dialect, mapping),
    base: [
      ...(columns.get('key')?.expression ? [() => `${columns.get('key')?.expression} IS NOT NULL`] : []),
      ...(mapping.where ?? []).map((filter) => (parameter: (value: Parameter) => string) => rowFilter(name, filter, parameter)),
    ],
    column,
    selection: (attributes) => {
      const wanted = new Set(['key', ...attributes].flatMap((attribute) => raws.get(attribute) ?? []));
      return [...wanted].map((raw) => ({ name: raw, expression: dialect.exact(name.quoted(raw)) }));
    },
    row: (raw, attributes, asOf) => {
      try {
        const decode = (attribute: string): Value => {
          const mapped = mappingOf(attribute);
          if (!mapped) return null;
          return decodeCell(mapped.attribute, mapped.column, cellOf(mapped.column, raw), source.timeZone);
        };
        const row: Record<string, Value> = { entity: definition.name, source: source.id, key: decode('key') as string, asOf, how: 'LIVE' };
        for (const attribute of attributes) if (attribute !== 'key' && attribute !== 'source') row[attribute] = decode(attribute);
        return { ok: true, row: row as Row };
      } catch (error) {
        if (!(error instanceof MappingProblem)) throw error;
        return { ok: false, setAside: { entity: definition.name, place: placeOf(main, keyColumn, raw), reason: error.message, raw } };
      }
    },
    place: (raw) => placeOf(main, keyColumn, raw),
  };
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

function bound(name: ColumnNames, attribute: Attribute, column: ColumnMapping, timeZone: string): BoundColumn {
  const decode = (raw: RawValue): Value => decodeCell(attribute, column, raw, timeZone);
  if (column.constant !== undefined) return constant(decode(undefined));
  const expression = column.columns ? `(${column.columns.map((own) => name.quoted(own)).join(" || '-' || ")})` : name.quoted(column.column as string);
  const numeric = attribute.kind === 'money' || attribute.kind === 'decimal' || attribute.kind === 'integer';
  const one = attribute.kind === 'money' || attribute.kind === 'decimal' ? (decode(1) as bigint) : 1n;
  return {
    expression,
    // A partner's column may be empty whatever the attribute says; such a row is set aside, but until then it is there.
    nullable: attribute.nullable ?? false,
    numeric,
    monotone: isMonotone(attribute, column),
    factor: one,
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

function cellOf(column: ColumnMapping, raw: Readonly<Record<string, RawValue>>): RawValue {
  if (column.columns) return column.columns.map((own) => String(raw[own] ?? '')).join('-');
  return column.column === undefined ? undefined : raw[column.column];
}

function placeOf(main: SqlTable, key: ColumnMapping, raw: Readonly<Record<string, RawValue>>): string {
  return `${main.table} ${String(cellOf(key, raw) ?? 'without a key')}`;
}
