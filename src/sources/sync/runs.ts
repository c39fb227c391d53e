/** The record of runs: each sync that read something, or failed, by whom, how long it took, what came of it. */
import type { DataSource } from 'typeorm';
import type { SyncSession } from './session.js';

/** One run. */
export interface SyncRun {
  readonly source: string;
  readonly startedAt: string;
  readonly milliseconds: number;
  /** Who had it run: a login name, `schedule`, or `hub` when it looked by itself. */
  readonly by: string;
  /** As of when the source stated what was read; null where the run failed before it was known. */
  readonly asOf: string | null;
  /** Rows read: those accepted and those quarantined. */
  readonly read: number;
  readonly accepted: number;
  /** Rows that are new, differ from before, or are back. */
  readonly changed: number;
  /** Rows that the source no longer holds. */
  readonly closed: number;
  readonly quarantined: number;
  /** Why it failed, for people; null where it did not. */
  readonly failure: string | null;
}

/** Records that are kept of a source; older ones go. */
const MOST_RUNS = 1_000;
const LONGEST_FAILURE = 1_000;

const COLUMNS = `"source", "started_at", "milliseconds", "by", "as_of", "rows_read", "rows_accepted", "rows_changed", "rows_closed", "rows_quarantined", "failure"`;

/** Records a run. */
export async function recordRun(session: SyncSession, run: SyncRun): Promise<void> {
  await session.run(`INSERT INTO sync_run (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, [
    run.source,
    run.startedAt,
    run.milliseconds,
    run.by,
    run.asOf,
    run.read,
    run.accepted,
    run.changed,
    run.closed,
    run.quarantined,
    run.failure?.slice(0, LONGEST_FAILURE) ?? null,
  ]);
  await session.run('DELETE FROM sync_run WHERE "source" = ? AND "id" <= (SELECT "id" FROM sync_run WHERE "source" = ? ORDER BY "id" DESC LIMIT 1 OFFSET ?)', [
    run.source,
    run.source,
    MOST_RUNS,
  ]);
}

/** The number of the last run of a source that went well; 0 before the first. */
export async function lastGoodRun(session: SyncSession, source: string): Promise<number> {
  return session.count('SELECT MAX("id") AS count FROM sync_run WHERE "source" = ? AND "failure" IS NULL', [source]);
}

/** Whether a run failed by the same hand as the one before, of the same cause: a source that stays broken is not told of every few seconds. */
export async function isRepeatedFailure(session: SyncSession, run: SyncRun): Promise<boolean> {
  const [last] = await session.rows<RunColumns>(`SELECT ${COLUMNS} FROM sync_run WHERE "source" = ? ORDER BY "id" DESC LIMIT 1`, [run.source]);
  return last !== undefined && last.failure !== null && last.failure === run.failure?.slice(0, LONGEST_FAILURE) && last.by === run.by;
}

/** The last runs of a source, newest first. */
export async function runsOf(store: DataSource, source: string, count: number): Promise<SyncRun[]> {
  const rows = (await store.query(`SELECT ${COLUMNS} FROM sync_run WHERE "source" = ? ORDER BY "id" DESC LIMIT ?`, [source, count])) as RunColumns[];
  return rows.map((row) => ({
    source: row.source,
    startedAt: row.started_at,
    milliseconds: row.milliseconds,
    by: row.by,
    asOf: row.as_of,
    read: row.rows_read,
    accepted: row.rows_accepted,
    changed: row.rows_changed,
    closed: row.rows_closed,
    quarantined: row.rows_quarantined,
    failure: row.failure,
  }));
}

interface RunColumns {
  readonly source: string;
  readonly started_at: string;
  readonly milliseconds: number;
  readonly by: string;
  readonly as_of: string | null;
  readonly rows_read: number;
  readonly rows_accepted: number;
  readonly rows_changed: number;
  readonly rows_closed: number;
  readonly rows_quarantined: number;
  readonly failure: string | null;
}
