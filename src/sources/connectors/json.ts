/** A partner's JSON as cells. */
import type { RawRecord, RawValue } from '../raw.js';
import { cellsOf } from './rowFilter.js';

/** Deeper than this, what is nested is kept as its JSON text. */
const DEEPEST = 8;
/** The cells of one row; a row with more is set aside. */
const MOST_CELLS = 2_000;
const LONGEST_CELL = 10_000;
const KEPT_OF_LONG_CELL = 200;

/** Whether nothing in it stands deeper than so many levels. JSON.parse reads any depth; what recurses over its result does not. */
export function isNestedWithin(json: unknown, levels: number): boolean {
  if (typeof json !== 'object' || json === null) return true;
  return levels > 0 && Object.values(json).every((value) => isNestedWithin(value, levels - 1));
}

/** What stands at a path of member names ("data.list"), or undefined. */
export function atPath(json: unknown, path: string): unknown {
  let value = json;
  for (const name of path.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/**
 * A row of an answer: a cell for each value, named by its path ("borrower.creditCode"), and an empty one for each wanted
 * column that the row lacks, for APIs leave out what is empty. What is no object, or cannot be read exactly, has a problem.
 *
 * A number is read as JavaScript's, and the mapper reads its shortest decimal text: exact for every amount of up to 15
 * digits. A whole number beyond 2^53 may have been changed by that reading, so it is a problem instead of a value.
 *
 * @param see called for each column that the row has
 */
export function recordOf(json: unknown, place: string, wanted: Iterable<string>, see?: (name: string, value: RawValue) => void): RawRecord {
  if (!isObject(json)) return { place, cells: cellsOf([['row', shortText(json)]]), problem: `expected an object, but got: ${kindOf(json)}` };
  const found: [string, RawValue][] = [];
  const problems: string[] = [];
  flatten(json, '', 0, (name, value) => {
    const problem = problemOf(value);
    if (problem !== undefined) problems.push(`${name}: ${problem}`);
    see?.(name, value);
    found.push([name, typeof value === 'string' && value.length > LONGEST_CELL ? `${value.slice(0, KEPT_OF_LONG_CELL)}…` : value]);
  });
  if (found.length > MOST_CELLS) problems.push(`expected at most ${MOST_CELLS} values in a row, but got: ${found.length}`);
  const empty = [...wanted].map((name) => [name, null] as const);
  return { place, cells: cellsOf([...empty, ...found.slice(0, MOST_CELLS)]), problem: problems[0] };
}

/** What kind of JSON value it is, for people. */
export function kindOf(json: unknown): string {
  if (json === undefined) return 'nothing';
  if (json === null) return 'null';
  return Array.isArray(json) ? 'an array' : `${typeof json === 'object' ? 'an' : 'a'} ${typeof json}`;
}

function flatten(json: Record<string, unknown>, prefix: string, depth: number, give: (name: string, value: RawValue) => void): void {
  for (const [member, value] of Object.entries(json)) {
    const name = prefix + member;
    if (isObject(value) && depth < DEEPEST) flatten(value, `${name}.`, depth + 1, give);
    else give(name, typeof value === 'object' && value !== null ? shortText(value) : (value as RawValue));
  }
}

function problemOf(value: RawValue): string | undefined {
  if (typeof value === 'string' && value.length > LONGEST_CELL) return `expected at most ${LONGEST_CELL} characters, but got: ${value.length}`;
  if (typeof value !== 'number') return undefined;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return `expected a number of at most 15 digits or a text, but got: ${value}`;
  return Number.isFinite(value) ? undefined : 'expected a number within range, but got: one too great';
}

function shortText(json: unknown): string {
  const text = JSON.stringify(json);
  return text.length > KEPT_OF_LONG_CELL ? `${text.slice(0, KEPT_OF_LONG_CELL)}…` : text;
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
