/**
 * What the specification and graphql-js's own tests of its executor ask of one, case by case: abstract types, conditions, arguments, variables,
 * mutations one after the other.
 * Each answer is said here, and is graphql-js's too.
 */
import { buildSchema, execute, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Executor } from '../../src/execution/executor.js';
import { type Case, check, error, fails, later, throws } from './caseCheck.js';
import { told } from './compare.js';

const pets =
  'interface Pet { name: String } type Dog implements Pet { name: String, barks: Boolean } type Cat implements Pet { name: String, meows: Boolean } union Any = Dog | Cat type Other { x: Int } type Query { pets: [Pet], any: Any }';
const dog = { kind: 'Dog', name: 'Odie', barks: true };
const cat = { kind: 'Cat', name: 'Garfield', meows: false };
const petsAsk = '{ pets { __typename name ... on Dog { barks } ... on Cat { meows } } }';
const petsGive = {
  data: {
    pets: [
      { __typename: 'Dog', name: 'Odie', barks: true },
      { __typename: 'Cat', name: 'Garfield', meows: false },
    ],
  },
};
const is = (kind: string) => (value: Record<string, unknown>) => value.kind === kind;
const named = (name: unknown, message: string): Case => ({
  schema: pets,
  ask: '{ any { __typename } }',
  root: { any: dog },
  resolveType: () => name,
  gives: { data: { any: null }, errors: [error(message, ['any'], 3)] },
});

describe('abstract types', () => {
  it.each<[string, Case]>([
    ['told by resolveType', { schema: pets, ask: petsAsk, root: { pets: [dog, cat] }, resolveType: (value) => value.kind, gives: petsGive }],
    ['told later', { schema: pets, ask: petsAsk, root: { pets: [dog, cat] }, resolveType: (value) => later(value.kind), gives: petsGive }],
    ['told by isTypeOf', { schema: pets, ask: petsAsk, root: { pets: [dog, cat] }, isTypeOf: { Dog: is('Dog'), Cat: is('Cat') }, gives: petsGive }],
    [
      'told by isTypeOf later',
      { schema: pets, ask: petsAsk, root: { pets: [dog, cat] }, isTypeOf: { Dog: (value) => later(value.kind === 'Dog'), Cat: is('Cat') }, gives: petsGive },
    ],
    [
      'told by __typename',
      {
        schema: pets,
        ask: petsAsk,
        root: {
          pets: [
            { ...dog, __typename: 'Dog' },
            { ...cat, __typename: 'Cat' },
          ],
        },
        gives: petsGive,
      },
    ],
    [
      'a union, by named fragments',
      {
        schema: pets,
        ask: '{ any { ...D ...C } } fragment D on Dog { barks } fragment C on Cat { meows }',
        root: { any: cat },
        resolveType: (value) => value.kind,
        gives: { data: { any: { meows: false } } },
      },
    ],
    [
      'not told',
      {
        schema: pets,
        ask: '{ any { __typename } }',
        root: { any: {} },
        gives: {
          data: { any: null },
          errors: [
            error(
              'Abstract type "Any" must resolve to an Object type at runtime for field "Query.any". Either the "Any" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.',
              ['any'],
              3,
            ),
          ],
        },
      },
    ],
    ['told as no type', named('Bird', 'Abstract type "Any" was resolved to a type "Bird" that does not exist inside the schema.')],
    ['told as no object', named('Pet', 'Abstract type "Any" was resolved to a non-object type "Pet".')],
    ['told as a type that it is not', named('Other', 'Runtime Object type "Other" is not a possible type for "Any".')],
    [
      'told as no name',
      named(
        7,
        'Abstract type "Any" must resolve to an Object type at runtime for field "Query.any" with value { kind: "Dog", name: "Odie", barks: true }, received "7".',
      ),
    ],
    [
      'told by a failure',
      {
        schema: pets,
        ask: '{ pets { name } }',
        root: { pets: [dog] },
        resolveType: () => fails(),
        gives: { data: { pets: [null] }, errors: [error('bad', ['pets', 0], 3)] },
      },
    ],
    [
      'a value that its type disowns',
      {
        schema: 'type Query { dog: Dog } type Dog { name: String }',
        ask: '{ dog { name } }',
        root: { dog: cat },
        isTypeOf: { Dog: is('Dog') },
        gives: { data: { dog: null }, errors: [error('Expected value of type "Dog" but got: { kind: "Cat", name: "Garfield", meows: false }.', ['dog'], 3)] },
      },
    ],
  ])('%s', (_name, item) => check(item));
});

const two = { schema: 'type Query { a: String, b: String, q: Query }', root: { a: 'a', b: 'b', q: { a: 'qa', b: 'qb' } } };
const conditional =
  'query ($yes: Boolean!, $no: Boolean = false) { a @include(if: $yes) b @skip(if: $yes) q { ...F @include(if: $no) ... @skip(if: $no) { b } } } fragment F on Query { a }';

describe('conditions', () => {
  it.each<[string, Case]>([
    ['literal', { ...two, ask: '{ a @include(if: false) b @skip(if: false) }', gives: { data: { b: 'b' } } }],
    [
      'skip weighs more',
      { ...two, ask: '{ a @include(if: true) @skip(if: true) b @include(if: false) @skip(if: false) q { a } }', gives: { data: { q: { a: 'qa' } } } },
    ],
    ['by variables', { ...two, ask: conditional, variables: { yes: true }, gives: { data: { a: 'a', q: { b: 'qb' } } } }],
    ['by other variables', { ...two, ask: conditional, variables: { yes: false, no: true }, gives: { data: { b: 'b', q: { a: 'qa' } } } }],
    ['on a fragment that is spread twice', { ...two, ask: '{ ...F @skip(if: true) ...F } fragment F on Query { a }', gives: { data: { a: 'a' } } }],
    [
      'null is no condition',
      {
        ...two,
        ask: 'query ($c: Boolean = true) { q { a @include(if: $c) } }',
        variables: { c: null },
        gives: {
          data: { q: null },
          errors: [error('Argument "if" of non-null type "Boolean!" must not be null.', ['q'], 49)],
        },
      },
    ],
    ['nothing is left', { ...two, ask: '{ q { a @skip(if: true) } }', gives: { data: { q: {} } } }],
  ])('%s', (_name, item) => check(item));

  it('one document, asked with each answer to its conditions in turn, more than are kept', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const schema = buildSchema(`type Query { ${names.map((name) => `${name}: Int`).join(' ')} }`);
    const document = parse(
      `query (${names.map((name) => `$${name}: Boolean!`).join(' ')}) { ${names.map((name) => `${name} @include(if: $${name})`).join(' ')} }`,
    );
    const executor = new Executor(schema);
    for (let count = 0; count < 64; count++) {
      const wanted = names.filter((_name, index) => (count >> index) & 1);
      const { data } = await executor.execute({
        document,
        rootValue: { a: 0, b: 1, c: 2, d: 3 },
        variableValues: Object.fromEntries(names.map((name) => [name, wanted.includes(name)])),
      });
      expect(Object.keys(data as object)).toEqual(wanted);
    }
  });
});

describe('plans', () => {
  it('that are dropped for their room are made anew, also while they are answered', async () => {
    const schema = buildSchema('type Query { a: Int, q: Query, late: Query }');
    const root: object = { a: 1, q: () => root, late: () => later(root) };
    const executor = new Executor(schema, 3);
    const documents = ['{ a q { a } }', '{ late { a q { a } } }', '{ q { late { a } } a }'].map((text) => parse(text));
    const expected = [{ a: 1, q: { a: 1 } }, { late: { a: 1, q: { a: 1 } } }, { q: { late: { a: 1 } }, a: 1 }];
    for (let count = 0; count < 5; count++) {
      const answers = await Promise.all([...documents, ...documents].map((document) => executor.execute({ document, rootValue: root })));
      expect(answers.map(({ data }) => data)).toEqual([...expected, ...expected]);
    }
  });
});

const echo = {
  schema: 'input In { n: Int! = 3, s: [String!] } type Query { echo(in: In, n: Int = 5, r: Int!): String }',
  root: { echo: (given: object) => JSON.stringify(given) },
};
const variableError = (message: string) => ({ errors: [{ message, locations: [{ line: 1, column: 8 }] }] });

describe('arguments and variables', () => {
  it.each<[string, Case]>([
    ['literals and defaults', { ...echo, ask: '{ echo(in: {s: "x"}, r: 1) }', gives: { data: { echo: '{"in":{"n":3,"s":["x"]},"n":5,"r":1}' } } }],
    [
      'variables',
      {
        ...echo,
        ask: 'query ($i: In, $n: Int, $r: Int = 7) { echo(in: $i, n: $n, r: $r) }',
        variables: { i: { n: 2 } },
        gives: { data: { echo: '{"in":{"n":2},"n":5,"r":7}' } },
      },
    ],
    ['null is a value', { ...echo, ask: 'query ($n: Int) { echo(n: $n, r: 1) }', variables: { n: null }, gives: { data: { echo: '{"n":null,"r":1}' } } }],
    [
      'a variable within an object',
      {
        ...echo,
        ask: 'query ($s: String!) { echo(in: {s: [$s]}, r: 1) }',
        variables: { s: 'x' },
        gives: { data: { echo: '{"in":{"n":3,"s":["x"]},"n":5,"r":1}' } },
      },
    ],
    [
      'that must be there',
      { ...echo, ask: 'query ($r: Int!) { echo(r: $r) }', gives: variableError('Variable "$r" of required type "Int!" was not provided.') },
    ],
    [
      'of the wrong type',
      {
        ...echo,
        ask: 'query ($r: Int!) { echo(r: $r) }',
        variables: { r: 'x' },
        gives: variableError('Variable "$r" got invalid value "x"; Int cannot represent non-integer value: "x"'),
      },
    ],
    [
      'null where none may be',
      {
        ...echo,
        ask: 'query ($r: Int!) { echo(r: $r) }',
        variables: { r: null },
        gives: variableError('Variable "$r" of non-null type "Int!" must not be null.'),
      },
    ],
    [
      'an argument that turns out wrong',
      {
        ...echo,
        ask: 'query ($r: Int = 1) { echo(r: $r) }',
        variables: { r: null },
        gives: { data: { echo: null }, errors: [error('Argument "r" of non-null type "Int!" must not be null.', ['echo'], 31)] },
      },
    ],
    ['one of two operations', { ...two, ask: 'query A { a } query B { b }', operationName: 'B', gives: { data: { b: 'b' } } }],
    [
      'neither of two operations',
      { ...two, ask: 'query A { a } query B { b }', gives: { errors: [{ message: 'Must provide operation name if query contains multiple operations.' }] } },
    ],
    ['no such operation', { ...two, ask: 'query A { a }', operationName: 'C', gives: { errors: [{ message: 'Unknown operation named "C".' }] } }],
    ['a field that is not there', { ...two, ask: '{ a nothing }', gives: { data: { a: 'a' } } }],
    [
      'no such root',
      {
        ...two,
        ask: 'mutation { a }',
        gives: { data: null, errors: [{ message: 'Schema is not configured to execute mutation operation.', locations: [{ line: 1, column: 1 }] }] },
      },
    ],
  ])('%s', (_name, item) => check(item));

  it('what a resolver does to its arguments, the next does not see', async () => {
    const schema = buildSchema('type Query { q: [Query], take(n: Int): Int }');
    const take = (given: { n: number }): number => given.n++;
    const { data } = await new Executor(schema).execute({ document: parse('{ q { take(n: 1) } }'), rootValue: { q: [{ take }, { take }] } });
    expect(data).toEqual({ q: [{ take: 1 }, { take: 1 }] });
  });
});

describe('mutations', () => {
  const schema = 'type Query { a: Int } type Mutation { set(to: Int): Value, setN(to: Int): Value!, fail: Int, failN: Int! } type Value { is: Int, soon: Int }';
  const root = () => {
    let value = 0;
    const now = () => value;
    const soon = async () => {
      await new Promise(setImmediate);
      return value;
    };
    const set = ({ to }: { to: number }) => {
      value = to;
      return { is: now, soon };
    };
    const setN = async ({ to }: { to: number }) => {
      await new Promise(setImmediate);
      return set({ to });
    };
    return { set, setN, fail: () => fails(), failN: throws };
  };
  it.each<[string, Case]>([
    [
      'each begins when the one before it has ended, all of it',
      {
        schema,
        root,
        ask: 'mutation { a: set(to: 1) { is soon } b: setN(to: 2) { soon is } c: set(to: 3) { is } }',
        gives: { data: { a: { is: 1, soon: 1 }, b: { soon: 2, is: 2 }, c: { is: 3 } } },
      },
    ],
    [
      'one that fails holds nobody up',
      {
        schema,
        root,
        ask: 'mutation { a: set(to: 1) { is } fail b: setN(to: 2) { is } }',
        gives: { data: { a: { is: 1 }, fail: null, b: { is: 2 } }, errors: [error('bad', ['fail'], 33)] },
      },
    ],
    [
      'one that may not be null ends it',
      { schema, root, ask: 'mutation { a: setN(to: 1) { is } failN b: set(to: 2) { is } }', gives: { data: null, errors: [error('bad', ['failN'], 34)] } },
    ],
  ])('%s', (_name, item) => check(item));

  it('nothing is done after one that may not be null', async () => {
    const done: string[] = [];
    const built = buildSchema('type Query { a: Int } type Mutation { first: Int!, second: Int }');
    const rootValue = { first: () => fails(), second: () => void done.push('second') };
    await new Executor(built).execute({ document: parse('mutation { first second }'), rootValue });
    expect(done).toEqual([]);
  });
});

describe('asking about the schema', () => {
  it('is answered as graphql-js does', async () => {
    const schema = buildSchema(pets);
    const document = parse(
      '{ __typename __schema { types { name kind fields { name type { name ofType { name } } } possibleTypes { name } } } __type(name: "Dog") { interfaces { name } } }',
    );
    const answer = await new Executor(schema).execute({ document });
    expect(told(answer)).toBe(told(await execute({ schema, document })));
    expect(answer.errors).toBeUndefined();
  });
});
