/** The connection of one sync to the store. */
import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

/** How long a sync waits for another process to finish its own write, in milliseconds. */
const LONGEST_WAIT = 60_000;

/** Statements on a connection that no other work shares. */
export class SyncSession {
  constructor(private readonly connection: DataSource) {}

  /** Runs a statement. */
  async run(text: string, parameters: readonly unknown[] = []): Promise<void> {
    await this.connection.query(text, [...parameters]);
  }

  /** Runs a statement that writes, and gives how many rows it wrote. */
  async write(text: string, parameters: readonly unknown[] = []): Promise<number> {
    await this.run(text, parameters);
    const [row] = await this.rows<{ count: number }>('SELECT changes() AS count');
    return row?.count ?? 0;
  }

  /** The rows of a statement. */
  async rows<R>(text: string, parameters: readonly unknown[] = []): Promise<R[]> {
    return (await this.connection.query(text, [...parameters])) as R[];
  }

  /** The one number of a statement whose only column is `count`. */
  async count(text: string, parameters: readonly unknown[] = []): Promise<number> {
    const [row] = await this.rows<{ count: number | null }>(text, parameters);
    return row?.count ?? 0;
  }

  /**
   * Does the work in one transaction that may write from its start, so that nothing it has read can change before it
   * writes. Waits, without blocking this process, for another one that is writing.
   */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.begin();
    try {
      const result = await work();
      await this.run('COMMIT');
      return result;
    } catch (error) {
      await this.run('ROLLBACK');
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.connection.isInitialized) await this.connection.destroy();
  }

  private async begin(): Promise<void> {
    const last = performance.now() + LONGEST_WAIT;
    // SQLite would wait by blocking this process, answers and all.
    await this.run('PRAGMA busy_timeout = 0');
    try {
      for (;;) {
        try {
          return await this.run('BEGIN IMMEDIATE');
        } catch (error) {
          if (!isBusy(error) || performance.now() > last) throw error;
          await wait(20);
        }
      }
    } finally {
      await this.run('PRAGMA busy_timeout = 5000');
    }
  }
}

function isBusy(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  return (typeof code === 'string' && code.startsWith('SQLITE_BUSY')) || isBusy(driverError);
}
