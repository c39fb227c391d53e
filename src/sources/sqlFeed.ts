/** A partner's database as the feed of a mirrored source: every row of every book, as they come. */
import { createHash } from 'node:crypto';
import type { ColumnMapping, SqlSourceFile } from '../config/sourceFile.js';
import type { EntityDefinition } from '../entities/definition.js';
import { piecesOf } from './connectors/sql/chunks.js';
import { ColumnNames, mappedBinding, recordOf } from './connectors/sql/mappedBinding.js';
import type { RawRow, SqlDatabase } from './connectors/sql/reader.js';
import { everyRowStatement, type SqlStatement } from './connectors/sql/statement.js';
import { PIECE, type SqlBook } from './connectors/sql/survey.js';
import { lookAtTables } from './connectors/sql/tableColumns.js';
import { definitionNamed } from './httpFeed.js';
import { createMapper, keyAttributeOf, type RawRecord } from './mapping.js';
import { SourceError, type StatementListener } from './source.js';
import { type MirrorFeed, statedBy } from './sync/feed.js';
import { Layouts } from './sync/layouts.js';

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
  const books = Object.entries(file.books).map(([entity, mapping]) => ({ definition: definitionNamed(file.id, definitions, entity), mapping }));
  const layouts = new Layouts({
    source: file.id,
    books,
    isPolled: true,
    lookAt: ({ definition, mapping }, before) =>
      withDatabase(async (database) => {
        const { readable, present } = await lookAtTables(
          { definition, mapping, source: file, dialect: database.dialect },
          before,
          readerOf(database, definition),
        );
        return { mapping: readable.mapping, drift: readable.drift, present };
      }),
  });
  const readerOf =
    (database: SqlDatabase, definition: EntityDefinition): Read =>
    async ({ text, parameters }) => {
      const started = performance.now();
      const rows = await database.query(text, parameters);
      onStatement({ source: file.id, entity: definition.name, text, rows: rows.length, milliseconds: performance.now() - started });
      return rows;
    };
  const withDatabase = async <T>(work: (database: SqlDatabase) => Promise<T>): Promise<T> => {
    const database = await openDatabase();
    try {
      return await work(database);
    } catch (error) {
      throw asSourceError(file.id, error);
    } finally {
      await database.close();
    }
  };
  const records = async function* (definition: EntityDefinition): AsyncGenerator<RawRecord> {
    const database = await openDatabase();
    const book = { definition, mapping: layouts.readable(definition), source: file, dialect: database.dialect };
    try {
      if (database.stream) yield* streamed(book, database.stream, onStatement);
      else yield* inPieces(book, readerOf(database, definition));
    } catch (error) {
      throw asSourceError(file.id, error);
    } finally {
      await database.close();
    }
  };
  return {
    definitions: books.map(({ definition }) => definition),
    isPolled: true,
    checksLinks: false,
    mayRepeat: false,
    fingerprint: async () =>
      createHash('sha256')
        .update(JSON.stringify([version, file]))
        .digest('hex'),
    drifts: layouts.look,
    deliver: async () => ({
      asOf: clock().toISOString(),
      books: books.map(({ definition }) => ({ definition, whole: true, parts: [statedBy(() => records(definition))], files: [] })),
    }),
    mapper: (definition) => createMapper(definition, layouts.readable(definition), { id: file.id, timeZone: file.timeZone, how: 'MIRRORED' }),
  };
}

/** Runs a statement of a reading. */
type Read = (statement: SqlStatement) => Promise<RawRow[]>;

function asSourceError(source: string, error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  return new SourceError(source, 'REFUSED', 'The database of this source did not answer a statement.', { cause: error });
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
async function* inPieces(book: SqlBook, read: Read): AsyncGenerator<RawRecord> {
  const { definition, mapping, source, dialect } = book;
  const { readable } = await lookAtTables(book, undefined, read);
  const binding = mappedBinding(readable);
  const key = mapping.columns[keyAttributeOf(definition).name] as ColumnMapping;
  const tables = new ColumnNames(dialect, mapping, readable.types);
  const attributes = [...definition.attributes.keys()];
  for await (const { rows } of piecesOf({ source: source.id, dialect, binding, tables, key, attributes, more: [], size: PIECE, read })) {
    for (const raw of rows) yield recordOf(raw, binding.place(raw));
  }
}
