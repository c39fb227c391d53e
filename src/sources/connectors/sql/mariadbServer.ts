/** A partner's MariaDB or MySQL server. */
import mysqlDriver, { type PoolConnection, type QueryError } from 'mysql2';
import { DataSource } from 'typeorm';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver.js';
import { wallClock } from '../../decodeZone.js';
import type { Parameter } from './binding.js';
import { mariadb, mysql } from './mariadb.js';
import type { RawRow, SqlDatabase } from './reader.js';
import { codeOf, type Failure, networkFailure, pooledDatabase, type Server, type ServerConnection, type ServerOptions, serverError } from './server.js';

/** How long an idle connection is kept, in milliseconds. */
const IDLE = 30_000;
const UNKNOWN_TIME_ZONE = 1298;

/** Opens a pool on a MariaDB or MySQL server. @throws SourceError */
export async function openMariadb(options: ServerOptions, type: 'mariadb' | 'mysql'): Promise<SqlDatabase> {
  const { source, host, port, database, user, password } = options;
  const ssl = options.ssl === false ? undefined : { rejectUnauthorized: true, verifyIdentity: true, ...(options.ssl === true ? {} : { ca: options.ssl }) };
  const dataSource = new DataSource({
    type,
    host,
    port,
    database,
    username: user,
    password: password ?? '',
    ...(ssl ? { ssl } : {}),
    poolSize: options.pool,
    connectTimeout: options.deadline,
    charset: 'utf8mb4_bin',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    multipleStatements: false,
    // A server may ask its client for a file.
    flags: ['-LOCAL_FILES'],
    logging: false,
    extra: { idleTimeout: IDLE, maxIdle: options.pool, enableKeepAlive: true, decimalNumbers: false, typeCast: asShown },
  });
  let isMariadb = type === 'mariadb';
  const server: Server = {
    get dialect() {
      return isMariadb ? mariadb : mysql;
    },
    connect: async () => {
      const connection = (await (
        dataSource.driver as unknown as MysqlDriver & { obtainMasterConnection(): Promise<PoolConnection> }
      ).obtainMasterConnection()) as PoolConnection;
      return connectionOf(connection, (id) => kill({ host, port, user, password: password ?? '', ssl, connectTimeout: options.deadline }, id));
    },
    prepare: async (connection) => {
      for (const text of sessionOf(options, isMariadb)) await connection.query(text, []);
      await setZone(connection, options.timeZone);
    },
    failureOf,
  };
  try {
    await dataSource.initialize();
    const connection = await server.connect();
    const [row] = await connection.query('SELECT VERSION() AS version', []);
    connection.release();
    // Each is known to be called the other.
    isMariadb = /mariadb/i.test(String(row?.version));
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw serverError(source, failureOf(error), error);
  }
  return pooledDatabase(source, dataSource, server);
}

const TEXTS_AND_BYTES = new Set(['STRING', 'VAR_STRING', 'VARCHAR', 'BLOB', 'TINY_BLOB', 'MEDIUM_BLOB', 'LONG_BLOB', 'BIT', 'GEOMETRY']);

/** Every value as the text that the server shows; only bytes are no text. Dates and numbers that the driver would make shift or round. */
function asShown(field: { type: string; string(): string | null; buffer(): Buffer | null }, next: () => unknown): unknown {
  if (field.type === 'GEOMETRY') return field.buffer();
  return TEXTS_AND_BYTES.has(field.type) ? next() : field.string();
}

function connectionOf(connection: PoolConnection, killConnection: (id: number) => Promise<void>): ServerConnection {
  return {
    identity: connection,
    query: (text, parameters) =>
      new Promise((resolve, reject) => {
        connection.query(text, parameters as Parameter[], (error: QueryError | null, rows: unknown) => (error ? reject(error) : resolve(rows as RawRow[])));
      }),
    cancel: () => killConnection(connection.threadId),
    release: () => connection.release(),
    destroy: () => connection.destroy(),
  };
}

/** Ends a connection of ours and what runs on it; ids are not used again. A server does not notice by itself that its client has gone. */
async function kill(options: mysqlDriver.ConnectionOptions, id: number): Promise<void> {
  const connection = mysqlDriver.createConnection(options);
  try {
    await new Promise<void>((resolve, reject) => {
      connection.on('error', reject);
      connection.query('KILL CONNECTION ?', [id], (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    connection.destroy();
  }
}

/** The driver writes values into the text itself, with backslashes: the mode must be one that reads them so. */
function sessionOf({ deadline }: ServerOptions, isMariadb: boolean): string[] {
  const seconds = Math.max(1, Math.ceil(deadline / 1000));
  const timeout = isMariadb ? `SESSION max_statement_time = ${deadline / 1000}` : `SESSION max_execution_time = ${deadline}`;
  return [
    `SET SESSION sql_mode = '', ${timeout}, SESSION lock_wait_timeout = ${seconds}, SESSION innodb_lock_wait_timeout = ${seconds}, SESSION autocommit = 1`,
    'SET SESSION TRANSACTION READ ONLY',
  ];
}

/**
 * The zone of the partner's clocks, for TIMESTAMP columns. Where the server has no table of zones, its present offset: in
 * years with another offset a midnight is then seen as an hour beside it, which is no day, and the row is set aside.
 */
async function setZone(connection: ServerConnection, timeZone: string): Promise<void> {
  try {
    await connection.query('SET SESSION time_zone = ?', [timeZone]);
  } catch (error) {
    if (numberOf(error) !== UNKNOWN_TIME_ZONE) throw error;
    const now = Date.now();
    const minutes = Math.round((wallClock(now, timeZone) - now) / 60_000);
    const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    await connection.query('SET SESSION time_zone = ?', [`${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`]);
  }
}

function numberOf(error: unknown): number {
  const number = (error as { errno?: unknown } | null)?.errno;
  return typeof number === 'number' ? number : 0;
}

function failureOf(error: unknown): Failure {
  const network = networkFailure(error);
  if (network) return network;
  const code = codeOf(error);
  const number = numberOf(error);
  const is = (...numbers: number[]): boolean => numbers.includes(number);
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') return { reason: 'REFUSED', message: 'does not take encrypted connections', broken: true };
  if (code === 'HANDSHAKE_SSL_ERROR')
    return { reason: 'REFUSED', message: 'showed a certificate that is not trusted; name its authority in ssl.ca of source.yml', broken: true };
  if (code.startsWith('PROTOCOL_') || is(1053, 1077, 1079, 1927, 4031)) return { reason: 'UNREACHABLE', message: 'broke off its connection', broken: true };
  if (is(1969, 3024, 1317, 1205)) return { reason: 'TIMED_OUT', message: 'did not answer a statement in time', broken: false };
  if (is(1040, 1203, 1226)) return { reason: 'REFUSED', message: 'takes no more connections', broken: true };
  if (is(1045, 1698, 1130, 1251, 1862)) return { reason: 'REFUSED', message: 'refused the user or the password of the hub', broken: true };
  if (is(1044, 1049)) return { reason: 'REFUSED', message: 'is not on its server, or not for the hub', broken: true };
  if (is(1142, 1143, 1370)) return { reason: 'REFUSED', message: 'does not let the hub read a table or a column', broken: false };
  if (is(1792, 1290, 1836)) return { reason: 'REFUSED', message: 'lets the hub read only', broken: false };
  if (is(1146, 1054, 1109)) return { reason: 'MALFORMED', message: 'lacks a table or a column that source.yml names', broken: false };
  if (number === 0) return { reason: 'UNREACHABLE', message: 'broke off its connection', broken: true };
  return { reason: 'MALFORMED', message: 'did not understand a statement', broken: false };
}
