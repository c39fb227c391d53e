/** From an ask to one SQL statement. Every value is a parameter; every name is a quoted column of the binding. */
import type { Value } from '../../../entities/kinds.js';
import { compareInTerm, compareValues } from '../../evaluate.js';
import type { Condition, Figure, Grouping, OrderTerm, Position, RowsAsk, TotalsAsk } from '../../source.js';
import type { Binding, BoundColumn, Parameter } from './binding.js';
import type { Dialect } from './dialect.js';
import { attributesIn } from './trust.js';

/** A statement with its parameters, in the order of their placeholders. */
export interface SqlStatement {
  readonly text: string;
  readonly parameters: readonly Parameter[];
}

/** Rows that are known to be no rows of the book, by their key. */
export interface Excluded {
  readonly keys: readonly Parameter[];
}

/** The statement for rows: with keys and a limit, at most so many of each key. */
export function rowsStatement(dialect: Dialect, binding: Binding, ask: RowsAsk, excluded: Excluded): SqlStatement {
  const writer = new Writer(dialect, binding);
  const columns = binding.selection(ask.attributes).map(({ name, expression }) => `${expression} AS ${dialect.quote(name)}`);
  const key = ask.keys && binding.column(ask.keys.attribute);
  // Where the key is the same for every row, the rows of each key are all rows.
  const partition = key && key.constant === undefined ? key.expression : undefined;
  if (partition !== undefined && ask.limit !== undefined) {
    const place = dialect.quote('place in key');
    const ranked = `ROW_NUMBER() OVER (PARTITION BY ${partition}${orderBy(writer.order(ask.order))}) AS ${place}`;
    const inner = `SELECT ${columns.join(', ')}, ${ranked} FROM ${binding.from}${writer.where(ask, excluded)}`;
    return {
      text: `SELECT * FROM (${inner}) AS ranked WHERE ${place} <= ${writer.parameter(ask.limit)} ORDER BY ${place}`,
      parameters: writer.parameters,
    };
  }
  // By key first: in the order of the ask alone a database may walk that order's index through every row instead of searching the keys.
  const order = orderBy([...(partition === undefined ? [] : [`${partition} ASC`]), ...writer.order(ask.order)]);
  const text = `SELECT ${columns.join(', ')} FROM ${binding.from}${writer.where(ask, excluded)}${order}`;
  return { text: ask.limit === undefined ? text : `${text} LIMIT ${writer.parameter(ask.limit)}`, parameters: writer.parameters };
}

/** A statement for totals: its columns are g0, g1, … for the groups and f0, f1, … for the figures. */
export interface TotalsStatement extends SqlStatement {
  /** The columns, where all rows come as one list of JSON under the name `gathered`. */
  readonly gathered?: readonly string[];
  /** Instead of this one, where as many rows came as were wanted at most: they may be fewer groups, and there may be more. */
  readonly otherwise?: TotalsStatement;
}

/** The statement for totals. */
export function totalsStatement(dialect: Dialect, binding: Binding, ask: TotalsAsk, excluded: Excluded): TotalsStatement {
  const writer = new Writer(dialect, binding);
  const groups = ask.groupBy.map((grouping) => {
    const column = binding.column(grouping.attribute);
    if (column.constant !== undefined) return undefined;
    return grouping.year ? dialect.year(column.expression, column.type) : column.expression;
  });
  const figures = ask.figures.map((figure) => figureSql(dialect, binding, figure));
  const selected = [
    ...groups.flatMap((expression, index) => {
      if (expression === undefined) return [];
      const { attribute, year } = ask.groupBy[index] as Grouping;
      return [{ name: `g${index}`, expression: year ? expression : shown(dialect, binding.column(attribute), expression) }];
    }),
    ...figures.map((expression, index) => ({ name: `f${index}`, expression })),
  ];
  const walked = binding.walked && !ask.keys && !attributesIn(ask.where).some(binding.walked.isIndexed) ? binding.walked.base : undefined;
  const from = `FROM ${binding.from}${writer.where(ask, excluded, walked)}`;
  const grouped = groups.filter((expression) => expression !== undefined);
  const limited = (text: string): string => (ask.limit === undefined ? text : `${text} LIMIT ${writer.parameter(ask.limit)}`);
  const columns = selected.map(({ name, expression }) => `${expression} AS ${name}`).join(', ');
  if (groups.length > 0 && figures.length === 0) {
    // What is the same for every row is a group as soon as there is one row.
    if (grouped.length === 0) return { text: `SELECT 1 AS found ${from} LIMIT 1`, parameters: writer.parameters };
    const { parameters } = writer;
    const rows = limited(`${columns} ${from}`);
    const distinct = gathered(dialect, binding, ask, selected, { text: `SELECT DISTINCT ${rows}`, parameters });
    // A database takes longer to tell many texts apart than to give them.
    if (!distinct.gathered || (ask.limit ?? 0) < MANY_GROUPS) return distinct;
    return { ...gathered(dialect, binding, ask, selected, { text: `SELECT ${rows}`, parameters }), otherwise: distinct };
  }
  const wanted = (expression: string): string => (ask.keys ? expression : (dialect.ungrouped?.(expression) ?? expression));
  // Grouped by what is the same for every row (the source), no rows are no group; SQL would give one with a count of 0.
  const grouping = grouped.length > 0 ? ` GROUP BY ${grouped.map(wanted).join(', ')}` : groups.length > 0 ? ' HAVING COUNT(*) > 0' : '';
  const statement = { text: limited(`SELECT ${columns} ${from}${grouping}`), parameters: writer.parameters };
  return grouped.length === 0 ? statement : gathered(dialect, binding, ask, selected, statement);
}

/** The rows of a statement as one list, for a row of a driver costs more than what is in it: only of texts and whole numbers, which JSON keeps as they are. */
function gathered(
  dialect: Dialect,
  binding: Binding,
  { groupBy, figures }: TotalsAsk,
  selected: readonly { readonly name: string }[],
  statement: SqlStatement,
): TotalsStatement {
  const isKept =
    groupBy.every(({ attribute, year }) => year || !binding.column(attribute).numeric) &&
    figures.every(({ function: name }) => name !== 'minimum' && name !== 'maximum');
  const names = selected.map(({ name }) => name);
  if (!dialect.gathered || !isKept) return statement;
  return { text: `SELECT ${dialect.gathered(names)} AS gathered FROM (${statement.text}) AS found`, parameters: statement.parameters, gathered: names };
}

/** Groups that are wanted at most, from which on their rows are given instead where they are no more. */
const MANY_GROUPS = 10_000;

/** Which of all rows. */
interface Narrowing {
  /** Conditions beside those that every row keeps. */
  readonly condition?: (parameter: (value: Parameter) => string) => readonly string[];
  readonly order?: readonly string[];
  readonly limit?: number;
  readonly offset?: number;
}

/** The statement for every row of the tables, those without a key too; with `more` columns beside those of the attributes, or alone. */
export function everyRowStatement(
  dialect: Dialect,
  binding: Binding,
  attributes: readonly string[] | undefined,
  more: readonly { readonly name: string; readonly expression: string }[] = [],
  { condition, order = [], limit, offset }: Narrowing = {},
): SqlStatement {
  const writer = new Writer(dialect, binding);
  const columns = [...(attributes ? binding.selection(attributes) : []), ...more].map(({ name, expression }) => `${expression} AS ${dialect.quote(name)}`);
  const conditions = [...writer.base(), ...(condition?.((value) => writer.parameter(value)) ?? [])];
  const text = [
    `SELECT ${columns.join(', ')} FROM ${binding.from}`,
    ...(conditions.length > 0 ? [`WHERE ${conditions.join(' AND ')}`] : []),
    ...(order.length > 0 ? [`ORDER BY ${order.join(', ')}`] : []),
    ...(limit === undefined ? [] : [`LIMIT ${writer.parameter(limit)}`]),
    ...(offset === undefined ? [] : [`OFFSET ${writer.parameter(offset)}`]),
  ];
  return { text: text.join(' '), parameters: writer.parameters };
}

function figureSql(dialect: Dialect, binding: Binding, figure: Figure): string {
  if (figure.function === 'count') return 'COUNT(*)';
  const column = binding.column(figure.attribute as string);
  const { constant, expression, factor } = column;
  // Figures of what is the same for every row follow from how many rows there are.
  if (constant !== undefined) return 'COUNT(*)';
  switch (figure.function) {
    case 'countValues':
      return `COUNT(${expression})`;
    case 'countDistinct':
      return `COUNT(DISTINCT ${expression})`;
    case 'sum':
      return dialect.exact(`SUM(${dialect.scaled(expression, factor)})`);
    case 'minimum':
      return shown(dialect, column, `MIN(${expression})`);
    case 'maximum':
      return shown(dialect, column, `MAX(${expression})`);
  }
}

/** A group, or a figure that is one of the column's values, as it is selected. What is compared as a text is one already. */
function shown(dialect: Dialect, { as, type }: BoundColumn, expression: string): string {
  return as === 'text' && type.kind !== 'any' ? expression : dialect.cell(expression, type);
}

/** A longer list of a filter (the keys that another book gave) is one parameter: a statement may hold several such lists. */
const LONGEST_LIST = 100;

/** Each term once: a second one orders nothing, and may keep SQLite from the index that has this order. */
function orderBy(terms: readonly string[]): string {
  return terms.length === 0 ? '' : ` ORDER BY ${[...new Set(terms)].join(', ')}`;
}

const WHOLE = /^-?\d{1,18}$/;
const TRUE = '1 = 1';
const FALSE = '1 = 0';

/** Writes the parts of one statement and gathers its parameters. */
class Writer {
  readonly parameters: Parameter[] = [];

  constructor(
    private readonly dialect: Dialect,
    private readonly binding: Binding,
  ) {}

  parameter(value: Parameter): string {
    this.parameters.push(value);
    return this.dialect.parameter(this.parameters.length);
  }

  base(base = this.binding.base): string[] {
    return base.map((condition) => condition((value) => this.parameter(value)));
  }

  /** @param walked the conditions of a book whose rows are all walked: what leaves most of them out comes first */
  where(
    ask: Pick<RowsAsk, 'where' | 'keys'> & { order?: readonly OrderTerm[]; after?: Position | undefined },
    excluded: Excluded,
    walked?: Binding['base'],
  ): string {
    if (walked) return ` WHERE ${[...(ask.where ? [this.condition(ask.where)] : []), ...this.base(walked)].join(' AND ')}`;
    const parts = this.base();
    if (this.binding.mayLackKeys) parts.push(`${this.binding.column('key').expression} IS NOT NULL`);
    if (excluded.keys.length > 0) parts.push(`${this.binding.column('key').expression} NOT IN (${excluded.keys.map((key) => this.parameter(key)).join(', ')})`);
    // A key list is cut to fit the driver's parameters, not handed over as one.
    if (ask.keys) parts.push(this.comparison({ attribute: ask.keys.attribute, is: 'in', value: ask.keys.values }, Number.POSITIVE_INFINITY));
    if (ask.where) parts.push(this.condition(ask.where));
    if (ask.after && ask.order) parts.push(this.afterPosition(ask.order, ask.after, 0));
    return parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`;
  }

  order(terms: readonly OrderTerm[]): string[] {
    return terms.flatMap((term) => {
      const column = this.binding.column(term.attribute);
      if (column.constant !== undefined) return [];
      const expression = column.indexed?.ordered ? column.indexed.expression : column.expression;
      return column.nullable ? this.dialect.order(expression, term.descending, term.nullsFirst) : `${expression} ${term.descending ? 'DESC' : 'ASC'}`;
    });
  }

  condition(condition: Condition): string {
    if ('all' in condition) return this.joined(condition.all, ' AND ', TRUE);
    if ('any' in condition) return this.joined(condition.any, ' OR ', FALSE);
    // Two-valued: what SQL calls unknown is false before it is turned round.
    if ('not' in condition) return `NOT COALESCE((${this.condition(condition.not)}), ${FALSE})`;
    return this.comparison(condition);
  }

  private joined(conditions: readonly Condition[], word: string, empty: string): string {
    if (conditions.length === 0) return empty;
    return `(${conditions.map((part) => this.condition(part)).join(word)})`;
  }

  private comparison({ attribute, is, value }: Extract<Condition, { attribute: string }>, longestList = LONGEST_LIST): string {
    const column = this.binding.column(attribute);
    if (column.constant !== undefined) return constantKeeps(column.constant, is, value) ? TRUE : FALSE;
    const { expression } = column;
    switch (is) {
      case 'isNull':
        return `${expression} IS ${value ? '' : 'NOT '}NULL`;
      case 'in':
        return this.oneOf(column, value as readonly Value[], longestList);
      case 'eq':
        return value === null ? FALSE : this.oneOf(column, [value as Value], longestList);
      case 'contains':
        return `${this.dialect.placeOf(expression, this.parameter(value as string))} > 0`;
      case 'startsWith':
        return `${this.dialect.placeOf(expression, this.parameter(value as string))} = 1`;
      default:
        return value === null ? FALSE : this.range(column, OPERATORS[is], value as Value);
    }
  }

  private oneOf(column: BoundColumn, values: readonly Value[], longestList: number): string {
    const parameters = values.filter((value) => value !== null).flatMap((value) => column.encode(value));
    const { indexed } = column;
    if (!indexed) return this.isOneOf(column.expression, column, parameters, longestList);
    const same = parameters.filter((parameter) => indexed.equals(parameter) === 'same');
    const more = parameters.filter((parameter) => indexed.equals(parameter) === 'more');
    // What the bare column finds beside the right rows, the exact comparison leaves out.
    const parts = [
      ...(same.length > 0 ? [this.isOneOf(indexed.expression, { ...column, as: indexed.as }, same, longestList)] : []),
      ...(more.length > 0
        ? [
            `(${this.isOneOf(indexed.expression, { ...column, as: indexed.as }, more, longestList)} AND ${this.isOneOf(column.expression, column, more, longestList)})`,
          ]
        : []),
    ];
    return parts.length === 0 ? FALSE : parts.length === 1 ? (parts[0] as string) : `(${parts.join(' OR ')})`;
  }

  private isOneOf(expression: string, column: BoundColumn, parameters: readonly Parameter[], longestList: number): string {
    // No whole number is a fraction.
    const fitting = column.as === 'number' && column.type.kind === 'whole' ? parameters.filter((parameter) => WHOLE.test(String(parameter))) : parameters;
    if (fitting.length === 0) return FALSE;
    const { list } = this.dialect;
    if (list && fitting.length > longestList) {
      const as = column.as === 'number' && column.type.kind === 'whole' ? 'whole' : column.as;
      return list.holds(expression, this.parameter(list.parameter(fitting.map(String))), as, column.type);
    }
    const written = fitting.map((parameter) => this.typed(column, parameter));
    return written.length === 1 ? `${expression} = ${written[0]}` : `${expression} IN (${written.join(', ')})`;
  }

  /** A comparison that has an order, with the bare column where that has the same. */
  private range(column: BoundColumn, operator: string, value: Value): string {
    const parameter = column.encode(value);
    if (Array.isArray(parameter)) throw new Error('A value of several codes has no order.');
    const { indexed } = column;
    if (indexed?.orders(parameter)) return `${indexed.expression} ${operator} ${this.typed({ ...column, as: indexed.as }, parameter)}`;
    return `${column.expression} ${operator} ${this.typed(column, parameter)}`;
  }

  private typed({ as, type }: BoundColumn, parameter: Parameter): string {
    const placeholder = this.parameter(parameter);
    if (as !== 'number') return this.dialect.typed(placeholder, as);
    if (typeof parameter !== 'string') return placeholder;
    return this.dialect.typed(placeholder, type.kind === 'whole' && WHOLE.test(parameter) ? 'whole' : 'number');
  }

  /** Rows after the position from the term at `index` on: nested, so that the first term alone bounds an index range. */
  private afterPosition(order: readonly OrderTerm[], position: Position, index: number): string {
    if (index === position.values.length) return position.inclusive ? TRUE : FALSE;
    const term = order[index] as OrderTerm;
    const value = position.values[index] as Value;
    const column = this.binding.column(term.attribute);
    if (column.constant !== undefined) {
      const place = compareInTerm(column.constant, value, term);
      return place > 0 ? TRUE : place < 0 ? FALSE : this.afterPosition(order, position, index + 1);
    }
    const { expression } = column;
    if (value === null) {
      const rest = `(${expression} IS NULL AND ${this.afterPosition(order, position, index + 1)})`;
      return term.nullsFirst ? `(${expression} IS NOT NULL OR ${rest})` : rest;
    }
    const within = this.beyond(column, term.descending ? '<' : '>', value, () => this.afterPosition(order, position, index + 1));
    return column.nullable && !term.nullsFirst ? `(${within} OR ${expression} IS NULL)` : within;
  }

  /** Beyond the value, or at it and in the rest. The bound alone is a range of an index for every planner; the rest narrows it. */
  private beyond(column: BoundColumn, operator: string, value: Value, rest: () => string): string {
    const before = this.parameters.length;
    const bound = this.range(column, `${operator}=`, value);
    const further = this.range(column, operator, value);
    const at = this.range(column, '=', value);
    const after = rest();
    if (after !== TRUE && after !== FALSE) return `(${bound} AND (${further} OR (${at} AND ${after})))`;
    this.parameters.length = before;
    return this.range(column, after === TRUE ? `${operator}=` : operator, value);
  }
}

const OPERATORS = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

function constantKeeps(constant: Value, is: string, value: Value | readonly Value[]): boolean {
  if (is === 'isNull') return (constant === null) === value;
  if (constant === null || value === null) return false;
  if (is === 'in') return (value as readonly Value[]).includes(constant);
  if (is === 'contains') return (constant as string).includes(value as string);
  if (is === 'startsWith') return (constant as string).startsWith(value as string);
  const order = compareValues(constant, value as Value);
  return { eq: order === 0, lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }[is] ?? false;
}
