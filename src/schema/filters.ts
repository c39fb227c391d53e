/** `where`: input types made from an entity's definition, and what they say as a condition. */
import { Field, InputType } from 'type-graphql';
import type { Attribute } from '../entities/definition.js';
import type { EnumDefinition } from '../entities/enums.js';
import { type ValueKind, valueKinds } from '../entities/kinds.js';
import type { BookCondition, Condition, Crossing } from '../sources/book.js';
import { HubError } from './errors.js';
import { DEEPEST_WHERE, MOST_CONDITIONS, MOST_VALUES, MOST_VALUES_OF_WHERE } from './limits.js';

/** What a list can be filtered, ordered and grouped by: an entity, or the common attributes of an interface's entities. */
export interface Listed {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** The attribute that is the row's key, where the key is one of its attributes. */
  readonly key?: string | undefined;
  /** The ways to other lists that a filter may follow. */
  crossings(): readonly ListedCrossing[];
}

/** A way from one list to another, as a filter names it. */
export interface ListedCrossing {
  readonly field: string;
  readonly description: string;
  /** Leads to many rows: the filter says some, none or every. */
  readonly many: boolean;
  /** Totals may be grouped by the many rows. */
  readonly groups: boolean;
  readonly target: Listed;
  readonly crossing: Crossing;
}

type Given = Readonly<Record<string, unknown>>;
type InputClass = new () => object;
type Comparison = Extract<Condition, { attribute: string }>;

const SOURCE_ID = 'sourceId';

const filterNames: Readonly<Record<Exclude<ValueKind, 'enum'>, string>> = {
  text: 'TextFilter',
  uscc: 'UsccFilter',
  money: 'MoneyFilter',
  decimal: 'DecimalFilter',
  integer: 'IntFilter',
  date: 'DateFilter',
  dateTime: 'DateTimeFilter',
  boolean: 'BooleanFilter',
};

const filterTypes = new Map<string, InputClass>();
const whereTypes = new Map<string, InputClass>();

/** The `where` input of a list. */
export function whereType(listed: Listed): InputClass {
  const name = `${listed.name}Where`;
  const known = whereTypes.get(name);
  if (known) return known;
  const type = inputType(name, `Which rows of ${listed.name}. Several fields must all hold. 筛选条件`);
  whereTypes.set(name, type);
  field(type, 'and', () => [type], 'All of these hold. 且');
  field(type, 'or', () => [type], 'At least one of these holds. 或');
  field(type, 'not', () => type, 'This does not hold. 非');
  // Made now: type-graphql wants every type before it builds the schema.
  const text = filterType('text');
  field(type, SOURCE_ID, () => text, 'The id of the source. 来源标识');
  for (const attribute of listed.attributes.values()) {
    if (!attribute.filter) continue;
    const filter = filterType(attribute.kind, attribute.enum);
    field(type, attribute.name, () => filter, attribute.description);
  }
  for (const { field: name, description, many, target } of listed.crossings()) {
    const inner = many ? quantifierType(target) : whereType(target);
    field(type, name, () => inner, description);
  }
  return type;
}

/** What a filter says of the many rows that a link leads to. */
function quantifierType(target: Listed): InputClass {
  const name = `${target.name}ListWhere`;
  const known = whereTypes.get(name);
  if (known) return known;
  const type = inputType(name, `What is said of rows of ${target.name} behind a link. Several fields must all hold. 关联筛选`);
  whereTypes.set(name, type);
  const inner = whereType(target);
  field(type, 'some', () => inner, 'At least one row keeps this; {} asks for any row. 存在');
  field(type, 'none', () => inner, 'No row keeps this; {} asks for no row. 不存在');
  field(type, 'every', () => inner, 'Every row keeps this, or there is none. 全部');
  return type;
}

/** The condition that a `where` states; undefined where it states nothing. Throws a HubError for what cannot be. */
export function conditionOf(listed: Listed, where: Given | null | undefined, path = 'where'): BookCondition | undefined {
  return where ? new WhereReader().read(listed, where, path, 1) : undefined;
}

/** What a comparing input says of an attribute. Throws a HubError for what cannot be. */
export function comparisons(attribute: string, given: Given, path: string): Comparison[] {
  return new WhereReader().comparisons(attribute, given, path);
}

/** Reads one `where`, and counts: what no database takes must not look as if a source had failed. */
class WhereReader {
  private conditions = 0;
  private values = 0;

  read(listed: Listed, where: Given, path: string, depth: number): BookCondition | undefined {
    if (depth > DEEPEST_WHERE)
      throw new HubError('BAD_USER_INPUT', `${path}: expected at most ${DEEPEST_WHERE} levels of and, or, not and links. Ask for less at once.`);
    const crossings = new Map(listed.crossings().map((entry) => [entry.field, entry]));
    const parts: BookCondition[] = [];
    for (const [name, value] of Object.entries(where)) {
      if (value === undefined) continue;
      const own = `${path}.${name}`;
      if (value === null) throw new HubError('BAD_USER_INPUT', `${own}: expected a condition, but got: null. Leave it out, or ask for {isNull: true}.`);
      const crossing = crossings.get(name);
      if (name === 'and' || name === 'or') {
        const inner = (value as Given[]).map((part, index) => this.inner(listed, part, `${own}[${index}]`, depth));
        parts.push(name === 'and' ? { all: inner } : { any: inner });
      } else if (name === 'not') parts.push({ not: this.inner(listed, value as Given, own, depth) });
      else if (crossing) parts.push(...this.crossed(crossing, value as Given, own, depth));
      else parts.push(...this.comparisons(name === SOURCE_ID ? 'source' : name, value as Given, own));
    }
    if (parts.length === 0) return undefined;
    return parts.length === 1 ? parts[0] : { all: parts };
  }

  comparisons(attribute: string, given: Given, path: string): Comparison[] {
    return Object.entries(given).flatMap(([is, value]) => {
      if (value === undefined) return [];
      if (value === null) throw new HubError('BAD_USER_INPUT', `${path}.${is}: expected a value, but got: null. For empty values ask for {isNull: true}.`);
      const values = Array.isArray(value) ? value.length : 1;
      if (values > MOST_VALUES)
        throw new HubError('BAD_USER_INPUT', `${path}.${is}: expected at most ${MOST_VALUES} values, but got: ${values}. Ask in several queries.`);
      this.count(`${path}.${is}`, values);
      return [{ attribute, is, value } as Comparison];
    });
  }

  /** What stands in and, or and not; it counts even where it says nothing. */
  private inner(listed: Listed, where: Given, path: string, depth: number): BookCondition {
    const before = this.conditions;
    const condition = this.read(listed, where, path, depth + 1) ?? { all: [] };
    if (this.conditions === before) this.count(path, 0);
    return condition;
  }

  /** What a filter over a link says, in terms of `some` alone. */
  private crossed({ many, target, crossing }: ListedCrossing, given: Given, path: string, depth: number): BookCondition[] {
    this.count(path, 0);
    const some = (where: Given, own: string): BookCondition => ({ crossing, some: this.read(target, where, own, depth + 1) });
    if (!many) return [some(given, path)];
    return Object.entries(given).flatMap(([quantifier, where]): BookCondition[] => {
      if (where === undefined) return [];
      const own = `${path}.${quantifier}`;
      if (where === null) throw new HubError('BAD_USER_INPUT', `${own}: expected a condition, but got: null. Leave it out, or write {} for any row.`);
      if (quantifier === 'some') return [some(where as Given, own)];
      if (quantifier === 'none') return [{ not: some(where as Given, own) }];
      const kept = this.read(target, where as Given, own, depth + 1);
      return kept ? [{ not: { crossing, some: { not: kept } } }] : [];
    });
  }

  private count(path: string, values: number): void {
    this.conditions += 1;
    this.values += values;
    const tooMany =
      this.conditions > MOST_CONDITIONS ? `${MOST_CONDITIONS} conditions` : this.values > MOST_VALUES_OF_WHERE ? `${MOST_VALUES_OF_WHERE} values` : undefined;
    if (tooMany) throw new HubError('BAD_USER_INPUT', `${path}: expected at most ${tooMany} in one where, but got: more. Ask in several queries.`);
  }
}

/** The input that compares a kind of value. */
export function filterType(kind: ValueKind, enumeration?: EnumDefinition): InputClass {
  const name = kind === 'enum' ? `${enumeration?.name}Filter` : filterNames[kind];
  const known = filterTypes.get(name);
  if (known) return known;
  const type = inputType(name, `Compares a ${kind === 'enum' ? enumeration?.name : kind}. Several fields must all hold. 比较条件`);
  filterTypes.set(name, type);
  const { graphql, ordered } = valueKinds[kind];
  const scalar: unknown = enumeration?.object ?? graphql;
  field(type, 'eq', () => scalar, 'Equal. 等于');
  field(type, 'in', () => [scalar], `One of these, at most ${MOST_VALUES}. 属于`);
  if (ordered) {
    field(type, 'lt', () => scalar, 'Less. 小于');
    field(type, 'lte', () => scalar, 'Less or equal. 小于等于');
    field(type, 'gt', () => scalar, 'Greater. 大于');
    field(type, 'gte', () => scalar, 'Greater or equal. 大于等于');
  }
  if (kind === 'text') {
    field(type, 'contains', () => String, 'Contains; tells capital letters apart. 包含');
    field(type, 'startsWith', () => String, 'Starts with; tells capital letters apart. 开头为');
  }
  field(type, 'isNull', () => Boolean, 'Empty (true) or not (false). 是否为空');
  return type;
}

/** A class of this name for type-graphql's InputType. */
export function inputType(name: string, description: string): InputClass {
  const type = { [name]: class {} }[name] as InputClass;
  InputType(name, { description })(type);
  return type;
}

/** A nullable field of an input type. */
export function field(type: InputClass, name: string, of: () => unknown, description: string): void {
  Field(of as never, { nullable: true, description })(type.prototype, name);
}
