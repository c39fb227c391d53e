/** `totals`: types made from an entity's definition, the figures that a document asks for, and their values. */

import { GraphQLInt, GraphQLString } from 'graphql';
import { Field, Int, ObjectType } from 'type-graphql';
import type { Attribute } from '../entities/definition.js';
import { defineEnum, type EnumDefinition } from '../entities/enums.js';
import { type Value, valueKinds } from '../entities/kinds.js';
import { type BookCondition, type Condition, type Crossing, type Figure, type Grouping, matches, type Row, type TotalsRow } from '../sources/book.js';
import { divideRounded, ratio } from '../values/decimal.js';
import { comparisons, conditionOf, field, filterType, inputType, type Listed, type ListedCrossing, whereType } from './filters.js';
import { DecimalScalar } from './scalars.js';
import type { Selection } from './selection.js';

type TypeClass = new () => object;
type Given = Readonly<Record<string, unknown>>;

/** What totals are grouped by: an attribute of the list's own rows, or of the rows that a link of theirs leads to. */
export interface ListGrouping extends Grouping {
  readonly crossing?: Crossing;
}

/** Which of the many rows behind a link make groups, by the name of the crossing. */
export type Among = ReadonlyMap<string, BookCondition>;

/** A way to group: its name as a field of `group`, its name in `groupBy`, and what it means. */
interface GroupingChoice {
  readonly field: string;
  readonly choice: string;
  readonly grouping: ListGrouping;
  readonly description: string;
  readonly type: unknown;
}

/** The types that a list's totals need. */
export interface TotalsTypes {
  readonly totals: TypeClass;
  readonly groupBy: EnumDefinition;
  readonly having: TypeClass;
  /** Undefined where no link to many rows makes groups. */
  readonly among: TypeClass | undefined;
}

const made = new Map<string, TotalsTypes>();

/** The types of a list's totals. */
export function totalsTypes(listed: Listed): TotalsTypes {
  const known = made.get(listed.name);
  if (known) return known;
  const choices = groupingChoices(listed);
  const twice = choices.find(({ field: name }, index) => choices.findIndex((other) => other.field === name) !== index);
  if (twice) throw new Error(`${listed.name} can be grouped by ${twice.field} in two ways: name the attribute or the link otherwise.`);
  const groupBy = defineEnum(
    `${listed.name}GroupBy`,
    `What totals of ${listed.name} can be grouped by. 分组依据`,
    Object.fromEntries(choices.map((choice) => [choice.choice, choice.description])),
  );
  const group = objectType(
    `${listed.name}Group`,
    `The group that totals of ${listed.name} speak of; a field is null where it was not grouped by, or has no value. 分组`,
  );
  for (const choice of choices) nullableField(group, choice.field, () => choice.type, choice.description);

  const totals = objectType(`${listed.name}Totals`, `Exact totals over rows of ${listed.name}. 汇总`);
  Field(() => group, { description: 'The group. 分组' })(totals.prototype, 'group');
  Field(() => Int, { description: 'Number of rows. 行数' })(totals.prototype, 'count');
  const additive = additiveAttributes(listed);
  if (additive.length > 0) {
    const figures = objectType(`${listed.name}Figures`, `A figure of each amount of ${listed.name}. 各项数值`);
    const averages = objectType(`${listed.name}Averages`, `The average of each amount of ${listed.name}, rounded half up. 各项平均值`);
    for (const attribute of additive) {
      const { graphql } = valueKinds[attribute.kind];
      nullableField(figures, attribute.name, () => graphql, attribute.description);
      nullableField(averages, attribute.name, () => (attribute.kind === 'integer' ? DecimalScalar : graphql), attribute.description);
    }
    Field(() => figures, { description: 'Sums. 合计' })(totals.prototype, 'sum');
    Field(() => averages, { description: 'Averages. 平均' })(totals.prototype, 'average');
    Field(() => figures, { description: 'Least values. 最小' })(totals.prototype, 'minimum');
    Field(() => figures, { description: 'Greatest values. 最大' })(totals.prototype, 'maximum');
  }
  const types = { totals, groupBy, having: havingType(listed), among: amongType(listed) };
  made.set(listed.name, types);
  return types;
}

/** What `groupBy` says, as groupings. */
export function groupingsOf(listed: Listed, groupBy: readonly string[]): ListGrouping[] {
  const choices = new Map(groupingChoices(listed).map((choice) => [choice.choice, choice.grouping]));
  return [...new Set(groupBy)].map((choice) => choices.get(choice) as ListGrouping);
}

/** What a `having` says of the figures of a group, by `count` or "sum.amount". */
export type Having = readonly Extract<Condition, { attribute: string }>[];

/** The conditions that a `having` states; all must hold. Throws a HubError for a null. */
export function havingOf(given: Given | null | undefined): Having {
  return Object.entries(given ?? {}).flatMap(([figure, said]) => {
    if (said === undefined || said === null) return [];
    if (figure === 'count') return comparisons('count', said as Given, 'having.count');
    return Object.entries(said as Given).flatMap(([attribute, filter]) =>
      filter ? comparisons(`${figure}.${attribute}`, filter as Given, `having.${figure}.${attribute}`) : [],
    );
  });
}

/** Whether a group's figures keep what `having` says. */
export function keepsHaving(having: Having, value: ReturnType<typeof totalsValue>): boolean {
  const figures: Record<string, Value> = { count: value.count };
  for (const figure of FIGURE_NAMES) for (const [attribute, own] of Object.entries(value[figure])) figures[`${figure}.${attribute}`] = own;
  return matches(figures as unknown as Row, { all: having });
}

/** What an `among` says. Throws a HubError for what cannot be. */
export function amongOf(listed: Listed, given: Given | null | undefined): Among {
  const ways = new Map(groupingWays(listed).map((way) => [way.field, way]));
  return new Map(
    Object.entries(given ?? {}).flatMap(([name, where]) => {
      const way = ways.get(name);
      const condition = way && conditionOf(way.target, where as Given | null | undefined, `among.${name}`);
      return condition ? [[way.crossing.name, condition]] : [];
    }),
  );
}

function amongType(listed: Listed): TypeClass | undefined {
  const ways = groupingWays(listed).filter(({ many }) => many);
  if (ways.length === 0) return undefined;
  const type = inputType(`${listed.name}Among`, `Which of the rows that are linked to ${listed.name} make groups of its totals. 分组范围`);
  for (const { field: name, description, target } of ways) {
    const where = whereType(target);
    field(type, name, () => where, description);
  }
  return type;
}

const FIGURE_NAMES = ['sum', 'average', 'minimum', 'maximum'] as const;

function havingType(listed: Listed): TypeClass {
  const type = inputType(`${listed.name}Having`, `Which groups of totals of ${listed.name}. Several fields must all hold. 分组筛选`);
  const count = filterType('integer');
  field(type, 'count', () => count, 'Of the number of rows. 行数');
  const additive = additiveAttributes(listed);
  if (additive.length === 0) return type;
  for (const figure of FIGURE_NAMES) {
    const figures = inputType(`${listed.name}Having${figure.charAt(0).toUpperCase()}${figure.slice(1)}`, `Of the ${figure} of each amount. 各项数值`);
    for (const attribute of additive) {
      const filter = filterType(figure === 'average' && attribute.kind === 'integer' ? 'decimal' : attribute.kind);
      field(figures, attribute.name, () => filter, attribute.description);
    }
    field(type, figure, () => figures, `Of the ${figure}. 数值`);
  }
  return type;
}

/** The figures that the selected fields of totals and `having` need; the count is always the first. */
export function figuresOf(listed: Listed, selection: Selection, having: Having): Figure[] {
  const asked = selection.fields();
  const figures: Figure[] = [{ function: 'count' }];
  for (const attribute of additiveAttributes(listed)) {
    const wants = (name: string): boolean =>
      (asked.get(name)?.fields().has(attribute.name) ?? false) || having.some((condition) => condition.attribute === `${name}.${attribute.name}`);
    if (wants('sum') || wants('average')) figures.push({ function: 'sum', attribute: attribute.name });
    if (wants('average')) figures.push({ function: 'countValues', attribute: attribute.name });
    if (wants('minimum')) figures.push({ function: 'minimum', attribute: attribute.name });
    if (wants('maximum')) figures.push({ function: 'maximum', attribute: attribute.name });
  }
  return figures;
}

/** A row of totals in the shape of the graph's type. */
export function totalsValue(listed: Listed, groupings: readonly ListGrouping[], figures: readonly Figure[], row: TotalsRow) {
  const group = Object.fromEntries(groupings.map((grouping, index) => [fieldOf(grouping), row.group[index] ?? null]));
  const sum: Record<string, Value> = {};
  const average: Record<string, Value> = {};
  const minimum: Record<string, Value> = {};
  const maximum: Record<string, Value> = {};
  const of = (name: Figure['function'], attribute: string): Value =>
    row.figures[figures.findIndex((figure) => figure.function === name && figure.attribute === attribute)] ?? null;
  for (const attribute of additiveAttributes(listed)) {
    const total = of('sum', attribute.name);
    sum[attribute.name] = total !== null && attribute.kind === 'integer' ? Number(total) : total;
    average[attribute.name] = averageOf(attribute, total as bigint | null, of('countValues', attribute.name));
    minimum[attribute.name] = of('minimum', attribute.name);
    maximum[attribute.name] = of('maximum', attribute.name);
  }
  return { group, count: row.figures[0] as number, sum, average, minimum, maximum };
}

function averageOf(attribute: Attribute, sum: bigint | null, count: Value): bigint | null {
  if (sum === null || !count) return null;
  return attribute.kind === 'integer' ? ratio(sum, BigInt(count as number)) : divideRounded(sum, BigInt(count as number));
}

function additiveAttributes(listed: Listed): Attribute[] {
  return [...listed.attributes.values()].filter((attribute) => attribute.total);
}

function groupingChoices(listed: Listed): GroupingChoice[] {
  const bySource = { attribute: 'source', year: false };
  const own = { field: fieldOf(bySource), grouping: bySource, description: 'The id of the source. 来源标识', type: GraphQLString };
  const across = groupingWays(listed).flatMap(({ target, crossing, description, many }) =>
    attributeGroupings(target).map((choice) => {
      const grouping = { ...choice.grouping, crossing };
      const each = many ? ' A row counts in the group of each of them; the groups may add up to more than the whole.' : '';
      return { ...choice, field: fieldOf(grouping), grouping, description: `${description} ${choice.description}${each}` };
    }),
  );
  return [own, ...attributeGroupings(listed), ...across].map((choice) => ({
    ...choice,
    choice: choice.field.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase(),
  }));
}

/** The links that totals are grouped over: to one row, to many where these make groups, and to the many of the one. */
function groupingWays(listed: Listed): ListedCrossing[] {
  return listed.crossings().flatMap((way) => {
    if (way.many) return way.groups ? [way] : [];
    // What names the one row names its many as well: they are asked for without it.
    const { key = 'key' } = way.target;
    const isSame = (a: string, b: string): boolean => (a === 'key' ? key : a) === (b === 'key' ? key : b);
    const beyond = way.target
      .crossings()
      .filter(({ groups, crossing }) => groups && isSame(crossing.from, way.crossing.to) && !crossing.withinSource && !way.crossing.withinSource);
    return [way, ...beyond.map((inner) => composed(way, inner))];
  });
}

function composed(way: ListedCrossing, inner: ListedCrossing): ListedCrossing {
  const name = `${way.field}${inner.field.charAt(0).toUpperCase()}${inner.field.slice(1)}`;
  const owner = way.crossing.name.slice(0, way.crossing.name.indexOf('.'));
  return {
    ...inner,
    field: name,
    description: `${way.description} ${inner.description}`,
    crossing: { ...inner.crossing, name: `${owner}.${name}`, from: way.crossing.from },
  };
}

function attributeGroupings(listed: Listed): Omit<GroupingChoice, 'choice'>[] {
  return [...listed.attributes.values()]
    .filter((attribute) => attribute.group)
    .map((attribute) => {
      const grouping = { attribute: attribute.name, year: attribute.kind === 'date' || attribute.kind === 'dateTime' };
      return {
        field: fieldOf(grouping),
        grouping,
        description: grouping.year ? `The year. 年份: ${attribute.description}` : attribute.description,
        type: grouping.year ? GraphQLInt : (attribute.enum?.object ?? valueKinds[attribute.kind].graphql),
      };
    });
}

function fieldOf({ attribute, year, crossing }: ListGrouping): string {
  if (crossing) {
    const inner = fieldOf({ attribute, year });
    return `${crossing.name.slice(crossing.name.indexOf('.') + 1)}${inner.charAt(0).toUpperCase()}${inner.slice(1)}`;
  }
  if (attribute === 'source') return 'sourceId';
  return year ? `${attribute}Year` : attribute;
}

function objectType(name: string, description: string): TypeClass {
  const type = { [name]: class {} }[name] as TypeClass;
  ObjectType(name, { description })(type);
  return type;
}

function nullableField(type: TypeClass, name: string, of: () => unknown, description: string): void {
  Field(of as never, { nullable: true, description })(type.prototype, name);
}
