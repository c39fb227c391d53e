/** Random documents from the schema: any fields, filters, orders, totals, links, cursors and ids. */
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { allDefinitions } from '../../src/entities/definition.js';
import { valueKinds } from '../../src/entities/kinds.js';
import { globalId } from '../../src/schema/ids.js';
import type { Row } from '../../src/sources/source.js';
import { attributesOf, type Draw, INVESTORS, TENANTS } from './world.js';

/** What is no list of rows, and what the model has no word for: tested elsewhere. */
const LEFT_OUT = ['sources', 'openCompanies', 'aliasDecisions', 'whatCanSee', 'figures'];

/** Lists of what is no row of a book. */
const NO_ROWS = ['openCompanies', 'aliasDecisions', 'authorizations', 'readsOfMyData', 'discrepancies'];

/** The arguments of a page, which come last. */
const OF_A_PAGE = /(?:, )?(?:first|last): \d+(?:, (?:after|before): "[^"]*")?(?=\)$)/;

/** How a random document may look. */
interface Making {
  readonly draw: Draw;
  readonly schema: GraphQLSchema;
  readonly rows: readonly Row[];
  /** Objects that may still be selected: a document ends. */
  budget: number;
}

/** A document over a world. Ids, cursors and values in it are of rows that are there, whoever may see them. */
export function anyDocument(draw: Draw, schema: GraphQLSchema, rows: readonly Row[]): string {
  const making: Making = { draw, schema, rows, budget: 12 };
  const query = schema.getQueryType() as GraphQLObjectType;
  const roots = Object.values(query.getFields()).filter(({ name }) => !LEFT_OUT.includes(name));
  const chosen = Array.from({ length: 1 + draw(2) }, (_, index) => `f${index}: ${fieldText(making, pick(making, roots), 0)}`);
  return `{ ${chosen.join(' ')} }`;
}

/** A document that exports one list of the world: of the park's, or of a row's. */
export function anyExport(draw: Draw, schema: GraphQLSchema, rows: readonly Row[]): string {
  const making: Making = { draw, schema, rows, budget: 6 };
  const isList = (field: GraphQLField<unknown, unknown>): boolean => getNamedType(field.type).name.endsWith('Connection') && !NO_ROWS.includes(field.name);
  const listsOf = (type: GraphQLOutputType) => Object.values((getNamedType(type) as GraphQLObjectType).getFields()).filter(isList);
  const listText = (field: GraphQLField<unknown, unknown>): string => {
    const nodes = (getNamedType(field.type) as GraphQLObjectType).getFields().nodes as GraphQLField<unknown, unknown>;
    // The whole list, most of the time.
    const given = draw(4) === 0 ? argumentsText(making, field) : argumentsText(making, field).replace(OF_A_PAGE, '').replace('()', '');
    return `${field.name}${given} { nodes${selectionText(making, nodes.type, 5)} }`;
  };
  const query = schema.getQueryType() as GraphQLObjectType;
  const within = draw(3) === 0 ? query.getFields()[pick(making, ['park', 'tenant', 'portfolio'])] : undefined;
  const inner = within ? listsOf(within.type) : [];
  if (!within || inner.length === 0) return `{ ${listText(pick(making, listsOf(query)))} }`;
  return `{ ${within.name}${argumentsText(making, within)} { ${listText(pick(making, inner))} } }`;
}

function pick<T>({ draw }: Making, items: readonly T[]): T {
  return items[draw(items.length)] as T;
}

function some<T>(making: Making, items: readonly T[], most: number): T[] {
  const left = [...items];
  const count = Math.min(left.length, 1 + making.draw(most));
  return Array.from({ length: count }, () => left.splice(making.draw(left.length), 1)[0] as T);
}

function fieldText(making: Making, field: GraphQLField<unknown, unknown>, depth: number): string {
  const given = argumentsText(making, field);
  return `${field.name}${given}${selectionText(making, field.type, depth)}`;
}

function selectionText(making: Making, type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isInterfaceType(named) && named.name !== 'Financing') {
    const types = some(making, making.schema.getPossibleTypes(named), 3);
    return ` { __typename id ${types.map((of) => `... on ${of.name}${selectionText(making, of, depth)}`).join(' ')} }`;
  }
  if (!isObjectType(named) && !isInterfaceType(named)) return '';
  making.budget--;
  const fields = Object.values(named.getFields());
  const leaves = fields.filter((field) => isLeaf(field) && !field.args.some((argument) => isNonNullType(argument.type)));
  const deeper = fields.filter((field) => !isLeaf(field) && !LEFT_OUT.includes(field.name) && field.name !== 'provenance');
  const isRow = fields.some(({ name }) => name === 'id') && fields.some(({ name }) => name === 'provenance');
  const chosen = isRow ? ['__typename', 'id'] : [];
  for (const field of some(making, leaves.length > 0 ? leaves : fields, isRow ? 5 : 4)) if (isLeaf(field) && field.name !== 'id') chosen.push(field.name);
  // Under a connection: its nodes or edges, most of the time.
  const most = isRow ? 1 : named.name.endsWith('Connection') ? 2 : 3;
  if (deeper.length > 0 && depth < 7 && (making.budget > 0 || chosen.length === 0)) {
    for (const field of some(making, deeper, most)) chosen.push(fieldText(making, field, depth + 1));
  }
  return ` { ${chosen.length > 0 ? chosen.join(' ') : '__typename'} }`;
}

function isLeaf(field: GraphQLField<unknown, unknown>): boolean {
  const named = getNamedType(field.type);
  return !isObjectType(named) && !isInterfaceType(named);
}

function argumentsText(making: Making, field: GraphQLField<unknown, unknown>): string {
  const { draw } = making;
  const byName = new Map(field.args.map((argument) => [argument.name, argument]));
  const given: string[] = [];
  if (byName.has('orderBy')) {
    const entity = getNamedType(field.type).name.replace(/Connection$/, '');
    const backwards = draw(4) === 0;
    const order = draw(3) > 0 ? orderText(making, (byName.get('orderBy') as GraphQLArgument).type) : undefined;
    if (order) given.push(`orderBy: ${order.text}`);
    if (draw(2) === 0) given.push(`where: ${inputText(making, (byName.get('where') as GraphQLArgument).type, 2, entity)}`);
    given.push(`${backwards ? 'last' : 'first'}: ${1 + draw(4)}`);
    const cursor = draw(3) === 0 && (!order || order.own) ? forgedCursor(making, entity, order?.own) : undefined;
    if (cursor) given.push(`${backwards ? 'before' : 'after'}: "${cursor}"`);
  } else {
    for (const argument of field.args) {
      const value = argumentText(making, field, argument);
      if (value !== undefined) given.push(`${argument.name}: ${value}`);
    }
  }
  return given.length > 0 ? `(${given.join(', ')})` : '';
}

function argumentText(making: Making, field: GraphQLField<unknown, unknown>, argument: GraphQLArgument): string | undefined {
  const { draw } = making;
  switch (argument.name) {
    case 'id':
      return `"${globalId(pick(making, making.rows))}"`;
    case 'ids':
      return JSON.stringify(some(making, making.rows, 4).map(globalId));
    case 'uscc':
      return `"${pick(making, TENANTS)}"`;
    case 'investor':
      return `"${pick(making, INVESTORS)}"`;
    case 'first':
      return String(1 + draw(4));
    case 'groupBy': {
      const values = getNamedType(argument.type);
      return isEnumType(values) && draw(3) > 0
        ? `[${some(making, values.getValues(), 2)
            .map(({ name }) => name)
            .join(', ')}]`
        : undefined;
    }
    case 'having':
    case 'among':
      return draw(5) === 0 ? inputText(making, argument.type, 1, field.name) : undefined;
    default:
      return undefined;
  }
}

/** One term, or two of the list's own. With `own`, the terms that are the list's own, where all are. */
function orderText(making: Making, type: GraphQLInputType): { text: string; own?: { attribute: string; descending: boolean }[] } {
  const fields = Object.values((getNamedType(type) as GraphQLInputObjectType).getFields());
  const own = fields.filter((field) => isEnumType(getNamedType(field.type)));
  if (making.draw(4) > 0 && own.length > 0) {
    const terms = some(making, own, 2).map(({ name }) => ({ attribute: name === 'sourceId' ? 'source' : name, descending: making.draw(2) === 0 }));
    const text = terms.map(({ attribute, descending }) => `{${attribute === 'source' ? 'sourceId' : attribute}: ${descending ? 'DESC' : 'ASC'}}`).join(', ');
    return { text: `[${text}]`, own: terms };
  }
  return { text: `[${oneOfText(making, getNamedType(type) as GraphQLInputObjectType)}]` };
}

function oneOfText(making: Making, type: GraphQLInputObjectType): string {
  const field = pick(making, Object.values(type.getFields()));
  const named = getNamedType(field.type);
  return `{${field.name}: ${isInputObjectType(named) ? oneOfText(making, named) : making.draw(2) === 0 ? 'ASC' : 'DESC'}}`;
}

/** A cursor at a row that is there, with its own values: as one would forge it who knew them. */
function forgedCursor(making: Making, entity: string, order: readonly { attribute: string; descending: boolean }[] = []): string | undefined {
  const rows = making.rows.filter((row) => row.entity === entity || (entity === 'Financing' && ['Loan', 'Investment', 'ParkFunding'].includes(row.entity)));
  if (rows.length === 0) return undefined;
  const row = pick(making, rows);
  const values = order.map(({ attribute }) => row[attribute] ?? null).map((value) => (typeof value === 'bigint' ? { n: value.toString() } : value));
  const signature = order.map(({ attribute, descending }) => `${attribute}${descending ? '-' : '+'}`).join(',');
  return Buffer.from(JSON.stringify([signature, values, `${row.entity}/${row.source}`, row.key]), 'utf8').toString('base64url');
}

/** A `where`, or what stands in one. */
function inputText(making: Making, type: GraphQLInputType, depth: number, entity: string): string {
  const { draw } = making;
  const named = getNamedType(type) as GraphQLInputObjectType;
  const fields = Object.values(named.getFields());
  if (named.name.endsWith('Filter')) return `{${draw(6) === 0 ? `isNull: ${draw(2) === 0}` : comparisonText(making, fields, named.name, entity)}}`;
  const usable = fields.filter((field) => depth > 0 || getNamedType(field.type).name.endsWith('Filter'));
  const chosen = some(making, usable, 2).map((field) => {
    const inner = getNamedType(field.type).name;
    const target = /^(.+?)(ListWhere|Where)$/.exec(inner)?.[1] ?? entity;
    const isFilter = inner.endsWith('Filter');
    const text = inputText(making, field.type, isFilter ? depth : depth - 1, isFilter ? `${entity}.${field.name}` : target);
    return `${field.name}: ${isListType(field.type) ? `[${text}]` : text}`;
  });
  return `{${chosen.join(', ')}}`;
}

/** Compares with a value that some row has: filters are to hit, hidden values too. */
function comparisonText(making: Making, fields: readonly { name: string }[], filter: string, path: string): string {
  const [entity, name] = path.split('.') as [string, string];
  const known = allDefinitions()
    .find((definition) => definition.name === entity)
    ?.attributes.get(name);
  const value = known
    ? (making.rows
        .filter((row) => row.entity === entity)
        .map((row) => row[name] ?? null)
        .filter((found) => found !== null)[0] ?? null)
    : null;
  const any = known ? pick(making, [value, ...making.rows.filter((row) => row.entity === entity && row[name] != null).map((row) => row[name] ?? null)]) : null;
  if (!known || any === null) return filter === 'TextFilter' ? `in: ["${pick(making, making.rows).source}", "park"]` : 'isNull: false';
  const written = known.kind === 'enum' ? String(any) : JSON.stringify((known.enum ? any : valueKinds[known.kind].graphql.serialize(any)) as unknown);
  const is = pick(
    making,
    fields.map((field) => field.name).filter((op) => op !== 'isNull'),
  );
  return `${is}: ${is === 'in' ? `[${written}]` : written}`;
}

/** Every object of an answer that is a row, with its entity. */
export function rowsIn(value: unknown): { entity: string; id: string; fields: Readonly<Record<string, unknown>> }[] {
  if (Array.isArray(value)) return value.flatMap(rowsIn);
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Record<string, unknown>;
  const own = typeof fields.id === 'string' && typeof fields.__typename === 'string' ? [{ entity: fields.__typename, id: fields.id, fields }] : [];
  return [...own, ...Object.values(fields).flatMap(rowsIn)];
}

/** A value of a row as an answer writes it. */
export function writtenValue(row: Row, attribute: string): unknown {
  const known = attributesOf(row.entity).get(attribute);
  const value = row[attribute] ?? null;
  return known && value !== null && known.kind !== 'enum' ? valueKinds[known.kind].graphql.serialize(value) : value;
}
