/** From a partner's raw row to ours. A row that breaks its mapping is set aside with every reason, never dropped. */
import type { BookMapping, ColumnMapping } from '../config/sourceFile.js';
import type { Attribute, EntityDefinition } from '../entities/definition.js';
import type { Value } from '../entities/kinds.js';
import { decodeCell, describeColumn, MappingProblem, showRaw } from './decode.js';
import { joinDesignation } from './designationText.js';
import type { RawRecord, RawValue } from './raw.js';
import type { Row, SetAside } from './source.js';

export type { RawRecord, RawValue } from './raw.js';

/** An attribute of an entity and where a partner keeps it. */
export interface MappedAttribute {
  readonly attribute: Attribute;
  readonly column: ColumnMapping;
}

/** What became of a raw row. */
export type Mapped = { readonly ok: true; readonly row: Row } | { readonly ok: false; readonly setAside: SetAside };

/** Makes rows of one entity out of one source's raw rows. */
export interface Mapper {
  readonly definition: EntityDefinition;
  /** What is mapped, by attribute name; `key` is always there. */
  readonly attributes: ReadonlyMap<string, MappedAttribute>;
  /** The names of all raw columns that it reads. */
  readonly columns: ReadonlySet<string>;
  /** The row of a raw row, stated as of an instant; nullable attributes that are not mapped are null. Never throws over what a cell holds. */
  map(record: RawRecord, asOf: string): Mapped;
  /** The same mapper, reading only the key and these attributes; its rows hold nothing else. */
  only(attributes: Iterable<string>): Mapper;
}

/** The source that a mapper's rows name as theirs. */
export interface MappedSource {
  readonly id: string;
  /** The zone of the partner's clocks. */
  readonly timeZone: string;
  readonly how: 'LIVE' | 'MIRRORED';
}

/** Most reasons that one row is set aside with. */
const MOST_REASONS = 5;
const LONGEST_KEY = 128;

/** The attribute that a row's key is read as: the entity's own key attribute, or a text of at most 128 characters. */
export function keyAttributeOf(definition: EntityDefinition): Attribute {
  const own = definition.key === undefined ? undefined : definition.attributes.get(definition.key);
  return own ?? { name: 'key', kind: 'text', column: 'key', description: 'Key of the row within its source.', length: LONGEST_KEY };
}

/**
 * Makes the mapper of an entity's book in a source.
 *
 * @throws Error when the mapping names no column for the key; `checkSourceFile` reports that before
 */
export function createMapper(definition: EntityDefinition, mapping: BookMapping, source: MappedSource): Mapper {
  const attributes = new Map<string, MappedAttribute>();
  for (const attribute of definition.attributes.values()) {
    const column = columnOf(mapping, attribute.name);
    if (column) attributes.set(attribute.name, { attribute, column });
  }
  const keyAttribute = keyAttributeOf(definition);
  const keyColumn = columnOf(mapping, keyAttribute.name);
  if (!keyColumn) throw new Error(`${definition.name} of ${source.id}: expected a column for ${keyAttribute.name}. Map it in source.yml.`);
  attributes.set('key', { attribute: keyAttribute, column: keyColumn });
  const absent = [...definition.attributes.keys()].filter((name) => !attributes.has(name));
  return makeMapper(definition, attributes, absent, source);
}

function makeMapper(definition: EntityDefinition, attributes: ReadonlyMap<string, MappedAttribute>, absent: readonly string[], source: MappedSource): Mapper {
  // The key is one of the attributes in most books: it is read once, under its own name.
  const keyName = attributes.get('key')?.attribute.name as string;
  const decoded = [...attributes].filter(([name]) => name !== 'key' || !attributes.has(keyName) || keyName === 'key');
  return {
    definition,
    attributes,
    columns: new Set([...attributes.values()].flatMap(({ column }) => columnsOf(column))),
    map: (record, asOf) => {
      if (record.problem !== undefined) return { ok: false, setAside: aside(definition.name, record, record.problem) };
      const values: Record<string, Value> = {};
      const reasons: string[] = [];
      for (const [name, { attribute, column }] of decoded) {
        try {
          values[name] = decodeCell(attribute, column, cellOf(column, record, attribute), source.timeZone);
        } catch (error) {
          if (!(error instanceof MappingProblem)) throw error;
          reasons.push(error.message);
        }
      }
      if (reasons.length) return { ok: false, setAside: aside(definition.name, record, joined(reasons)) };
      for (const name of absent) values[name] = null;
      const key = String(values[keyName] ?? values.key);
      return { ok: true, row: Object.assign(values, { entity: definition.name, source: source.id, key, asOf, how: source.how }) as Row };
    },
    only: (wanted) => {
      const names = new Set(wanted);
      const fewer = new Map([...attributes].filter(([name]) => name === 'key' || names.has(name)));
      return makeMapper(
        definition,
        fewer,
        absent.filter((name) => names.has(name)),
        source,
      );
    },
  };
}

/**
 * The cell of a mapping in a raw row; of several `columns` their texts joined with `-`, of a designation as one text;
 * undefined for a constant.
 *
 * @throws MappingProblem when the row has no such column, or one of several is empty
 */
export function cellOf(column: ColumnMapping, record: RawRecord, attribute: { readonly name: string }): RawValue {
  const cells = columnsOf(column).map((name) => {
    if (!Object.hasOwn(record.cells, name)) {
      throw new MappingProblem(`a column ${name} in the row`, `the columns ${columnList(Object.keys(record.cells))}`, attribute.name);
    }
    return record.cells[name];
  });
  if (!column.columns) return cells[0];
  const texts = cells.map((cell) => (cell instanceof Date ? cell.toISOString().slice(0, 10) : String(cell ?? '').trim()));
  if (column.designation) return joinDesignation(texts);
  const empty = texts.indexOf('');
  if (empty >= 0) throw new MappingProblem(`a value in column ${column.columns[empty]}`, showRaw(null), `${attribute.name} (${describeColumn(column)})`);
  return texts.join('-');
}

/** A mapped row beside the raw row that it was made of. */
export interface MappedRecord {
  readonly row: Row;
  readonly record: RawRecord;
}

/**
 * Parts the rows whose key is theirs alone from those that share one: a key that two rows carry identifies neither, so all
 * of them are set aside. For rows of one source; what is left keeps its order.
 */
export function setAsideDuplicates<M extends MappedRecord>(rows: readonly M[]): { accepted: M[]; setAside: { record: RawRecord; setAside: SetAside }[] } {
  const bearers = new Map<string, M[]>();
  for (const mapped of rows) {
    const identity = `${mapped.row.entity}\n${mapped.row.key}`;
    const others = bearers.get(identity);
    if (others) others.push(mapped);
    else bearers.set(identity, [mapped]);
  }
  const accepted: M[] = [];
  const setAside: { record: RawRecord; setAside: SetAside }[] = [];
  for (const same of bearers.values()) {
    if (same.length === 1) accepted.push(same[0] as M);
    else {
      const places = same.slice(0, PLACES_OF_SHARED_KEY).map(({ record }) => record.place);
      const reason = sharedKeyReason((same[0] as M).row.key, places, same.length);
      for (const { row, record } of same) setAside.push({ record, setAside: aside(row.entity, record, reason) });
    }
  }
  return { accepted, setAside };
}

/** So many of the rows that share a key are named to each of them. */
export const PLACES_OF_SHARED_KEY = 5;

/** Why a row that shares its key with others is set aside: where the first of them stand, and how many there are. */
export function sharedKeyReason(key: string, places: readonly string[], count: number): string {
  const more = count > places.length ? ` and ${count - places.length} more` : '';
  return `expected an id of its own, but got: ${showRaw(key)}, which is carried by ${count} rows: ${places.join('; ')}${more}`;
}

function columnOf(mapping: BookMapping, attribute: string): ColumnMapping | undefined {
  return Object.hasOwn(mapping.columns, attribute) ? mapping.columns[attribute] : undefined;
}

function columnsOf(column: ColumnMapping): readonly string[] {
  return column.columns ?? (column.column === undefined ? [] : [column.column]);
}

function aside(entity: string, record: RawRecord, reason: string): SetAside {
  return { entity, place: record.place, at: record.at, reason, raw: record.cells };
}

function joined(reasons: readonly string[]): string {
  const shown = reasons.slice(0, MOST_REASONS).join('; ');
  return reasons.length > MOST_REASONS ? `${shown}; and ${reasons.length - MOST_REASONS} more` : shown;
}

function columnList(names: readonly string[]): string {
  const most = 20;
  if (names.length === 0) return '(none)';
  const shown = names.slice(0, most).map((name) => (name.length > 40 ? `${name.slice(0, 39)}…` : name));
  return shown.join(', ') + (names.length > most ? ` and ${names.length - most} more` : '');
}
