/**
 * What a document may cost, before anything is read for it.
 *
 * Three figures come out of one walk over the operation with its variables: how many objects the answer may hold
 * (`nodes`), how many asks the sources get (`asks`), and what these have to give for it (`cost`): one for each object, one
 * for each row that a source may have to give, and a score for each ask, as what an ask costs beside its rows.
 *
 * A list counts with the page that is asked of it, for each of its parents, and for each source that may hold rows of it:
 * every source gives its own next rows, and the book keeps those that come first. What a field reads is said where the
 * field is declared (`reads`); nothing is listed here.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { getArgumentValues, getVariableValues } from 'graphql/execution/values.js';
import type { FieldReads } from './fieldResolver.js';
import { aboveLimit, type Limits } from './limits.js';

/** What an operation may cost. */
export interface DocumentCost {
  /** Objects that the answer may hold. */
  readonly nodes: number;
  /** Statements or requests that all sources together may receive. */
  readonly asks: number;
  readonly cost: number;
}

/** How many sources hold rows of an entity; all, where the name is none of an entity's. */
export type SourcesOf = (entity: string) => number;

/** What an ask costs beside its rows, in rows. */
const ASK = 20;
/** Keys that go into one statement, about. */
const KEYS_AT_ONCE = 500;
/** Items of a list that no declaration counts: what belongs to one row. */
const ITEMS_ASSUMED = 5;
/** Objects of the answer to `__schema`, about; they are no rows, but they are sent. */
const SCHEMA_NODES = 20_000;
/** Asks of each source that following one link in a filter or an order takes: keys, and both sides counted. */
const ASKS_OF_CROSSING = 3;

/** The cost of one operation of a valid document; undefined where its variables are wrong, for then nothing is executed. */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  sourcesOf: SourcesOf,
): DocumentCost | undefined {
  const root = schema.getRootType(operation.operation);
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (!root || !coerced) return undefined;
  const reader = new CostReader(schema, document, coerced, sourcesOf);
  reader.read([operation.selectionSet], root, 1, undefined);
  return { nodes: reader.nodes, asks: reader.asks, cost: reader.nodes + reader.rows + ASK * reader.asks };
}

/** Throws a HubError that names the first limit that the cost is above. */
export function checkCost(cost: DocumentCost, limits: Limits): void {
  for (const limit of ['nodes', 'cost'] as const) if (cost[limit] > limits[limit]) throw aboveLimit(limit, cost[limit], limits[limit]);
}

/** A connection, for the fields of it. */
interface Page {
  readonly size: number;
  readonly entities: readonly string[];
}

interface FieldGroup {
  readonly parent: GraphQLNamedType;
  readonly nodes: FieldNode[];
}

class CostReader {
  nodes = 0;
  asks = 0;
  /** Rows that the sources may have to give. */
  rows = 0;
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Readonly<Record<string, unknown>>,
    private readonly sourcesOf: SourcesOf,
  ) {
    this.fragments = new Map(
      document.definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [])),
    );
  }

  /** @param parents how many objects of the type there may be */
  read(sets: readonly SelectionSetNode[], type: GraphQLNamedType, parents: number, page: Page | undefined): void {
    const groups = new Map<string, FieldGroup>();
    const seen = new Set<string>();
    for (const set of sets) this.gather(set, type, groups, seen);
    for (const group of groups.values()) this.field(group, parents, page);
  }

  private field({ parent, nodes: [node, ...others] }: FieldGroup, parents: number, page: Page | undefined): void {
    const name = (node as FieldNode).name.value;
    if (name === '__schema') this.nodes += SCHEMA_NODES;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    if (!node || !field) return;
    const given = this.argumentsOf(field, node);
    const reads = (field.extensions.reads ?? {}) as FieldReads;
    const entities = reads.totals ? (page?.entities ?? []) : (reads.entities?.() ?? []);
    const sources = this.sum(entities);
    this.asks += sources * (reads.asks ?? 1) * Math.ceil(parents / KEYS_AT_ONCE);
    for (const argument of field.args) this.crossings(given[argument.name], argument.type);

    const type = getNamedType(field.type);
    if (!isCompositeType(type)) return;
    const opened = reads.page && { size: reads.page(given), entities };
    const items = isListType(getNullableType(field.type)) ? this.items(name, reads, given, page) : 1;
    const count = parents * items;
    this.nodes += count;
    // Rows of a page are read where its rows are asked for, not where its count or totals are.
    if (reads.rows === 'page') this.rows += count * this.sum(page?.entities ?? []);
    else if (!opened && !reads.totals) this.rows += count * sources;
    const sets = [node, ...others].flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
    this.read(sets, type, count, opened);
  }

  private items(name: string, reads: FieldReads, given: Readonly<Record<string, unknown>>, page: Page | undefined): number {
    if (typeof reads.rows === 'function') return reads.rows(given);
    if (typeof reads.rows === 'number') return reads.rows;
    return (reads.rows === 'page' || name === 'nodes') && page ? page.size : ITEMS_ASSUMED;
  }

  /** Arguments that are wrong are the resolver's to refuse: they are read as none. */
  private argumentsOf(field: Parameters<typeof getArgumentValues>[0], node: FieldNode): Readonly<Record<string, unknown>> {
    try {
      return getArgumentValues(field, node, this.variables as Record<string, unknown>);
    } catch {
      return {};
    }
  }

  /** Adds the asks of each link that a filter or an order follows: an object in it that is neither of the list itself nor a comparison. */
  private crossings(value: unknown, type: GraphQLInputType): void {
    const named = getNamedType(type);
    if (typeof value !== 'object' || value === null || !isInputObjectType(named)) return;
    if (Array.isArray(value)) {
      for (const item of value) this.crossings(item, type);
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      const field = named.getFields()[name];
      const innerType = field && getNamedType(field.type);
      if (!innerType || !isInputObjectType(innerType) || inner === null) continue;
      const entity = OF_OWN_LIST.has(name) ? undefined : LINKED.exec(innerType.name)?.[1];
      if (entity !== undefined) this.asks += ASKS_OF_CROSSING * this.sourcesOf(entity);
      this.crossings(inner, field.type);
    }
  }

  private gather(set: SelectionSetNode, type: GraphQLNamedType, groups: Map<string, FieldGroup>, seen: Set<string>): void {
    for (const node of set.selections) {
      if (getDirectiveValues(GraphQLSkipDirective, node, this.variables)?.if === true) continue;
      if (getDirectiveValues(GraphQLIncludeDirective, node, this.variables)?.if === false) continue;
      if (node.kind === Kind.FIELD) {
        const name = `${type.name} ${node.alias?.value ?? node.name.value}`;
        const known = groups.get(name);
        if (known) known.nodes.push(node);
        else groups.set(name, { parent: type, nodes: [node] });
        continue;
      }
      const spread = node.kind === Kind.FRAGMENT_SPREAD ? `${type.name} ${node.name.value}` : undefined;
      if (spread !== undefined && seen.has(spread)) continue;
      if (spread !== undefined) seen.add(spread);
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.fragments.get(node.name.value);
      if (!fragment) continue;
      const condition = fragment.typeCondition && this.schema.getType(fragment.typeCondition.name.value);
      // Of an object its interfaces' fields are its own; of an interface what only one of its types has is that type's.
      this.gather(fragment.selectionSet, condition && isAbstractType(type) ? condition : type, groups, seen);
    }
  }

  private sum(entities: readonly string[]): number {
    return entities.reduce((sum, entity) => sum + this.sourcesOf(entity), 0);
  }
}

/** Fields of a `where` that speak of the list itself, or of the rows that a link has been followed to already. */
const OF_OWN_LIST: ReadonlySet<string> = new Set(['and', 'or', 'not', 'some', 'none', 'every']);
/** The input types of what is behind a link, and whose they are. */
const LINKED = /^(\w+?)(?:ListWhere|Where|OwnOrder|ListOrder)$/;
