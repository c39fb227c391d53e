/** SQLite files whose bytes are the same every time. */
import { rmSync } from 'node:fs';
import Database from 'libsql';

/** What libsql takes as a parameter without ending the process. */
export type Cell = string | number | null;

/** A table: its columns as SQL declares them, and its rows. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Writes a database of these tables at the path, in place of what was there. */
export function writeDatabase(path: string, tables: readonly Table[]): void {
  rmSync(path, { force: true });
  const database = new Database(path);
  // A fixed page size, no write-ahead log, everything in one transaction and packed at the end: nothing is left to chance.
  database.pragma('page_size = 4096');
  database.pragma('journal_mode = DELETE');
  database.exec('BEGIN');
  for (const { name, columns, rows } of tables) {
    database.exec(`CREATE TABLE ${name} (${columns.join(', ')})`);
    const insert = database.prepare(`INSERT INTO ${name} VALUES (${columns.map(() => '?').join(', ')})`);
    for (const row of rows) insert.run(...row);
  }
  database.exec('COMMIT');
  database.exec('VACUUM');
  database.close();
}
