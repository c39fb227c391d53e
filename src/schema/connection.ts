/**
 * Connections: a list of a book, or of the rows of one key of it, as Relay pages it, with its totals and the report of
 * each source. A connection reads only what is asked of it: no rows for a count, no count for rows.
 */
import type { GraphQLResolveInfo } from 'graphql';
import { Field, Int, ObjectType } from 'type-graphql';
import { type Attribute, definitionOf, type EntityClass, type EntityDefinition, linksInto } from '../entities/definition.js';
import {
  type BookCondition,
  type BookKey,
  type Condition,
  compareInTerm,
  type Figure,
  type Grouping,
  isPlain,
  mergeReports,
  type Row,
  type Rows,
  type SourceReport,
  type Totals,
} from '../sources/book.js';
import type { HubContext } from './context.js';
import { pageInCrossOrder } from './crossOrder.js';
import { writeCursor } from './cursor.js';
import { type ArgumentDeclaration, type FieldDeclaration, fieldsOf, type ResolverClass } from './fieldResolver.js';
import { type Listed, type ListedCrossing, whereType } from './filters.js';
import { DEFAULT_PAGE, GROUPS_ASSUMED, LARGEST_PAGE } from './limits.js';
import { ListPlan } from './listPlan.js';
import type { LinkAsk } from './loaders.js';
import { orderType } from './order.js';
import { ownGroupings, regrouped } from './regroup.js';
import { Selection } from './selection.js';
import { SourceReportType } from './sourceReport.js';
import { type Among, amongOf, figuresOf, groupingsOf, type Having, havingOf, keepsHaving, type ListGrouping, totalsTypes, totalsValue } from './totals.js';

/** A list that connections are made of: an entity, or an interface over several. */
export interface ListedType extends Listed {
  /** The GraphQL type of a node. */
  readonly type: EntityClass;
  readonly definitions: readonly EntityDefinition[];
}

/** An entity's definition as a list. */
export function listedEntity(definition: EntityDefinition): ListedType {
  return {
    name: definition.name,
    type: definition.target,
    attributes: definition.attributes,
    key: definition.key,
    definitions: [definition],
    crossings: () => crossingsOf(definition),
  };
}

/** An interface's entities as one list, with attributes that all of them have, by name with the interface's own descriptions. */
export function listedInterface(
  name: string,
  type: EntityClass,
  definitions: readonly EntityDefinition[],
  attributes: Readonly<Record<string, string>>,
): ListedType {
  const common = Object.entries(attributes).map(([attribute, description]): [string, Attribute] => {
    const [first, ...others] = definitions.map((definition) => definition.attributes.get(attribute));
    if (!first || others.some((other) => other?.kind !== first.kind))
      throw new Error(`${name}.${attribute}: expected an attribute of one kind in every entity that implements it.`);
    return [attribute, { ...first, description }];
  });
  const crossings = () =>
    crossingsOf(definitions[0] as EntityDefinition).filter(
      ({ crossing }) => crossing.from in attributes && definitions.every((definition) => definition.links.some((link) => link.from === crossing.from)),
    );
  return { name, type, definitions, attributes: new Map(common), crossings };
}

/** The links of an entity both ways, as its filters may follow them. */
function crossingsOf(definition: EntityDefinition): ListedCrossing[] {
  const forward = definition.links.map(({ name, description, target, from, to, withinSource = false }): ListedCrossing => {
    const other = definitionOf(target());
    return {
      field: name,
      description,
      many: false,
      groups: false,
      target: listedEntity(other),
      crossing: { name: `${definition.name}.${name}`, entities: [other.name], from, to, withinSource },
    };
  });
  const backward = linksInto(definition).map(({ link, from: other }): ListedCrossing => {
    const { name, description, one = false, groups = false } = link.inverse as NonNullable<typeof link.inverse>;
    const crossing = { name: `${definition.name}.${name}`, entities: [other.name], from: link.to, to: link.from, withinSource: link.withinSource ?? false };
    return { field: name, description, many: !one, groups: !one && groups, target: listedEntity(other), crossing };
  });
  return [...forward, ...backward];
}

/** Relay's PageInfo. */
@ObjectType({ description: 'Where a page stands in its list. 分页信息' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Rows follow. 有下一页' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Rows precede. 有上一页' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first row. 首行游标' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last row. 末行游标' })
  endCursor!: string | null;
}

/** The arguments of a connection field. */
export function connectionArguments(listed: Listed): Record<string, ArgumentDeclaration> {
  // Made now: type-graphql wants every type before it builds the schema.
  const [where, order] = [whereType(listed), orderType(listed)];
  return {
    where: { type: () => where, nullable: true, description: 'Which rows. 筛选' },
    orderBy: { type: () => [order], nullable: true, description: 'The order; rows that tie come by source and key. 排序' },
    first: { type: () => Int, nullable: true, description: `How many from the start; ${DEFAULT_PAGE} unless told, at most ${LARGEST_PAGE}. 前几行` },
    after: { type: () => String, nullable: true, description: 'Only rows after this cursor. 此游标之后' },
    last: { type: () => Int, nullable: true, description: `How many from the end, at most ${LARGEST_PAGE}. 后几行` },
    before: { type: () => String, nullable: true, description: 'Only rows before this cursor. 此游标之前' },
  };
}

/** What a connection is a list of, beside its arguments: the rows of one key, or those that keep a condition. */
export interface Anchor {
  readonly at?: { readonly link: LinkAsk; readonly key: BookKey };
  readonly within?: Condition | undefined;
}

/** Rows of the page that a list's arguments ask for; a page of more than the most is refused when it is reached. */
export function pageSize({ first, last }: Readonly<Record<string, unknown>>): number {
  return Math.min(LARGEST_PAGE, Math.max(0, (first ?? last ?? DEFAULT_PAGE) as number));
}

/** A connection that is being answered. */
export class Connection {
  private readonly plan: ListPlan;
  private readonly where: BookCondition | undefined;
  private planning?: Promise<Condition | undefined>;
  private pending?: Promise<Rows>;
  private readonly pendingTotals = new Map<string, Promise<Totals>>();
  private readonly asked: Promise<{ reports: readonly SourceReport[] }>[] = [];

  constructor(
    private readonly listed: ListedType,
    private readonly context: HubContext,
    info: GraphQLResolveInfo,
    given: Readonly<Record<string, unknown>>,
    private readonly anchor: Anchor = {},
  ) {
    this.plan = context.once(info, listed, () => new ListPlan(listed, info, given));
    const { where } = this.plan;
    this.where = where && anchor.within ? { all: [anchor.within, where] } : (where ?? anchor.within);
  }

  page(): Promise<Rows> {
    this.pending ??= this.note(this.readPage());
    return this.pending;
  }

  cursorOf(row: Row): string {
    const { order } = this.plan;
    return writeCursor(order, this.context.books.of(this.listed.definitions).positionOf(row, order));
  }

  async pageInfo(): Promise<PageInfo> {
    const { rows, more } = await this.page();
    const { backwards, after } = this.plan.bounds;
    const [first, last] = [rows[0], rows.at(-1)];
    return {
      hasNextPage: backwards ? after !== undefined : more,
      hasPreviousPage: backwards ? more : after !== undefined,
      startCursor: first ? this.cursorOf(first) : null,
      endCursor: last ? this.cursorOf(last) : null,
    };
  }

  async totalCount(): Promise<number> {
    const totals = await this.note(this.totalled([], [{ function: 'count' }]));
    return (totals.rows[0]?.figures[0] as number | undefined) ?? 0;
  }

  async totals(groupBy: readonly string[], having: Having, among: Among, selection: Selection): Promise<object[]> {
    const groupings = groupingsOf(this.listed, groupBy);
    const figures = figuresOf(this.listed, selection, having);
    const { rows } = await this.note(this.grouped(groupings, figures, among));
    return sortedGroups(rows)
      .map((row) => totalsValue(this.listed, groupings, figures, row))
      .filter((value) => keepsHaving(having, value));
  }

  /** The reports of all that this connection was asked; of its rows where it was asked for nothing else. */
  async sources(): Promise<SourceReport[]> {
    const { readsRows, readsTotals } = this.plan;
    if (readsRows || !readsTotals) await this.page();
    // Fields of one level start together: then every ask is noted.
    if (readsTotals) await new Promise(setImmediate);
    return mergeReports((await Promise.all(this.asked)).flatMap((answer) => [...answer.reports]));
  }

  /** The condition as this list's own book can answer it, planned once; for all parents at once, where nothing of the parent is in it. */
  private planned(): Promise<Condition | undefined> {
    if (this.planning) return this.planning;
    const { plan, context, listed, where, anchor } = this;
    const planned = (!anchor.within && plan.planned) || context.plan(listed.definitions, where);
    if (!anchor.within) plan.planned = planned;
    this.planning = this.note(planned).then(({ condition }) => condition);
    return this.planning;
  }

  private readPage(): Promise<Rows> {
    const { context, anchor, plan, where } = this;
    // Of a link's rows nothing but the key is to be waited for, most of the time: then no step lies between its row and the loader.
    if (!anchor.at || plan.crossesOrder || (where && !isPlain(where))) return this.readOtherPage();
    return context.rows(anchor.at.link, plan.requestFor(where), anchor.at.key);
  }

  private async readOtherPage(): Promise<Rows> {
    const { listed, context, anchor, plan } = this;
    const { order, bounds, crossesOrder, attributes } = plan;
    const { at } = anchor;
    // Not where its count or totals want to know of every row anyway.
    const isProbed = !at && !plan.readsTotals && !crossesOrder;
    const probed = isProbed ? await context.probe(listed.definitions, this.where, { order, ...bounds, attributes }) : undefined;
    if (probed) return probed;
    const where = this.where && (await this.planned());
    if (crossesOrder) return pageInCrossOrder(context, { where, order, ...bounds, attributes, listed, anchor });
    const request = plan.requestFor(where);
    return at ? context.rows(at.link, request, at.key) : context.books.of(listed.definitions).page(request);
  }

  private async grouped(groupings: readonly ListGrouping[], figures: readonly Figure[], among: Among): Promise<Totals> {
    const own = await this.totalled(ownGroupings(groupings), figures);
    return regrouped(this.context, own, { groupings, figures, among });
  }

  /** The figures of the whole list, asked once however many fields want the same ones. */
  private totalled(groupings: readonly Grouping[], figures: readonly Figure[]): Promise<Totals> {
    const name = JSON.stringify([groupings, figures]);
    const known = this.pendingTotals.get(name) ?? this.readTotals(groupings, figures);
    this.pendingTotals.set(name, known);
    return known;
  }

  private async readTotals(groupings: readonly Grouping[], figures: readonly Figure[]): Promise<Totals> {
    const where = await this.planned();
    const { at } = this.anchor;
    return at
      ? this.context.totals(at.link, where, groupings, figures, at.key)
      : this.context.books.of(this.listed.definitions).total(where, groupings, figures);
  }

  private note<T extends { reports: readonly SourceReport[] }>(answer: Promise<T>): Promise<T> {
    this.asked.push(answer);
    return answer;
  }
}

/** A field that is a connection over the whole book of a list, or over those of its rows that keep a condition. */
export function connectionField<Parent>(
  listed: ListedType,
  name: string,
  description: string,
  within?: (parent: Parent) => Condition,
): FieldDeclaration<Parent> {
  const type = connectionType(listed);
  return {
    name,
    description,
    type: () => type,
    // A source whose policy is to fail makes an error of the list, and of nothing beside it.
    nullable: true,
    needs: [],
    arguments: connectionArguments(listed),
    reads: { entities: () => listed.definitions.map((definition) => definition.name), page: pageSize },
    resolve: (parent, given, context, info) => new Connection(listed, context, info, given, { within: within?.(parent) }),
  };
}

const connectionTypes = new Map<string, { type: EntityClass; resolver: ResolverClass; edgeResolver: ResolverClass }>();

/** The connection type of a list; its resolvers come out of `connectionResolvers`. */
export function connectionType(listed: ListedType): EntityClass {
  return made(listed).type;
}

/** The resolvers of all connection types that were made. */
export function connectionResolvers(): ResolverClass[] {
  return [...connectionTypes.values()].flatMap(({ resolver, edgeResolver }) => [resolver, edgeResolver]);
}

interface Edge {
  readonly connection: Connection;
  readonly node: Row;
}

function made(listed: ListedType): { type: EntityClass; resolver: ResolverClass; edgeResolver: ResolverClass } {
  const known = connectionTypes.get(listed.name);
  if (known) return known;
  const type = named(`${listed.name}Connection`, `A page of ${listed.name}, with totals of the whole list. 分页列表`);
  const edge = named(`${listed.name}Edge`, `A row of ${listed.name} with its cursor. 行与游标`);
  const { totals, groupBy, having, among } = totalsTypes(listed);
  const edgeResolver = fieldsOf<Edge>(edge, [
    { name: 'cursor', type: () => String, description: 'Its cursor. 游标', resolve: ({ connection, node }) => connection.cursorOf(node) },
    { name: 'node', type: () => listed.type, description: 'The row. 记录', resolve: ({ node }) => node },
  ]);
  const resolver = fieldsOf<Connection>(type, [
    {
      name: 'edges',
      type: () => [edge],
      description: 'The rows with their cursors. 行与游标',
      reads: { rows: 'page' },
      resolve: async (connection) => (await connection.page()).rows.map((node): Edge => ({ connection, node })),
    },
    {
      name: 'nodes',
      type: () => [listed.type],
      description: 'The rows. 记录',
      reads: { rows: 'page' },
      resolve: (connection) => connection.page().then(({ rows }) => rows),
    },
    { name: 'pageInfo', type: () => PageInfo, description: 'Where the page stands. 分页信息', resolve: (connection) => connection.pageInfo() },
    {
      name: 'totalCount',
      type: () => Int,
      description: 'Rows of the whole list. 总行数',
      reads: { totals: true },
      resolve: (connection) => connection.totalCount(),
    },
    {
      name: 'totals',
      type: () => [totals],
      description: 'Exact totals of the whole list, by group; one row where nothing is grouped by. 汇总',
      arguments: {
        groupBy: { type: () => [groupBy.object], nullable: true, description: 'What to group by. 分组依据' },
        having: { type: () => having, nullable: true, description: 'Which groups. 分组筛选' },
        ...(among && { among: { type: () => among, nullable: true, description: 'Which of the linked rows make groups; all unless told. 分组范围' } }),
      },
      reads: { totals: true, rows: (given) => (Array.isArray(given.groupBy) && given.groupBy.length > 0 ? GROUPS_ASSUMED : 1) },
      resolve: (connection, given, _context, info) =>
        connection.totals(
          (given.groupBy as string[] | null | undefined) ?? [],
          havingOf(given.having as Readonly<Record<string, unknown>> | null | undefined),
          amongOf(listed, given.among as Readonly<Record<string, unknown>> | null | undefined),
          Selection.of(info),
        ),
    },
    {
      name: 'sources',
      type: () => [SourceReportType],
      description: 'What became of each source that was asked. 来源报告',
      resolve: (connection) => connection.sources(),
    },
  ]);
  const entry = { type, resolver, edgeResolver };
  connectionTypes.set(listed.name, entry);
  return entry;
}

function named(name: string, description: string): EntityClass {
  const type = { [name]: class {} }[name] as EntityClass;
  ObjectType(name, { description })(type as never);
  return type;
}

/** Groups in the order of their values, empty ones last: the same on every machine. */
function sortedGroups(rows: Totals['rows']): Totals['rows'] {
  const terms = (rows[0]?.group ?? []).map((_value, index) => ({ attribute: String(index), descending: false, nullsFirst: false }));
  return [...rows].sort((a, b) => {
    for (const [index, term] of terms.entries()) {
      const order = compareInTerm(a.group[index] ?? null, b.group[index] ?? null, term);
      if (order !== 0) return order;
    }
    return 0;
  });
}
