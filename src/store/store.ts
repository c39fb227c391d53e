/**
 * The hub's own database: the park's register, the copies of mirrored books, and what syncs set aside. SQLite by way of
 * TypeORM; one connection reads, another writes, so that an answer never sees half of a sync.
 */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DataSource, type Logger } from 'typeorm';
import * as entities from '../entities/index.js';
import { immediately, unlessBusy } from '../sources/connectors/sql/immediately.js';
import { GuardedLibsql } from '../sources/connectors/sql/libsqlDriver.js';
import { AliasDecisionRow } from './aliasTable.js';
import { AuthorizationEventRow } from './authorizationTable.js';
import { migrations } from './migrations/index.js';
import { LastGoodCopyState, QuarantineRow, SyncDrop, SyncRunRow, SyncState } from './syncTables.js';
import { HubTokenRow } from './tokenTable.js';

/** The store was made by a newer version of the hub than this one. */
export class StoreTooNewError extends Error {
  constructor(readonly unknown: readonly string[]) {
    super(
      `The store is newer than this version of parkhub: expected no migrations after ${migrations.at(-1)?.name}, but got: ${unknown.join(', ')}. Update parkhub, or name another store.`,
    );
    this.name = 'StoreTooNewError';
  }
}

/** The store cannot be used where it is: no folder, no database, not to be written to, no room. */
export class StoreUnusableError extends Error {
  constructor(file: string, found: string, options: { cause: unknown }) {
    super(`The store ${file}: expected a SQLite file that parkhub may write, in a folder that it may write, but got: ${found}.`, options);
    this.name = 'StoreUnusableError';
  }
}

/** What is wrong with a store, by what Node and SQLite say of it. */
const UNUSABLE: readonly (readonly [code: RegExp, found: string])[] = [
  [/^(EEXIST|ENOTDIR)$/, 'a file where the folder should be. Name another folder with PARKHUB_STORE'],
  [
    /^SQLITE_(NOTADB|CORRUPT)/,
    'a file that is no database, or a broken one. Put a backup in its place, or move it away: all but the decisions and the runs in it is read anew',
  ],
  [
    /^(EACCES|EPERM|EROFS|SQLITE_(READONLY|CANTOPEN|PERM|IOERR).*)$/,
    'one that this user may not write. Change its owner, or name another folder with PARKHUB_STORE',
  ],
  [/^(ENOSPC|SQLITE_FULL)$/, 'no room on the disk'],
];

/** An open store. */
export interface Store {
  /** For reading. */
  readonly reader: DataSource;
  /** For mutations, one at a time. */
  readonly writer: DataSource;
  /** A connection of its own, for one sync: what it stages is its own too, and gone with it. The caller closes it. */
  connect(): Promise<DataSource>;
  /** Names of the migrations that opening it ran. */
  readonly migrated: readonly string[];
  close(): Promise<void>;
}

/** Every class that has a table in the store. */
export const storeEntities = [
  ...Object.values(entities),
  QuarantineRow,
  SyncDrop,
  SyncRunRow,
  SyncState,
  LastGoodCopyState,
  AliasDecisionRow,
  AuthorizationEventRow,
  HubTokenRow,
];

/** Opens the store in the file, making and migrating it as needed. Throws StoreTooNewError, StoreUnusableError. */
export async function openStore(file: string): Promise<Store> {
  try {
    return await openAndMigrate(file);
  } catch (error) {
    const found = UNUSABLE.find(([code]) => code.test(codeOf(error)))?.[1];
    throw found === undefined ? error : new StoreUnusableError(file, found, { cause: error });
  }
}

/** The code of an error, or of what TypeORM wrapped in it. */
function codeOf(error: unknown): string {
  const { code, driverError, message } = error as { code?: unknown; driverError?: unknown; message?: unknown };
  if (typeof code === 'string' && code !== '') return code;
  // libsql gives what it could not open no code.
  if (String(message).startsWith('ConnectionFailed')) return 'SQLITE_CANTOPEN';
  return driverError ? codeOf(driverError) : '';
}

async function openAndMigrate(file: string): Promise<Store> {
  await mkdir(dirname(file), { recursive: true });
  if (await exists(file)) await refuseNewer(file);
  // Who makes a file a WAL one needs it to itself for a moment, and SQLite does not wait for that.
  const writer = await unlessBusy(() => connection(file).initialize());
  try {
    const migrated = await migrate(writer);
    const reader = connection(file);
    await reader.initialize();
    await reader.query('PRAGMA query_only = ON');
    return {
      reader,
      writer,
      migrated,
      connect: () => connection(file, STAGING).initialize(),
      close: async () => {
        await reader.destroy();
        await writer.destroy();
      },
    };
  } catch (error) {
    await writer.destroy();
    throw error;
  }
}

/** Runs what migrations are missing, all or none. Of processes that open a new store at once, one runs them and the others wait for it. */
async function migrate(writer: DataSource): Promise<string[]> {
  return immediately(writer, async () => (await writer.runMigrations({ transaction: 'none' })).map(({ name }) => name));
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** What a connection is made for. */
interface Purpose {
  readonly entities: typeof storeEntities;
  readonly pragmas: readonly string[];
  readonly wal: boolean;
}

const ENTITIES: Purpose = { entities: storeEntities, pragmas: ['busy_timeout = 5000'], wal: true };

/** A store that may not be ours is looked at without leaving a mark. */
const LOOKING: Purpose = { entities: storeEntities, pragmas: ['busy_timeout = 5000', 'query_only = ON'], wal: false };

/** libsql would keep temporary tables in memory, however many rows they have. */
const STAGING: Purpose = { entities: [], pragmas: ['busy_timeout = 5000', 'temp_store = FILE'], wal: true };

/** What fails is thrown; TypeORM would say it on stdout too, amid what a command prints there. */
const QUIET: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

function connection(file: string, { entities: mapped, pragmas, wal } = ENTITIES): DataSource {
  return new DataSource({
    type: 'better-sqlite3',
    driver: GuardedLibsql,
    database: file,
    enableWAL: wal,
    entities: mapped,
    migrations,
    migrationsTableName: 'migration',
    logger: QUIET,
    synchronize: false,
    prepareDatabase: (database: { pragma(text: string): unknown }) => {
      for (const pragma of pragmas) database.pragma(pragma);
    },
  });
}

/** Looks by way of a connection that cannot write: what a newer hub has made is left as it is. */
async function refuseNewer(file: string): Promise<void> {
  const looking = connection(file, LOOKING);
  await looking.initialize();
  try {
    const tables = (await looking.query(`SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'migration'`)) as unknown[];
    if (tables.length === 0) return;
    const ran = (await looking.query('SELECT name FROM migration ORDER BY id')) as { name: string }[];
    const known = new Set(migrations.map((migration) => migration.name));
    const unknown = ran.map(({ name }) => name).filter((name) => !known.has(name));
    if (unknown.length > 0) throw new StoreTooNewError(unknown);
  } finally {
    await looking.destroy();
  }
}
