/** Reads a park's folder: park.yml, and source.yml of every folder in it. */
import { readdirSync, realpathSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { parseYuan } from '../values/money.js';
import { compareText } from '../values/text.js';
import { isDate, parseDateTime } from '../values/time.js';
import { checkSourceFile } from './checkSourceFile.js';
import { ConfinementError, confine } from './confine.js';
import { type ParkFile, parkFileSchema } from './parkFile.js';
import type { ConfigProblem } from './problem.js';
import { type SourceFile, sourceFileSchema } from './sourceFile.js';
import { type FieldPath, LARGEST_YAML, type ParsedYaml, parseYaml } from './yaml.js';

export { ConfinementError, confine } from './confine.js';

/** A source whose source.yml is right. */
export interface LoadedSource {
  /** Absolute; links followed. */
  readonly folder: string;
  readonly file: SourceFile;
}

/** A park's folder as it was read; `park.asOf` is in UTC. With `ok`, the problems are those of sources that were left out. */
export type LoadedPark =
  | { readonly ok: true; readonly park: ParkFile; readonly sources: LoadedSource[]; readonly problems: ConfigProblem[] }
  | { readonly ok: false; readonly problems: ConfigProblem[] };

const PARK_FILE = 'park.yml';
const SOURCE_FILE = 'source.yml';
/** The hub's own register is a source too, by this id. */
const RESERVED_IDS: readonly string[] = ['park'];

/**
 * Reads a park. A source.yml that is wrong gives its problems and is left out; a folder that is not a park, or whose
 * park.yml is wrong, is not loaded. Sources come in the order of their ids. Never throws over what the folder holds.
 */
export async function loadPark(folder: string): Promise<LoadedPark> {
  const notAPark = (expected: string, got: string): LoadedPark => ({ ok: false, problems: [{ file: basename(folder), line: 0, field: '', expected, got }] });
  if (!isDirectory(folder)) return notAPark(`a park: a folder that holds a ${PARK_FILE}`, exists(folder) ? 'a file' : 'nothing of this name');
  const home = realpathSync(folder);
  const names = namesIn(home);
  if (!names) return notAPark('a folder that can be read', 'one that cannot');
  if (!names.includes(PARK_FILE)) {
    return notAPark(`a park: a folder that holds a ${PARK_FILE}`, names.includes('park.yaml') ? 'a park.yaml' : `a folder without a ${PARK_FILE}`);
  }

  const read = await readYaml(home, PARK_FILE, parkFileSchema);
  if (!read.ok) return { ok: false, problems: read.problems };
  const wrong = checkParkFile(read.value, read.lineOf);
  if (wrong.length) return { ok: false, problems: wrong };

  const sources: LoadedSource[] = [];
  const problems: ConfigProblem[] = [];
  for (const name of names.sort(compareText)) {
    const loaded = await loadSource(home, name);
    if (loaded?.source) sources.push(loaded.source);
    problems.push(...(loaded?.problems ?? []));
  }
  const park = { ...read.value, asOf: parseDateTime(read.value.asOf) as string };
  return { ok: true, park, sources: sources.sort((a, b) => compareText(a.file.id, b.file.id)), problems };
}

/** The source in a folder of the park; nothing where the folder holds no source.yml. */
async function loadSource(home: string, name: string): Promise<{ source?: LoadedSource; problems: ConfigProblem[] } | undefined> {
  const path = join(home, name);
  if (!isDirectory(path)) return undefined;
  const file = `${name}/${SOURCE_FILE}`;
  const refuse = (line: number, field: string, expected: string, got: string): { problems: ConfigProblem[] } => ({
    problems: [{ file, line, field, expected, got }],
  });
  const names = namesIn(path) ?? [];
  if (!names.includes(SOURCE_FILE)) return names.includes('source.yaml') ? refuse(0, '', `a file named ${SOURCE_FILE}`, 'one named source.yaml') : undefined;

  let folder: string;
  try {
    folder = confine(home, name);
  } catch (error) {
    if (error instanceof ConfinementError) return refuse(0, '', 'a folder within the park', error.got);
    throw error;
  }
  const read = await readYaml(home, file, sourceFileSchema);
  if (!read.ok) return { problems: read.problems };
  const { id } = read.value;
  if (RESERVED_IDS.includes(id)) return refuse(read.lineOf(['id']), 'id', `another id: ${id} is the hub's own register`, id);
  if (id !== name) return refuse(read.lineOf(['id']), 'id', `the name of the source's folder, ${name}`, id);
  const problems = checkSourceFile(read.value, read.lineOf);
  return problems.length ? { problems } : { source: { folder, file: read.value }, problems };
}

/** A configuration file of a park, checked; `home` is the park's real folder. */
export async function readYaml<S extends z.ZodType>(home: string, file: string, schema: S): Promise<ParsedYaml<z.output<S>>> {
  const refuse = (expected: string, got: string): ParsedYaml<never> => ({
    ok: false,
    problems: [{ file, line: 0, field: '', expected, got }],
    lineOf: () => 0,
  });
  let bytes: Buffer;
  try {
    const path = confine(home, file);
    const stats = statSync(path);
    if (!stats.isFile()) return refuse('a file', 'a folder or a device');
    if (stats.size > LARGEST_YAML) return refuse(`at most ${LARGEST_YAML} bytes`, `${stats.size} bytes`);
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof ConfinementError) return refuse(error.expected, error.got);
    return refuse('a file that can be read', `none (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`);
  }
  try {
    return parseYaml(new TextDecoder('utf-8', { fatal: true }).decode(bytes), file, schema);
  } catch (error) {
    if (error instanceof TypeError) return refuse('text in UTF-8', 'bytes that are not UTF-8');
    throw error;
  }
}

/** What the form of a park.yml cannot say: days that exist, codes that are given once, terms that end after they begin. */
function checkParkFile(park: ParkFile, lineOf: (path: FieldPath) => number): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const expect = (right: boolean, path: FieldPath, expected: string, got: string): void => {
    if (!right) problems.push({ file: PARK_FILE, line: lineOf(path), field: path.join('.'), expected, got });
  };
  expect(isDate(park.operatedSince), ['operatedSince'], 'a day that exists', park.operatedSince);
  expect(parseDateTime(park.asOf) !== undefined, ['asOf'], 'an instant with its zone such as 2021-12-31T23:59:59+08:00', park.asOf.slice(0, 80));
  const codes = park.carriers.map(({ code }) => code);
  codes.forEach((code, index) => {
    expect(codes.indexOf(code) === index, ['carriers', index, 'code'], 'a code of its own', `${code}, which another carrier has`);
  });
  park.ruleSets.forEach(({ effectiveFrom, effectiveTo }, index) => {
    expect(isDate(effectiveFrom), ['ruleSets', index, 'effectiveFrom'], 'a day that exists', effectiveFrom);
    if (effectiveTo !== undefined) {
      const right = isDate(effectiveTo) && effectiveTo >= effectiveFrom;
      expect(right, ['ruleSets', index, 'effectiveTo'], 'a day that exists, not before effectiveFrom', effectiveTo);
    }
  });
  park.assessment.criteria.forEach(({ output }, index) => {
    expect(parseYuan(output) !== undefined, ['assessment', 'criteria', index, 'output'], 'yuan as a text such as "1000000.00"', output.slice(0, 80));
  });
  return problems;
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function namesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code) return undefined;
    throw error;
  }
}
