/** An entity in the hub's own store: the entity's table, one column for each attribute, rows of one source. */
import type { Attribute, EntityDefinition } from '../../../entities/definition.js';
import type { Value } from '../../../entities/kinds.js';
import type { Freshness } from '../../../entities/sourced.js';
import type { RawValue } from '../../mapping.js';
import type { Row } from '../../source.js';
import type { Binding, BoundColumn, Parameter } from './binding.js';
import { ANY_TYPE } from './columnType.js';
import type { Dialect } from './dialect.js';

/**
 * The binding of an entity's rows of one source in the store.
 *
 * @param isAlone whether no other source has rows of the entity
 */
export function storeBinding(dialect: Dialect, definition: EntityDefinition, source: string, how: Freshness, isAlone = false): Binding {
  const columns = new Map<string, BoundColumn>([
    ['source', { ...plain(''), constant: source }],
    ['key', plain(`${dialect.quote(definition.table)}.${dialect.quote('key')}`)],
  ]);
  for (const attribute of definition.attributes.values()) columns.set(attribute.name, bound(dialect, definition, attribute));
  // The attribute that is the key is read from the key's column, which is the one with the index.
  const key = definition.key === undefined ? undefined : columns.get(definition.key);
  if (key && !key.numeric) columns.set(definition.key as string, { ...key, expression: (columns.get('key') as BoundColumn).expression });

  const column = (name: string): BoundColumn => {
    const found = columns.get(name);
    if (!found) throw new Error(`${definition.name} has no attribute ${name}.`);
    return found;
  };
  return {
    entity: definition.name,
    from: dialect.quote(definition.table),
    base: [(parameter) => `${dialect.quote('source')} = ${parameter(source)}`, () => `${dialect.quote('closed_at')} IS NULL`],
    // SQLite holds the source to be a choice of few rows; it is one of all. The sign keeps its index out of it.
    ...(isAlone && {
      walked: {
        base: [() => `${dialect.quote('closed_at')} IS NULL`, (parameter) => `+${dialect.quote('source')} = ${parameter(source)}`],
        isIndexed: (name) =>
          name === 'key' || name === definition.key || definition.attributes.get(name)?.index === true || definition.links.some(({ from }) => from === name),
      },
    }),
    mayLackKeys: false,
    column,
    selection: (attributes) => [
      { name: 'key', expression: dialect.quote('key') },
      { name: 'as_of', expression: dialect.quote('as_of') },
      ...attributes
        .filter((name) => name !== 'key' && name !== 'source')
        .map((name) => {
          const { expression } = column(name);
          return { name, expression: isBig(definition.attributes.get(name)) ? dialect.exact(expression) : expression };
        }),
    ],
    row: (raw, attributes) => {
      const row: Record<string, Value> = { entity: definition.name, source, key: raw.key as string, asOf: raw.as_of as string, how };
      for (const name of attributes) if (name !== 'key' && name !== 'source') row[name] = column(name).decode(raw[name]);
      return { ok: true, row: row as Row };
    },
    place: (raw) => `${definition.table} ${String(raw.key)}`,
  };
}

function isBig(attribute: Attribute | undefined): boolean {
  return attribute?.kind === 'money' || attribute?.kind === 'decimal';
}

function bound(dialect: Dialect, definition: EntityDefinition, attribute: Attribute): BoundColumn {
  // With its table: alone it would, in ORDER BY, mean the selected text of the column instead of the number in it.
  const common = { ...plain(`${dialect.quote(definition.table)}.${dialect.quote(attribute.column)}`), nullable: attribute.nullable ?? false };
  switch (attribute.kind) {
    case 'money':
    case 'decimal':
      return { ...common, numeric: true, as: 'number', decode: (raw) => (raw === null ? null : BigInt(raw as string | number)) };
    case 'integer':
      return { ...common, numeric: true, as: 'number', decode: (raw) => (raw === null ? null : Number(raw)) };
    case 'boolean':
      return { ...common, monotone: false, encode: (value) => (value === null ? null : Number(value)), decode: (raw) => (raw === null ? null : Boolean(raw)) };
    default:
      return common;
  }
}

function plain(expression: string): BoundColumn {
  return {
    expression,
    type: ANY_TYPE,
    as: 'text',
    nullable: false,
    numeric: false,
    monotone: true,
    singular: true,
    factor: 1n,
    encode: (value) => value as Parameter,
    decode: (raw: RawValue) => raw as Value,
  };
}
