/**
 * A book as plain rows in the test, read once through the graph, with filters, orders and sums over them that share no
 * code with the hub: what the graph gives is compared with what these give.
 */
import { type GraphQLInputObjectType, getNamedType, isListType } from 'graphql';
import '../../src/entities/index.js';
import { type Attribute, allDefinitions, type EntityDefinition } from '../../src/entities/definition.js';
import type { TestHub } from '../helpers/hub.js';

/** A value in the test: amounts and decimals as whole numbers of fen and millionths. */
export type ModelValue = string | bigint | number | null;

/** A row in the test; `sourceId` is among its values. */
export interface ModelRow {
  readonly id: string;
  readonly entity: string;
  readonly source: string;
  readonly key: string;
  readonly values: Readonly<Record<string, ModelValue>>;
}

/** One term of an order as a document writes it. */
export type OrderInput = Readonly<Record<string, 'ASC' | 'DESC'>>;

/** The definition of an entity by its name. */
export function definitionNamed(name: string): EntityDefinition {
  const found = allDefinitions().find((definition) => definition.name === name);
  if (!found) throw new Error(`There is no entity ${name}.`);
  return found;
}

/** Every row of a book that has a root field, in the order in which they come unasked. */
export async function readBook(hub: TestHub, entity: string): Promise<ModelRow[]> {
  const { plural, attributes } = definitionNamed(entity);
  const data = await hub.ask(
    `{ ${plural}(first: 1000) { nodes { id provenance { sourceId } ${[...attributes.keys()].join(' ')} } pageInfo { hasNextPage } } }`,
  );
  if (data[plural].pageInfo.hasNextPage) throw new Error(`${plural} are more than the test reads.`);
  return (data[plural].nodes as Record<string, string | number | null>[]).map((node) => rowOf(node, attributes));
}

/** A row of the test, of a node with its id and all attributes. */
export function rowOf(node: Record<string, unknown>, attributes: ReadonlyMap<string, Attribute>): ModelRow {
  const [entity, source, ...key] = Buffer.from(String(node.id), 'base64url').toString('utf8').split(':');
  const values: Record<string, ModelValue> = { sourceId: source as string };
  for (const [name, { kind }] of attributes) values[name] = inUnits(kind, node[name] as string | number | null);
  return { id: String(node.id), entity: entity as string, source: source as string, key: key.join(':'), values };
}

/** A value of the graph in the test's units. */
export function inUnits(kind: string, value: string | number | null): ModelValue {
  if (value === null) return null;
  const places = kind === 'money' ? 2 : kind === 'decimal' ? 6 : undefined;
  if (places === undefined) return value;
  const [whole, fraction = ''] = String(value).split('.');
  return BigInt(`${whole}${fraction.padEnd(places, '0')}`);
}

/** A value in the test's units as a document writes it. */
export function written(kind: string, value: ModelValue): string | number | null {
  if (typeof value !== 'bigint') return value;
  const places = kind === 'money' ? 2 : 6;
  const digits = String(value < 0n ? -value : value).padStart(places + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Order of two values that are there: texts by the bytes of their UTF-8. */
export function compare(a: ModelValue, b: ModelValue): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  if (a === b) return 0;
  return (a as bigint) < (b as bigint) ? -1 : 1;
}

/** Rows in an order: empty values last in either direction; ties by entity and source, then key in the direction of the last term. */
export function inOrder(rows: readonly ModelRow[], orderBy: readonly OrderInput[]): ModelRow[] {
  const keys = Object.values(orderBy.at(-1) ?? {})[0] === 'DESC' ? -1 : 1;
  return [...rows].sort((a, b) => {
    for (const term of orderBy) {
      const [name, direction] = Object.entries(term)[0] as [string, string];
      const [left, right] = [a.values[name] ?? null, b.values[name] ?? null];
      if (left === null || right === null) {
        if (left !== right) return left === null ? 1 : -1;
        continue;
      }
      const order = compare(left, right);
      if (order !== 0) return direction === 'DESC' ? -order : order;
    }
    return compare(`${a.entity}/${a.source}`, `${b.entity}/${b.source}`) || keys * compare(a.key, b.key);
  });
}

type Where = Readonly<Record<string, unknown>>;

/** Whether a row keeps a `where` of a document, by its definition's kinds. */
export function keeps(row: ModelRow, where: Where, kindOf: (attribute: string) => string): boolean {
  return Object.entries(where).every(([name, given]) => {
    if (name === 'and') return (given as Where[]).every((part) => keeps(row, part, kindOf));
    if (name === 'or') return (given as Where[]).some((part) => keeps(row, part, kindOf));
    if (name === 'not') return !keeps(row, given as Where, kindOf);
    const actual = row.values[name] ?? null;
    return Object.entries(given as Where).every(([is, value]) => compares(actual, is, value, (text) => inUnits(kindOf(name), text as string)));
  });
}

function compares(actual: ModelValue, is: string, given: unknown, read: (value: unknown) => ModelValue): boolean {
  if (is === 'isNull') return (actual === null) === given;
  if (actual === null) return false;
  if (is === 'in') return (given as unknown[]).some((value) => compare(actual, read(value)) === 0);
  if (is === 'contains') return (actual as string).indexOf(given as string) >= 0;
  if (is === 'startsWith') return (actual as string).indexOf(given as string) === 0;
  const order = compare(actual, read(given));
  const kept: Record<string, boolean> = { eq: order === 0, lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 };
  if (!(is in kept)) throw new Error(`The model knows no operator ${is}.`);
  return kept[is] as boolean;
}

/** The fields of an input type of the schema with the names of their types, and whether each is a list. */
export function inputFields(hub: TestHub, type: string): { name: string; type: string; isList: boolean }[] {
  const { schema } = hub.hub;
  const fields = Object.values((schema.getType(type) as GraphQLInputObjectType).getFields());
  return fields.map((field) => ({ name: field.name, type: getNamedType(field.type).name, isList: isListType(field.type) }));
}
