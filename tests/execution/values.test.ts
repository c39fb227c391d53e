/**
 * What the specification and graphql-js's own tests of its executor ask of one, case by case: lists, nulls, errors with their paths and locations,
 * values that come now and later.
 * Each answer is said here, and is graphql-js's too.
 */
import { GraphQLError } from 'graphql';
import { describe, it } from 'vitest';
import { type Case, check, error, fails, later, throws } from './caseCheck.js';

const list = (type: string, value: unknown) => ({ schema: `type Query { list: ${type} }`, ask: '{ list }', root: { list: value } });
const nullable = 'Cannot return null for non-nullable field Query.list.';

describe('lists', () => {
  it.each<[string, Case]>([
    ['of values', { ...list('[Int]', [1, 2]), gives: { data: { list: [1, 2] } } }],
    ['of an iterable that is no array', { ...list('[String]', new Set(['a', 'b'])), gives: { data: { list: ['a', 'b'] } } }],
    [
      'of a generator',
      {
        ...list('[String]', () =>
          (function* () {
            yield 'a';
            yield 'b';
          })(),
        ),
        gives: { data: { list: ['a', 'b'] } },
      },
    ],
    ['of promises', { ...list('[Int]', [later(1), 2, later(null)]), gives: { data: { list: [1, 2, null] } } }],
    ['that is promised', { ...list('[Int!]!', () => later([1, later(2)])), gives: { data: { list: [1, 2] } } }],
    [
      'a text is none',
      {
        ...list('[String]', 'abc'),
        gives: { data: { list: null }, errors: [error('Expected Iterable, but did not find one for field "Query.list".', ['list'], 3)] },
      },
    ],
    [
      'an item that fails is null',
      { ...list('[Int]', () => [1, fails(), 3]), gives: { data: { list: [1, null, 3] }, errors: [error('bad', ['list', 1], 3)] } },
    ],
    [
      'an item that is an error is null',
      { ...list('[Int]', [1, new Error('bad')]), gives: { data: { list: [1, null] }, errors: [error('bad', ['list', 1], 3)] } },
    ],
    ['a null that may not be takes the list', { ...list('[Int!]', [1, null]), gives: { data: { list: null }, errors: [error(nullable, ['list', 1], 3)] } }],
    ['and one that comes later', { ...list('[Int!]', () => [1, later(null)]), gives: { data: { list: null }, errors: [error(nullable, ['list', 1], 3)] } }],
    ['and where the list may not be null, all', { ...list('[Int!]!', () => [fails(), 2]), gives: { data: null, errors: [error('bad', ['list', 0], 3)] } }],
    ['of lists', { ...list('[[Int!]]', [[1], [null, 2], null]), gives: { data: { list: [[1], null, null] }, errors: [error(nullable, ['list', 1, 0], 3)] } }],
  ])('%s', (_name, item) => check(item));
});

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
};
const nested = 'type Query { a: A, n: A! } type A { sync: String, syncN: String!, late: String, lateN: String!, a: A, n: A! }';
const good: object = { sync: 'sync', syncN: 'syncN', late: () => later('late'), lateN: () => later('lateN'), a: () => good, n: () => later(good) };
const bad: object = { sync: throws, syncN: throws, late: () => fails(), lateN: () => fails(), a: () => bad, n: () => later(bad) };
const noN = 'Cannot return null for non-nullable field A.syncN.';

describe('nulls and errors', () => {
  it.each<[string, Case]>([
    [
      'now and later',
      {
        schema: nested,
        ask: '{ a { sync late n { lateN syncN } } }',
        root: { a: good },
        gives: { data: { a: { sync: 'sync', late: 'late', n: { lateN: 'lateN', syncN: 'syncN' } } } },
      },
    ],
    [
      'a field that may be null is',
      {
        schema: nested,
        ask: '{ a { sync late } }',
        root: { a: bad },
        gives: { data: { a: { sync: null, late: null } }, errors: [error('bad', ['a', 'sync'], 7), error('bad', ['a', 'late'], 12)] },
      },
    ],
    [
      'one that may not takes its object',
      { schema: nested, ask: '{ a { syncN } }', root: { a: bad }, gives: { data: { a: null }, errors: [error('bad', ['a', 'syncN'], 7)] } },
    ],
    ['later too', { schema: nested, ask: '{ a { lateN } }', root: { a: bad }, gives: { data: { a: null }, errors: [error('bad', ['a', 'lateN'], 7)] } }],
    [
      'up to the first that may be null',
      {
        schema: nested,
        ask: '{ a { n { n { lateN } } } }',
        root: { a: bad },
        gives: { data: { a: null }, errors: [error('bad', ['a', 'n', 'n', 'lateN'], 15)] },
      },
    ],
    ['or all', { schema: nested, ask: '{ n { n { syncN } } }', root: { n: bad }, gives: { data: null, errors: [error('bad', ['n', 'n', 'syncN'], 11)] } }],
    [
      'what stands under a null says nothing more',
      { schema: nested, ask: '{ a { syncN late a { late } } }', root: { a: bad }, gives: { data: { a: null }, errors: [error('bad', ['a', 'syncN'], 7)] } },
    ],
    [
      'what fails later under a null that was there before says nothing more',
      {
        schema: nested,
        ask: '{ a { lateN late } n { late } }',
        root: {
          a: { lateN: () => fails(), late: () => turns(1).then(() => fails('unheard')) },
          n: { late: () => turns(3).then(() => 'late') },
        },
        gives: { data: { a: null, n: { late: 'late' } }, errors: [error('bad', ['a', 'lateN'], 7)] },
      },
    ],
    [
      'what was under way is waited for',
      {
        schema: nested,
        ask: '{ a { late syncN } }',
        root: { a: bad },
        gives: { data: { a: null }, errors: [error('bad', ['a', 'late'], 7), error('bad', ['a', 'syncN'], 12)] },
      },
    ],
    [
      'no value of a field that must have one',
      { schema: nested, ask: '{ a { syncN } }', root: { a: { syncN: null } }, gives: { data: { a: null }, errors: [error(noN, ['a', 'syncN'], 7)] } },
    ],
    [
      'undefined is null',
      { schema: nested, ask: '{ a { sync syncN } }', root: { a: {} }, gives: { data: { a: null }, errors: [error(noN, ['a', 'syncN'], 12)] } },
    ],
    [
      'places of a field that is written twice',
      {
        schema: nested,
        ask: '{\n  a { sync }\n  a { x: sync }\n}',
        root: { a: bad },
        gives: { data: { a: { sync: null, x: null } }, errors: [error('bad', ['a', 'sync'], 7, 2), error('bad', ['a', 'x'], 7, 3)] },
      },
    ],
    [
      'extensions come with the error',
      {
        schema: nested,
        ask: '{ a { sync } }',
        root: {
          a: {
            sync: () => {
              throw new GraphQLError('no', { extensions: { code: 'NO' } });
            },
          },
        },
        gives: { data: { a: { sync: null } }, errors: [{ ...error('no', ['a', 'sync'], 7), extensions: { code: 'NO' } }] },
      },
    ],
    [
      'what is thrown need not be an error',
      {
        schema: nested,
        ask: '{ a { sync } }',
        root: {
          a: {
            sync: () => {
              throw 'text';
            },
          },
        },
        gives: { data: { a: { sync: null } }, errors: [error('Unexpected error value: "text"', ['a', 'sync'], 7)] },
      },
    ],
    [
      'a leaf that cannot be written',
      {
        schema: 'type Query { n: Int, s: String }',
        ask: '{ n s }',
        root: { n: 1.5, s: {} },
        gives: {
          data: { n: null, s: null },
          errors: [error('Int cannot represent non-integer value: 1.5', ['n'], 3), error('String cannot represent value: {}', ['s'], 5)],
        },
      },
    ],
    [
      'an enum that has no such value',
      {
        schema: 'enum E { A } type Query { e: E }',
        ask: '{ e }',
        root: { e: 'B' },
        gives: { data: { e: null }, errors: [error('Enum "E" cannot represent value: "B"', ['e'], 3)] },
      },
    ],
    ['no source', { schema: nested, ask: '{ a { sync } }', root: undefined, gives: { data: { a: null } } }],
    [
      'names that objects have anyway',
      {
        schema: 'type Query { a: A } type A { x: String }',
        ask: '{ a { __proto__: x constructor: x then: x } }',
        root: { a: { x: '1' } },
        gives: { data: { a: JSON.parse('{"__proto__":"1","constructor":"1","then":"1"}') } },
      },
    ],
  ])('%s', (_name, item) => check(item));
});
