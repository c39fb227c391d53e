import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { BookMapping } from '../../src/config/sourceFile.js';
import type { EntityDefinition } from '../../src/entities/definition.js';
import { createMapper, type RawRecord } from '../../src/sources/mapping.js';
import { MirroredSource, type MirrorFeed, type MirrorStore } from '../../src/sources/mirror.js';
import type { Statement } from '../../src/sources/source.js';
import { type AppliedFiles, type Delivery, statedBy } from '../../src/sources/sync/feed.js';
import { openStore, type Store } from '../../src/store/store.js';
import { temporaryFolder } from './sqlPartner.js';

/** A book of a feed: what its records are now. */
export interface FedBook {
  readonly definition: EntityDefinition;
  readonly mapping: BookMapping;
  records: readonly RawRecord[];
}

/** A feed in memory whose records are changed by hand. */
export class MemoryFeed implements MirrorFeed {
  version = 1;
  statedAt = '2021-12-31T15:59:59.999Z';
  /** How many records were read since. */
  reads = 0;
  readonly isPolled: boolean = false;
  readonly mayRepeat: boolean = false;
  /** Called before each record is handed over. */
  onRead: (entity: string, index: number) => Promise<void> | void = () => undefined;

  constructor(
    readonly id: string,
    public books: readonly FedBook[],
    readonly checksLinks = false,
  ) {}

  get definitions(): EntityDefinition[] {
    return this.books.map(({ definition }) => definition);
  }

  async fingerprint(): Promise<string> {
    return `version ${this.version}`;
  }

  async deliver(_applied: AppliedFiles): Promise<Delivery> {
    const books = this.definitions.map((definition) => ({ definition, whole: true, parts: [statedBy(() => this.records(definition))], files: [] }));
    return { asOf: this.statedAt, books };
  }

  private async *records(definition: EntityDefinition): AsyncGenerator<RawRecord> {
    for (const [index, record] of this.bookOf(definition).records.entries()) {
      await this.onRead(definition.name, index);
      this.reads++;
      yield record;
    }
  }

  mapper(definition: EntityDefinition) {
    return createMapper(definition, this.bookOf(definition).mapping, { id: this.id, timeZone: 'Asia/Shanghai', how: 'MIRRORED' });
  }

  private bookOf(definition: EntityDefinition): FedBook {
    const book = this.books.find((own) => own.definition === definition);
    if (!book) throw new Error(`The feed has no book of ${definition.name}.`);
    return book;
  }
}

/** A new store in a file of its own, with writes one at a time. */
export async function newStore(file = join(temporaryFolder(), 'store.db')): Promise<Store & MirrorStore & { readonly file: string }> {
  const store = await openStore(file);
  let last: Promise<unknown> = Promise.resolve();
  const exclusively: MirrorStore['exclusively'] = (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await store.close();
    isOpen = false;
  };
  onTestFinished(close);
  return { ...store, close, exclusively, file };
}

/** A mirrored source over a feed, with what the store was asked and a clock that is moved by hand. */
export function mirroredSource(feed: MirrorFeed, store: MirrorStore, id = 'icbc') {
  const statements: Statement[] = [];
  let now = Date.parse('2022-01-01T00:00:00Z');
  const source = new MirroredSource({ id, how: 'MIRRORED', feed, store, clock: () => new Date(now), onStatement: (statement) => statements.push(statement) });
  return { source, statements, pass: (milliseconds: number) => (now += milliseconds) };
}
