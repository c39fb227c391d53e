/** A partner's database as the feed of a mirrored source: every row of every book, as they come. */
import { createHash } from 'node:crypto';
import type { SqlSourceFile } from '../config/sourceFile.js';
import type { EntityDefinition } from '../entities/definition.js';
import { mappedBinding, recordOf } from './connectors/sql/mappedBinding.js';
import type { SqlDatabase } from './connectors/sql/reader.js';
import { everyRowStatement } from './connectors/sql/statement.js';
import { definitionNamed, mappingOf } from './httpFeed.js';
import { createMapper, type RawRecord } from './mapping.js';
import { SourceError, type StatementListener } from './source.js';
import { type MirrorFeed, statedBy } from './sync/feed.js';

/** What the feed is made of. */
export interface SqlFeedOptions {
  readonly file: SqlSourceFile;
  /** Opens the partner's database anew for each reading: a copy that is made once a night keeps no connection by day. */
  readonly openDatabase: () => Promise<SqlDatabase>;
  readonly definitions: ReadonlyMap<string, EntityDefinition>;
  /** The hub's, and its entities'. */
  readonly version: string;
  readonly clock: () => Date;
  readonly onStatement: StatementListener;
}

/** The feed of a database: it speaks as of the moment in which a reading begins. */
export function sqlFeed({ file, openDatabase, definitions, version, clock, onStatement }: SqlFeedOptions): MirrorFeed {
  const books = new Map(Object.entries(file.books).map(([entity, mapping]) => [definitionNamed(file.id, definitions, entity), mapping]));
  const records = async function* (definition: EntityDefinition): AsyncGenerator<RawRecord> {
    const mapping = mappingOf(file.id, books, definition);
    const database = await openDatabase();
    const started = performance.now();
    let rows = 0;
    try {
      const binding = mappedBinding({ dialect: database.dialect, definition, mapping, source: file });
      const { text, parameters } = everyRowStatement(database.dialect, binding, [...definition.attributes.keys()]);
      for await (const raw of database.stream(text, parameters)) {
        rows += 1;
        yield recordOf(raw, binding.place(raw));
      }
      onStatement({ source: file.id, entity: definition.name, text, rows, milliseconds: performance.now() - started });
    } catch (error) {
      if (error instanceof SourceError) throw error;
      throw new SourceError(file.id, 'REFUSED', 'The database of this source did not answer a statement.', { cause: error });
    } finally {
      await database.close();
    }
  };
  return {
    definitions: [...books.keys()],
    isPolled: true,
    checksLinks: false,
    mayRepeat: false,
    fingerprint: async () =>
      createHash('sha256')
        .update(JSON.stringify([version, file]))
        .digest('hex'),
    deliver: async () => ({
      asOf: clock().toISOString(),
      books: [...books.keys()].map((definition) => ({ definition, whole: true, parts: [statedBy(() => records(definition))], files: [] })),
    }),
    mapper: (definition) => createMapper(definition, mappingOf(file.id, books, definition), { id: file.id, timeZone: file.timeZone, how: 'MIRRORED' }),
  };
}
