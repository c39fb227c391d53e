/** What `parkhub sync` prints of what it did. */
import type { SyncOutcome } from '../sources/sync/mirrors.js';
import { table } from './table.js';
import type { Terminal } from './terminal.js';

/** One line for each source: what came of its sync. */
export function outcomeTable(outcomes: readonly SyncOutcome[], terminal: Terminal): string {
  const rows = outcomes.map((outcome) => {
    const { source, run } = outcome;
    if (!run) return [source, state(outcome, terminal), '', '', '', '', '', '', ''];
    const counts = [run.read, run.accepted, run.changed, run.closed].map(String);
    return [source, state(outcome, terminal), asOf(run.asOf), ...counts, quarantined(run.quarantined, terminal), seconds(run.milliseconds)];
  });
  return table(['Source', 'Sync', 'As of', 'Read', 'Accepted', 'Changed', 'Closed', 'Quarantined', 'Took'], rows, terminal, [3, 4, 5, 6, 7, 8]);
}

/** One outcome in one line, with the time of its run. */
export function outcomeLine({ source, run, error }: SyncOutcome, terminal: Terminal): string {
  if (error) return `${terminal.style('bad', source)} could not be synced: ${error.message}`;
  if (!run) return `${source} is as it was.`;
  const { startedAt, read, accepted, changed, closed, quarantined: aside } = run;
  const counts = `${read} read, ${accepted} accepted, ${changed} changed, ${closed} closed, ${quarantined(aside, terminal)} quarantined`;
  return `${startedAt.replace(/\.\d+Z$/, 'Z')} ${terminal.style('good', source)}: ${counts} in ${seconds(run.milliseconds)}`;
}

/** An outcome as JSON. */
export function outcomeJson({ source, run, error }: SyncOutcome): object {
  if (error) return { source, failure: error.message };
  return run ?? { source, unchanged: true };
}

function state({ run, error }: SyncOutcome, terminal: Terminal): string {
  if (error) return terminal.style('bad', 'failed');
  return run ? terminal.style('good', 'done') : 'as it was';
}

function asOf(instant: string | null): string {
  return instant?.replace(/\.\d+Z$/, 'Z') ?? '';
}

function quarantined(count: number, terminal: Terminal): string {
  return count === 0 ? '0' : terminal.style('warning', String(count));
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
