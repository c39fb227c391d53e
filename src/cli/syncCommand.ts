/** `parkhub sync`: copies mirrored sources into the store, once or on and on. */
import type { Hub } from '../hub.js';
import type { SyncOutcome } from '../sources/sync/mirrors.js';
import { CommandFailure } from './failure.js';
import { openPark } from './openPark.js';
import type { CommonOptions } from './program.js';
import { problemLines } from './sourceReport.js';
import { type StopSignal, stopSignal } from './stopSignal.js';
import { outcomeJson, outcomeLine, outcomeTable } from './syncReport.js';
import type { Terminal } from './terminal.js';
import { whoRuns } from './whoRuns.js';

/** The options of `parkhub sync`. */
export interface SyncCommandOptions extends CommonOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
}

/**
 * Syncs the named sources, or all that are mirrored, and prints what came of each.
 * @throws CommandFailure wrongUse for a source that is not mirrored; sources, when one could not be synced or was left out.
 */
export async function syncCommand(park: string, sources: readonly string[], options: SyncCommandOptions, terminal: Terminal): Promise<void> {
  const stop = stopSignal(terminal);
  const opened = await openPark(park, options, terminal);
  try {
    const { hub } = opened;
    const chosen = choose(hub, sources);
    for (const line of problemLines(hub.problems, terminal)) terminal.note(line);
    const outcomes = await syncNow(hub, chosen, stop, terminal);
    for (const { error } of outcomes) if (error?.cause) opened.log.warn({ source: error.source, err: error.cause }, error.message);
    if (options.watch) {
      if (options.json) for (const outcome of outcomes) terminal.print(JSON.stringify(outcomeJson(outcome)));
      else terminal.print(outcomeTable(outcomes, terminal));
      await watch(hub, chosen, options.json ?? false, stop, terminal);
      return;
    }
    terminal.print(options.json ? JSON.stringify(outcomes.map(outcomeJson), null, 2) : outcomeTable(outcomes, terminal));
    if (!options.json) for (const outcome of outcomes) if (outcome.error) terminal.print(outcomeLine(outcome, terminal));
    refuseTrouble(hub, outcomes);
  } finally {
    await opened.close();
  }
}

/** The sources that are meant, each once. */
function choose(hub: Hub, sources: readonly string[]): readonly string[] {
  const other = sources.find((id) => !hub.mirrored.includes(id));
  if (other !== undefined) {
    throw new CommandFailure(
      'wrongUse',
      `Expected some of the mirrored sources ${hub.mirrored.join(', ')}, but got: ${other}. A source that is read live is never copied (mode: mirrored in its source.yml would have it so).`,
    );
  }
  return sources.length > 0 ? [...new Set(sources)] : hub.mirrored;
}

async function syncNow(hub: Hub, sources: readonly string[], stop: StopSignal, terminal: Terminal): Promise<SyncOutcome[]> {
  return terminal.progress('Looking at the sources …', async (tell) => {
    const onProgress = ({ source, entity, read }: { source: string; entity: string; read: number }): void =>
      tell(`${source}: ${entity}, ${read.toLocaleString('en')} rows read …`);
    return hub.sync(sources, { by: whoRuns(), signal: stop.signal, onProgress });
  });
}

async function watch(hub: Hub, sources: readonly string[], json: boolean, stop: StopSignal, terminal: Terminal): Promise<void> {
  if (stop.signal.aborted) return;
  if (!json) terminal.note('Watching. Stop with Ctrl+C.');
  const onOutcome = (outcome: SyncOutcome): void => terminal.print(json ? JSON.stringify(outcomeJson(outcome)) : outcomeLine(outcome, terminal));
  const kept = hub.keepSyncing({ sources, watch: true, onOutcome });
  await stop.arrived;
  await kept.stop();
}

function refuseTrouble({ problems }: Hub, outcomes: readonly SyncOutcome[]): void {
  const failed = outcomes.filter(({ error }) => error).map(({ source }) => source);
  const troubles = [
    ...(failed.length > 0 ? [`failed: ${failed.join(', ')}`] : []),
    ...(problems.length > 0 ? [`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in its configuration files`] : []),
  ];
  if (troubles.length > 0) throw new CommandFailure('sources', `Expected every source to be synced, but got: ${troubles.join('; ')}.`);
}
