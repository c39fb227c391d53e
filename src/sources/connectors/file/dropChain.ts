/** The files that one book of a drop consists of: the last whole one, and what has changed since. */
import type { BookMapping, FileTable } from '../../../config/sourceFile.js';
import { compareText } from '../../../values/text.js';
import { SourceError } from '../../source.js';
import { dayInName, type FoundFile, findFile, fits, fittingNames, foundFile } from './dropFiles.js';

/** A file of a chain. */
export interface ChainFile extends FoundFile {
  /** The whole book; else changes to it. */
  readonly whole: boolean;
  /** The day that its name states; empty for a book without files of changes, which needs none. */
  readonly day: string;
}

/** Where a chain lies, and how its file names state their day. */
export interface ChainPlace {
  readonly sourceId: string;
  readonly folder: string;
  readonly asOfFileName: string | undefined;
}

/**
 * The files in the order in which they apply. A whole book of a day holds the changes of that day: those of later days
 * follow it, and by name within one. Without files of changes, it is the one file that the table means.
 *
 * @throws SourceError when a file is missing, cannot be read, leads elsewhere, or states no day
 */
export async function chainOf(place: ChainPlace, table: FileTable, changes: BookMapping['changes']): Promise<ChainFile[]> {
  const { sourceId, folder } = place;
  if (!changes) return [{ ...(await findFile(sourceId, folder, table.file)), whole: true, day: '' }];
  // One pattern may be part of the other: 贷款_*.csv and 贷款_变动_*.csv.
  const wholeName = (await fittingNames(sourceId, folder, table.file)).filter((name) => !fits(name, changes.file)).at(-1);
  const since = wholeName === undefined ? '' : dayOf(place, wholeName);
  const later = (await fittingNames(sourceId, folder, changes.file))
    .map((name) => ({ name, day: dayOf(place, name) }))
    .filter(({ day }) => day > since)
    .sort((a, b) => compareText(a.day, b.day) || compareText(a.name, b.name));
  const whole = wholeName === undefined ? [] : [{ ...foundFile(sourceId, folder, wholeName), whole: true, day: since }];
  return [...whole, ...later.map(({ name, day }) => ({ ...foundFile(sourceId, folder, name), whole: false, day }))];
}

/** The day that the name of a file of a chain states. Throws a SourceError when it states none. */
export function dayOf({ sourceId, asOfFileName = '' }: ChainPlace, name: string): string {
  const day = dayInName(sourceId, name, asOfFileName);
  if (day !== undefined) return day;
  throw new SourceError(
    sourceId,
    'MALFORMED',
    `${name}: expected a name that states a day as asOfFileName says (${asOfFileName}), but got: one that does not.`,
  );
}
