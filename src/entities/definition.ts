/**
 * What an entity file says, and where it is kept.
 *
 * `@Book` on a class makes it a TypeORM entity (a table of the hub's store) and a GraphQL type at once. `@Attribute`
 * declares a column that is also a field, and says whether it may be filtered, ordered or grouped by. `@Link` declares
 * the way from this entity to another, and the name of the way back. Filters, orders, totals, connections, loaders,
 * mappings, imports and tests are all made from these definitions; none of them keeps a list of its own.
 */
import { Field, ObjectType } from 'type-graphql';
import { Column, Entity, Index } from 'typeorm';
import type { EnumDefinition } from './enums.js';
import type { StatedFact } from './facts.js';
import { type ValueKind, valueKinds } from './kinds.js';
import type { Scope } from './scope.js';

/** The rooms of the hub; `capital`, `lending` and `operations` may import `tenancy`, never each other. */
export type Room = 'tenancy' | 'capital' | 'lending' | 'operations';

/** A class that carries `@Book`. */
// biome-ignore lint/suspicious/noExplicitAny: a class of any entity; its instances are plain rows
export type EntityClass<T = any> = abstract new (...args: never[]) => T;

/** What `@Attribute` says. */
export interface AttributeOptions {
  /** English, then the official Chinese term. */
  description: string;
  nullable?: boolean;
  /** May stand in `where`. */
  filter?: boolean;
  /** May stand in `orderBy`. */
  order?: boolean;
  /** May stand in `groupBy`; a date or instant groups by its year. */
  group?: boolean;
  /** Is added up, averaged and compared in `totals`; for money, decimals and whole numbers. */
  total?: boolean;
  /** The registered enum, for kind `enum`. */
  enum?: EnumDefinition;
  /** A rule beyond the kind's own: undefined when the value keeps it, else what was expected. */
  check?: (value: string) => string | undefined;
  /** It states a fact of a tenant that other books may state too: `tenant.discrepancies` compares them. */
  states?: StatedFact;
  /** Has a database index in the store; links and keys have theirs without it. */
  index?: boolean;
  /** The register's file may lack the column: it was written before the hub knew the attribute. */
  mayLackColumn?: boolean;
  /** Most characters of a text; 200 unless told. */
  length?: number;
  /** The scope of consent that opens it; that of its entity unless told. */
  scope?: Scope;
}

/** One attribute of an entity. */
export interface Attribute extends AttributeOptions {
  name: string;
  kind: ValueKind;
  column: string;
}

/** What `@Link` says. */
export interface LinkOptions {
  /** English, then the Chinese term. */
  description: string;
  /** The attribute (or `source`, `key`) of this entity that names the other row. */
  from: string;
  /** The attribute (or `source`, `key`) of the other entity that is named; `key` unless told. */
  to?: string;
  /** Both rows live in the same source: `from` names a row of its own partner's book. */
  withinSource?: boolean;
  /**
   * The other row must exist: a row of the register that names none is set aside. False unless told, for books may name
   * what another book lacks. The field may be null all the same: the book that holds the other row may be one that failed.
   */
  required?: boolean;
  /** The field on the other entity that leads back: a connection, or one row where `inverseOne` is set. */
  inverse?: {
    name: string;
    description: string;
    one?: boolean;
    /** Totals of that entity, and of all that links to it, may be grouped by these rows; a row counts in the group of each of its own. */
    groups?: boolean;
  };
}

/** One link from an entity to another, as declared in the entity that holds the key. */
export interface Link extends LinkOptions {
  name: string;
  to: string;
  target: () => EntityClass;
}

/** What `@Book` says. */
export interface BookOptions {
  room: Room;
  /** English, then the official Chinese term. */
  description: string;
  /** Plural name, in lower camel case: the root field and the name of its book. */
  plural: string;
  /** The attribute that is the row's key within its source, where the key is one of its attributes. */
  key?: string;
  /** Its rows are made of park.yml and of each source.yml's partner block: no source maps it. */
  configured?: boolean;
  /** The interfaces it implements beside Node and Sourced. */
  implements?: readonly EntityClass[];
  /** The scope of consent that opens its rows and what is not public of them; where there is none, no consent does. */
  scope?: Scope;
  /** The attributes that are public, wherever the row itself is (see src/access/rules.ts); none unless told. The key goes with the row. */
  public?: 'all' | readonly string[];
}

/** Everything an entity file says of its entity. */
export interface EntityDefinition extends BookOptions {
  name: string;
  target: EntityClass;
  table: string;
  attributes: ReadonlyMap<string, Attribute>;
  links: readonly Link[];
}

const definitions = new Map<EntityClass, EntityDefinition>();
const attributesOf = new Map<object, Map<string, Attribute>>();
const linksOf = new Map<object, Link[]>();

// Of the store's indices: within a source the source's name comes first in every condition; and rows of one value are given in the order
// of their keys: without these SQLite takes the index that has that order, and walks the source.

/** Declares a column that is also a GraphQL field. */
export function Attribute(kind: ValueKind, options: AttributeOptions): PropertyDecorator {
  return (prototype, property) => {
    const name = String(property);
    const column = snakeCase(name);
    const traits = valueKinds[kind];
    const own = attributesOf.get(prototype) ?? new Map<string, Attribute>();
    attributesOf.set(prototype, own.set(name, { ...options, name, kind, column }));
    // Empty for a row whose partner no longer has the column; what a row must have is the mapper's to check.
    Column({ name: column, nullable: true, ...traits.column(options.length) })(prototype, property);
    if (options.index) Index(`${snakeCase(prototype.constructor.name)}_${column}`, ['source', name, 'key'])(prototype.constructor);
  };
}

/** Declares the way from this entity to another. The resolver of both ends is made from it. */
export function Link(target: () => EntityClass, options: LinkOptions): PropertyDecorator {
  return (prototype, property) => {
    const own = linksOf.get(prototype) ?? [];
    own.push({ ...options, to: options.to ?? 'key', name: String(property), target });
    linksOf.set(prototype, own);
    if (attributesOf.get(prototype)?.has(options.from)) {
      // The way back reads by this column.
      Index(`${snakeCase(prototype.constructor.name)}_${snakeCase(options.from)}`, ['source', options.from, 'key'])(prototype.constructor);
    }
  };
}

/** Makes a class a TypeORM entity and a GraphQL type, and keeps its definition. */
export function Book(options: BookOptions & { interfaces: readonly EntityClass[] }): ClassDecorator {
  return (target) => {
    const entity = target as unknown as EntityClass;
    const table = snakeCase(target.name);
    Entity(table)(target);
    const attributes = attributesOf.get(target.prototype) ?? new Map<string, Attribute>();
    for (const attribute of attributes.values()) addField(target.prototype, attribute, options);
    ObjectType(target.name, { description: options.description, implements: [...options.interfaces, ...(options.implements ?? [])] as never })(target);
    definitions.set(entity, {
      ...options,
      name: target.name,
      target: entity,
      table,
      attributes,
      links: linksOf.get(target.prototype) ?? [],
    });
  };
}

/**
 * In the graph every attribute may be null that a partner states, whether its book may leave it empty or not: where the
 * partner's column is gone, that field is an error, and GraphQL would let an error in a field that is never null take the
 * row with it, and the list that the row is in. A row without its key is none.
 */
function addField(prototype: object, attribute: Attribute, { key, configured = false }: BookOptions): void {
  const nullable = (attribute.nullable ?? false) || (!configured && attribute.name !== key);
  Field(() => attribute.enum?.object ?? valueKinds[attribute.kind].graphql, { nullable, description: attribute.description })(prototype, attribute.name);
}

/** The definition of an entity class. Throws when the class carries no `@Book`. */
export function definitionOf(entity: EntityClass): EntityDefinition {
  const definition = definitions.get(entity);
  if (!definition) throw new Error(`${entity.name} carries no @Book. Declare it in its entity file.`);
  return definition;
}

/** All definitions of the entity files that were loaded, in the order of their loading. */
export function allDefinitions(): readonly EntityDefinition[] {
  return [...definitions.values()];
}

/** The links of other entities that lead to this one and back, each with the entity that declares it. */
export function linksInto(definition: EntityDefinition): { link: Link; from: EntityDefinition }[] {
  return allDefinitions().flatMap((from) => from.links.filter((link) => link.inverse && link.target() === definition.target).map((link) => ({ link, from })));
}

/** lowerCamel or UpperCamel as snake_case. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}
