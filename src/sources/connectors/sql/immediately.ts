/** Transactions on a SQLite file that other processes write too. */
import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

/** How long one waits for another process to finish its own write, in milliseconds. */
const LONGEST_WAIT = 60_000;

/**
 * Does the work in one transaction that may write from its start, so that nothing it has read can change before it
 * writes. Waits, without blocking this process, for another one that is writing.
 *
 * @param connection one that no other work shares meanwhile; its `busy_timeout` is 5000 afterwards
 */
export async function immediately<T>(connection: DataSource, work: () => Promise<T>): Promise<T> {
  // SQLite would wait by blocking this process, answers and all.
  await connection.query('PRAGMA busy_timeout = 0');
  try {
    await unlessBusy(() => connection.query('BEGIN IMMEDIATE'));
  } finally {
    await connection.query('PRAGMA busy_timeout = 5000');
  }
  try {
    const result = await work();
    await connection.query('COMMIT');
    return result;
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  }
}

/** What an attempt gives, made again for at most a minute while another process holds the file; so many milliseconds apart. */
export async function unlessBusy<T>(attempt: () => Promise<T>, pause = 20): Promise<T> {
  const last = performance.now() + LONGEST_WAIT;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || performance.now() > last) throw error;
      await wait(pause);
    }
  }
}

/** Whether a statement failed because another connection holds the file. */
export function isBusy(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  // The code may be that of a later step: see partnerSqlite.ts. What SQLite says of it is not.
  const isLocked = error instanceof Error && error.name === 'SqliteError' && error.message === 'database is locked';
  return isLocked || (typeof code === 'string' && code.startsWith('SQLITE_BUSY')) || isBusy(driverError);
}
