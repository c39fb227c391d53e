/**
 * What to read of a book that is delivered in changes.
 *
 * As long as every file that was ever applied still lies in the folder, the book can be made anew from them, so that a
 * file that was corrected, or came late, counts as if it had been right and in time. Once files have been taken away,
 * only what comes anew is applied, onto what the book has become.
 */
import { compareText } from '../../values/text.js';
import type { AppliedFile } from './feed.js';

/** What to read. */
export interface ChainPlan {
  /** Make the book anew of `read`; else `read` are changes to it as it is. */
  readonly whole: boolean;
  readonly read: readonly AppliedFile[];
  /** The files that the book consists of afterwards. */
  readonly files: readonly AppliedFile[];
}

/**
 * The plan for the files that are there, in the order in which they apply (a whole one, if any, first), given those that
 * were applied.
 */
export function chainPlan(applied: readonly AppliedFile[], found: readonly AppliedFile[], dayOf: (file: string) => string): ChainPlan {
  const before = new Map(applied.map((entry) => [entry.file, entry]));
  const there = new Set(found.map((entry) => entry.file));
  const isNew = (entry: AppliedFile): boolean => before.get(entry.file)?.fingerprint !== entry.fingerprint;
  const anew: ChainPlan = { whole: true, read: found, files: found };
  const first = found.findIndex(isNew);

  if (applied.length === 0 || found.some((entry) => entry.whole && isNew(entry))) return anew;
  if (applied.every((entry) => there.has(entry.file))) {
    const isOnlyMore = first >= 0 && found.slice(first).every((entry) => !before.has(entry.file));
    const isOtherForm = found.some((entry) => before.has(entry.file) && before.get(entry.file)?.form !== entry.form);
    if (isOtherForm || (first >= 0 && !isOnlyMore)) return anew;
  }
  const read = first < 0 ? [] : found.slice(first);
  const changed = new Map([...before, ...read.map((entry) => [entry.file, entry] as const)]);
  return { whole: false, read, files: [...changed.values()].sort((a, b) => inOrder(a, b, dayOf)) };
}

function inOrder(a: AppliedFile, b: AppliedFile, dayOf: (file: string) => string): number {
  if (a.whole !== b.whole) return a.whole ? -1 : 1;
  return compareText(dayOf(a.file), dayOf(b.file)) || compareText(a.file, b.file);
}
