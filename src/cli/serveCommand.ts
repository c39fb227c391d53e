/** `parkhub serve`: opens a park and serves it until it is stopped. */
import path from 'node:path';
import { startServer } from '../server/http.js';
import type { SyncOutcome } from '../sources/sync/mirrors.js';
import { demonstrationTokenTable, issueDemonstrationTokens } from './demonstrationTokens.js';
import { anyParksQuery, firstQuery } from './firstQuery.js';
import { type OpenedPark, openPark } from './openPark.js';
import type { CommonOptions } from './program.js';
import { projectFolder } from './project.js';
import { problemLines, setAsideLines, shortSourceTable, unavailableLines } from './sourceReport.js';
import { type StopSignal, stopSignal } from './stopSignal.js';
import type { Terminal } from './terminal.js';

/** The options of `parkhub serve`; what is not given comes from the environment. */
export interface ServeOptions extends CommonOptions {
  readonly port?: number;
  readonly host?: string;
}

/**
 * Serves the park until SIGINT or SIGTERM, then finishes what is under way and closes all.
 * @throws ListenError when the address cannot be taken; else as `openPark`.
 */
export async function serveCommand(park: string, options: ServeOptions, terminal: Terminal): Promise<void> {
  const stop = stopSignal(terminal);
  const opened = await openPark(park, options, terminal);
  try {
    const { settings } = opened.environment;
    const server = await startServer({
      hub: opened.hub,
      host: options.host ?? settings.host,
      port: options.port ?? settings.port,
      playgroundFolder: path.join(projectFolder(), 'dist/playground'),
      log: opened.log,
    });
    const syncs = opened.hub.keepSyncing({ onOutcome: (outcome) => logOutcome(opened.log, outcome) });
    try {
      terminal.print(welcome(opened, server.url, terminal));
      await printTokens(opened, terminal);
      // The graph answers already; what its sources hold follows when it is known.
      await Promise.race([printSources(opened, stop, terminal), stop.arrived]);
      const query = opened.demonstration ? firstQuery : anyParksQuery;
      terminal.print(`\n${terminal.style('heading', 'A first query to try')}:\n\n${indent(query)}\n\nStop with Ctrl+C.`);
      await stop.arrived;
    } finally {
      await syncs.stop();
      await server.close();
    }
  } finally {
    await opened.close();
  }
}

function logOutcome(log: OpenedPark['log'], { source, run, error }: SyncOutcome): void {
  if (error) log.warn({ source, err: error.cause ?? error }, `${source} could not be synced: ${error.message}`);
  else log.info({ source, run }, `${source} was synced.`);
}

function welcome({ hub }: OpenedPark, url: string, terminal: Terminal): string {
  const lines = [
    `${terminal.style('heading', hub.parkName)} (${hub.parkId}) is open.`,
    '',
    `  Playground  ${url}/playground`,
    `  GraphQL     ${url}/graphql`,
    `  Health      ${url}/health`,
  ];
  if (hub.problems.length > 0) lines.push('', 'These sources were left out, for their files are wrong:', ...problemLines(hub.problems, terminal));
  return lines.join('\n');
}

async function printTokens(opened: OpenedPark, terminal: Terminal): Promise<void> {
  try {
    const issued = await issueDemonstrationTokens(opened);
    if (issued.length > 0) terminal.print(`\n${demonstrationTokenTable(issued, terminal)}`);
  } catch (error) {
    // The public is served without them.
    opened.log.error({ err: error }, 'No tokens could be made.');
  }
}

async function printSources({ hub, log }: OpenedPark, stop: StopSignal, terminal: Terminal): Promise<void> {
  try {
    const statuses = await hub.sourceStatuses(stop.signal);
    terminal.print(`\n${shortSourceTable(statuses, terminal)}`);
    const notes = [...unavailableLines(statuses, terminal), ...setAsideLines(statuses, terminal)];
    if (notes.length > 0) terminal.print(`\n${notes.join('\n')}`);
  } catch (error) {
    if (stop.signal.aborted) return;
    // The hub serves whatever its sources say.
    log.error({ err: error }, 'The sources could not be listed.');
  }
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
