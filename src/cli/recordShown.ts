import type { Hub } from '../hub.js';
import { CommandFailure } from './failure.js';
import { whoRuns } from './whoRuns.js';

/**
 * Records what a command is about to show of what is not public, under the login name of who runs it.
 * @throws CommandFailure traceBroken, where it cannot be recorded: then it is not to be shown
 */
export async function recordShown(hub: Hub, shown: Parameters<Hub['recordShown']>[0], command: string): Promise<void> {
  try {
    await hub.recordShown(shown, command, whoRuns());
  } catch (error) {
    throw new CommandFailure('traceBroken', 'Expected to record what this shows, but the trace of reads cannot be written; so it is not shown.', {
      cause: error,
    });
  }
}
