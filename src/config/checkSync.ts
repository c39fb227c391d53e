/** Whether what a source.yml says of its copy fits its connector: mode, schedule, files of changes. */
import { Cron } from 'croner';
import type { Report } from './checkSourceFile.js';
import { isInnerName } from './confine.js';
import { isMirrored, type SourceFile } from './sourceFile.js';

/** Checks `mode`, `sync` and each book's `changes`. */
export function checkSync(file: SourceFile, report: Report): void {
  if (file.connector === 'file' && file.mode === 'live') report(['mode'], 'mirrored or nothing, for files are always mirrored', 'live');
  if (file.sync) {
    if (!isMirrored(file)) report(['sync'], 'no schedule, for the source is read live (mode: mirrored would copy it)', 'one');
    const problem = scheduleProblem(file.sync.schedule);
    if (problem !== undefined)
      report(
        ['sync', 'schedule'],
        `the fields of cron (minute, hour, day, month, weekday; seconds may stand first) such as 30 2 * * *${problem}`,
        file.sync.schedule.slice(0, 80),
      );
  } else if (file.connector !== 'file' && isMirrored(file)) {
    report(['sync'], 'a schedule, for nothing else tells when a database or an API has changed', 'none');
  }
  for (const [name, book] of Object.entries(file.books)) {
    if (!book.changes) continue;
    const path = ['books', name, 'changes'];
    if (file.connector !== 'file') report(path, 'no files of changes, for the source is no drop folder', 'some');
    else if (!isInnerName(book.changes.file) || book.changes.file.includes('/'))
      report([...path, 'file'], "the name of a file in the source's folder, without folders", book.changes.file);
    else if (file.asOfFileName === undefined) report(path, 'asOfFileName beside it: the day in their names puts the files in order', 'none');
  }
}

/** What is wrong with a schedule; undefined where it is right. */
function scheduleProblem(schedule: string): string | undefined {
  // croner takes an instant too, which would come once.
  if (!/^(@[a-z]+|\S+( \S+){4,5})$/i.test(schedule)) return '';
  try {
    return new Cron(schedule, { paused: true, mode: '5-or-6-parts' }).nextRun() === null ? ' that comes to pass some day' : undefined;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return '';
    throw error;
  }
}
