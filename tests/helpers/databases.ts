/**
 * Real database servers for tests, each on a temporary folder and a free port of its own. A test file that wants one asks
 * for it with `databaseServers`; where the machine has none the tests are skipped, and `npm test` says how to have it.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { root } from './commandLine.js';

/** How to reach a server as its owner. */
export interface Access {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** A server that runs. */
export interface RunningServer {
  readonly kind: ServerKind;
  readonly access: Access;
  /** The file of the authority that its certificate is by, where it has one. */
  readonly authority: string | undefined;
  /** Runs statements as the owner, one after the other; gives the rows of the last. */
  run(database: string, ...statements: string[]): Promise<Record<string, unknown>[]>;
  /** Makes a database that holds nothing. */
  createDatabase(name: string): Promise<void>;
  /** Kills the server without a farewell, as a power cut would. */
  kill(): Promise<void>;
  /** Stops it in good order. */
  stop(): Promise<void>;
  /** Starts it again on its data and its port. */
  start(): Promise<void>;
  /** Stops it and takes its data away. */
  remove(): Promise<void>;
}

export type ServerKind = 'PostgreSQL' | 'MariaDB';

interface FoundServer {
  readonly name: ServerKind;
  readonly programs?: Readonly<Record<string, string>>;
}

const { findServers } = (await import(path.join(root, 'scripts/lib/databaseServers.mjs'))) as { findServers: () => FoundServer[] };
const found = findServers();

/** Whether this machine has the server. */
export function hasServer(kind: ServerKind): boolean {
  return found.some(({ name, programs }) => name === kind && programs !== undefined);
}

/** Starts a server. Throws what it printed when it does not come up. */
export async function startServer(kind: ServerKind, options: { readonly ssl?: boolean } = {}): Promise<RunningServer> {
  const programs = found.find(({ name }) => name === kind)?.programs;
  if (!programs) throw new Error(`This machine has no ${kind} server.`);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `parkhub-${kind.toLowerCase()}-`));
  const port = await freePort();
  const owner = unprivileged(kind === 'PostgreSQL' ? 'postgres' : 'mysql');
  if (owner) fs.chownSync(folder, owner.uid, owner.gid);
  const certificate = options.ssl ? makeCertificate(folder, owner) : undefined;
  const setting = { folder, port, owner, certificate, programs };
  return kind === 'PostgreSQL' ? startPostgres(setting) : startMariadb(setting);
}

interface Setting {
  readonly folder: string;
  readonly port: number;
  readonly owner: Owner | undefined;
  /** Files of the server's certificate, signed by the authority in ca.pem. */
  readonly certificate: { readonly key: string; readonly certificate: string; readonly authority: string } | undefined;
  readonly programs: Readonly<Record<string, string>>;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Neither server runs as root: where the tests do, the server runs as the user that its package made, or as nobody. */
function unprivileged(user: string): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string, name: string): number | undefined => {
    const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : undefined;
  };
  const uid = id('-u', user);
  const gid = id('-g', user);
  return uid !== undefined && gid !== undefined ? { uid, gid } : { uid: id('-u', 'nobody') ?? 65_534, gid: id('-g', 'nobody') ?? 65_534 };
}

async function startPostgres({ folder, port, owner, certificate, programs }: Setting): Promise<RunningServer> {
  const data = path.join(folder, 'data');
  const access = { host: '127.0.0.1', port, user: 'owner', password: 'the owner’s own' };
  const passwordFile = path.join(folder, 'password');
  fs.writeFileSync(passwordFile, access.password);
  if (owner) fs.chownSync(passwordFile, owner.uid, owner.gid);
  // A database of a language of people, as most are: its order of texts is not that of code points.
  const locale = ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=zh-CN', '--locale=C'];
  execFileSync(programs.initdb as string, ['-D', data, '-U', access.user, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '--no-sync', ...locale], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...owner,
  });
  const ssl = certificate ? ['-c', 'ssl=on', '-c', `ssl_cert_file=${certificate.certificate}`, '-c', `ssl_key_file=${certificate.key}`] : [];
  const quick = ['-c', 'fsync=off', '-c', 'max_connections=60', '-c', 'listen_addresses=127.0.0.1', '-c', 'timezone=America/New_York'];
  const run = async (database: string, ...statements: string[]): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ ...access, database });
    await client.connect();
    try {
      let rows: Record<string, unknown>[] = [];
      for (const statement of statements) ({ rows } = await client.query(statement));
      return rows;
    } finally {
      await client.end();
    }
  };
  const server = new ServerProcess(programs.postgres as string, ['-D', data, '-p', String(port), '-k', folder, ...quick, ...ssl], folder, owner, () =>
    run('postgres', 'SELECT 1'),
  );
  await server.start();
  return {
    kind: 'PostgreSQL',
    access,
    authority: certificate?.authority,
    run,
    createDatabase: async (name) => void (await run('postgres', `CREATE DATABASE "${name}"`)),
    kill: () => server.end('SIGQUIT'),
    stop: () => server.end('SIGINT'),
    start: () => server.start(),
    remove: () => server.remove(),
  };
}

async function startMariadb({ folder, port, owner, certificate, programs }: Setting): Promise<RunningServer> {
  const data = path.join(folder, 'data');
  const access = { host: '127.0.0.1', port, user: 'owner', password: 'the owner’s own' };
  const small = ['--innodb-log-file-size=8M', '--innodb-buffer-pool-size=64M', '--innodb-flush-log-at-trx-commit=2', '--skip-log-bin'];
  execFileSync(
    programs['mariadb-install-db'] as string,
    ['--no-defaults', `--datadir=${data}`, '--skip-test-db', '--auth-root-authentication-method=normal', ...small],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], ...owner },
  );
  const init = path.join(folder, 'owner.sql');
  fs.writeFileSync(
    init,
    `CREATE USER IF NOT EXISTS '${access.user}'@'127.0.0.1' IDENTIFIED BY '${access.password}';\nGRANT ALL ON *.* TO '${access.user}'@'127.0.0.1' WITH GRANT OPTION;\n`,
  );
  if (owner) fs.chownSync(init, owner.uid, owner.gid);
  const ssl = certificate ? [`--ssl-cert=${certificate.certificate}`, `--ssl-key=${certificate.key}`] : [];
  const here = ['--bind-address=127.0.0.1', `--port=${port}`, `--socket=${path.join(folder, 's.sock')}`, `--init-file=${init}`, '--skip-name-resolve'];
  // The zone and the order of texts of a server as its package leaves it, in America.
  const zone = ['--default-time-zone=-05:00', '--max-connections=60', '--character-set-server=utf8mb4', '--collation-server=utf8mb4_general_ci'];
  const run = async (database: string, ...statements: string[]): Promise<Record<string, unknown>[]> => {
    const connection = await mysql.createConnection({
      ...access,
      database: database || undefined,
      charset: 'utf8mb4',
      supportBigNumbers: true,
    } as mysql.ConnectionOptions);
    try {
      let rows: unknown = [];
      for (const statement of statements) [rows] = await connection.query(statement);
      return rows as Record<string, unknown>[];
    } finally {
      await connection.end();
    }
  };
  const server = new ServerProcess(programs.mariadbd as string, ['--no-defaults', `--datadir=${data}`, ...here, ...zone, ...small, ...ssl], folder, owner, () =>
    run('', 'SELECT 1'),
  );
  await server.start();
  return {
    kind: 'MariaDB',
    access,
    authority: certificate?.authority,
    run,
    createDatabase: async (name) => void (await run('', `CREATE DATABASE \`${name}\``)),
    kill: () => server.end('SIGKILL'),
    stop: () => server.end('SIGTERM'),
    start: () => server.start(),
    remove: () => server.remove(),
  };
}

/** The one process of a server. */
class ServerProcess {
  private child?: ChildProcess | undefined;
  private printed = '';

  constructor(
    private readonly program: string,
    private readonly args: readonly string[],
    private readonly folder: string,
    private readonly owner: Owner | undefined,
    private readonly probe: () => Promise<unknown>,
  ) {
    process.once('exit', () => this.child?.kill('SIGKILL'));
  }

  async start(): Promise<void> {
    this.printed = '';
    const child = spawn(this.program, [...this.args], { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'], ...this.owner });
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.printed = (this.printed + text).slice(-4_000)));
    const deadline = Date.now() + 40_000;
    for (;;) {
      try {
        return void (await this.probe());
      } catch (error) {
        if (child.exitCode !== null || Date.now() > deadline) throw new Error(`Expected the server to come up, but got: ${this.printed}`, { cause: error });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    await closed;
  }

  async remove(): Promise<void> {
    await this.end('SIGKILL');
    fs.rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A certificate for 127.0.0.1 and localhost, by an authority of its own. */
function makeCertificate(folder: string, owner: Owner | undefined): { key: string; certificate: string; authority: string } {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=parkhub tests', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-keyout', 'server.key', '-out', 'server.csr');
  fs.writeFileSync(path.join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names', '-out', 'server.pem');
  const [key, certificate] = ['server.key', 'server.pem'].map((name) => path.join(folder, name)) as [string, string];
  fs.chmodSync(key, 0o600);
  if (owner) for (const file of [key, certificate]) fs.chownSync(file, owner.uid, owner.gid);
  return { key, certificate, authority: path.join(folder, 'ca.pem') };
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
