/**
 * What of an error a client may read.
 *
 * Three kinds pass: a HubError, which somebody wrote for people to read; a SourceError or OperationStopped, of which the same holds;
 * and what graphql-js and Apollo Server say of the client's own document, variables or request. Everything else is a
 * fault of ours or of a library: it goes to the log whole, and the client gets the id to look it up by. The rule asks
 * where an error was made, not what its text looks like, so that no new library can talk past it.
 */
import { randomBytes } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { OperationStopped } from '../sources/budget.js';
import { DriftedError } from '../sources/drift.js';
import { SourceError } from '../sources/source.js';

/** The one class whose message may reach a client as it stands: no SQL, path, host, secret or stack in it. */
export class HubError extends Error {
  /** Shown to the client; the code is among them. graphql-js copies them from here to the error that it makes of this one. */
  readonly extensions: Readonly<Record<string, unknown>>;

  /**
   * @param code In capitals, for programs: BAD_USER_INPUT, NOT_FOUND, ...
   * @param message For people: what was expected, what came, what to do.
   * @param extensions More for programs; shown as they are.
   */
  constructor(
    readonly code: string,
    message: string,
    extensions: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'HubError';
    this.extensions = { ...extensions, code };
  }
}

/** Apollo Server's `formatError`: what was formatted so far, and the error it was made of. */
export type ErrorFormatter = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** The code of everything that is no client's business. */
export const internalErrorCode = 'INTERNAL_SERVER_ERROR';

/** Apollo Server's codes for what is wrong with a request, a document or its variables. */
const requestErrorCodes: ReadonlySet<unknown> = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/**
 * Gives the formatter of a server's errors. An error that fails many fields (a batch that many rows waited for) is
 * logged once and has one id.
 */
export function createErrorFormatter(log: Logger, newId: () => string = () => randomBytes(6).toString('hex')): ErrorFormatter {
  const idOf = createErrorLog(log, newId);
  const sourceErrorsLogged = new WeakSet<SourceError>();

  return (formatted, error) => {
    const origin = originOf(error);
    if (origin instanceof HubError) return shown(formatted, formatted.message, origin.extensions);
    if (origin instanceof SourceError) {
      if (!sourceErrorsLogged.has(origin)) {
        sourceErrorsLogged.add(origin);
        log.warn({ err: origin, source: origin.source, reason: origin.reason, path: formatted.path }, 'A source could not give its rows.');
      }
      return shown(formatted, origin.message, sourceExtensions(origin));
    }
    if (origin instanceof OperationStopped) return shown(formatted, origin.message, { code: origin.reason });
    if (isClientsOwn(error, origin)) {
      const code = formatted.extensions?.code;
      return shown(formatted, formatted.message, { code: requestErrorCodes.has(code) ? code : 'BAD_USER_INPUT' });
    }
    const id = idOf(origin, { path: formatted.path });
    return shown(formatted, internalErrorMessage(id), { code: internalErrorCode, id });
  };
}

function sourceExtensions(error: SourceError): Record<string, unknown> {
  if (!(error instanceof DriftedError)) return { code: 'SOURCE_UNAVAILABLE', source: error.source, reason: error.reason };
  const { entity, missing, added, columns } = error.drift;
  const named = columns === 'HIDDEN' ? {} : { missingColumns: missing, newColumns: added };
  return { code: 'SOURCE_DRIFTED', source: error.source, entity, ...named };
}

/** Gives a function that logs an error whole, the first time it sees it, and says under which id. */
export function createErrorLog(log: Logger, newId: () => string = () => randomBytes(6).toString('hex')): (error: unknown, where: object) => string {
  const ids = new WeakMap<object, string>();
  return (error, where) => {
    const key = typeof error === 'object' && error !== null ? error : undefined;
    const known = key && ids.get(key);
    if (known) return known;
    const id = newId();
    if (key) ids.set(key, id);
    log.error({ id, err: error, ...where }, 'Something went wrong that nobody foresaw.');
    return id;
  };
}

/** What a client reads of an error that is not its own. */
export function internalErrorMessage(id: string): string {
  return `Something went wrong here; the log has it under ${id}.`;
}

/** The error that was thrown first, under the layers that graphql-js and Apollo Server put round it. */
function originOf(error: unknown): unknown {
  let origin = error;
  while (origin instanceof GraphQLError && origin.originalError) origin = origin.originalError;
  return origin;
}

/**
 * Whether an error speaks of the client's request. graphql-js gives every error of a resolver a path, and no error of a
 * document or of its variables; the exception is an argument that turns out wrong when its field is reached.
 */
function isClientsOwn(error: unknown, origin: unknown): boolean {
  if (!(error instanceof GraphQLError) || !(origin instanceof GraphQLError)) return false;
  if (!error.path) return error.locations !== undefined || requestErrorCodes.has(error.extensions.code);
  return origin.nodes !== undefined && origin.message.startsWith('Argument "');
}

/** Nothing of the formatted error but its place. */
function shown(formatted: GraphQLFormattedError, message: string, extensions: Readonly<Record<string, unknown>>): GraphQLFormattedError {
  return {
    message,
    ...(formatted.locations && { locations: formatted.locations }),
    ...(formatted.path && { path: formatted.path }),
    extensions: { ...extensions },
  };
}
