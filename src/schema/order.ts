/** `orderBy`: input types made from an entity's definition, and what they say as an order. */
import type { Attribute } from '../entities/definition.js';
import { defineEnum } from '../entities/enums.js';
import type { Crossing, Figure, OrderTerm } from '../sources/book.js';
import { HubError } from './errors.js';
import { field, inputType, type Listed } from './filters.js';

const Direction = defineEnum('Direction', 'Which way. Empty values come last in both. 排序方向', {
  ASC: 'From the least. 升序',
  DESC: 'From the greatest. 降序',
});

/** Where the value of a term comes from, when it is not the row's own: the row that a link leads to, or a figure of the rows. */
export interface OrderVia {
  readonly crossing: Crossing;
  /** The attribute of the other row; without it, `figure` is over the other rows. */
  readonly attribute?: Attribute;
  readonly figure?: Figure;
}

/** A term of a list's order. With `via`, its `attribute` is a name of its own ("tenant.name", "loans.sum.balance"). */
export interface ListOrderTerm extends OrderTerm {
  readonly via?: OrderVia;
}

/** What a cursor must know of an attribute whose value it holds. */
export type OrderedAttribute = Pick<Attribute, 'kind' | 'enum' | 'nullable'>;

type OrderType = new () => object;
type Given = Readonly<Record<string, unknown>>;

const MOST_TERMS = 5;
const FIGURES = ['sum', 'minimum', 'maximum'] as const;
const orderTypes = new Map<string, OrderType>();

/** The `orderBy` input of a list: one field of it in each object. */
export function orderType(listed: Listed): OrderType {
  return made(`${listed.name}Order`, `One term of an order of ${listed.name}: exactly one field. 排序项`, (type) => {
    addOwnFields(type, listed);
    for (const { field: name, description, many, target } of listed.crossings()) {
      const inner = many ? figuresOrderType(target) : ownOrderType(target);
      field(type, name, () => inner, description);
    }
  });
}

/** The terms of an `orderBy`; rows that tie in all of them come by source and key. Throws a HubError for a term that is not one field. */
export function orderOf(listed: Listed, orderBy: readonly Given[] | null | undefined): ListOrderTerm[] {
  const terms = (orderBy ?? []).map((given, index) => termOf(listed, given, `orderBy[${index}]`));
  if (terms.length > MOST_TERMS) throw new HubError('BAD_USER_INPUT', `orderBy: expected at most ${MOST_TERMS} terms, but got: ${terms.length}.`);
  return terms;
}

/** The attributes that the terms of an order are values of, by the terms' names: a list's own, and those over links. */
export function orderAttributes(listed: Listed, order: readonly ListOrderTerm[]): ReadonlyMap<string, OrderedAttribute> {
  const across = order.flatMap(({ attribute, via }): [string, OrderedAttribute][] =>
    via ? [[attribute, { ...(via.attribute ?? { kind: 'integer' }), nullable: true }]] : [],
  );
  return new Map<string, OrderedAttribute>([...listed.attributes, ...across]);
}

function ownOrderType(listed: Listed): OrderType {
  return made(`${listed.name}OwnOrder`, `An order by the one row of ${listed.name} behind a link: exactly one field. 关联排序项`, (type) =>
    addOwnFields(type, listed),
  );
}

function figuresOrderType(listed: Listed): OrderType {
  return made(`${listed.name}ListOrder`, `An order by a figure of the rows of ${listed.name} behind a link: exactly one. 关联汇总排序项`, (type) => {
    field(type, 'count', () => Direction.object, 'Their number. 行数');
    const additive = additiveAttributes(listed);
    if (additive.length === 0) return;
    const figures = made(`${listed.name}FigureOrder`, `An order by one amount of ${listed.name}. 数值排序项`, (inner) => {
      for (const attribute of additive) field(inner, attribute.name, () => Direction.object, attribute.description);
    });
    for (const figure of FIGURES) field(type, figure, () => figures, `The ${figure} of an amount. 数值`);
  });
}

function additiveAttributes(listed: Listed): Attribute[] {
  return [...listed.attributes.values()].filter((attribute) => attribute.total);
}

function addOwnFields(type: OrderType, listed: Listed): void {
  field(type, 'sourceId', () => Direction.object, 'The id of the source. 来源标识');
  for (const attribute of listed.attributes.values()) if (attribute.order) field(type, attribute.name, () => Direction.object, attribute.description);
}

function made(name: string, description: string, fill: (type: OrderType) => void): OrderType {
  const known = orderTypes.get(name);
  if (known) return known;
  const type = inputType(name, description);
  orderTypes.set(name, type);
  fill(type);
  return type;
}

function termOf(listed: Listed, given: Given, path: string): ListOrderTerm {
  const [name, said] = onlyOf(given, path);
  const over = listed.crossings().find((entry) => entry.field === name);
  if (!over) return { attribute: name === 'sourceId' ? 'source' : name, ...direction(said) };
  const { crossing, many, target } = over;
  const [inner, innerSaid] = onlyOf(said as Given, `${path}.${name}`);
  if (!many) {
    const attribute = target.attributes.get(inner) ?? SOURCE;
    return { attribute: `${name}.${inner}`, via: { crossing, attribute }, ...direction(innerSaid) };
  }
  if (inner === 'count') return { attribute: `${name}.count`, via: { crossing, figure: { function: 'count' } }, ...direction(innerSaid) };
  const [summed, summedSaid] = onlyOf(innerSaid as Given, `${path}.${name}.${inner}`);
  const attribute = target.attributes.get(summed) as Attribute;
  const figure = { function: inner as (typeof FIGURES)[number], attribute: summed };
  return { attribute: `${name}.${inner}.${summed}`, via: { crossing, attribute, figure }, ...direction(summedSaid) };
}

/** The source of a row, as an attribute to order by. */
const SOURCE: Attribute = { name: 'source', column: 'source', kind: 'text', description: '' };

function direction(said: unknown): { descending: boolean; nullsFirst: boolean } {
  return { descending: said === Direction.object.DESC, nullsFirst: false };
}

function onlyOf(given: Given, path: string): [string, unknown] {
  const named = Object.entries(given).filter(([, said]) => said !== undefined && said !== null);
  const [only] = named;
  if (only && named.length === 1) return only;
  throw new HubError(
    'BAD_USER_INPUT',
    `${path}: expected exactly one field, but got: ${named.length}. Write one object for each term: [{amount: DESC}, {date: ASC}].`,
  );
}
