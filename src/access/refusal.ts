/** The one refusal of whoever does not show who they are. */
import { HubError } from '../schema/errors.js';

/** What every refused client reads, whatever was wrong: an unknown token, a revoked one and a forged one look alike. */
const TEXT = 'The Authorization header was not accepted. Send a valid "Bearer" token, or no such header to ask as the public.';

/** A request whose Authorization header is not accepted. */
export class UnauthenticatedError extends HubError {
  /** @param reason What was wrong, for the log alone. It never holds the token. */
  constructor(
    readonly reason: string,
    options?: { cause?: unknown },
  ) {
    super('UNAUTHENTICATED', TEXT, {}, options);
    this.name = 'UnauthenticatedError';
  }
}
