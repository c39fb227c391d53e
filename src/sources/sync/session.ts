/** The connection of one sync to the store. */
import type { DataSource } from 'typeorm';
import { immediately } from '../connectors/sql/immediately.js';
import type { MirrorStore } from './store.js';

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

  /** Does the work in one transaction that may write from its start; waits for another process that is writing. */
  transaction<T>(work: () => Promise<T>): Promise<T> {
    return immediately(this.connection, work);
  }

  async close(): Promise<void> {
    if (this.connection.isInitialized) await this.connection.destroy();
  }
}

/** Does the work in one transaction on a connection of its own: one write at a time, in this process and beside others. */
export async function writing<T>(store: MirrorStore, work: (session: SyncSession) => Promise<T>): Promise<T> {
  const session = new SyncSession(await store.connect());
  try {
    return await store.exclusively(() => session.transaction(() => work(session)));
  } finally {
    await session.close();
  }
}
