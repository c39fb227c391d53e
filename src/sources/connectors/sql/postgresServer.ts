/** A partner's PostgreSQL server. */
import type { PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { postgres } from './postgres.js';
import { cancelStatement } from './postgresCancel.js';
import type { RawRow, SqlDatabase } from './reader.js';
import { codeOf, type Failure, networkFailure, pooledDatabase, type Server, type ServerConnection, type ServerOptions, serverError } from './server.js';

const BYTES = 17;
/** Without parameters the driver would send a text that may hold several statements. */
const ONE_STATEMENT = { queryMode: 'extended' };
/** How long an idle connection is kept, in milliseconds. */
const IDLE = 30_000;

/** Opens a pool on a PostgreSQL server. @throws SourceError */
export async function openPostgres(options: ServerOptions): Promise<SqlDatabase> {
  const { source, host, port, deadline } = options;
  // `host` for the certificate: the driver checks names, and would let an address pass.
  const ssl = options.ssl === false ? false : { rejectUnauthorized: true, host, ...(options.ssl === true ? {} : { ca: options.ssl }) };
  const dataSource = new DataSource({
    type: 'postgres',
    host,
    port,
    database: options.database,
    username: options.user,
    password: options.password ?? '',
    ssl,
    poolSize: options.pool,
    connectTimeoutMS: deadline,
    applicationName: 'parkhub',
    installExtensions: false,
    logging: false,
    // A connection that broke while nobody used it is no news: the next ask has another.
    poolErrorHandler: () => undefined,
    extra: { idleTimeoutMillis: IDLE, keepAlive: true, types: { getTypeParser: asShown } },
  });
  const heard = new WeakSet<PoolClient>();
  const server: Server = {
    dialect: postgres,
    connect: async () => {
      const [client, release] = (await (dataSource.driver as PostgresDriver).obtainMasterConnection()) as [PoolClient, (error?: Error | boolean) => void];
      // A connection that breaks says so to its statement, and once more to whom it may concern.
      if (!heard.has(client)) client.on('error', () => undefined);
      heard.add(client);
      return connectionOf(client, release, (backend) => cancelStatement({ host, port, ssl, deadline }, backend));
    },
    prepare: async (connection) => {
      await connection.query(...sessionOf(options));
    },
    failureOf,
  };
  try {
    await dataSource.initialize();
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw serverError(source, failureOf(error), error);
  }
  return pooledDatabase(source, dataSource, server);
}

/** Every value as the text that the server shows; only bytes are no text. Dates and numbers that the driver would make shift or round. */
function asShown(oid: number): (text: string) => unknown {
  return oid === BYTES ? (text) => Buffer.from(text.slice(2), 'hex') : (text) => text;
}

function connectionOf(
  client: PoolClient,
  release: (error?: Error | boolean) => void,
  cancel: (backend: { processId: number; secretKey: number }) => Promise<void>,
): ServerConnection {
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
  return {
    identity: client,
    query: async (text, parameters) => {
      // PostgreSQL has no text with the character NUL. No row has a control character either, so that another stands for it.
      const values = parameters.map((value) => (value === null ? null : String(value).replaceAll('\u0000', '\u0001')));
      return (await client.query<Record<string, string | null>>({ text, values, ...ONE_STATEMENT })).rows as RawRow[];
    },
    cancel: () => cancel({ processId: processID, secretKey }),
    release: () => release(),
    destroy: () => release(true),
  };
}

/** One SELECT sets all: the next statement is in a transaction that reads only. */
function sessionOf({ deadline, timeZone }: ServerOptions): [string, string[]] {
  const milliseconds = String(deadline);
  const settings: Readonly<Record<string, string>> = {
    default_transaction_read_only: 'on',
    statement_timeout: milliseconds,
    lock_timeout: milliseconds,
    idle_in_transaction_session_timeout: milliseconds,
    timezone: timeZone,
    datestyle: 'ISO, YMD',
    extra_float_digits: '1',
    client_encoding: 'UTF8',
    bytea_output: 'hex',
  };
  const names = Object.keys(settings);
  return [`SELECT ${names.map((name, index) => `set_config('${name}', $${index + 1}, false)`).join(', ')}`, names.map((name) => settings[name] as string)];
}

function failureOf(error: unknown): Failure {
  const code = codeOf(error);
  const network = networkFailure(error);
  if (network) return network;
  const message = error instanceof Error ? error.message : '';
  if (/timeout/i.test(message) && code === '') return { reason: 'TIMED_OUT', message: 'had no connection free in time', broken: true };
  if (/does not support SSL/.test(message)) return { reason: 'REFUSED', message: 'does not take encrypted connections', broken: true };
  // Without a code of the server's the connection itself has broken.
  if (!/^[0-9A-Z]{5}$/.test(code)) return { reason: 'UNREACHABLE', message: 'broke off its connection', broken: true };
  if (code === '57014' || code === '55P03') return { reason: 'TIMED_OUT', message: 'did not answer a statement in time', broken: false };
  if (code.startsWith('57P') || code.startsWith('08')) return { reason: 'UNREACHABLE', message: 'is shutting down or starting up', broken: true };
  if (code.startsWith('28')) return { reason: 'REFUSED', message: 'refused the user or the password of the hub', broken: true };
  if (code === '3D000') return { reason: 'REFUSED', message: 'is not on its server', broken: true };
  if (code.startsWith('53')) return { reason: 'REFUSED', message: 'takes no more connections', broken: true };
  if (code === '42501') return { reason: 'REFUSED', message: 'does not let the hub read a table or a column', broken: false };
  if (code === '25006') return { reason: 'REFUSED', message: 'lets the hub read only', broken: false };
  if (code === '42P01' || code === '42703' || code === '3F000')
    return { reason: 'MALFORMED', message: 'lacks a table or a column that source.yml names', broken: false };
  return { reason: 'MALFORMED', message: 'did not understand a statement', broken: false };
}
