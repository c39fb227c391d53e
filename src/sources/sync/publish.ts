/** Makes what a sync has staged the state that answers see: within the one transaction of its caller. */
import { setImmediate as turn } from 'node:timers/promises';
import type { EntityDefinition } from '../../entities/definition.js';
import { sqlite } from '../connectors/sql/sqlite.js';
import type { Drift } from '../source.js';
import type { BookDelivery } from './feed.js';
import type { SyncSession } from './session.js';
import { columnOf, type Stage, staged } from './stage.js';

/** What a sync states of all its books. */
export interface Stated {
  readonly source: string;
  readonly fingerprint: string;
  readonly asOf: string;
  /** The present. */
  readonly now: string;
  /** Books whose columns are not as their mapping expects, by entity. */
  readonly drifts: ReadonlyMap<string, Drift>;
}

/** What making it visible did to a book. */
export interface Published {
  /** Rows that are new, differ from before, or are back. */
  readonly changed: number;
  /** Rows that the source no longer holds. */
  readonly closed: number;
}

/** Rows that are compared and written with one statement. */
const AT_ONCE = 5_000;

/** Makes the staged rows of one book visible. */
export async function publishBook(session: SyncSession, stage: Stage, delivery: BookDelivery, statement: Stated): Promise<Published> {
  const changed = await upsert(session, stage, statement);
  const closed = await close(session, stage, delivery.whole, statement);
  const table = sqlite.quote(stage.definition.table);
  await session.run(`UPDATE ${table} SET "as_of" = ? WHERE "source" = ? AND "closed_at" IS NULL AND "as_of" <> ?`, [
    statement.asOf,
    statement.source,
    statement.asOf,
  ]);
  await quarantine(session, stage, delivery, statement.source);
  await keepFiles(session, delivery, statement.source);
  await keepState(session, stage.definition, statement);
  return { changed, closed };
}

/** Closes every row of a book that the source holds no more, and forgets what was set aside of it. */
export async function closeBook(session: SyncSession, definition: EntityDefinition, { source, now }: Stated): Promise<number> {
  for (const table of ['quarantine', 'sync_state', 'sync_drop']) {
    await session.run(`DELETE FROM ${table} WHERE "source" = ? AND "entity" = ?`, [source, definition.name]);
  }
  return session.write(`UPDATE ${sqlite.quote(definition.table)} SET "closed_at" = ? WHERE "source" = ? AND "closed_at" IS NULL`, [now, source]);
}

/** Writes the accepted rows that are new or differ, and gives how many they were. */
async function upsert(session: SyncSession, stage: Stage, { source, asOf }: Stated): Promise<number> {
  const table = sqlite.quote(stage.definition.table);
  const attributes = [...stage.definition.attributes.values()];
  const columns = attributes.map(({ column }) => sqlite.quote(column));
  const differs = [...columns.map((column) => `${table}.${column} IS NOT excluded.${column}`), `${table}."closed_at" IS NOT NULL`];
  const text = `INSERT INTO ${table} ("source", "key", "as_of", "closed_at"${columns.map((column) => `, ${column}`).join('')})
    SELECT ?, "key", ?, NULL${attributes.map((attribute) => `, ${columnOf(attribute)}`).join('')} FROM ${stage.table}
    WHERE ${staged.isAccepted} AND "position" > ? AND "position" <= ?
    ON CONFLICT ("source", "key") DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}, `).join('')}"as_of" = excluded."as_of", "closed_at" = NULL
    WHERE ${differs.join(' OR ')}`;
  const last = await session.count(`SELECT MAX("position") AS count FROM ${stage.table}`);
  let changed = 0;
  for (let from = 0; from < last; from += AT_ONCE) {
    changed += await session.write(text, [source, asOf, from, from + AT_ONCE]);
    await turn();
  }
  return changed;
}

/**
 * Closes the rows that are in the book no more, and gives how many the source itself let go. A row that came broken is
 * closed as well, for what it says now is not known; it counts among the quarantined, and is back when it is corrected.
 */
async function close(session: SyncSession, stage: Stage, whole: boolean, { source, now }: Stated): Promise<number> {
  const table = sqlite.quote(stage.definition.table);
  const closing = (condition: string): Promise<number> =>
    session.write(`UPDATE ${table} AS book SET "closed_at" = ? WHERE "source" = ? AND "closed_at" IS NULL AND ${condition}`, [now, source]);
  const named = (condition: string): string => `EXISTS (SELECT 1 FROM ${stage.table} AS stage WHERE stage."key" = book."key" AND ${condition})`;
  await closing(`${named(staged.isSetAside)} AND NOT ${named(staged.isAccepted)}`);
  return closing(whole ? `NOT ${named(staged.isAccepted)}` : named(staged.isClosing));
}

/** Replaces what is set aside of a book: all of it, or what this reading corrects. */
async function quarantine(session: SyncSession, stage: Stage, { whole, parts }: BookDelivery, source: string): Promise<void> {
  const own = [source, stage.definition.name];
  if (whole) await session.run('DELETE FROM quarantine WHERE "source" = ? AND "entity" = ?', own);
  else {
    for (const { file } of parts) await session.run('DELETE FROM quarantine WHERE "source" = ? AND "entity" = ? AND "file" = ?', [...own, file]);
    await session.run(`DELETE FROM quarantine WHERE "source" = ? AND "entity" = ? AND "key" IN (SELECT "key" FROM ${stage.table})`, own);
  }
  await session.run(
    `INSERT INTO quarantine ("source", "entity", "place", "reason", "raw", "key", "file", "sheet", "line")
     SELECT ?, ?, "place", "reason", "raw", "key", "file", "sheet", "line" FROM ${stage.table} WHERE ${staged.isSetAside} ORDER BY "position"`,
    own,
  );
}

async function keepFiles(session: SyncSession, { definition, files }: BookDelivery, source: string): Promise<void> {
  await session.run('DELETE FROM sync_drop WHERE "source" = ? AND "entity" = ?', [source, definition.name]);
  for (const [position, { file, fingerprint, form, whole }] of files.entries()) {
    await session.run('INSERT INTO sync_drop ("source", "entity", "position", "file", "fingerprint", "form", "whole") VALUES (?, ?, ?, ?, ?, ?, ?)', [
      source,
      definition.name,
      position,
      file,
      fingerprint,
      form,
      whole,
    ]);
  }
}

/** Notes how far a book is. */
export async function keepState(session: SyncSession, { name, table }: EntityDefinition, { source, fingerprint, asOf, now, drifts }: Stated): Promise<void> {
  const accepted = await session.count(`SELECT COUNT(*) AS count FROM ${sqlite.quote(table)} WHERE "source" = ? AND "closed_at" IS NULL`, [source]);
  const setAside = await session.count('SELECT COUNT(*) AS count FROM quarantine WHERE "source" = ? AND "entity" = ?', [source, name]);
  const drift = drifts.get(name);
  await session.run('DELETE FROM sync_state WHERE "source" = ? AND "entity" = ?', [source, name]);
  await session.run(
    'INSERT INTO sync_state ("source", "entity", "fingerprint", "as_of", "synced_at", "rows_read", "rows_accepted", "drift") VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    [source, name, fingerprint, asOf, now, accepted + setAside, accepted, drift ? JSON.stringify(drift) : null],
  );
}
