import { HubError } from '../schema/errors.js';
import { CommandFailure } from './failure.js';
import { type OpenedPark, openPark } from './openPark.js';
import type { CommonOptions } from './program.js';
import { problemLines } from './sourceReport.js';
import type { Terminal } from './terminal.js';

/**
 * Opens the park for some work, says which of its sources were left out, and closes it.
 * @throws CommandFailure refused, where the hub refuses the work; else as `openPark`.
 */
export async function withHub(park: string, options: CommonOptions, terminal: Terminal, work: (opened: OpenedPark) => Promise<void>): Promise<void> {
  const opened = await openPark(park, options, terminal);
  try {
    for (const line of problemLines(opened.hub.problems, terminal)) terminal.note(line);
    await work(opened);
  } catch (error) {
    if (error instanceof HubError) throw new CommandFailure('refused', error.message, { cause: error });
    throw error;
  } finally {
    await opened.close();
  }
}
