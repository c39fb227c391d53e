/** `parkhub sources`: what each source of a park holds, what was set aside, and what the mapping makes of its rows. */
import type { SourceStatus } from '../hub.js';
import { CommandFailure } from './failure.js';
import { openPark } from './openPark.js';
import type { CommonOptions } from './program.js';
import { recordShown } from './recordShown.js';
import { type BookSample, sampleBooks, sampleText } from './sample.js';
import { anySetAside, longSourceTable, MOST_SET_ASIDE, problemLines, setAsideLines, setAsideShown, unavailableLines } from './sourceReport.js';
import type { Terminal } from './terminal.js';

/** The options of `parkhub sources`. */
export interface SourcesOptions extends CommonOptions {
  readonly check?: boolean;
  readonly rows: number;
  readonly json?: boolean;
}

/**
 * Prints the sources of the park.
 * @throws CommandFailure sources, when a source was left out or is unavailable; under --check also when rows were set aside.
 */
export async function sourcesCommand(park: string, options: SourcesOptions, terminal: Terminal): Promise<void> {
  const opened = await openPark(park, options, terminal);
  try {
    const { hub } = opened;
    const statuses = await terminal.progress('Reading every source …', () => hub.sourceStatuses());
    const { samples, shown } = options.check
      ? await terminal.progress('Reading a few rows …', () => sampleBooks(hub, statuses, options.rows))
      : { samples: [], shown: [] };
    const rows = [...shown, ...setAsideShown(statuses, options.json ? undefined : MOST_SET_ASIDE)];
    await recordShown(hub, { rows }, options.check ? 'parkhub sources --check' : 'parkhub sources');
    if (options.json) {
      terminal.print(JSON.stringify({ park: hub.parkId, problems: hub.problems, sources: statuses, ...(options.check && { samples }) }, jsonValue, 2));
    } else {
      printReport(statuses, samples, terminal);
    }
    for (const line of problemLines(hub.problems, terminal)) terminal.note(line);
    refuseTrouble(hub.problems.length, statuses, options.check ?? false);
  } finally {
    await opened.close();
  }
}

function printReport(statuses: readonly SourceStatus[], samples: readonly BookSample[], terminal: Terminal): void {
  terminal.print(longSourceTable(statuses, terminal));
  const notes = [...unavailableLines(statuses, terminal), ...setAsideLines(statuses, terminal)];
  if (notes.length > 0) terminal.print(`\n${notes.join('\n')}`);
  for (const sample of samples) terminal.print(`\n${sampleText(sample, terminal)}`);
}

function refuseTrouble(problems: number, statuses: readonly SourceStatus[], check: boolean): void {
  const unavailable = statuses.filter(({ state }) => state === 'UNAVAILABLE' || state === 'STALE').map(({ id }) => id);
  const drifted = statuses.filter(({ books }) => books.some(({ drift }) => drift)).map(({ id }) => id);
  const troubles = [
    ...(problems > 0 ? [`${problems} ${problems === 1 ? 'problem' : 'problems'} in its configuration files`] : []),
    ...(unavailable.length > 0 ? [`unavailable: ${unavailable.join(', ')}`] : []),
    ...(drifted.length > 0 ? [`changed columns: ${drifted.join(', ')}`] : []),
    ...(check && anySetAside(statuses) ? ['rows that were set aside'] : []),
  ];
  if (troubles.length > 0) throw new CommandFailure('sources', `Expected every source to give its rows, but got: ${troubles.join('; ')}.`);
}

/** Whole numbers beyond a float's reach go out as text. */
function jsonValue(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
