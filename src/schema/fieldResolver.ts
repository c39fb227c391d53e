/** Adds a resolved field to a GraphQL type by way of type-graphql's decorators, for fields that are made from definitions. */
import { type GraphQLFieldResolver, type GraphQLResolveInfo, type GraphQLSchema, isInterfaceType, isObjectType } from 'graphql';
import { Arg, Ctx, Extensions, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { EntityClass } from '../entities/definition.js';
import type { HubContext } from './context.js';

/** The type of a field, as type-graphql's decorators take it: late, for types refer to each other. */
export type ReturnTypeFunc = Parameters<typeof Query>[0] & (() => unknown);

/** An argument of a made field. */
export interface ArgumentDeclaration {
  readonly type: ReturnTypeFunc;
  readonly description: string;
  readonly nullable?: boolean;
}

/** What answering a field takes, as far as its declaration knows; the cost of a document is made of these. */
export interface FieldReads {
  /** The entities whose books it asks. */
  readonly entities?: () => readonly string[];
  /** Asks of each source of these books for one answer of the field; one unless told. */
  readonly asks?: number;
  /** It is a connection: so many rows of one page. Its fields turn them into nodes. */
  readonly page?: (given: Readonly<Record<string, unknown>>) => number;
  /** Objects that it gives of one parent; 'page': those of the page of the connection that it is a field of. */
  readonly rows?: number | 'page' | ((given: Readonly<Record<string, unknown>>) => number);
  /** It totals the list of the connection that it is a field of. */
  readonly totals?: true;
}

/** A made field. */
export interface FieldDeclaration<Parent> {
  readonly name: string;
  readonly description: string;
  readonly type: ReturnTypeFunc;
  readonly nullable?: boolean;
  /** A list whose items may be null. */
  readonly listItemsNullable?: boolean;
  /** Attributes of the parent's row that it reads; all of them unless told. `source` and `key` are always there. */
  readonly needs?: readonly string[];
  readonly arguments?: Readonly<Record<string, ArgumentDeclaration>>;
  /** What answering it takes; nothing beside its parent unless told. */
  readonly reads?: FieldReads;
  readonly resolve: (parent: Parent, given: Readonly<Record<string, unknown>>, context: HubContext, info: GraphQLResolveInfo) => unknown;
}

/** A class that type-graphql takes among its resolvers. */
export type ResolverClass = new () => object;

const needsOf = new Map<string, readonly string[]>();

/** The attributes that a made field of an entity reads; undefined where that is not known. */
export function needsOfField(type: string, field: string): readonly string[] | undefined {
  return needsOf.get(`${type}.${field}`);
}

/** A resolver class that adds fields to a type. */
export function fieldsOf<Parent>(type: EntityClass, fields: readonly FieldDeclaration<Parent>[]): ResolverClass {
  for (const field of fields) if (field.needs) needsOf.set(`${type.name}.${field.name}`, field.needs);
  return make(
    fields,
    (resolver) => Resolver(() => type as never)(resolver),
    (field) => FieldResolver(field.type, optionsOf(field)),
  );
}

/** A resolver class that adds fields to Query. */
export function rootFields(fields: readonly FieldDeclaration<undefined>[]): ResolverClass {
  return make(
    fields,
    (resolver) => Resolver()(resolver),
    (field) => Query(field.type, optionsOf(field)),
  );
}

/** A resolver class that adds fields to Mutation. */
export function mutationFields(fields: readonly FieldDeclaration<undefined>[]): ResolverClass {
  return make(
    fields,
    (resolver) => Resolver()(resolver),
    (field) => Mutation(field.type, optionsOf(field)),
  );
}

function optionsOf(field: FieldDeclaration<never>): { nullable: boolean | 'items'; description: string } {
  return { nullable: field.listItemsNullable ? 'items' : (field.nullable ?? false), description: field.description };
}

/**
 * Has the fields of a schema that was built by these classes resolved by their declarations, and every other field read off
 * its object. type-graphql wraps each: it looks for instances, copies inputs, and promises arguments that are there.
 */
export function resolveDirectly(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isObjectType(type))
      for (const field of Object.values(type.getFields())) field.resolve = field.extensions.resolve as GraphQLFieldResolver<unknown, unknown>;
    // Every interface of the hub is one of rows.
    if (isInterfaceType(type)) type.resolveType = ({ entity }: { entity: string }) => entity;
  }
}

function make<Parent>(
  fields: readonly FieldDeclaration<Parent>[],
  decorateClass: (resolver: ResolverClass) => void,
  decorateField: (field: FieldDeclaration<Parent>) => MethodDecorator,
): ResolverClass {
  class Made {}
  for (const field of fields) {
    const names = Object.keys(field.arguments ?? {});
    const method = (parent: Parent, context: HubContext, info: GraphQLResolveInfo, ...given: unknown[]): unknown =>
      field.resolve(parent, Object.fromEntries(names.map((name, index) => [name, given[index]])), context, info);
    Object.defineProperty(Made.prototype, field.name, { value: method, configurable: true, writable: true });
    Root()(Made.prototype, field.name, 0);
    Ctx()(Made.prototype, field.name, 1);
    Info()(Made.prototype, field.name, 2);
    for (const [index, name] of names.entries()) {
      const argument = field.arguments?.[name] as ArgumentDeclaration;
      Arg(name, argument.type, { nullable: argument.nullable ?? false, description: argument.description })(Made.prototype, field.name, index + 3);
    }
    Extensions({ resolve: field.resolve, ...(field.reads && { reads: field.reads }) })(Made.prototype, field.name);
    decorateField(field)(Made.prototype, field.name, Object.getOwnPropertyDescriptor(Made.prototype, field.name) as PropertyDescriptor);
  }
  decorateClass(Made);
  return Made;
}
