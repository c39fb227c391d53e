/** Waits for the person or the system that asks a command to stop. */
import type { Terminal } from './terminal.js';

/** That a command is to stop. */
export interface StopSignal {
  readonly arrived: Promise<void>;
  readonly signal: AbortSignal;
}

/** The first SIGINT or SIGTERM asks to stop; the second ends the process at once, as it would have without us. */
export function stopSignal(terminal: Terminal): StopSignal {
  const controller = new AbortController();
  const arrived = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) {
      process.once(name, () => {
        if (!controller.signal.aborted) terminal.note('Stopping …');
        controller.abort();
        resolve();
      });
    }
  });
  return { arrived, signal: controller.signal };
}
