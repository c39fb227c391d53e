/**
 * A partner's JSON API as a live source. What the API can do (rows of many keys in one request) is asked of it; the rest
 * (filters, orders, totals) is answered over a full reading that is kept for a short while.
 */
import type { HttpSourceFile } from '../../../config/sourceFile.js';
import type { EntityDefinition } from '../../../entities/definition.js';
import { refuseDrifted } from '../../drift.js';
import { selectRows, totalRows } from '../../evaluate.js';
import { createMapper } from '../../mapping.js';
import { type Source, SourceError, type StatementListener } from '../../source.js';
import { HttpClient } from './client.js';
import { HttpBook } from './httpBook.js';
import { ResourceReader } from './resource.js';

/** What an HTTP source is made of. */
export interface HttpSourceOptions {
  readonly id: string;
  readonly file: HttpSourceFile;
  /** The values of `url` and `token` in the environment. */
  readonly url: string;
  readonly token: string;
  /** The definitions of at least the entities whose books the file declares. */
  readonly definitions: Iterable<EntityDefinition>;
  readonly onStatement: StatementListener;
  readonly clock: () => Date;
  /** Most bytes of one answer; 16 MiB unless told. */
  readonly maximumBytes?: number;
}

/** Opens an HTTP source; asks nothing yet. Throws a SourceError when its address, token or books are wrong. */
export function createHttpSource(options: HttpSourceOptions): Source {
  const { id, clock } = options;
  const books = booksOf(options);
  const bookOf = (entity: string): HttpBook => {
    const book = books.get(entity);
    if (!book) throw new SourceError(id, 'MISCONFIGURED', `expected one of the books ${[...books.keys()].join(', ')}, but got: ${entity}.`);
    return book;
  };
  return {
    id,
    entities: new Set(books.keys()),
    how: 'LIVE',
    asOf: () => clock().toISOString(),
    drift: (entity) => bookOf(entity).drift,
    rows: async (ask, signal) => {
      const book = bookOf(ask.entity);
      if (ask.keys?.values.length === 0) return [];
      const rows = ask.keys && book.canBatch(ask.keys) ? await book.batch(ask.keys.values, signal) : (await book.all(signal)).rows;
      refuseDrifted(id, book.drift, ask);
      return selectRows(rows, ask);
    },
    totals: async (ask, signal) => {
      if (ask.keys?.values.length === 0) return totalRows([], ask);
      const { rows, drift } = await bookOf(ask.entity).all(signal);
      refuseDrifted(id, drift, ask);
      return totalRows(rows, ask);
    },
    survey: (signal) => Promise.all([...books.values()].map(async (book) => (await book.readAnew(signal)).survey)),
    sample: (entity, count, signal) => bookOf(entity).sample(count, signal),
    close: async () => {
      await Promise.all([...books.values()].map((book) => book.close()));
    },
  };
}

function booksOf({ id, file, url, token, definitions, onStatement, clock, maximumBytes }: HttpSourceOptions): Map<string, HttpBook> {
  const client = new HttpClient({ source: id, url, token, tokenHeader: file.token.header, deadline: file.deadline, maximumBytes });
  const byName = new Map([...definitions].map((definition) => [definition.name, definition]));
  const books = new Map<string, HttpBook>();
  for (const [entity, mapping] of Object.entries(file.books)) {
    const definition = byName.get(entity);
    if (!definition) throw new SourceError(id, 'MISCONFIGURED', `books: expected the name of an entity, but got: ${entity}.`);
    if (!('path' in mapping.from))
      throw new SourceError(id, 'MISCONFIGURED', `books.${entity}.from: expected a resource of an API, but got: a table or a file.`);
    const mapper = createMapper(definition, mapping, { id, timeZone: file.timeZone, how: 'LIVE' });
    const reader = new ResourceReader(id, entity, mapping.from, client, onStatement);
    books.set(entity, new HttpBook(file, mapping, mapper, reader, clock));
  }
  return books;
}
