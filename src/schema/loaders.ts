/** The loaders of one operation: keys of the same link and request go to each source as one batch. */
import DataLoader from 'dataloader';
import type { EntityDefinition } from '../entities/definition.js';
import { type Book, type BookKey, type Condition, type Figure, type Grouping, keyOf, type Rows, type RowsRequest, type Totals } from '../sources/book.js';

/** A batch of one link: keys of one attribute, with everything else the same. */
export interface LinkAsk {
  readonly definitions: readonly EntityDefinition[];
  readonly attribute: string;
}

/** One for an operation. */
export class Loaders {
  private readonly loaders = new Map<string, DataLoader<BookKey, unknown, string>>();
  /** The loaders of requests that were met before: thousands of keys may come with one. */
  private readonly loadersOf = new Map<RowsRequest, { readonly link: LinkAsk; readonly loader: DataLoader<BookKey, unknown, string> }>();

  constructor(private readonly bookOf: (definitions: readonly EntityDefinition[]) => Book) {}

  /** The rows of one key. */
  rows(link: LinkAsk, request: RowsRequest, key: BookKey): Promise<Rows> {
    const known = this.loadersOf.get(request);
    if (known?.link === link) return known.loader.load(key) as Promise<Rows>;
    const name = `rows ${nameOf(link)} ${stable({ ...request, attributes: [...request.attributes] })}`;
    const loader = this.loader(name, (keys) => this.bookOf(link.definitions).byKey(link.attribute, keys, request));
    this.loadersOf.set(request, { link, loader });
    return loader.load(key) as Promise<Rows>;
  }

  /** The figures of one key. */
  totals(link: LinkAsk, where: Condition | undefined, groupBy: readonly Grouping[], figures: readonly Figure[], key: BookKey): Promise<Totals> {
    const name = `totals ${nameOf(link)} ${stable({ where, groupBy, figures })}`;
    return this.loader(name, (keys) => this.bookOf(link.definitions).totalByKey(link.attribute, keys, where, groupBy, figures)).load(key) as Promise<Totals>;
  }

  private loader(name: string, batch: (keys: readonly BookKey[]) => Promise<ReadonlyMap<string, unknown>>): DataLoader<BookKey, unknown, string> {
    let loader = this.loaders.get(name);
    if (!loader) {
      loader = new DataLoader<BookKey, unknown, string>(
        async (keys) => {
          const found = await batch(keys);
          return keys.map((key) => found.get(keyOf(key)));
        },
        { cacheKeyFn: keyOf },
      );
      this.loaders.set(name, loader);
    }
    return loader;
  }
}

function nameOf(link: LinkAsk): string {
  return `${link.definitions.map((definition) => definition.name).join(' ')}.${link.attribute}`;
}

/** A text that is the same for equal requests; bigints in it are amounts. */
function stable(request: unknown): string {
  return JSON.stringify(request, (_name, value) => (typeof value === 'bigint' ? `${value}n` : value));
}
