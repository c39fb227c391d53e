/**
 * A partner's database server behind TypeORM: a pool of connections that only read.
 *
 * Each connection is set up before its first statement (read only, timeouts, zone). When an ask gives up, its statement is
 * ended in the database as well, for a statement that nobody waits for still costs the partner; the connection is then
 * thrown away, because a cancellation that comes late must not hit the next statement that the connection would carry.
 */
import type { DataSource } from 'typeorm';
import { sharedController, unlessAborted } from '../../abort.js';
import { SourceError } from '../../source.js';
import type { Parameter } from './binding.js';
import type { Dialect } from './dialect.js';
import type { RawRow, SqlDatabase } from './reader.js';

/** How a server is reached. */
export interface ServerOptions {
  /** The source's id, for messages. */
  readonly source: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  /** false: not encrypted; true: checked against the machine's authorities; a text: against these certificates. */
  readonly ssl: boolean | string;
  /** Most connections at once. */
  readonly pool: number;
  /** How long a statement may take, in milliseconds. */
  readonly deadline: number;
  /** The zone of the partner's clocks. */
  readonly timeZone: string;
}

/** One connection of a pool, in use. */
export interface ServerConnection {
  /** What is the same for one connection, however often it is handed out. */
  readonly identity: object;
  query(text: string, parameters: readonly Parameter[]): Promise<RawRow[]>;
  /** Ends what runs on it, in the database. */
  cancel(): Promise<void>;
  /** Gives it back to the pool. */
  release(): void;
  /** Closes it for good. */
  destroy(): void;
}

/** What went wrong, in words without the server's own. */
export interface Failure {
  readonly reason: SourceError['reason'];
  /** What the server did, after "The database of icbc ". */
  readonly message: string;
  /** The connection is of no more use. */
  readonly broken: boolean;
}

/** What differs between servers. */
export interface Server {
  readonly dialect: Dialect;
  connect(): Promise<ServerConnection>;
  /** The statements that make a new connection read only, and bound its statements. */
  prepare(connection: ServerConnection): Promise<void>;
  failureOf(error: unknown): Failure;
}

/** The error that a failure of a source's database is. */
export function serverError(source: string, { reason, message }: Failure, cause: unknown): SourceError {
  return new SourceError(source, reason, `The database of ${source} ${message}.`, { cause });
}

/** The failure of what never came to a server's answer, by Node's own codes; undefined for any other error. */
export function networkFailure(error: unknown): Failure | undefined {
  const code = codeOf(error);
  if (/^(ECONNREFUSED|ECONNRESET|ECONNABORTED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EPIPE|ENOENT)$/.test(code))
    return { reason: 'UNREACHABLE', message: 'cannot be reached', broken: true };
  if (code === 'ETIMEDOUT') return { reason: 'TIMED_OUT', message: 'did not take a connection in time', broken: true };
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|^ERR_(SSL|TLS|OSSL)/.test(code))
    return { reason: 'REFUSED', message: 'showed a certificate that is not trusted; name its authority in ssl.ca of source.yml', broken: true };
  return undefined;
}

/** The code of an error; the empty text where it has none. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return code;
  // Where a name has several addresses, each has failed in its own way.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : '';
}

/** A server's pool as a database to read. */
export function pooledDatabase(source: string, dataSource: DataSource, server: Server): SqlDatabase {
  const prepared = new WeakSet<object>();
  const running = new Set<ServerConnection>();
  const endings = new Set<Promise<void>>();
  const closing = sharedController();

  const end = (connection: ServerConnection): void => {
    // From here on it belongs to nobody else.
    running.delete(connection);
    const ending: Promise<void> = connection
      .cancel()
      // It ends at its own timeout at the latest.
      .catch(() => undefined)
      .finally(() => {
        connection.destroy();
        endings.delete(ending);
      });
    endings.add(ending);
  };

  const ready = async (): Promise<ServerConnection> => {
    const connection = await server.connect();
    if (prepared.has(connection.identity)) return connection;
    try {
      await server.prepare(connection);
    } catch (error) {
      connection.destroy();
      throw error;
    }
    prepared.add(connection.identity);
    return connection;
  };

  const run = async (connection: ServerConnection, text: string, parameters: readonly Parameter[], signals: readonly AbortSignal[]): Promise<RawRow[]> => {
    running.add(connection);
    const answer = connection.query(text, parameters);
    let rows: RawRow[];
    try {
      rows = await unlessAborted(answer, ...signals);
    } catch (error) {
      if (running.has(connection)) {
        if (isReason(error, signals)) {
          // What the cancelled statement still says, nobody waits for.
          answer.catch(() => undefined);
          end(connection);
        } else giveBack(connection, server.failureOf(error).broken);
      }
      throw error;
    }
    giveBack(connection, false);
    return rows;
  };

  const giveBack = (connection: ServerConnection, broken: boolean): void => {
    if (!running.delete(connection)) return;
    if (broken) connection.destroy();
    else connection.release();
  };

  return {
    dialect: server.dialect,
    query: async (text, parameters, asker) => {
      const signals = [closing.signal, ...(asker ? [asker] : [])];
      try {
        for (const signal of signals) signal.throwIfAborted();
        const connecting = ready();
        const connection = await unlessAborted(connecting, ...signals).catch((error: unknown) => {
          // A connection that comes too late goes back to the pool.
          connecting.then((late) => late.release()).catch(() => undefined);
          throw error;
        });
        return await run(connection, text, parameters, signals);
      } catch (error) {
        if (isReason(error, signals)) throw error;
        throw serverError(source, server.failureOf(error), error);
      }
    },
    close: async () => {
      closing.abort(new SourceError(source, 'UNREACHABLE', `${source} is closed.`));
      for (const connection of [...running]) end(connection);
      await Promise.all(endings);
      if (dataSource.isInitialized) await dataSource.destroy();
    },
  };
}

function isReason(error: unknown, signals: readonly AbortSignal[]): boolean {
  return signals.some((signal) => signal.aborted && signal.reason === error);
}
