/** A partner's database as the feed of a mirrored source: every row of every book, as they come. */
import { createHash } from 'node:crypto';
import type { ColumnMapping, SqlSourceFile } from '../config/sourceFile.js';
import type { EntityDefinition } from '../entities/definition.js';
import { piecesOf } from './connectors/sql/chunks.js';
import { ColumnNames, mappedBinding, recordOf } from './connectors/sql/mappedBinding.js';
import type { RawRow, SqlDatabase } from './connectors/sql/reader.js';
import { everyRowStatement, type SqlStatement } from './connectors/sql/statement.js';
import { describeTables, PIECE, type SqlBook } from './connectors/sql/survey.js';
import { definitionNamed, mappingOf } from './httpFeed.js';
import { createMapper, keyAttributeOf, type RawRecord } from './mapping.js';
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
    const book = { definition, mapping, source: file, dialect: database.dialect };
    const read = async ({ text, parameters }: SqlStatement): Promise<RawRow[]> => {
      const started = performance.now();
      const rows = await database.query(text, parameters);
      onStatement({ source: file.id, entity: definition.name, text, rows: rows.length, milliseconds: performance.now() - started });
      return rows;
    };
    try {
      if (database.stream) yield* streamed(book, database.stream, onStatement);
      else yield* inPieces(book, read);
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

async function* streamed(book: SqlBook, stream: NonNullable<SqlDatabase['stream']>, onStatement: StatementListener): AsyncGenerator<RawRecord> {
  const { definition, source, dialect } = book;
  const binding = mappedBinding(book);
  const { text, parameters } = everyRowStatement(dialect, binding, [...definition.attributes.keys()]);
  const started = performance.now();
  let rows = 0;
  for await (const raw of stream(text, parameters)) {
    rows += 1;
    yield recordOf(raw, binding.place(raw));
  }
  onStatement({ source: source.id, entity: definition.name, text, rows, milliseconds: performance.now() - started });
}

/** A server is asked in short statements: a long one would hold its old rows, and would be ended by its own deadline. */
async function* inPieces(book: SqlBook, read: (statement: SqlStatement) => Promise<RawRow[]>): AsyncGenerator<RawRecord> {
  const { definition, mapping, source, dialect } = book;
  const types = await describeTables(book, read);
  const binding = mappedBinding({ ...book, ...(types ? { types } : {}) });
  const key = mapping.columns[keyAttributeOf(definition).name] as ColumnMapping;
  const tables = new ColumnNames(dialect, mapping, types);
  const attributes = [...definition.attributes.keys()];
  for await (const { rows } of piecesOf({ source: source.id, dialect, binding, tables, key, attributes, more: [], size: PIECE, read })) {
    for (const raw of rows) yield recordOf(raw, binding.place(raw));
  }
}
