/**
 * Executes a planned operation, with the answer that graphql-js gives: data, errors, their order and their places.
 *
 * Three things are left away that graphql-js does for each field of each object: finding the field and its arguments, the
 * `info` and the path where no resolver looks at them, and a promise for each value that is there already. The promises
 * that remain are tied together as graphql-js ties them, so that errors are found in the same order, and those are
 * dropped that stand under a place that was nulled before.
 */
import { type GraphQLAbstractType, GraphQLError, type GraphQLObjectType, type GraphQLResolveInfo, isObjectType, locatedError } from 'graphql';
import { getArgumentValues } from 'graphql/execution/values.js';
import { inspect } from 'graphql/jsutils/inspect.js';
import type { Completion, Data, FieldPlan, ObjectPlan, OperationPlan, Variables } from './plan.js';

/** A place in the answer. Errors are told apart by the place itself, not by what it says. */
interface Path {
  readonly prev: Path | undefined;
  readonly key: string | number;
  readonly typename: string | undefined;
}

/** A value, or the promise of one. */
export type Awaitable<T> = T | Promise<T>;

/** One execution of a plan. */
export class Execution {
  readonly errors: GraphQLError[] = [];
  private readonly nulled = new Set<Path | undefined>();
  private readonly given: (Readonly<Record<string, unknown>> | undefined)[] = [];

  constructor(
    private readonly plan: OperationPlan,
    private readonly rootValue: unknown,
    private readonly contextValue: unknown,
    private readonly variables: Variables,
  ) {}

  /** The data of a query. Throws, or rejects with, an error that takes all of it. */
  query(): Awaitable<Data> {
    return this.object(this.plan.root(this.variables), this.rootValue, undefined);
  }

  /** The data of a mutation: each field begins when the one before it has ended. */
  mutation(): Awaitable<Data> {
    const { Result, fields } = this.plan.root(this.variables);
    const results = new Result();
    let last: Awaitable<Data> = results;
    const step = (field: FieldPlan): Awaitable<Data> => {
      const result = this.field(field, this.rootValue, undefined);
      if (!isPromise(result)) {
        results[field.key] = result;
        return results;
      }
      return result.then((resolved) => {
        results[field.key] = resolved;
        return results;
      });
    };
    for (const field of fields) last = isPromise(last) ? last.then(() => step(field)) : step(field);
    return last;
  }

  /** Adds an error, unless its place or one above it was nulled before. */
  add(error: GraphQLError, path: Path | undefined): void {
    for (let place = path; place !== undefined; place = place.prev) if (this.nulled.has(place)) return;
    if (this.nulled.has(undefined)) return;
    this.nulled.add(path);
    this.errors.push(error);
  }

  private object({ Result, fields }: ObjectPlan, source: unknown, path: Path | undefined): Awaitable<Data> {
    const results = new Result();
    let pending: string[] | undefined;
    try {
      for (const field of fields) {
        const result = this.field(field, source, path);
        results[field.key] = result;
        if (isPromise(result)) {
          if (pending) pending.push(field.key);
          else pending = [field.key];
        }
      }
    } catch (error) {
      if (!pending) throw error;
      // What is under way is waited for, for it may fail too.
      return settled(results, pending).finally(() => {
        throw error;
      });
    }
    return pending ? settled(results, pending) : results;
  }

  /** The value of a field in the answer; null with an error noted where it failed and may be null. */
  private field(field: FieldPlan, source: unknown, above: Path | undefined): unknown {
    if (field.isTypeName) return field.parent.name;
    let path: Path | undefined;
    try {
      if (field.isProperty) {
        const value = isReadable(source) ? source[field.name] : undefined;
        if (typeof value !== 'function' && !isPromise(value)) {
          const written = this.complete(field, field.completion, value, undefined, undefined);
          return isPromise(written) ? this.caught(field, written, pathOf(above, field)) : written;
        }
        path = pathOf(above, field);
        return this.completed(field, typeof value === 'function' ? this.called(field, source, value, {}, path) : value, path, undefined);
      }
      path = pathOf(above, field);
      const info = field.needsInfo ? this.info(field, path) : undefined;
      const given = field.hasArguments ? this.argumentsOf(field) : {};
      const value = field.resolve ? field.resolve(source, given, this.contextValue, info as GraphQLResolveInfo) : this.property(field, source, given, path);
      return this.completed(field, value, path, info);
    } catch (error) {
      return this.failed(field, field.completion, path ?? pathOf(above, field), error);
    }
  }

  /** What graphql-js's default resolver gives. */
  private property(field: FieldPlan, source: unknown, given: object, path: Path): unknown {
    const value = isReadable(source) ? source[field.name] : undefined;
    return typeof value === 'function' ? this.called(field, source, value, given, path) : value;
  }

  private called(field: FieldPlan, source: unknown, method: unknown, given: object, path: Path): unknown {
    return (method as (...all: unknown[]) => unknown).call(source, given, this.contextValue, this.info(field, path));
  }

  private completed(field: FieldPlan, value: unknown, path: Path, info: GraphQLResolveInfo | undefined): unknown {
    const result = isPromise(value)
      ? value.then((resolved) => this.complete(field, field.completion, resolved, path, info))
      : this.complete(field, field.completion, value, path, info);
    return isPromise(result) ? this.caught(field, result, path) : result;
  }

  private caught(field: FieldPlan, result: Promise<unknown>, path: Path): Promise<unknown> {
    return result.then(undefined, (error) => this.failed(field, field.completion, path, error));
  }

  private failed(field: FieldPlan, { nonNull }: Completion, path: Path, raw: unknown): null {
    const error = locatedError(raw, field.nodes, pathArray(path));
    if (nonNull) throw error;
    this.add(error, path);
    return null;
  }

  /** A value as it stands in the answer. A leaf needs no place. */
  private complete(field: FieldPlan, completion: Completion, value: unknown, path: Path | undefined, info: GraphQLResolveInfo | undefined): unknown {
    if (value === null || value === undefined) {
      if (completion.nonNull) throw new Error(`Cannot return null for non-nullable field ${field.parent.name}.${field.name}.`);
      return null;
    }
    if (completion.kind === 'leaf') {
      if (typeof value === completion.asIs) return value;
      if (value instanceof Error) throw value;
      const written = completion.type.serialize(value);
      if (written === null || written === undefined)
        throw new Error(`Expected \`${inspect(completion.type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(written)}`);
      return written;
    }
    if (value instanceof Error) throw value;
    if (completion.kind === 'list') return this.list(field, completion.item, value, path as Path, info);
    if (completion.kind === 'object') return this.objectOf(field, completion.type, value, path as Path, info);
    const { type, resolveType } = completion;
    const named = resolveType(value, this.contextValue, info as GraphQLResolveInfo, type as GraphQLAbstractType);
    return isPromise(named)
      ? named.then((name) => this.objectOf(field, this.typeNamed(field, type, name, value), value, path as Path, info))
      : this.objectOf(field, this.typeNamed(field, type, named, value), value, path as Path, info);
  }

  private list(field: FieldPlan, item: Completion, value: unknown, path: Path, info: GraphQLResolveInfo | undefined): Awaitable<unknown[]> {
    if (!isIterable(value)) throw new GraphQLError(`Expected Iterable, but did not find one for field "${field.parent.name}.${field.name}".`);
    const results: unknown[] = [];
    let pending: number[] | undefined;
    try {
      for (const element of value) {
        const index = results.length;
        const result = this.item(field, item, element, { prev: path, key: index, typename: undefined }, info);
        results.push(result);
        if (isPromise(result)) {
          if (pending) pending.push(index);
          else pending = [index];
        }
      }
    } catch (error) {
      // The list is lost at once; an item under way that fails later is nobody's any more, and must not end the process.
      for (const index of pending ?? []) (results[index] as Promise<unknown>).then(undefined, () => undefined);
      throw error;
    }
    if (!pending) return results;
    // Where all are promised there is nothing that `Promise.all` would promise in vain, and it is cheaper than any other way.
    return pending.length === results.length ? Promise.all(results) : settledItems(results, pending);
  }

  private item(field: FieldPlan, completion: Completion, value: unknown, path: Path, info: GraphQLResolveInfo | undefined): unknown {
    try {
      const result = isPromise(value)
        ? value.then((resolved) => this.complete(field, completion, resolved, path, info))
        : this.complete(field, completion, value, path, info);
      return isPromise(result) ? result.then(undefined, (error) => this.failed(field, completion, path, error)) : result;
    } catch (error) {
      return this.failed(field, completion, path, error);
    }
  }

  private objectOf(field: FieldPlan, type: GraphQLObjectType, value: unknown, path: Path, info: GraphQLResolveInfo | undefined): Awaitable<Data> {
    const plan = field.objectOf(type, this.variables);
    if (!type.isTypeOf) return this.object(plan, value, path);
    const refuse = (): never => {
      throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(value)}.`, { nodes: field.nodes });
    };
    const isOf = type.isTypeOf(value, this.contextValue, info as GraphQLResolveInfo);
    if (isPromise(isOf)) return isOf.then((is) => (is ? this.object(plan, value, path) : refuse()));
    return isOf ? this.object(plan, value, path) : refuse();
  }

  /** The object type that an abstract type was resolved to. */
  private typeNamed(field: FieldPlan, abstract: { readonly name: string }, name: unknown, value: unknown): GraphQLObjectType {
    const { nodes, parent } = field;
    const { schema } = this.plan;
    const refuse = (message: string): never => {
      throw new GraphQLError(message, { nodes });
    };
    const at = `at runtime for field "${parent.name}.${field.name}"`;
    if (name === null || name === undefined)
      return refuse(
        `Abstract type "${abstract.name}" must resolve to an Object type ${at}. Either the "${abstract.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
      );
    if (isObjectType(name))
      throw new GraphQLError('Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead.');
    if (typeof name !== 'string')
      throw new GraphQLError(
        `Abstract type "${abstract.name}" must resolve to an Object type ${at} with value ${inspect(value)}, received "${inspect(name)}".`,
      );
    const type = schema.getType(name);
    if (!type) return refuse(`Abstract type "${abstract.name}" was resolved to a type "${name}" that does not exist inside the schema.`);
    if (!isObjectType(type)) return refuse(`Abstract type "${abstract.name}" was resolved to a non-object type "${name}".`);
    if (!schema.isSubType(abstract as GraphQLAbstractType, type))
      return refuse(`Runtime Object type "${type.name}" is not a possible type for "${abstract.name}".`);
    return type;
  }

  /** The arguments of a field: worked out once for the operation, and a copy for each object, for a resolver may change its own. */
  private argumentsOf(field: FieldPlan): Record<string, unknown> {
    const given = this.given[field.index] ?? getArgumentValues(field.definition, field.nodes[0] as never, this.variables as Record<string, unknown>);
    this.given[field.index] = given;
    return { ...given };
  }

  private info(field: FieldPlan, path: Path): GraphQLResolveInfo {
    const { schema, fragments, operation } = this.plan;
    return {
      fieldName: field.name,
      fieldNodes: field.nodes,
      returnType: field.definition.type,
      parentType: field.parent,
      path,
      schema,
      fragments: fragments as GraphQLResolveInfo['fragments'],
      rootValue: this.rootValue,
      operation,
      variableValues: this.variables as Record<string, unknown>,
    };
  }
}

/** The object once the fields are there that were promised; only these are waited for. */
function settled(results: Data, pending: readonly string[]): Promise<Data> {
  return Promise.all(pending.map((key) => results[key])).then((values) => {
    for (const [index, key] of pending.entries()) results[key] = values[index];
    return results;
  });
}

/** The list once the items are there that were promised; as soon as `Promise.all` over all of its items would be. */
function settledItems(results: unknown[], pending: readonly number[]): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    let left = pending.length;
    for (const index of pending) {
      (results[index] as Promise<unknown>).then((value) => {
        results[index] = value;
        left -= 1;
        if (left === 0) resolve(results);
      }, reject);
    }
  });
}

function isReadable(source: unknown): source is Record<string, unknown> {
  return (typeof source === 'object' && source !== null) || typeof source === 'function';
}

/** Whether a value is awaited: whatever has a `then`. */
export function isPromise<T>(value: Awaitable<T>): value is Promise<T> {
  return ((typeof value === 'object' && value !== null) || typeof value === 'function') && typeof (value as { then?: unknown }).then === 'function';
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { [Symbol.iterator]?: unknown })[Symbol.iterator] === 'function';
}

function pathOf(prev: Path | undefined, { key, parent }: FieldPlan): Path {
  return { prev, key, typename: parent.name };
}

function pathArray(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let place: Path | undefined = path; place; place = place.prev) keys.push(place.key);
  return keys.reverse();
}
