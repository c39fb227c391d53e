/** `where`: input types made from an entity's definition, and what they say as a condition. */
import { Field, InputType } from 'type-graphql';
import type { Attribute } from '../entities/definition.js';
import type { EnumDefinition } from '../entities/enums.js';
import { type ValueKind, valueKinds } from '../entities/kinds.js';
import type { Condition } from '../sources/book.js';
import { HubError } from './errors.js';
import { DEEPEST_WHERE, MOST_CONDITIONS, MOST_VALUES, MOST_VALUES_OF_WHERE } from './limits.js';

/** What a list can be filtered, ordered and grouped by: an entity, or the common attributes of an interface's entities. */
export interface Listed {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, Attribute>;
}

type Given = Readonly<Record<string, unknown>>;
type InputClass = new () => object;

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
  return type;
}

/** The condition that a `where` states; undefined where it states nothing. Throws a HubError for what cannot be. */
export function conditionOf(where: Given | null | undefined): Condition | undefined {
  return where ? new WhereReader().read(where, 'where', 1) : undefined;
}

/** Reads one `where`, and counts: what no database takes must not look as if a source had failed. */
class WhereReader {
  private conditions = 0;
  private values = 0;

  read(where: Given, path: string, depth: number): Condition | undefined {
    if (depth > DEEPEST_WHERE)
      throw new HubError('BAD_USER_INPUT', `${path}: expected at most ${DEEPEST_WHERE} levels of and, or and not. Ask for less at once.`);
    const parts: Condition[] = [];
    for (const [name, value] of Object.entries(where)) {
      if (value === undefined) continue;
      if (value === null)
        throw new HubError('BAD_USER_INPUT', `${path}.${name}: expected a condition, but got: null. Leave it out, or ask for {isNull: true}.`);
      if (name === 'and' || name === 'or') {
        const inner = (value as Given[]).map((part, index) => this.inner(part, `${path}.${name}[${index}]`, depth));
        parts.push(name === 'and' ? { all: inner } : { any: inner });
      } else if (name === 'not') {
        parts.push({ not: this.inner(value as Given, `${path}.not`, depth) });
      } else {
        parts.push(...this.comparisons(name === SOURCE_ID ? 'source' : name, value as Given, `${path}.${name}`));
      }
    }
    if (parts.length === 0) return undefined;
    return parts.length === 1 ? parts[0] : { all: parts };
  }

  /** What stands in and, or and not; it counts even where it says nothing. */
  private inner(where: Given, path: string, depth: number): Condition {
    const before = this.conditions;
    const condition = this.read(where, path, depth + 1) ?? { all: [] };
    if (this.conditions === before) this.count(path, 0);
    return condition;
  }

  private comparisons(attribute: string, given: Given, path: string): Condition[] {
    return Object.entries(given).flatMap(([is, value]) => {
      if (value === undefined) return [];
      if (value === null) throw new HubError('BAD_USER_INPUT', `${path}.${is}: expected a value, but got: null. For empty values ask for {isNull: true}.`);
      const values = Array.isArray(value) ? value.length : 1;
      if (values > MOST_VALUES)
        throw new HubError('BAD_USER_INPUT', `${path}.${is}: expected at most ${MOST_VALUES} values, but got: ${values}. Ask in several queries.`);
      this.count(`${path}.${is}`, values);
      return [{ attribute, is, value } as Condition];
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

function filterType(kind: ValueKind, enumeration?: EnumDefinition): InputClass {
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
