/**
 * A partner's SQLite file, read only.
 *
 * The partner's own programs may lock the file, replace it, or define views that never end. A statement is therefore
 * executed outside the event loop and ended when its asker gives up, a locked file is tried again without blocking the
 * process, and a file that is another one than was opened is opened anew.
 */
import { realpath, stat } from 'node:fs/promises';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import LibsqlDatabase from 'libsql/promise';
import { DataSource } from 'typeorm';
import { sharedController, unlessAborted, withDeadline } from '../../abort.js';
import { SourceError } from '../../source.js';
import type { Parameter } from './binding.js';
import { isBusy } from './immediately.js';
import { bindable } from './libsqlDriver.js';
import type { RawRow, SqlDatabase } from './reader.js';
import { codeOf } from './server.js';
import { sqlite } from './sqlite.js';

/** Rows that are taken from SQLite before others have their turn; libsql gives them by the hundred. */
const ROWS_OF_A_TURN = 1_000;
/** How long a locked file is left alone, in milliseconds. */
const PAUSE = 20;

const DEADLINE = 5_000;

/**
 * Opens a partner's database file.
 *
 * @param deadline how long a statement may take, in milliseconds
 * @throws SourceError where it is not there, or is none
 */
export async function openPartnerSqlite(source: string, file: string, deadline = DEADLINE): Promise<SqlDatabase> {
  const database = new PartnerSqlite(source, file, deadline);
  await database.open();
  return { dialect: sqlite, query: database.query.bind(database), close: database.close.bind(database) };
}

interface Connection {
  readonly dataSource: DataSource;
  readonly database: InstanceType<typeof LibsqlDatabase>;
  /** Of the file that was opened: another file of the same name has another. */
  readonly identity: string;
}

class PartnerSqlite {
  private readonly closing = sharedController();
  private home: string | undefined;
  private connection: Connection | undefined;
  /** One statement at a time: to interrupt one is to interrupt all of its connection. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly source: string,
    private readonly file: string,
    private readonly deadline: number,
  ) {}

  async open(): Promise<void> {
    try {
      await this.attempt('SELECT COUNT(*) FROM sqlite_master', [], this.closing.signal);
    } catch (error) {
      // Whoever asks waits until it is free.
      if (!isBusy(error)) throw error;
    }
  }

  query(text: string, parameters: readonly Parameter[], asker?: AbortSignal): Promise<RawRow[]> {
    const signals = [this.closing.signal, ...(asker ? [asker] : [])];
    // As in a server's session: also of statements that nobody waits for any more.
    const work = (): Promise<RawRow[]> => withDeadline(this.closing.signal, this.deadline, (late) => this.run(text, parameters, ...signals, late));
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return unlessAborted(done, ...signals);
  }

  private async run(text: string, parameters: readonly Parameter[], ...signals: readonly AbortSignal[]): Promise<RawRow[]> {
    for (;;) {
      for (const signal of signals) signal.throwIfAborted();
      try {
        return await this.attempt(text, parameters, ...signals);
      } catch (error) {
        for (const signal of signals) signal.throwIfAborted();
        if (!isBusy(error)) throw error;
        await wait(PAUSE);
      }
    }
  }

  async close(): Promise<void> {
    this.closing.abort(new SourceError(this.source, 'UNREACHABLE', `${this.source} is closed.`));
    await this.last;
    await this.disconnect();
  }

  private async attempt(text: string, parameters: readonly Parameter[], ...signals: readonly AbortSignal[]): Promise<RawRow[]> {
    const { database } = await this.current();
    const interrupt = (): void => database.interrupt();
    for (const signal of signals) signal.addEventListener('abort', interrupt, { once: true });
    try {
      const rows: RawRow[] = [];
      for (const row of await (await database.prepare(text)).iterate(parameters.map(bindable))) {
        rows.push(row as RawRow);
        if (rows.length % ROWS_OF_A_TURN !== 0) continue;
        await turn();
        // The next row is then an error, which lets go of the file; to leave the loop would keep it locked.
        if (signals.some(({ aborted }) => aborted)) interrupt();
      }
      return rows;
    } catch (error) {
      const failure = this.failureOf(error);
      // A view over no table is not looked up again by the same connection when its definition has changed.
      if (failure || signals.some(({ aborted }) => aborted)) await this.disconnect();
      throw failure ?? error;
    } finally {
      for (const signal of signals) signal.removeEventListener('abort', interrupt);
    }
  }

  /** The connection to the file that is there now. */
  private async current(): Promise<Connection> {
    const identity = await this.identity();
    if (this.connection?.identity === identity) return this.connection;
    await this.disconnect();
    this.connection = { ...(await this.connect()), identity };
    return this.connection;
  }

  private async identity(): Promise<string> {
    // libsql would make a missing file, and follow a link to anywhere; a partner's book is neither.
    const found = await stat(this.file).catch(() => undefined);
    const real = await realpath(this.file).catch(() => undefined);
    if (!found?.isFile() || real === undefined) throw new SourceError(this.source, 'UNREACHABLE', 'The database file of this source is not there.');
    this.home ??= real;
    if (real !== this.home) throw new SourceError(this.source, 'REFUSED', 'The database file of this source has become a link to another place.');
    // The number of a file that is gone is given to the next one.
    return `${found.dev} ${found.ino} ${found.birthtimeMs}`;
  }

  private async connect(): Promise<Omit<Connection, 'identity'>> {
    const dataSource = new DataSource({
      type: 'better-sqlite3',
      driver: LibsqlDatabase,
      database: this.file,
      // SQLite would wait for a lock by itself, and hold up whoever comes next.
      timeout: 0,
      prepareDatabase: async (opened: { pragma(text: string): Promise<unknown> }) => void (await opened.pragma('query_only = ON')),
    });
    try {
      await dataSource.initialize();
    } catch (error) {
      throw this.failureOf(error) ?? error;
    }
    const { databaseConnection: database } = dataSource.driver as unknown as { databaseConnection: Connection['database'] };
    return { dataSource, database };
  }

  private async disconnect(): Promise<void> {
    const { dataSource } = this.connection ?? {};
    this.connection = undefined;
    if (dataSource?.isInitialized) await dataSource.destroy();
  }

  /** What is wrong with the file; undefined for what is wrong with a statement. */
  private failureOf(error: unknown): SourceError | undefined {
    const code = codeOf(error);
    // libsql asks for the code after it has asked for the message: another step on the connection may have changed it meanwhile.
    const message = error instanceof Error && error.name === 'SqliteError' ? error.message : '';
    if (/^SQLITE_(NOTADB|CORRUPT)/.test(code) || /^(file is not a database|database disk image is malformed)/.test(message))
      return new SourceError(this.source, 'MALFORMED', 'The database file of this source cannot be read as SQLite.', { cause: error });
    if (/^SQLITE_(CANTOPEN|IOERR|PERM|AUTH)/.test(code) || /^(unable to open database file|disk I\/O error)/.test(message))
      return new SourceError(this.source, 'UNREACHABLE', 'The database file of this source cannot be read.', { cause: error });
    return undefined;
  }
}
