/** Opens the database that a source.yml names. */
import { readFile } from 'node:fs/promises';
import { confine } from '../../../config/confine.js';
import type { SqlServerConnection, SqlSourceFile } from '../../../config/sourceFile.js';
import { SourceError } from '../../source.js';
import { openMariadb } from './mariadbServer.js';
import { openPartnerSqlite } from './partnerSqlite.js';
import { openPostgres } from './postgresServer.js';
import type { SqlDatabase } from './reader.js';
import type { ServerOptions } from './server.js';

const SCHEMES = { postgres: /^postgres(ql)?:$/, mariadb: /^(mariadb|mysql):$/, mysql: /^(mysql|mariadb):$/ } as const;
const PORTS = { postgres: 5432, mariadb: 3306, mysql: 3306 } as const;

/**
 * Opens the database of a source, read only.
 *
 * @param folder the source's folder
 * @param secret gives the value of a variable of the environment
 * @throws SourceError where it cannot be reached, or what is said of it is wrong
 */
export async function openPartnerDatabase(file: SqlSourceFile, folder: string, secret: (name: string) => string): Promise<SqlDatabase> {
  const { connection, id } = file;
  if (connection.type === 'sqlite') return openPartnerSqlite(id, fileIn(folder, connection.file, id, 'The database file'), file.deadline);
  const server = await serverOf(file, connection, folder, secret);
  return connection.type === 'postgres' ? openPostgres(server) : openMariadb(server, connection.type);
}

async function serverOf(file: SqlSourceFile, connection: SqlServerConnection, folder: string, secret: (name: string) => string): Promise<ServerOptions> {
  const { id: source, deadline, timeZone } = file;
  const { pool, type } = connection;
  const place = connection.url === undefined ? ofParts(connection, secret) : ofUrl(source, connection, connection.url.env, secret(connection.url.env));
  const common = { source, deadline, timeZone, pool, ...place, port: place.port ?? PORTS[type] };
  const { ssl = false } = connection;
  if (typeof ssl === 'boolean') return { ...common, ssl: ssl || place.ssl };
  try {
    return { ...common, ssl: await readFile(fileIn(folder, ssl.ca, source, 'The file of certificates'), 'utf8') };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(source, 'MISCONFIGURED', 'The file of certificates of this source cannot be read.', { cause: error });
  }
}

type Place = Pick<ServerOptions, 'host' | 'database' | 'user' | 'password'> & { readonly port: number | undefined; readonly ssl: boolean };

function ofParts({ host = '', port, database = '', user = '', password }: SqlServerConnection, secret: (name: string) => string): Place {
  return { host, port, database, user, password: password && secret(password.env), ssl: false };
}

function ofUrl(source: string, { type }: SqlServerConnection, variable: string, text: string): Place {
  // What stands in the URL is a secret: a message says what is wrong with it, and shows none of it.
  const wrong = (expected: string): SourceError =>
    new SourceError(source, 'MISCONFIGURED', `${variable}, which ${source} needs, is not what it should be: expected ${expected}.`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const database = url && decoded(url.pathname.slice(1));
  if (!url || !SCHEMES[type].test(url.protocol) || !url.hostname || !database || database.includes('/') || !url.username)
    throw wrong(`a URL of the form ${type}://user:password@host:port/database`);
  const mode = url.searchParams.get('sslmode') ?? url.searchParams.get('ssl-mode');
  const others = [...url.searchParams.keys()].filter((name) => name !== 'sslmode' && name !== 'ssl-mode');
  if (others.length > 0) throw wrong('no parameter but sslmode after the ?');
  const known = ['disable', 'disabled', 'require', 'required', 'verify-ca', 'verify_ca', 'verify-full', 'verify_identity'];
  if (mode !== null && !known.includes(mode.toLowerCase())) throw wrong('an sslmode of disable, require or verify-full');
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? undefined : Number(url.port),
    database,
    user: decoded(url.username),
    password: url.password === '' ? undefined : decoded(url.password),
    ssl: mode !== null && !/^disabled?$/i.test(mode),
  };
}

/** A password with a % that was not encoded is taken as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

function fileIn(folder: string, name: string, source: string, what: string): string {
  try {
    return confine(folder, name);
  } catch (error) {
    throw new SourceError(source, 'MISCONFIGURED', `${what} of this source is not in its folder.`, { cause: error });
  }
}
