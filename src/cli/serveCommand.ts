/** `parkhub serve`: opens a park and serves it until it is stopped. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import type { Settings } from '../config/environment.js';
import { type ServerSettings, startServer } from '../server/http.js';
import { ManifestError, type PersistedOperations, readManifest } from '../server/persisted.js';
import type { SyncOutcome } from '../sources/sync/mirrors.js';
import { recordDemonstrationAuthorizations } from './demonstrationAuthorizations.js';
import { type DemonstrationToken, demonstrationTokenTable, issueDemonstrationTokens, playgroundAddress } from './demonstrationTokens.js';
import { CommandFailure } from './failure.js';
import { anyParksQuery, firstQuery } from './firstQuery.js';
import { type OpenedPark, openPark } from './openPark.js';
import type { CommonOptions } from './program.js';
import { projectFolder } from './project.js';
import { recordShown } from './recordShown.js';
import { MOST_SET_ASIDE, problemLines, setAsideLines, setAsideShown, shortSourceTable, unavailableLines } from './sourceReport.js';
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
    const served = await serverSettings(opened);
    await recordDemonstrationAuthorizations(path.resolve(park), opened);
    const server = await startServer({
      hub: opened.hub,
      host: options.host ?? settings.host,
      port: options.port ?? settings.port,
      playgroundFolder: path.join(projectFolder(), 'dist/playground'),
      log: opened.log,
      settings: served,
    });
    const syncs = opened.hub.keepSyncing({ onOutcome: (outcome) => logOutcome(opened.log, outcome) });
    try {
      const tokens = await issueTokens(opened);
      terminal.print(welcome(opened, server.url, served, tokens, terminal));
      if (tokens.length > 0) terminal.print(`\n${demonstrationTokenTable(tokens, terminal)}`);
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

/** What is served and to whom: in a demonstration all of it, elsewhere what a setting asks for. Throws a CommandFailure for a file that does not serve. */
async function serverSettings({ environment: { settings }, demonstration }: OpenedPark): Promise<Partial<ServerSettings>> {
  const { introspection, playground, onlyPersisted, rate, atOnce, corsOrigins, proxies } = settings;
  return {
    introspection: introspection ?? (demonstration ? 'all' : 'none'),
    playground: playground ?? demonstration,
    operations: await operationsOf(settings),
    onlyPersisted,
    rate,
    atOnce,
    corsOrigins,
    proxies,
    tls: settings.tls && (await tlsOf(settings.tls)),
  };
}

/** The front end's own manifest may be missing as long as nothing depends on it. */
async function operationsOf({ manifest, onlyPersisted }: Settings): Promise<PersistedOperations | undefined> {
  const file = manifest ?? path.join(projectFolder(), 'web/src/generated/persisted-documents.json');
  if (!manifest && !onlyPersisted && !existsSync(file)) return undefined;
  try {
    return await readManifest(file);
  } catch (error) {
    throw error instanceof ManifestError ? new CommandFailure('wrongUse', error.message, { cause: error }) : error;
  }
}

async function tlsOf({ certificate, key: keyFile }: NonNullable<Settings['tls']>): Promise<{ cert: string; key: string }> {
  const [cert, key] = [await pem('PARKHUB_TLS_CERT', certificate), await pem('PARKHUB_TLS_KEY', keyFile)];
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new CommandFailure('wrongUse', `PARKHUB_TLS_KEY: expected the key of the certificate in ${certificate}, but ${keyFile} does not fit it.`, {
      cause: error,
    });
  }
  return { cert, key };
}

async function pem(name: string, file: string): Promise<string> {
  try {
    const text = await readFile(file, 'utf8');
    if (text.includes('-----BEGIN ')) return text;
  } catch (error) {
    throw new CommandFailure('wrongUse', `${name}: expected a PEM file that can be read, but ${file} cannot.`, { cause: error });
  }
  throw new CommandFailure('wrongUse', `${name}: expected a PEM file, but ${file} is none.`);
}

function logOutcome(log: OpenedPark['log'], { source, run, error }: SyncOutcome): void {
  if (error) log.warn({ source, err: error.cause ?? error }, `${source} could not be synced: ${error.message}`);
  else log.info({ source, run }, `${source} was synced.`);
}

function welcome({ hub }: OpenedPark, url: string, { playground }: Partial<ServerSettings>, tokens: readonly DemonstrationToken[], terminal: Terminal): string {
  const lines = [
    `${terminal.style('heading', hub.parkName)} (${hub.parkId}) is open.`,
    '',
    `  GraphQL     ${url}/graphql`,
    `  Health      ${url}/health`,
    // The last: with its tokens it is longer than a line.
    ...(playground ? [`  Playground  ${playgroundAddress(url, tokens)}`] : []),
  ];
  if (hub.problems.length > 0) lines.push('', 'These sources were left out, for their files are wrong:', ...problemLines(hub.problems, terminal));
  return lines.join('\n');
}

async function issueTokens(opened: OpenedPark): Promise<DemonstrationToken[]> {
  try {
    return await issueDemonstrationTokens(opened);
  } catch (error) {
    // The public is served without them.
    opened.log.error({ err: error }, 'No tokens could be made.');
    return [];
  }
}

async function printSources({ hub, log }: OpenedPark, stop: StopSignal, terminal: Terminal): Promise<void> {
  try {
    const statuses = await hub.sourceStatuses(stop.signal);
    terminal.print(`\n${shortSourceTable(statuses, terminal)}`);
    await recordShown(hub, { rows: setAsideShown(statuses, MOST_SET_ASIDE) }, 'parkhub serve');
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
