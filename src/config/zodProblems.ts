/** The issues of the schema library in words for people: what was expected, what came. */
import type { z } from 'zod';
import { suggestion } from './suggestion.js';

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** One issue at its field. */
export interface DescribedIssue {
  readonly path: readonly (string | number)[];
  readonly expected: string;
  readonly got: string;
}

/** Fields whose content is never shown, whatever stands there: people put secrets where their names belong. */
const SECRET_FIELDS = /^(url|env|token|secret|password)$/i;

/** What the schema expected, as an issue's message; for the `error` option of a parse. A message in the schema itself goes before. */
export function explainIssue(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return describeType(issue.expected);
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return bound(issue.origin, 'least', issue.minimum, issue.inclusive ?? true, issue.exact ?? false);
    case 'too_big':
      return bound(issue.origin, 'most', issue.maximum, issue.inclusive ?? true, issue.exact ?? false);
    case 'invalid_format':
      return describeFormat(issue as unknown as { format: string; prefix?: string; pattern?: string });
    case 'unrecognized_keys': {
      const shape = (issue.inst as { _zod?: { def?: { shape?: object } } } | undefined)?._zod?.def?.shape;
      return shape ? Object.keys(shape).join(', ') : '';
    }
    case 'invalid_union': {
      const { options } = issue as { options?: unknown[] };
      return options?.length ? `one of ${options.map(String).join(', ')}` : 'another form';
    }
    default:
      return 'another value';
  }
}

/** The issues of a parse of `raw`, unions flattened to the branch that fits best, one entry for each unknown field. */
export function describeIssues(issues: readonly Issue[], raw: unknown): DescribedIssue[] {
  return issues.flatMap((issue) => describeIssue(issue, [], raw));
}

function describeIssue(issue: Issue, above: readonly (string | number)[], raw: unknown): DescribedIssue[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  const value = valueAt(raw, path);
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split(', ').filter(Boolean);
    return issue.keys.map((key) => ({
      path: [...path, key],
      expected: `no field of this name; known are ${issue.message}${suggestion(key, known)}`,
      got: `a field named ${clip(key)}`,
    }));
  }
  if (issue.code === 'invalid_key') {
    return [{ path, expected: `a name that is ${issue.issues.map((inner) => inner.message).join(', ')}`, got: clip(String(path.at(-1))) }];
  }
  if (issue.code === 'invalid_union' && issue.errors.length) {
    const best = isEmptyBlock(value) ? undefined : bestBranch(issue.errors);
    if (best) return best.flatMap((inner) => describeIssue(inner, path, raw));
    return [{ path, expected: issue.errors.map(describeBranch).join('; or '), got: show(value, path) }];
  }
  if (value === undefined && issue.path.length) return [{ path, expected: `a field named ${path.at(-1)}: ${issue.message}`, got: 'none' }];
  const near = typeof value === 'string' ? suggestion(value, choicesOf(issue)) : '';
  return [{ path, expected: issue.message + near, got: show(value, path) }];
}

/** The values of which one was expected. */
function choicesOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  return issue.code === 'invalid_union' ? ((issue as { options?: unknown[] }).options ?? []).map(String) : [];
}

function isEmptyBlock(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** The branch of a union that was meant: the one that fits the fields that are there best; none where no branch fits better than another. */
function bestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const rated = branches
    .filter((issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0))
    .map((issues) => ({
      issues,
      strange: issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys.length : 0), 0),
    }))
    .sort((a, b) => a.strange - b.strange || a.issues.length - b.issues.length);
  const [first, second] = rated;
  return first && (!second || first.strange < second.strange || first.issues.length < second.issues.length) ? first.issues : undefined;
}

function describeBranch(issues: readonly Issue[]): string {
  const missing = issues
    .filter(({ code, path }) => (code === 'invalid_type' || code === 'invalid_value') && path.length === 1)
    .map(({ path }) => String(path[0]));
  return missing.length ? `a block with ${missing.join(' and ')}` : issues.map(({ message }) => message).join(', ');
}

function describeType(type: string): string {
  const names: Record<string, string> = {
    string: 'a text (in quotes where it looks like a number or a truth value)',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a block of fields',
    record: 'a block of fields',
  };
  return names[type] ?? type;
}

function bound(origin: string, side: 'least' | 'most', limit: number | bigint, inclusive: boolean, exact: boolean): string {
  const limits = exact ? `exactly ${limit}` : inclusive ? `at ${side} ${limit}` : `${side === 'least' ? 'more' : 'less'} than ${limit}`;
  if (origin === 'string') return `a text of ${limits} characters`;
  if (origin === 'array' || origin === 'set') return `a list of ${limits} entries`;
  return `a number of ${limits}`;
}

function describeFormat(issue: { format: string; prefix?: string; pattern?: string }): string {
  if (issue.format === 'starts_with') return `a text that starts with ${issue.prefix}`;
  return issue.format === 'regex' ? `a text of the form ${issue.pattern}` : `a text that is a valid ${issue.format}`;
}

function valueAt(raw: unknown, path: readonly (string | number)[]): unknown {
  let value = raw;
  for (const part of path)
    value = typeof value === 'object' && value !== null && Object.hasOwn(value, part) ? (value as Record<string | number, unknown>)[part] : undefined;
  return value;
}

function show(value: unknown, path: readonly (string | number)[]): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return Object.keys(value).length ? `a block with ${clip(Object.keys(value).join(', '))}` : 'an empty block';
  const text = String(value);
  if (SECRET_FIELDS.test(String(path.at(-1))) || text.includes('://') || /:\S*@/.test(text)) return 'a value that is not shown, for it may be secret';
  return clip(text);
}

function clip(text: string): string {
  const characters = [...text.replace(/\p{Cc}+/gu, ' ')];
  return characters.length > 80 ? `${characters.slice(0, 79).join('')}…` : characters.join('');
}
