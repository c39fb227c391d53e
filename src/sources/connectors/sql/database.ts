/** The hub's own store behind TypeORM, as the sql connector reads it. */
import type { DataSource } from 'typeorm';
import type { GuardedLibsql } from './libsqlDriver.js';
import type { RawRow, SqlDatabase } from './reader.js';
import { sqlite } from './sqlite.js';

/** A TypeORM data source as a database to read; closing it closes the data source. */
export function readableDatabase(dataSource: DataSource): SqlDatabase {
  return {
    dialect: sqlite,
    query: async (text, parameters) => (await dataSource.query(text, [...parameters])) as RawRow[],
    stream: async function* (text, parameters) {
      const { databaseConnection } = dataSource.driver as unknown as { databaseConnection: GuardedLibsql };
      yield* databaseConnection.prepare(text).iterate([...parameters]) as Iterable<RawRow>;
    },
    close: async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
    },
  };
}
