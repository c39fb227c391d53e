/** What may go wrong in a command, and what the person who gave it sees. */
import type { ExitCode } from './exitCodes.js';

/** A failure that a command expects. Its message is the one line that is printed: what was expected, what came, what to do. */
export class CommandFailure extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'CommandFailure';
  }
}
