/**
 * A configuration file as a checked value, or every problem in it with its line.
 *
 * What people hand in is treated as hostile: no aliases (a few lines of them can stand for gigabytes), no tags, no second
 * document, no key twice, no deep nesting, and no more than one mebibyte.
 */
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, Parser, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import type { ConfigProblem } from './problem.js';
import { describeIssues, explainIssue } from './zodProblems.js';

/** The way to a field: names of fields and places in lists. */
export type FieldPath = readonly (string | number)[];

/** The line (from 1) of the field at a path, or of the nearest block around it. */
export type LineOf = (path: FieldPath) => number;

/** A parsed and checked file, or what is wrong with it. */
export type ParsedYaml<T> =
  | { readonly ok: true; readonly value: T; readonly lineOf: LineOf }
  | { readonly ok: false; readonly problems: ConfigProblem[]; readonly lineOf: LineOf };

/** Most bytes of a configuration file. */
export const LARGEST_YAML = 1024 * 1024;
const DEEPEST = 40;

/**
 * Parses YAML 1.2 and checks it against a schema.
 *
 * @param file how the problems name the file: "icbc/source.yml"
 */
export function parseYaml<S extends z.ZodType>(text: string, file: string, schema: S): ParsedYaml<z.output<S>> {
  const lines = new LineCounter();
  const nowhere: LineOf = () => 1;
  const refuse = (line: number, expected: string, got: string): ParsedYaml<never> => ({
    ok: false,
    problems: [{ file, line, field: '', expected, got }],
    lineOf: nowhere,
  });

  if (Buffer.byteLength(text) > LARGEST_YAML) return refuse(0, `at most ${LARGEST_YAML} bytes`, `${Buffer.byteLength(text)} bytes`);
  // Before the document is composed: composing recurses, and exhausts the process on a hundred kilobytes of brackets.
  if (depthOf(text) > DEEPEST) return refuse(0, `blocks and lists nested at most ${DEEPEST} deep`, 'a deeper nesting');

  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, version: '1.2', schema: 'core', logLevel: 'error' });
  const lineOf: LineOf = (path) => lines.linePos(offsetOf(document, path)).line;
  const wrong = [...document.errors, ...document.warnings].map(
    (error): ConfigProblem => ({
      file,
      line: lines.linePos(error.pos[0]).line,
      field: '',
      expected: 'valid YAML 1.2',
      got: describeSyntax(error.code, error.message),
    }),
  );
  wrong.push(...refusedFeatures(document, file, lines));
  if (wrong.length) return { ok: false, problems: wrong.sort((a, b) => a.line - b.line), lineOf };

  const raw: unknown = document.toJS({ maxAliasCount: 0 });
  const parsed = schema.safeParse(raw, { error: explainIssue });
  if (parsed.success) return { ok: true, value: parsed.data, lineOf };
  const problems = describeIssues(parsed.error.issues, raw).map(({ path, expected, got }) => ({
    file,
    line: lineOf(path),
    field: path.join('.'),
    expected,
    got,
  }));
  return { ok: false, problems: problems.sort((a, b) => a.line - b.line), lineOf };
}

function refusedFeatures(document: Document, file: string, lines: LineCounter): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const refuse = (offset: number, expected: string, got: string): void => {
    problems.push({ file, line: lines.linePos(offset).line, field: '', expected, got });
  };
  const version = document.directives?.yaml;
  if (version?.explicit && version.version !== '1.2') refuse(0, 'YAML 1.2', `%YAML ${version.version}`);
  visit(document, {
    Alias: (_, node) => refuse(node.range?.[0] ?? 0, 'the value itself', `an alias, *${node.source}`),
    // Objects made of the file would take it for their prototype.
    Pair: (_, pair) => {
      if (isScalar(pair.key) && pair.key.value === '__proto__') refuse(pair.key.range?.[0] ?? 0, 'another name', 'a field named __proto__');
    },
  });
  return problems;
}

/** The library's messages may quote the file; its codes do not. */
function describeSyntax(code: string, message: string): string {
  const known: Record<string, string> = {
    DUPLICATE_KEY: 'a field that is there twice',
    MULTIPLE_DOCS: 'a second document',
    TAG_RESOLVE_FAILED: 'a tag (!…)',
    TAB_AS_INDENT: 'a tab as indentation',
    NON_STRING_KEY: 'a field name that is a block or a list',
    BAD_ALIAS: 'an alias (*…)',
  };
  const [firstLine = ''] = message.replace(/"[^"]*"/g, '"…"').split('\n', 1);
  return known[code] ?? firstLine.slice(0, 120);
}

function depthOf(text: string): number {
  let deepest = 0;
  for (const token of new Parser().parse(text)) {
    const open: [unknown, number][] = [[token, 0]];
    for (let next = open.pop(); next; next = open.pop()) {
      const [current, depth] = next as [{ items?: { key?: unknown; value?: unknown }[]; value?: unknown }, number];
      deepest = Math.max(deepest, depth);
      if (current.items) {
        for (const { key, value } of current.items) {
          if (key) open.push([key, depth + 1]);
          if (value) open.push([value, depth + 1]);
        }
      } else if (typeof current.value === 'object' && current.value) open.push([current.value, depth]);
    }
  }
  return deepest;
}

/** Where the field at the path stands: a scalar's own place, a block's name, or the nearest block around what is missing. */
function offsetOf(document: Document, path: FieldPath): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : key) === String(part));
      if (!pair) return offset;
      node = pair.value;
      offset = (isScalar(node) && node.value !== null ? startOf(node) : undefined) ?? startOf(pair.key) ?? offset;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) && !isAlias(node) ? (node as Node).range?.[0] : undefined;
}
