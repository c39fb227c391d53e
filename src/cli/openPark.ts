/** Opens a park for a command: its environment, its log, the stand-in for its partners' APIs, its hub. */
import path from 'node:path';
import pino, { type Logger } from 'pino';
import { type Environment, readEnvironment } from '../config/environment.js';
import { type LoadedPark, loadPark } from '../config/park.js';
import { describeProblem } from '../config/problem.js';
import { type Hub, openHub } from '../hub.js';
import { CommandFailure } from './failure.js';
import type { CommonOptions } from './program.js';
import { type StandIn, startStandIn } from './standIn.js';
import type { Terminal } from './terminal.js';

/** A park that is open. */
export interface OpenedPark {
  readonly hub: Hub;
  /** Its rows are made up. */
  readonly demonstration: boolean;
  /** What each source's partner is, by the source's id. */
  readonly partners: ReadonlyMap<string, 'bank' | 'investor'>;
  readonly environment: Environment;
  readonly log: Logger;
  /** Closes the hub, then what its sources read from. */
  close(): Promise<void>;
}

/**
 * Opens the park in the folder.
 * @throws CommandFailure wrongUse, when the folder is no park or its park.yml is wrong; StoreTooNewError.
 */
export async function openPark(park: string, options: CommonOptions, terminal: Terminal): Promise<OpenedPark> {
  const given = readEnvironment();
  const log = createLog(given, options);
  const parkFolder = path.resolve(park);
  const loaded = await requirePark(park);
  const standIn = await standInFor(loaded, given, log);
  const environment = standIn?.environment ?? given;
  try {
    const hub = await terminal.progress(`Opening ${park} …`, () => openHub({ parkFolder, environment, log }));
    return {
      hub,
      demonstration: loaded.park.demonstration,
      partners: new Map(loaded.sources.map(({ file }) => [file.id, file.partner.kind])),
      environment,
      log,
      close: async () => {
        await hub.close();
        await standIn?.close();
      },
    };
  } catch (error) {
    await standIn?.close();
    throw error;
  }
}

/** The park in the folder. Throws the problems of its park.yml, or that it has none. */
export async function requirePark(park: string): Promise<Extract<LoadedPark, { ok: true }>> {
  const loaded = await loadPark(path.resolve(park));
  if (loaded.ok) return loaded;
  // Of a folder that is no park the problem names the folder; of a park.yml, the file in it.
  const place = (file: string): string => (file === path.basename(path.resolve(park)) ? park : path.join(park, file));
  throw new CommandFailure('wrongUse', loaded.problems.map((problem) => describeProblem({ ...problem, file: place(problem.file) })).join('\n'));
}

/** A demonstration without its stand-in is a park with sources that do not answer: worth a warning, no reason to stay shut. */
async function standInFor(loaded: Extract<LoadedPark, { ok: true }>, environment: Environment, log: Logger): Promise<StandIn | undefined> {
  try {
    return await startStandIn(loaded, environment);
  } catch (error) {
    log.warn({ err: error }, "The stand-in for the partners' APIs did not start; their sources will be unavailable.");
    return undefined;
  }
}

/** The log goes to standard error as JSON lines, so that what a command prints stays clean. */
function createLog(environment: Environment, { verbose }: CommonOptions): Logger {
  return pino({ level: verbose ? 'debug' : environment.settings.logLevel, base: undefined }, pino.destination({ dest: 2, sync: true }));
}
