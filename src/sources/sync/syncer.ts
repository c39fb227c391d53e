/**
 * One sync: reads what a feed has, maps and checks every row, and makes the new state visible in one transaction.
 *
 * Until then nothing is written to the store: what is read is staged in temporary tables. Whoever is killed at whatever
 * point leaves the old state whole. Two syncs of one source at once, in whichever processes, do not mix: the second to
 * finish sees that the first has been there, and begins anew.
 */
import { allDefinitions, definitionOf, type EntityDefinition } from '../../entities/definition.js';
import { driftedError } from '../drift.js';
import { type Drift, SourceError } from '../source.js';
import type { AppliedFile, BookDelivery, MirrorFeed } from './feed.js';
import { closeBook, keepState, publishBook, type Stated } from './publish.js';
import { isRepeatedFailure, lastGoodRun, recordRun, type SyncRun } from './runs.js';
import { SyncSession } from './session.js';
import { Stage } from './stage.js';
import type { MirrorStore } from './store.js';

/** How far a sync has come: so many rows of a book read. */
export interface SyncProgress {
  readonly source: string;
  readonly entity: string;
  readonly read: number;
}

/** What a sync is run with. */
export interface SyncOptions {
  /** Who has it run: a login name, `schedule`, `hub`. */
  readonly by: string;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
}

/** What is copied to where. */
export interface Syncable {
  readonly id: string;
  readonly feed: MirrorFeed;
  readonly store: MirrorStore;
  readonly clock: () => Date;
  /** A state whose columns changed is not taken where there is an older one. */
  readonly keepsWhole?: boolean;
}

const MOST_ATTEMPTS = 5;
/** Progress is told every so many rows. */
const TELL_EVERY = 1_000;

/**
 * Runs one sync and records it; nothing is run where the store has it all already, and undefined is given.
 *
 * @throws SourceError or what else the feed failed with; the failure is recorded, and the old state stays
 */
export async function runSync(syncable: Syncable, options: SyncOptions): Promise<SyncRun | undefined> {
  const session = new SyncSession(await syncable.store.connect());
  const begun = { at: syncable.clock().toISOString(), since: performance.now() };
  try {
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptSync(syncable, options, session, begun);
      if (outcome !== 'overtaken') return outcome;
      if (attempt === MOST_ATTEMPTS) throw new SourceError(syncable.id, 'REFUSED', `${syncable.id} is being synced by others again and again.`);
    }
  } catch (error) {
    // To be stopped is no failure. And what kept one from being recorded would hide what it was.
    if (!options.signal.aborted) await recordFailure(syncable, options, session, begun, error).catch(() => undefined);
    throw error;
  } finally {
    await session.close();
  }
}

interface Begun {
  readonly at: string;
  /** On the clock of `performance`. */
  readonly since: number;
}

interface StagedBook {
  readonly delivery: BookDelivery;
  readonly stage: Stage;
}

async function attemptSync(syncable: Syncable, options: SyncOptions, session: SyncSession, begun: Begun): Promise<SyncRun | 'overtaken' | undefined> {
  const { id: source, feed, store, clock } = syncable;
  const seen = await lastGoodRun(session, source);
  const fingerprint = await feed.fingerprint();
  if (!feed.isPolled && (await isCurrent(session, syncable, fingerprint))) return undefined;
  const drifts = (await feed.drifts?.(fingerprint, options.signal)) ?? new Map<string, Drift>();
  const [drift] = drifts.values();
  if (drift && syncable.keepsWhole && seen !== undefined) throw driftedError(source, drift);
  const delivery = await feed.deliver(await appliedFiles(session, source));
  const books: StagedBook[] = [];
  // Of a book that cannot be read the rows stay as they are: what has become of them is not known.
  for (const book of delivery.books.filter(({ definition }) => !drifts.get(definition.name)?.unreadable))
    books.push({ delivery: book, stage: await stageBook(syncable, options, session, book, delivery.asOf) });
  if (feed.checksLinks) await setAsideDangling(books);
  const counts = { accepted: 0, quarantined: 0 };
  for (const { stage, delivery: book } of books) {
    const { accepted, setAside } = await stage.counts();
    counts.accepted += accepted;
    counts.quarantined += setAside;
    if (book.parts.length > 1) await stage.keepLast();
  }
  refuseWhenStopped(source, options.signal);
  return store.exclusively(() =>
    session.transaction(async () => {
      if ((await lastGoodRun(session, source)) !== seen) return 'overtaken';
      const statement: Stated = { source, fingerprint, asOf: delivery.asOf, now: clock().toISOString(), drifts };
      const done = await publish(session, syncable, books, statement);
      const run: SyncRun = {
        source,
        startedAt: begun.at,
        milliseconds: Math.round(performance.now() - begun.since),
        by: options.by,
        asOf: delivery.asOf,
        read: counts.accepted + counts.quarantined,
        ...counts,
        ...done,
        failure: null,
      };
      await recordRun(session, run);
      return run;
    }),
  );
}

async function publish(
  session: SyncSession,
  { feed }: Syncable,
  books: readonly StagedBook[],
  statement: Stated,
): Promise<{ changed: number; closed: number }> {
  const done = { changed: 0, closed: 0 };
  for (const { stage, delivery } of books) {
    const { changed, closed } = await publishBook(session, stage, delivery, statement);
    done.changed += changed;
    done.closed += closed;
  }
  for (const definition of feed.definitions) if (statement.drifts.get(definition.name)?.unreadable) await keepState(session, definition, statement);
  const held = new Set(feed.definitions.map(({ name }) => name));
  for (const definition of await knownBooks(session, statement.source)) {
    if (!held.has(definition.name)) done.closed += await closeBook(session, definition, statement);
  }
  return done;
}

async function stageBook(syncable: Syncable, options: SyncOptions, session: SyncSession, delivery: BookDelivery, asOf: string): Promise<Stage> {
  const { definition } = delivery;
  const mapper = syncable.feed.mapper(definition);
  const keyOnly = mapper.only([]);
  const stage = await Stage.open(session, definition);
  let read = 0;
  const tell = (): void => options.onProgress?.({ source: syncable.id, entity: definition.name, read });
  tell();
  for (const [part, { records, closes }] of delivery.parts.entries()) {
    for await (const record of records(options.signal)) {
      refuseWhenStopped(syncable.id, options.signal);
      const isClosing = record.problem === undefined && closes(record);
      const mapped = (isClosing ? keyOnly : mapper).map(record, asOf);
      if (!mapped.ok) {
        // The key of a ragged row may stand in the wrong column.
        const key = record.problem === undefined && !isClosing ? keyOnly.map(record, asOf) : undefined;
        await stage.add({ part, record, reason: mapped.setAside.reason, key: key?.ok ? key.row.key : null });
      } else await stage.add(isClosing ? { part, record, closes: mapped.row.key } : { part, record, row: mapped.row });
      read += 1;
      if (read % TELL_EVERY === 0) tell();
    }
  }
  tell();
  await stage.settle(syncable.feed.mayRepeat);
  return stage;
}

function refuseWhenStopped(source: string, signal: AbortSignal): void {
  if (signal.aborted) throw new SourceError(source, 'REFUSED', `The copying of ${source} was stopped; its last copy is as it was.`);
}

/** Sets rows aside whose required link leads nowhere, until none does: a row may hang on one that is set aside. */
async function setAsideDangling(books: readonly StagedBook[]): Promise<void> {
  const stageOf = (definition: EntityDefinition): Stage | undefined => books.find(({ stage }) => stage.definition === definition)?.stage;
  const links = books.flatMap(({ stage }) =>
    stage.definition.links.flatMap((link) => {
      const from = stage.definition.attributes.get(link.from);
      const target = definitionOf(link.target());
      return link.required && from ? [{ stage, from, to: link.to, target }] : [];
    }),
  );
  for (const { target, to } of links) await stageOf(target)?.indexFor(to);
  for (let found = 1; found > 0; ) {
    found = 0;
    for (const { stage, from, to, target } of links) found += await stage.setAsideDangling(from, to, target, stageOf(target));
  }
}

/** Whether the store holds all books as they were at this fingerprint. */
async function isCurrent(session: SyncSession, { id, feed }: Syncable, fingerprint: string): Promise<boolean> {
  const states = await session.rows<{ entity: string; fingerprint: string }>('SELECT "entity", "fingerprint" FROM sync_state WHERE "source" = ?', [id]);
  const names = new Set(feed.definitions.map(({ name }) => name));
  return states.length === names.size && states.every((state) => names.has(state.entity) && state.fingerprint === fingerprint);
}

async function appliedFiles(session: SyncSession, source: string): Promise<ReadonlyMap<string, AppliedFile[]>> {
  const rows = await session.rows<{ entity: string; file: string; fingerprint: string; form: string; whole: number }>(
    'SELECT "entity", "file", "fingerprint", "form", "whole" FROM sync_drop WHERE "source" = ? ORDER BY "entity", "position"',
    [source],
  );
  const files = new Map<string, AppliedFile[]>();
  for (const { entity, file, fingerprint, form, whole } of rows) {
    const own = files.get(entity) ?? [];
    files.set(entity, own);
    own.push({ file, fingerprint, form, whole: Boolean(whole) });
  }
  return files;
}

async function knownBooks(session: SyncSession, source: string): Promise<EntityDefinition[]> {
  const rows = await session.rows<{ entity: string }>('SELECT "entity" FROM sync_state WHERE "source" = ?', [source]);
  return allDefinitions().filter(({ name }) => rows.some(({ entity }) => entity === name));
}

async function recordFailure({ id, store }: Syncable, { by }: SyncOptions, session: SyncSession, begun: Begun, error: unknown): Promise<void> {
  const failure = error instanceof SourceError ? error.message : 'The hub failed; its log has the cause.';
  const nothing = { asOf: null, read: 0, accepted: 0, changed: 0, closed: 0, quarantined: 0 };
  const milliseconds = Math.round(performance.now() - begun.since);
  const run: SyncRun = { source: id, startedAt: begun.at, milliseconds, by, ...nothing, failure };
  if (await isRepeatedFailure(session, run)) return;
  await store.exclusively(() => session.transaction(() => recordRun(session, run)));
}
