/**
 * A schema in which everything happens that can happen to a field: values and promises of them, early and late, wrong values,
 * nulls, thrown and returned errors, iterables of all kinds, types told in every way. What happens at a place of the answer
 * hangs on the place and a seed alone, so that two executors meet the same.
 */
import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLError,
  type GraphQLFieldConfig,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';

/** What one execution is seeded with, and what it notes. */
export interface MadeContext {
  readonly seed: number;
  /** Of a thousand fields, so many go wrong. */
  readonly faults: number;
  /** Of a thousand values, so many are promised. */
  readonly promised: number;
  /** Every call of a resolver, in order, with what it was told. */
  readonly calls: string[];
}

interface Thing {
  readonly place: string;
  readonly [name: string]: unknown;
}

const Color = new GraphQLEnumType({ name: 'Color', values: { RED: { value: 1 }, GREEN: { value: 'green' }, BLUE: {} } });
const Odd = new GraphQLScalarType({
  name: 'Odd',
  serialize: (value) => {
    if (value === 'throw') throw new Error('Odd cannot write this.');
    if (value === 'null') return null as never;
    return value === 'promise' ? Promise.resolve('late') : { odd: value };
  },
  parseValue: (value) => {
    if (typeof value !== 'number' || value % 2 === 0) throw new GraphQLError(`${String(value)} is not odd.`, { extensions: { code: 'NOT_ODD' } });
    return value;
  },
});
const Given = new GraphQLInputObjectType({
  name: 'Given',
  fields: () => ({
    count: { type: new GraphQLNonNull(GraphQLInt), defaultValue: 3 },
    color: { type: Color },
    odd: { type: Odd },
    inner: { type: Given },
    many: { type: new GraphQLList(new GraphQLNonNull(GraphQLString)) },
  }),
});

/** A hash of a text: the same number on every machine. */
function hash(text: string): number {
  let state = 2_166_136_261;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 16_777_619);
  state = Math.imul(state ^ (state >>> 15), 2_246_822_507);
  return (state ^ (state >>> 13)) >>> 0;
}

const drawnAt = (context: MadeContext, place: string, what: string, below: number): number => hash(`${context.seed} ${what} ${place}`) % below;

const pick = <T>(context: MadeContext, place: string, what: string, items: readonly T[]): T => items[drawnAt(context, place, what, items.length)] as T;

function faultOf(context: MadeContext, place: string): () => never {
  const { extensions } = { extensions: { code: 'MADE', place } };
  return pick(context, place, 'fault', [
    () => {
      throw new Error(`Failed at ${place}.`);
    },
    () => {
      throw new GraphQLError(`Refused at ${place}.`, { extensions });
    },
    () => {
      throw Object.assign(new Error(`Coded at ${place}.`), { extensions });
    },
    () => {
      throw `No error, but a text at ${place}.`;
    },
    () => {
      throw new GraphQLError(`Placed elsewhere at ${place}.`, { path: ['elsewhere', 1] });
    },
  ]);
}

/** A value that comes now, some microtasks later, or in a later turn of the loop. */
function timed(context: MadeContext, place: string, give: () => unknown): unknown {
  if (drawnAt(context, place, 'promised', 1000) >= context.promised) return give();
  const ticks = drawnAt(context, place, 'ticks', 7);
  const wait = async (): Promise<unknown> => {
    if (ticks === 6) await new Promise(setImmediate);
    else for (let tick = 0; tick < ticks; tick++) await undefined;
    return give();
  };
  // A promise that is settled when it is handed over, too.
  return unminded(ticks > 0 ? wait() : settled(give));
}

function settled(give: () => unknown): Promise<unknown> {
  try {
    return Promise.resolve(give());
  } catch (error) {
    return Promise.reject(error);
  }
}

/** The promise; that it fails with nobody to hear it is no fault of the test: a list is left where one of its items fails. */
function unminded<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function valueAt(context: MadeContext, type: GraphQLOutputType, place: string): unknown {
  return timed(context, place, () => {
    if (drawnAt(context, place, 'goes wrong', 1000) < context.faults) {
      const kind = drawnAt(context, place, 'how', 4);
      if (kind === 0) return null;
      if (kind === 1) return new Error(`Returned at ${place}.`);
      if (kind === 2) return wrongValue(context, type, place);
      return faultOf(context, place)();
    }
    return rightValue(context, type, place);
  });
}

function wrongValue(context: MadeContext, type: GraphQLOutputType, place: string): unknown {
  const bare = isNonNullType(type) ? type.ofType : type;
  if (isListType(bare)) return pick(context, place, 'wrong list', ['text', 5, {}, undefined]);
  if (bare === Odd) return pick(context, place, 'wrong odd', ['throw', 'null', 'promise']);
  if (isLeafType(bare)) return pick(context, place, 'wrong leaf', [{}, Number.NaN, [], 'no such', 2 ** 40, undefined]);
  return pick(context, place, 'wrong object', [5, 'text', undefined, thing(context, `${place}!`, 'Nobody')]);
}

function rightValue(context: MadeContext, type: GraphQLOutputType, place: string): unknown {
  const bare = isNonNullType(type) ? type.ofType : type;
  if (isListType(bare)) {
    const items = Array.from({ length: drawnAt(context, place, 'length', 4) }, (_, index) => valueOrPromise(context, bare.ofType, `${place}.${index}`));
    return pick<() => unknown>(context, place, 'iterable', [() => items, () => items, () => new Set(items), () => items.values()])();
  }
  switch (bare) {
    case GraphQLString:
      return pick<unknown>(context, place, 'text', ['text', '', '"中文"\n', 5, true]);
    case GraphQLInt:
      return pick<unknown>(context, place, 'int', [0, -1, 2_147_483_647, '7', true]);
    case GraphQLFloat:
      return pick<unknown>(context, place, 'float', [0.5, 1, '2.5', -0]);
    case GraphQLID:
      return pick<unknown>(context, place, 'id', ['id', 7]);
    case GraphQLBoolean:
      return pick<unknown>(context, place, 'flag', [true, false, 1]);
    case Color:
      return pick<unknown>(context, place, 'color', [1, 'green', 'BLUE']);
    case Odd:
      return 1;
    default:
      return thing(context, place, isAbstractType(bare) ? pick(context, place, 'type', namesOf(bare.name)) : String(bare));
  }
}

/** An item of a list: what it throws is thrown by a promise, for an item cannot throw. */
function valueOrPromise(context: MadeContext, type: GraphQLOutputType, place: string): unknown {
  try {
    return valueAt(context, type, place);
  } catch (error) {
    return error instanceof Error ? error : unminded(Promise.reject(error));
  }
}

const namesOf = (abstract: string): readonly string[] =>
  abstract === 'Either' ? ['Alpha', 'Gamma', 'Delta'] : abstract === 'Named' ? ['Alpha', 'Beta'] : ['Gamma', 'Delta'];

/** An object whose properties are what the fields without a resolver read: values, promises, methods, and what throws when it is read. */
function thing(context: MadeContext, place: string, typeName: string): Thing {
  const made: Record<string, unknown> = { place, __typename: drawnAt(context, place, 'names itself', 3) > 0 ? typeName : undefined, typeName };
  for (const [name, { type }] of Object.entries(propertyFields)) {
    const at = `${place}.${name}`;
    const known = new Map<string, unknown>();
    // Given once: a promise that nobody asked for must not fail unseen.
    const give = (): unknown => {
      if (!known.has(at)) known.set(at, valueAt(context, type, at));
      return known.get(at);
    };
    Object.defineProperty(made, name, {
      enumerable: true,
      get:
        drawnAt(context, at, 'method', 4) === 0 ? () => (given: object, at: MadeContext) => noted(at, `method ${name} ${JSON.stringify(given)}`, give()) : give,
    });
  }
  return made as Thing;
}

function noted<T>(context: MadeContext, call: string, value: T): T {
  context.calls.push(call);
  return value;
}

type Fields = Record<string, GraphQLFieldConfig<Thing | undefined, MadeContext>>;

const wrappers: Readonly<Record<string, (type: GraphQLOutputType) => GraphQLOutputType>> = {
  '': (type) => type,
  N: (type) => new GraphQLNonNull(type as never),
  L: (type) => new GraphQLList(type),
  NL: (type) => new GraphQLNonNull(new GraphQLList(type)),
  LN: (type) => new GraphQLList(new GraphQLNonNull(type as never)),
  NLN: (type) => new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type as never))),
  LL: (type) => new GraphQLList(new GraphQLList(type)),
};

function pathText({ path }: GraphQLResolveInfo): string {
  const keys: (string | number)[] = [];
  for (let at: typeof path | undefined = path; at; at = at.prev) keys.push(at.typename ? `${at.typename}:${at.key}` : at.key);
  return keys.reverse().join('/');
}

function resolved(type: GraphQLOutputType): GraphQLFieldConfig<Thing | undefined, MadeContext> {
  return {
    type,
    args: {
      n: { type: GraphQLInt },
      d: { type: new GraphQLNonNull(GraphQLInt), defaultValue: 9 },
      given: { type: Given },
      colors: { type: new GraphQLList(Color), defaultValue: [1] },
    },
    resolve: (source, given, context, info) => {
      const { fieldName, fieldNodes, returnType, parentType, variableValues, operation, fragments, rootValue, schema } = info;
      const told = [fieldName, fieldNodes.length, String(returnType), parentType.name, operation.operation, Object.keys(fragments), typeof rootValue];
      const known = JSON.stringify([told, given, variableValues, parentType === schema.getType(parentType.name)]);
      context.calls.push(`${pathText(info)} ${known}`);
      // What a resolver does to its arguments is nobody else's.
      Object.assign(given, { n: 'spoilt', spoilt: true });
      return valueAt(context, type, `${source?.place ?? ''}/${info.path.key}`);
    },
  };
}

const leaves = { text: GraphQLString, int: GraphQLInt, float: GraphQLFloat, id: GraphQLID, flag: GraphQLBoolean, color: Color, odd: Odd };

const Named: GraphQLInterfaceType = new GraphQLInterfaceType({
  name: 'Named',
  fields: () => fieldsOfAll,
  resolveType: (value: Thing, context: MadeContext, info) => {
    context.calls.push(`type ${pathText(info)}`);
    const place = `${value.place}#`;
    return timed(context, place, () => {
      if (drawnAt(context, place, 'goes wrong', 1000) >= context.faults) return value.typeName;
      return pick<() => unknown>(context, place, 'wrong type', [
        () => 'Unknown',
        () => 'Given',
        () => 'Gamma',
        () => undefined,
        () => 5,
        () => Alpha,
        faultOf(context, place),
      ])();
    }) as string;
  },
});
/** Its types are told by `__typename`, or by what the types say of a value. */
const Told: GraphQLInterfaceType = new GraphQLInterfaceType({ name: 'Told', fields: () => fieldsOfAll });
const Either: GraphQLUnionType = new GraphQLUnionType({ name: 'Either', types: () => [Alpha, Gamma, Delta] });

const isTypeOf = (name: string) => (value: unknown, context: MadeContext) => {
  const { place = 'nowhere', typeName } = Object(value) as Partial<Thing>;
  context.calls.push(`is ${name} ${place}`);
  const at = `${place}?${name}`;
  return timed(context, at, () => {
    if (drawnAt(context, at, 'goes wrong', 2000) < context.faults) return faultOf(context, at)();
    return typeName === name && drawnAt(context, at, 'lies', 2000) >= context.faults;
  }) as boolean;
};

const Alpha: GraphQLObjectType = new GraphQLObjectType({ name: 'Alpha', interfaces: () => [Named], fields: () => fieldsOfAll });
const Beta = new GraphQLObjectType({ name: 'Beta', interfaces: () => [Named], fields: () => fieldsOfAll });
const Gamma = new GraphQLObjectType({ name: 'Gamma', interfaces: () => [Told], fields: () => fieldsOfAll, isTypeOf: isTypeOf('Gamma') });
const Delta = new GraphQLObjectType({ name: 'Delta', interfaces: () => [Told], fields: () => fieldsOfAll, isTypeOf: isTypeOf('Delta') });

const objects = { alpha: Alpha, beta: Beta, gamma: Gamma, named: Named, told: Told, either: Either };
const everyType: Readonly<Record<string, GraphQLOutputType>> = { ...leaves, ...objects };

const typesOf = (most: readonly string[]): Record<string, GraphQLOutputType> =>
  Object.fromEntries(
    Object.entries(everyType).flatMap(([name, type]) =>
      most.map((wrapper) => [`${name}${wrapper}`, (wrappers[wrapper] as (of: GraphQLOutputType) => GraphQLOutputType)(type)]),
    ),
  );

/** Fields that are read off their object. */
const propertyFields: Fields = Object.fromEntries(Object.entries(typesOf(['', 'N', 'LN'])).map(([name, type]) => [`${name}P`, { type }]));
const fieldsOfAll: Fields = {
  ...propertyFields,
  ...Object.fromEntries(Object.entries(typesOf(Object.keys(wrappers))).map(([name, type]) => [name, resolved(type)])),
};

/** The schema. */
export const madeSchema = new GraphQLSchema({
  query: new GraphQLObjectType({ name: 'Query', fields: fieldsOfAll }),
  mutation: new GraphQLObjectType({ name: 'Mutation', fields: fieldsOfAll }),
  types: [Alpha, Beta, Gamma, Delta],
});

/** What the operation starts from. */
export function madeRoot(context: MadeContext): object {
  return thing(context, 'root', 'Query');
}
