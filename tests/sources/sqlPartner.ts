import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type SqlSourceFile, sourceFileSchema } from '../../src/config/sourceFile.js';
import { allDefinitions } from '../../src/entities/definition.js';
import '../../src/entities/index.js';
import { usccCheckCharacter } from '../../src/rules/uscc.js';
import { GuardedLibsql } from '../../src/sources/connectors/sql/libsqlDriver.js';
import { LiveSqlSource } from '../../src/sources/connectors/sql/liveSource.js';
import { openPartnerSqlite } from '../../src/sources/connectors/sql/partnerSqlite.js';
import type { RowsAsk, Statement, TotalsAsk } from '../../src/sources/source.js';

/** A valid USCC for each number. */
export function uscc(number: number): string {
  const first = `91410771MA${String(number).padStart(7, '0')}`;
  return first + usccCheckCharacter(first);
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parkhub-sql-'));
  onTestFinished(() => {
    if (existsSync(folder)) rmSync(folder, { recursive: true });
  });
  return folder;
}

/** A partner's own connection to its database. */
export interface PartnerDatabase {
  readonly file: string;
  run(text: string, ...parameters: unknown[]): void;
  /** Inserts rows of as many values as the table has columns. */
  insert(table: string, rows: readonly (readonly unknown[])[]): void;
}

/** A database in a file of its own, made by these statements. */
export function partnerDatabase(...statements: string[]): PartnerDatabase {
  return databaseIn(temporaryFolder(), ...statements);
}

/** A database in the folder, made by these statements. */
export function databaseIn(folder: string, ...statements: string[]): PartnerDatabase {
  const file = join(folder, 'book.db');
  const database = new GuardedLibsql(file, {});
  const run = (text: string, ...parameters: unknown[]): void => void database.prepare(text).run(parameters as never);
  for (const statement of statements) run(statement);
  return {
    file,
    run,
    insert: (table, rows) => {
      for (const values of rows) run(`INSERT INTO "${table.replaceAll('"', '""')}" VALUES (${values.map(() => '?').join(', ')})`, ...values);
    },
  };
}

/** The declaration of a source over a database. */
export function sqlSourceFile(books: Record<string, unknown>): SqlSourceFile {
  const partner = { kind: 'bank', name: '工商银行', shortName: '工行' };
  const connection = { type: 'sqlite', file: 'book.db' };
  return sourceFileSchema.parse({ id: 'icbc', title: '工行贷款台账', partner, connector: 'sql', connection, books }) as SqlSourceFile;
}

/** A live source over a database, with what it was asked and a clock that is moved by hand. */
export async function liveSource(database: { readonly file: string }, books: Record<string, unknown>) {
  const statements: Statement[] = [];
  let now = Date.parse('2022-01-01T00:00:00Z');
  const source = new LiveSqlSource({
    file: sqlSourceFile(books),
    definitions: new Map(allDefinitions().map((definition) => [definition.name, definition])),
    database: await openPartnerSqlite('icbc', database.file),
    clock: () => new Date(now),
    onStatement: (statement) => statements.push(statement),
  });
  onTestFinished(() => source.close());
  return { source, statements, pass: (milliseconds: number) => (now += milliseconds) };
}

export const never = (): AbortSignal => new AbortController().signal;

const KEY = { attribute: 'key', descending: false, nullsFirst: false };

/** Asks for all rows of loans in the order of their keys, unless told. */
export function loansAsk(rest: Partial<RowsAsk> = {}): RowsAsk {
  return { entity: 'Loan', attributes: ['number', 'tenantUscc', 'amount', 'date'], order: [KEY], ...rest };
}

/** Asks for the count and the sum of all loans, unless told. */
export function loanTotals(rest: Partial<TotalsAsk> = {}): TotalsAsk {
  return { entity: 'Loan', groupBy: [], figures: [{ function: 'count' }, { function: 'sum', attribute: 'amount' }], ...rest };
}
