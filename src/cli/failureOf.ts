/** Turns what a command threw into the one line that is printed and the exit code. */
import { EnvironmentError } from '../config/environment.js';
import { ListenError } from '../server/listenError.js';
import { SourceError } from '../sources/source.js';
import { StoreTooNewError, StoreUnusableError } from '../store/store.js';
import { CommandFailure } from './failure.js';

/** The failure that an error stands for; what nobody foresaw is `unexpected`. */
export function failureOf(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (error instanceof StoreTooNewError) return new CommandFailure('storeNewer', error.message, { cause: error });
  if (error instanceof StoreUnusableError) return new CommandFailure('wrongUse', error.message, { cause: error });
  if (error instanceof ListenError) return new CommandFailure(error.reason === 'PORT_IN_USE' ? 'portInUse' : 'wrongUse', error.message, { cause: error });
  if (error instanceof EnvironmentError) return new CommandFailure('wrongUse', error.message, { cause: error });
  if (error instanceof SourceError) return new CommandFailure('sources', error.message, { cause: error });
  const message = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0];
  return new CommandFailure('unexpected', `Something unexpected went wrong: ${message} (--verbose shows where)`, { cause: error });
}
