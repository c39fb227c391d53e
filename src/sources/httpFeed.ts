/** A partner's API as the feed of a mirrored source: every page of every resource. */
import { createHash } from 'node:crypto';
import type { BookMapping, HttpSourceFile } from '../config/sourceFile.js';
import type { EntityDefinition } from '../entities/definition.js';
import type { HttpClient } from './connectors/http/client.js';
import { isOfBook, layoutOfRaws, rawRowOf, rawsOf } from './connectors/http/httpBook.js';
import { type Page, ResourceReader } from './connectors/http/resource.js';
import { createMapper, type Mapper, type RawRecord } from './mapping.js';
import { SourceError, type StatementListener } from './source.js';
import { type MirrorFeed, statedBy } from './sync/feed.js';
import { Layouts } from './sync/layouts.js';

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
  const books = Object.entries(file.books).map(([entity, mapping]) => ({ definition: definitionNamed(file.id, definitions, entity), mapping }));
  const source = { id: file.id, timeZone: file.timeZone, how: 'MIRRORED' } as const;
  const readerOf = (definition: EntityDefinition, { from }: BookMapping): ResourceReader => {
    if (!('path' in from)) throw new SourceError(file.id, 'MISCONFIGURED', `${definition.name}: expected a resource of an API, but got: a table or a file.`);
    return new ResourceReader(file.id, definition.name, from, client, onStatement, 'page by page');
  };
  /** Readings of which the first page has come. */
  const begun = new Map<EntityDefinition, { readonly first: Page; readonly rest: AsyncGenerator<Page> }>();
  // The first page tells the columns: a row that lacks what every row must have would be set aside, and so would its whole page.
  const layouts = new Layouts({
    source: file.id,
    books,
    isPolled: true,
    lookAt: async ({ definition, mapping }, before, signal) => {
      await begun.get(definition)?.rest.return(undefined);
      begun.delete(definition);
      const rest = readerOf(definition, mapping).pages(signal);
      const { value: first } = await rest.next();
      if (!first) return { mapping, drift: undefined, present: [] };
      begun.set(definition, { first, rest });
      const own = createMapper(definition, mapping, source);
      const raws = rawsOf([{ rows: first.rows, place: 'page 1' }], own, mapping);
      return { ...(layoutOfRaws(raws, own, mapping, before) ?? { mapping, drift: undefined }), present: [...raws.columns] };
    },
  });
  const mapper = (definition: EntityDefinition): Mapper => createMapper(definition, layouts.readable(definition), source);
  const pages = async function* (definition: EntityDefinition, mapping: BookMapping, signal: AbortSignal): AsyncGenerator<Page> {
    const reading = begun.get(definition);
    begun.delete(definition);
    if (reading) yield reading.first;
    yield* reading?.rest ?? readerOf(definition, mapping).pages(signal);
  };
  const records = async function* (definition: EntityDefinition, signal: AbortSignal): AsyncGenerator<RawRecord> {
    const mapping = layouts.readable(definition);
    const own = mapper(definition);
    for await (const page of pages(definition, mapping, signal)) {
      for (const [index, json] of page.rows.entries()) {
        const record = rawRowOf(json, `page ${page.number} row ${index + 1}`, own, mapping);
        if (isOfBook(record, mapping)) yield record;
      }
    }
  };
  return {
    definitions: books.map(({ definition }) => definition),
    isPolled: true,
    checksLinks: false,
    // A row that is added at the partner's between two pages pushes another one from the first page to the second.
    mayRepeat: true,
    fingerprint: async () =>
      createHash('sha256')
        .update(JSON.stringify([version, file]))
        .digest('hex'),
    drifts: layouts.look,
    deliver: async () => ({
      asOf: clock().toISOString(),
      books: books.map(({ definition }) => ({ definition, whole: true, parts: [statedBy((signal) => records(definition, signal))], files: [] })),
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
