/** Databases behind TypeORM, as the sql connector reads them. */
import { stat } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import { SourceError } from '../../source.js';
import { GuardedLibsql } from './libsqlDriver.js';
import type { RawRow, SqlDatabase } from './reader.js';
import { sqlite } from './sqlite.js';

/** A TypeORM data source as a database to read; closing it closes the data source. */
export function readableDatabase(dataSource: DataSource): SqlDatabase {
  return {
    dialect: sqlite,
    query: async (text, parameters) => (await dataSource.query(text, [...parameters])) as RawRow[],
    close: async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
    },
  };
}

/** A partner's SQLite file, read only: the connection refuses every statement that would write. */
export async function openPartnerSqlite(source: string, file: string): Promise<SqlDatabase> {
  // libsql would make a missing file; a partner's book is never made by the hub.
  const exists = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!exists) throw new SourceError(source, 'UNREACHABLE', 'The database file of this source is not there.');
  const dataSource = new DataSource({
    type: 'better-sqlite3',
    driver: GuardedLibsql,
    database: file,
    prepareDatabase: (connection: { pragma(text: string): unknown }) => {
      connection.pragma('query_only = ON');
    },
  });
  try {
    await dataSource.initialize();
    await dataSource.query('SELECT COUNT(*) FROM sqlite_master');
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    throw new SourceError(source, 'MALFORMED', 'The database file of this source cannot be read as SQLite.', { cause: error });
  }
  return readableDatabase(dataSource);
}
