/**
 * The last good copy of a source whose policy is `stale`: what answers while the source does not.
 *
 * A mirrored source has one anyway: the rows that its last sync left in the store. Of a live source the copy is taken
 * through the same contract by which it answers, whole books at a time, into the same tables; a book that has drifted, or
 * cannot be read, leaves the copy as it was. A copy that was made under another mapping or by another version of the hub
 * answers nothing.
 */
import type { EntityDefinition } from '../entities/definition.js';
import { readableDatabase } from './connectors/sql/database.js';
import { SqlReader } from './connectors/sql/reader.js';
import { sqlite } from './connectors/sql/sqlite.js';
import { storeBinding } from './connectors/sql/storeBinding.js';
import type { MirrorStore } from './mirror.js';
import type { Answering, Row, Source, StatementListener } from './source.js';
import { columnsOf, insert, type Run } from './storeRows.js';

interface CopyOptions {
  readonly id: string;
  readonly definitions: readonly EntityDefinition[];
  readonly store: MirrorStore;
  readonly clock: () => Date;
  readonly onStatement?: StatementListener | undefined;
  /** Of the mapping and of the hub that made the copy; none where the rows are those of a mirror. */
  readonly form?: string | undefined;
}

const NOTHING_EXCLUDED = { keys: [] };

/** The last good copy of one source. */
export class LastGoodCopy {
  private readonly reader: SqlReader;

  constructor(private readonly options: CopyOptions) {
    this.reader = new SqlReader(options.id, readableDatabase(options.store.reader), options.onStatement);
  }

  /** Whether it has to be taken of the source; a mirror's is there. */
  get isTaken(): boolean {
    return this.options.form !== undefined;
  }

  /** The copy of one book as something to ask; undefined where there is none. */
  async of(entity: string): Promise<Answering | undefined> {
    const { id, definitions } = this.options;
    const definition = definitions.find((candidate) => candidate.name === entity);
    const asOf = definition && (await this.asOf(entity));
    if (!definition || asOf === undefined) return undefined;
    const binding = storeBinding(sqlite, definition, id, 'LAST_GOOD_COPY');
    return {
      how: 'LAST_GOOD_COPY',
      asOf: () => asOf,
      rows: async (ask, signal) => (await this.reader.rows(binding, ask, NOTHING_EXCLUDED, asOf, signal)).rows,
      totals: (ask, signal) => this.reader.totals(binding, ask, NOTHING_EXCLUDED, signal),
    };
  }

  /** As of when the copy speaks: the oldest of its books; undefined where it has none. */
  async oldest(): Promise<string | undefined> {
    const stated = await Promise.all(this.options.definitions.map(({ name }) => this.asOf(name)));
    return stated.filter((asOf) => asOf !== undefined).sort()[0];
  }

  /** Copies every book of the source that is whole, all at once. Throws what keeps the source from being read. */
  async take(source: Source, signal: AbortSignal): Promise<void> {
    const { definitions, store } = this.options;
    const books: { definition: EntityDefinition; rows: Row[]; asOf: string }[] = [];
    for (const definition of definitions) {
      const asOf = source.asOf();
      const rows = await source.rows(
        { entity: definition.name, attributes: [...definition.attributes.keys()], order: [{ attribute: 'key', descending: false, nullsFirst: false }] },
        signal,
      );
      if (!source.drift?.(definition.name)) books.push({ definition, rows, asOf });
    }
    signal.throwIfAborted();
    await store.exclusively(() => this.replace(books));
  }

  private async asOf(entity: string): Promise<string | undefined> {
    const { id, form, store } = this.options;
    const found = (await (form === undefined
      ? store.reader.query('SELECT as_of FROM sync_state WHERE source = ? AND entity = ?', [id, entity])
      : store.reader.query('SELECT as_of FROM last_good_copy WHERE source = ? AND entity = ? AND form = ?', [id, entity, form]))) as { as_of: string }[];
    return found[0]?.as_of;
  }

  private async replace(books: readonly { definition: EntityDefinition; rows: readonly Row[]; asOf: string }[]): Promise<void> {
    const { id, form, store, clock } = this.options;
    const copiedAt = clock().toISOString();
    await store.writer.transaction(async (manager) => {
      const run: Run = (text, parameters) => manager.query(text, [...parameters]);
      for (const { definition, rows, asOf } of books) {
        const columns = columnsOf(definition);
        await run(`DELETE FROM ${sqlite.quote(definition.table)} WHERE source = ?`, [id]);
        await insert(
          run,
          definition.table,
          ['source', 'key', 'as_of', ...columns.map(({ column }) => column)],
          rows.map((row) => [row.source, row.key, row.asOf, ...columns.map(({ name }) => row[name] ?? null)]),
        );
        await run('DELETE FROM last_good_copy WHERE source = ? AND entity = ?', [id, definition.name]);
        await run('INSERT INTO last_good_copy (source, entity, form, as_of, copied_at, row_count) VALUES (?, ?, ?, ?, ?, ?)', [
          id,
          definition.name,
          form,
          asOf,
          copiedAt,
          rows.length,
        ]);
      }
    });
  }
}
