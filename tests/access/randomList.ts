/**
 * A random list of an entity, asked by a viewer, and what is to come: by plain code over the rows that the reference model
 * shows. A row is seen by a filter, an order, a group or a total only where all shows that those rest on.
 */
import { parse as parseCsv } from 'csv-parse/sync';
import { parse } from 'graphql';
import { expect } from 'vitest';
import { allDefinitions, definitionOf, type EntityDefinition, linksInto, snakeCase } from '../../src/entities/definition.js';
import { type Value, valueKinds } from '../../src/entities/kinds.js';
import type { Row } from '../../src/sources/source.js';
import { rowsOf } from './exporting.js';
import { writtenValue } from './randomDocument.js';
import type { ModelViewer, ModelWorld } from './referenceModel.js';
import { anyValue, type Draw, seenOf, type WorldHub } from './world.js';

/** The longest page. */
const LARGEST = 1_000;

const ROOTS = new Set(['Tenant', 'Investment', 'Fund', 'PortfolioReport', 'Loan', 'LoanProduct', 'BorrowerProfile', 'PatentPledge', 'Bank', 'Investor']);
/** Every entity that has a list of its own; the others come by links. */
export const LISTED = allDefinitions().filter(({ name }) => !['Park', 'CashFlow', 'Valuation'].includes(name));

/** A way from an entity to another, in either direction. */
interface Way {
  readonly field: string;
  readonly to: EntityDefinition;
  readonly own: string;
  readonly other: string;
  readonly many: boolean;
  readonly within: boolean;
}

function waysOf(definition: EntityDefinition): Way[] {
  const forward = definition.links.map((link) => ({
    field: link.name,
    to: definitionOf(link.target()),
    own: link.from,
    other: link.to,
    many: false,
    within: link.withinSource ?? false,
  }));
  const back = linksInto(definition).flatMap(({ link, from }) =>
    link.inverse ? [{ field: link.inverse.name, to: from, own: link.to, other: link.from, many: !link.inverse.one, within: link.withinSource ?? false }] : [],
  );
  return [...forward, ...back];
}

/** A filter in the test: its text for the document, what it rests on, and whether a row keeps it. */
interface Filter {
  readonly text: string;
  readonly rests: readonly string[];
  readonly keeps: (row: Row) => boolean;
}

/** A world, who asks, and where random choices come from. */
export interface Case {
  readonly hub: Pick<WorldHub, 'ask' | 'export'>;
  readonly draw: Draw;
  readonly world: ModelWorld;
  readonly viewer: ModelViewer;
}

const isOfEveryRow = (name: string): boolean => name === 'source' || name === 'key';
const pick = <T>(draw: Draw, items: readonly T[]): T => items[draw(items.length)] as T;
const valueIn = (row: Row, name: string): Value => row[name] ?? null;

/** The rows of an entity in which the viewer sees all of these. */
function rowsShowing({ viewer, world }: Case, definition: EntityDefinition, rests: readonly string[]): Row[] {
  return world.rows.filter((row) => {
    const seen = row.entity === definition.name ? seenOf(viewer, row, world) : undefined;
    return seen !== undefined && rests.every((name) => isOfEveryRow(name) || seen.has(name));
  });
}

/** The other rows that a way leads to from a row, of those given. */
function reached(row: Row, { own, other, within }: Way, others: readonly Row[]): Row[] {
  const value = valueIn(row, own);
  return value === null ? [] : others.filter((candidate) => valueIn(candidate, other) === value && (!within || candidate.source === row.source));
}

function anyFilter(given: Case, definition: EntityDefinition, depth: number): Filter {
  const { draw } = given;
  const kind = draw(8);
  if (depth > 0 && kind === 0) {
    const inner = anyFilter(given, definition, depth - 1);
    return { text: `not: {${inner.text}}`, rests: inner.rests, keeps: (row) => !inner.keeps(row) };
  }
  if (depth > 0 && kind === 1) {
    const parts = [anyFilter(given, definition, depth - 1), anyFilter(given, definition, depth - 1)];
    return {
      text: `or: [${parts.map(({ text }) => `{${text}}`).join(', ')}]`,
      rests: parts.flatMap(({ rests }) => rests),
      keeps: (row) => parts.some(({ keeps }) => keeps(row)),
    };
  }
  const ways = waysOf(definition);
  if (depth > 0 && kind < 5 && ways.length > 0) {
    const way = pick(draw, ways);
    const inner = anyFilter(given, way.to, depth - 1);
    const others = (keeps: (row: Row) => boolean): Row[] => rowsShowing(given, way.to, [...inner.rests, way.other]).filter(keeps);
    const [kept, broken] = [others(inner.keeps), others((row) => !inner.keeps(row))];
    const some = (rows: readonly Row[]) => (row: Row) => reached(row, way, rows).length > 0;
    if (!way.many) return { text: `${way.field}: {${inner.text}}`, rests: [way.own], keeps: some(kept) };
    const quantifier = pick(draw, ['some', 'none', 'every'] as const);
    const keeps = quantifier === 'some' ? some(kept) : quantifier === 'none' ? (row: Row) => !some(kept)(row) : (row: Row) => !some(broken)(row);
    return { text: `${way.field}: {${quantifier}: {${inner.text}}}`, rests: [way.own], keeps };
  }
  return comparison(given, definition);
}

function comparison({ draw, world }: Case, definition: EntityDefinition): Filter {
  const attributes = [...definition.attributes.values()].filter(({ filter }) => filter);
  if (attributes.length === 0) return { text: 'sourceId: {isNull: false}', rests: [], keeps: () => true };
  const attribute = pick(draw, attributes);
  const { name, kind } = attribute;
  if (draw(6) === 0) return { text: `${name}: {isNull: true}`, rests: [name], keeps: (row) => valueIn(row, name) === null };
  const known = world.rows.filter((row) => row.entity === definition.name && valueIn(row, name) !== null).map((row) => valueIn(row, name));
  const value =
    known.length > 0 && kind !== 'uscc'
      ? pick(draw, known)
      : kind === 'uscc'
        ? pick(
            draw,
            world.rows.filter((row) => row.entity === 'Tenant'),
          ).key
        : anyValue(definition, { ...attribute, nullable: false }, 'park', world.rows, draw);
  const written = kind === 'enum' ? String(value) : JSON.stringify(valueKinds[kind].graphql.serialize(value));
  const is = valueKinds[kind].ordered ? pick(draw, ['eq', 'lt', 'gte'] as const) : 'eq';
  const keeps = (row: Row): boolean => {
    const own = valueIn(row, name);
    if (own === null) return false;
    const order = compare(own, value);
    return is === 'eq' ? order === 0 : is === 'lt' ? order < 0 : order >= 0;
  };
  return { text: `${name}: {${is}: ${written}}`, rests: [name], keeps };
}

function compare(a: Value, b: Value): number {
  if (a === b) return 0;
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return (a as bigint) < (b as bigint) ? -1 : 1;
}

/** An order in the test: its text, what it rests on, and the value of a row in it. */
interface Order {
  readonly text: string;
  readonly rests: readonly string[];
  readonly descending: boolean;
  readonly crosses: boolean;
  readonly of: (row: Row) => Value;
}

function anyOrder(given: Case, definition: EntityDefinition): Order | undefined {
  const { draw } = given;
  const descending = draw(2) === 0;
  const way = descending ? 'DESC' : 'ASC';
  const ways = waysOf(definition);
  if (draw(3) === 0 && ways.length > 0) {
    const over = pick(draw, ways);
    const common = { descending, crosses: true, rests: [over.own] };
    const figures = [...over.to.attributes.values()].filter(({ total }) => total);
    if (!over.many) {
      const ordered = [...over.to.attributes.values()].filter(({ order }) => order);
      if (ordered.length === 0) return undefined;
      const { name } = pick(draw, ordered);
      // The row behind the link is one: that it is not shown, and that the value of it is not, come to the same.
      const others = rowsShowing(given, over.to, [over.other, name]);
      return { ...common, text: `{${over.field}: {${name}: ${way}}}`, of: (row) => reached(row, over, others).map((other) => valueIn(other, name))[0] ?? null };
    }
    if (figures.length === 0 || draw(2) === 0) {
      const others = rowsShowing(given, over.to, [over.other]);
      return { ...common, text: `{${over.field}: {count: ${way}}}`, of: (row) => reached(row, over, others).length };
    }
    const { name } = pick(draw, figures);
    const others = rowsShowing(given, over.to, [over.other, name]);
    return { ...common, text: `{${over.field}: {sum: {${name}: ${way}}}}`, of: (row) => sumOf(reached(row, over, others), name) };
  }
  const ordered = [...definition.attributes.values()].filter(({ order }) => order);
  if (ordered.length === 0) return undefined;
  const { name } = pick(draw, ordered);
  return { text: `{${name}: ${way}}`, rests: [name], descending, crosses: false, of: (row) => valueIn(row, name) };
}

function sumOf(rows: readonly Row[], name: string): bigint | null {
  const values = rows.map((row) => valueIn(row, name)).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum: bigint, value) => sum + BigInt(value as bigint), 0n);
}

/** Rows in an order: empty values last; those that tie by source, then by key, the way of an own term. */
function inOrder(rows: readonly Row[], order: Order | undefined): Row[] {
  const keys = order && !order.crosses && order.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    if (order) {
      const [left, right] = [order.of(a), order.of(b)];
      if (left === null || right === null) {
        if (left !== right) return left === null ? 1 : -1;
      } else {
        const result = compare(left, right);
        if (result !== 0) return order.descending ? -result : result;
      }
    }
    return compare(a.source, b.source) || keys * compare(a.key, b.key);
  });
}

function listText(definition: EntityDefinition, given: readonly string[], selection: string): string {
  const list = `${definition.plural}${given.length > 0 ? `(${given.join(', ')})` : ''} { ${selection} }`;
  return ROOTS.has(definition.name) ? `{ ${list} }` : `{ park { ${list} } }`;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of any shape
function listIn(data: any, definition: EntityDefinition): any {
  return ROOTS.has(definition.name) ? data[definition.plural] : data.park[definition.plural];
}

/** A row as the viewer is to see it. */
function nodeOf({ viewer, world }: Case, row: Row): Record<string, unknown> {
  const seen = seenOf(viewer, row, world) as ReadonlySet<string>;
  return Object.fromEntries(
    [...(allDefinitions().find(({ name }) => name === row.entity) as EntityDefinition).attributes.keys()].map((name) => [
      name,
      seen.has(name) ? writtenValue(row, name) : null,
    ]),
  );
}

/** The totals that are to come, by the group's value. */
function totalsOf(given: Case, definition: EntityDefinition, where: Filter | undefined, group: string | undefined, figure: string | undefined) {
  const rests = [...(where?.rests ?? []), ...(group ? [group] : []), ...(figure ? [figure] : [])];
  const rows = rowsShowing(given, definition, rests).filter((row) => !where || where.keeps(row));
  const groups = group ? [...new Set(rows.map((row) => valueIn(row, group)))] : [null];
  const ordered = groups.sort((a, b) => (a === null || b === null ? Number(a === null) - Number(b === null) : compare(a, b)));
  return ordered.map((value) => {
    const members = group ? rows.filter((row) => valueIn(row, group) === value) : rows;
    const sum = figure ? sumOf(members, figure) : null;
    const kind = figure ? definition.attributes.get(figure)?.kind : undefined;
    return {
      count: members.length,
      ...(group ? { group: { [group]: value } } : {}),
      ...(figure ? { sum: { [figure]: sum === null ? null : kind === 'integer' ? Number(sum) : valueKinds[kind as 'money'].graphql.serialize(sum) } } : {}),
    };
  });
}

/** Asks one random list, and compares it. Gives how many rows are to come, and whether a filter let them through. */
export async function checkList(given: Case, definition: EntityDefinition): Promise<{ rows: number; filtered: boolean }> {
  const { draw, hub } = given;
  const where = draw(4) > 0 ? anyFilter(given, definition, 2) : undefined;
  const order = draw(3) > 0 ? anyOrder(given, definition) : undefined;
  const grouping = [...definition.attributes.values()].filter(({ group, kind }) => group && kind !== 'date' && kind !== 'dateTime').map(({ name }) => name);
  const figures = [...definition.attributes.values()].filter(({ total }) => total).map(({ name }) => name);
  const group = grouping.length > 0 && draw(2) === 0 ? pick(draw, grouping) : undefined;
  const figure = figures.length > 0 && draw(2) === 0 ? pick(draw, figures) : undefined;
  const wheres = where ? [`where: {${where.text}}`] : [];
  const orders = order ? [`orderBy: [${order.text}]`] : [];
  const names = [...definition.attributes.keys()].join(' ');
  const totals = `totals${group ? `(groupBy: [${snakeCase(group).toUpperCase()}])` : ''} { count ${group ? `group { ${group} }` : ''} ${figure ? `sum { ${figure} }` : ''} }`;
  // A count beside the rows makes the hub plan what it would else probe: both are to say the same.
  const selection = draw(2) === 0 ? `nodes { ${names} } totalCount ${totals}` : `nodes { ${names} }`;
  const document = listText(definition, [...wheres, ...orders, `first: ${LARGEST}`], selection);
  const shown = `${JSON.stringify(given.viewer)} asks ${document}`;

  const kept = (rests: readonly string[]): Row[] =>
    rowsShowing(given, definition, [...(where?.rests ?? []), ...rests]).filter((row) => !where || where.keeps(row));
  const expected = inOrder(kept(order?.rests ?? []), order);
  const answer = await hub.ask(given.viewer, parse(document, { noLocation: true }));
  expect(answer.errors, shown).toBeUndefined();
  const list = JSON.parse(JSON.stringify(listIn(answer.data, definition)));
  expect(list.nodes, shown).toEqual(expected.slice(0, LARGEST).map((row) => nodeOf(given, row)));
  if ('totalCount' in list) {
    expect(list.totalCount, shown).toBe(kept([]).length);
    expect(list.totals, shown).toEqual(totalsOf(given, definition, where, group, figure));
  }
  if (draw(6) === 0) await checkExport(given, definition, [...wheres, ...orders], expected);
  if (draw(4) === 0) await walk(given, definition, [...wheres, ...orders], expected, draw(2) === 0);
  return { rows: expected.length, filtered: where !== undefined && expected.length > 0 };
}

/** The whole list as a file, in both forms: the same rows, and at each what of it is hidden. */
async function checkExport(given: Case, definition: EntityDefinition, args: readonly string[], expected: readonly Row[]): Promise<void> {
  const names = [...definition.attributes.keys()];
  const document = listText(definition, args, `nodes { ${names.join(' ')} }`);
  const shown = `${JSON.stringify(given.viewer)} exports ${document}`;
  const hiddenIn = (row: Row): string[] => names.filter((name) => !seenOf(given.viewer, row, given.world)?.has(name));
  const parsed = parse(document, { noLocation: true });

  const lines = await given.hub.export(given.viewer, parsed, 'jsonl');
  const rows = expected.map((row) => ({ ...nodeOf(given, row), ...(hiddenIn(row).length > 0 ? { extensions: { hidden: hiddenIn(row) } } : {}) }));
  expect(rowsOf(lines), shown).toEqual(rows);
  expect(JSON.parse(lines.trimEnd().split('\n').at(-1) ?? ''), shown).toMatchObject({ extensions: { export: { rows: expected.length, hasNextPage: false } } });

  const [, ...table] = (await given.hub.export(given.viewer, parsed, 'csv')).split('\n');
  const cells = parseCsv(table.join('\n'), { bom: true, record_delimiter: '\r\n' });
  const written = expected.map((row) => [...Object.values(nodeOf(given, row)).map((value) => (value === null ? '' : String(value))), hiddenIn(row).join(' ')]);
  expect(cells, shown).toEqual([[...names, 'extensions.hidden'], ...written]);
}

/** Pages over the list, forwards or backwards, two rows or a quarter of the list at a time: every row once, and no others. */
async function walk({ viewer, hub }: Case, definition: EntityDefinition, given: readonly string[], expected: readonly Row[], backwards: boolean) {
  const ids: string[] = [];
  const size = Math.min(LARGEST, Math.max(2, Math.ceil(expected.length / 4)));
  let cursor: string | null = null;
  for (let page = 0; page <= expected.length; page++) {
    const at: string[] = cursor === null ? [] : [`${backwards ? 'before' : 'after'}: "${cursor}"`];
    const document = listText(
      definition,
      [...given, `${backwards ? 'last' : 'first'}: ${size}`, ...at],
      'edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage }',
    );
    const { data, errors } = await hub.ask(viewer, parse(document, { noLocation: true }));
    expect(errors, document).toBeUndefined();
    const { edges, pageInfo } = listIn(data, definition) as {
      edges: { cursor: string; node: { id: string } }[];
      pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean };
    };
    const own = edges.map(({ node }) => node.id);
    if (backwards) ids.unshift(...own);
    else ids.push(...own);
    cursor = (backwards ? edges[0] : edges.at(-1))?.cursor ?? null;
    if (!(backwards ? pageInfo.hasPreviousPage : pageInfo.hasNextPage) || cursor === null) break;
  }
  expect(
    ids.map((id) => Buffer.from(id, 'base64url').toString('utf8')),
    `${JSON.stringify(viewer)} pages ${definition.plural}(${given.join(', ')})`,
  ).toEqual(expected.map((row) => `${row.entity}:${row.source}:${row.key}`));
}
