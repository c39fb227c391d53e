/** A partner's API as the feed of a mirrored source: every page of every resource. */
import { createHash } from 'node:crypto';
import type { BookMapping, HttpSourceFile } from '../config/sourceFile.js';
import type { EntityDefinition } from '../entities/definition.js';
import type { HttpClient } from './connectors/http/client.js';
import { isOfBook, rawRowOf } from './connectors/http/httpBook.js';
import { ResourceReader } from './connectors/http/resource.js';
import { createMapper, type Mapper, type RawRecord } from './mapping.js';
import { SourceError, type StatementListener } from './source.js';
import { type MirrorFeed, statedBy } from './sync/feed.js';

/** What the feed is made of. */
export interface HttpFeedOptions {
  readonly file: HttpSourceFile;
  readonly client: HttpClient;
  readonly definitions: ReadonlyMap<string, EntityDefinition>;
  /** The hub's, and its entities'. */
  readonly version: string;
  readonly clock: () => Date;
  readonly onStatement: StatementListener;
}

/** The feed of an API: it speaks as of the moment in which a reading begins. */
export function httpFeed({ file, client, definitions, version, clock, onStatement }: HttpFeedOptions): MirrorFeed {
  const books = new Map(Object.entries(file.books).map(([entity, mapping]) => [definitionNamed(file.id, definitions, entity), mapping]));
  const mapper = (definition: EntityDefinition): Mapper => {
    const mapping = mappingOf(file.id, books, definition);
    return createMapper(definition, mapping, { id: file.id, timeZone: file.timeZone, how: 'MIRRORED' });
  };
  const records = async function* (definition: EntityDefinition, signal: AbortSignal): AsyncGenerator<RawRecord> {
    const mapping = mappingOf(file.id, books, definition);
    if (!('path' in mapping.from))
      throw new SourceError(file.id, 'MISCONFIGURED', `${definition.name}: expected a resource of an API, but got: a table or a file.`);
    const own = mapper(definition);
    const reader = new ResourceReader(file.id, definition.name, mapping.from, client, onStatement, 'page by page');
    for await (const page of reader.pages(signal)) {
      for (const [index, json] of page.rows.entries()) {
        const record = rawRowOf(json, `page ${page.number} row ${index + 1}`, own, mapping);
        if (isOfBook(record, mapping)) yield record;
      }
    }
  };
  return {
    definitions: [...books.keys()],
    isPolled: true,
    checksLinks: false,
    // A row that is added at the partner's between two pages pushes another one from the first page to the second.
    mayRepeat: true,
    fingerprint: async () =>
      createHash('sha256')
        .update(JSON.stringify([version, file]))
        .digest('hex'),
    deliver: async () => ({
      asOf: clock().toISOString(),
      books: [...books.keys()].map((definition) => ({ definition, whole: true, parts: [statedBy((signal) => records(definition, signal))], files: [] })),
    }),
    mapper,
  };
}

/** The definition of an entity. Throws a SourceError when the hub does not know it. */
export function definitionNamed(source: string, definitions: ReadonlyMap<string, EntityDefinition>, entity: string): EntityDefinition {
  const definition = definitions.get(entity);
  if (!definition) throw new SourceError(source, 'MISCONFIGURED', `${source} declares a book of ${entity}, which the hub does not know.`);
  return definition;
}

/** The mapping of a book. Throws a SourceError when the source holds none. */
export function mappingOf(source: string, books: ReadonlyMap<EntityDefinition, BookMapping>, definition: EntityDefinition): BookMapping {
  const mapping = books.get(definition);
  if (!mapping) throw new SourceError(source, 'MISCONFIGURED', `${source} holds no book of ${definition.name}.`);
  return mapping;
}
