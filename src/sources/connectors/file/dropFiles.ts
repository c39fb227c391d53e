/** Which files of a drop folder are meant, and as of which day they speak. */
import { readdir } from 'node:fs/promises';
import { confine } from '../../../config/confine.js';
import { compareText } from '../../../values/text.js';
import { dateIn, dateOf } from '../../../values/time.js';
import { SourceError } from '../../source.js';
import { codeOf } from './tableFile.js';

/** A file that was found in a drop. */
export interface FoundFile {
  readonly name: string;
  /** Absolute and real: links are followed, and do not lead out of the folder. */
  readonly path: string;
}

/**
 * The file that a pattern means: of several the last by name, in code-point order. Throws a SourceError when there is none,
 * when the folder cannot be read, or when the file is a link that leads out of the folder.
 */
export async function findFile(source: string, folder: string, pattern: string): Promise<FoundFile> {
  const name = (await fittingNames(source, folder, pattern)).at(-1);
  if (name === undefined) throw missingFile(source, pattern);
  return foundFile(source, folder, name);
}

/** That no file fits a pattern. */
export function missingFile(source: string, pattern: string): SourceError {
  return new SourceError(source, 'UNREACHABLE', `expected a file named ${pattern} in the drop folder, but got: none. Has the partner delivered it?`);
}

/** The names that fit a pattern, in code-point order. Throws a SourceError when the folder cannot be read. */
export async function fittingNames(source: string, folder: string, pattern: string): Promise<string[]> {
  return (await namesIn(source, folder)).filter((name) => fits(name, pattern)).sort(compareText);
}

/** The file of a name in the folder. Throws a SourceError when it is a link that leads out of it. */
export function foundFile(source: string, folder: string, name: string): FoundFile {
  try {
    return { name, path: confine(folder, name) };
  } catch (error) {
    throw new SourceError(
      source,
      'MALFORMED',
      `${name}: expected a file inside the drop folder, but got: one that cannot be read or a link that leads elsewhere.`,
      { cause: error },
    );
  }
}

async function namesIn(source: string, folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new SourceError(source, 'UNREACHABLE', `the drop folder cannot be read (${codeOf(error)}).`, { cause: error });
  }
}

/** Whether a name fits a pattern whose `*` stands for any run of characters. Office's lock files (`~$…`) and hidden files fit none. */
export function fits(name: string, pattern: string): boolean {
  if (name.startsWith('~$') || name.startsWith('.')) return false;
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return name === pattern;
  const last = rest.pop() as string;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  // Greedy from the left is enough with `*` alone, and cannot backtrack.
  let position = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return position <= name.length - last.length;
}

/**
 * The day that a file name states, by a regular expression whose groups are year, month and day (by these names, or the
 * first three). Undefined when the name does not match. Throws a SourceError when the expression is none, or the day does
 * not exist.
 */
export function dayInName(source: string, name: string, expression: string): string | undefined {
  const match = compile(source, expression).exec(name);
  if (!match) return undefined;
  const { year = match[1], month = match[2], day = match[3] } = match.groups ?? {};
  const date = dateOf(Number(year), Number(month), Number(day));
  if (date === undefined) throw new SourceError(source, 'MALFORMED', `${name}: expected a day in the file name, but got: ${year}-${month}-${day}.`);
  return date;
}

function compile(source: string, expression: string): RegExp {
  try {
    return new RegExp(expression, 'u');
  } catch (error) {
    throw new SourceError(source, 'MISCONFIGURED', `asOfFileName: expected a regular expression, but got: ${expression}`, { cause: error });
  }
}

/** The last millisecond of a day in a time zone, as an instant in UTC ("2021-12-31" in Asia/Shanghai is "2021-12-31T15:59:59.999Z"). */
export function endOfDay(date: string, timeZone: string): string {
  // Between these two instants the day ends in every zone. Halving finds where, whatever the zone's clock does that night.
  const hour = 3_600_000;
  const end = Date.parse(`${date}T23:59:59.999Z`);
  let within = end - 15 * hour;
  let beyond = end + 15 * hour;
  while (beyond - within > 1) {
    const middle = Math.floor((within + beyond) / 2);
    if (dateIn(timeZone, new Date(middle)) > date) beyond = middle;
    else within = middle;
  }
  return new Date(within).toISOString();
}
