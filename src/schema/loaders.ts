/** The loaders of one operation: keys of the same link and request go to each source as one batch. */
import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import type { EntityDefinition } from '../entities/definition.js';
import {
  type Book,
  type BookKey,
  type Condition,
  type Figure,
  type Grouping,
  keyOf,
  type Row,
  type Rows,
  type RowsRequest,
  type Totals,
} from '../sources/book.js';

/** A batch of one link: keys of one attribute, with everything else the same. */
export interface LinkAsk {
  readonly definitions: readonly EntityDefinition[];
  readonly attribute: string;
}

/** A field of the document, as it is being answered. */
export type FieldAsked = Pick<GraphQLResolveInfo, 'fieldNodes' | 'variableValues'>;

type Batch = (keys: readonly BookKey[]) => Promise<ReadonlyMap<string, unknown>>;

/** One for an operation. */
export class Loaders {
  private readonly loaders = new Map<string, DataLoader<BookKey, unknown, string>>();
  private readonly made = new Map<FieldAsked['fieldNodes'], Map<string, unknown>>();
  private variables?: FieldAsked['variableValues'];

  constructor(private readonly bookOf: (definitions: readonly EntityDefinition[]) => Book) {}

  /**
   * What a field of the document rests on whichever object it is asked of: made when it is first asked for, under a name of
   * the maker's own.
   */
  once<T>({ fieldNodes, variableValues }: FieldAsked, name: string, make: () => T): T {
    if (variableValues !== this.variables) {
      this.variables = variableValues;
      this.made.clear();
    }
    let own = this.made.get(fieldNodes);
    if (!own) {
      own = new Map();
      this.made.set(fieldNodes, own);
    }
    if (!own.has(name)) own.set(name, make());
    return own.get(name) as T;
  }

  /** Reads the rows of a key. */
  rows(link: LinkAsk, request: RowsRequest): (key: BookKey) => Promise<Rows> {
    const name = `rows ${nameOf(link)} ${stable({ ...request, attributes: [...request.attributes] })}`;
    const loader = this.loader(name, (keys) => this.bookOf(link.definitions).byKey(link.attribute, keys, request));
    return (key) => loader.load(key) as Promise<Rows>;
  }

  /** Reads the first row of a key; null where there is none. */
  row(link: LinkAsk, request: RowsRequest): (key: BookKey) => Promise<Row | null> {
    const read = this.rows(link, request);
    return (key) => read(key).then(firstOf);
  }

  /** The figures of one key. */
  totals(link: LinkAsk, where: Condition | undefined, groupBy: readonly Grouping[], figures: readonly Figure[], key: BookKey): Promise<Totals> {
    const name = `totals ${nameOf(link)} ${stable({ where, groupBy, figures })}`;
    const batch: Batch = (keys) => this.bookOf(link.definitions).totalByKey(link.attribute, keys, where, groupBy, figures);
    return this.loader(name, batch).load(key) as Promise<Totals>;
  }

  private loader(name: string, batch: Batch): DataLoader<BookKey, unknown, string> {
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

/** Not found and not known are two things: a row that an unavailable source may hold is no null without a word. */
function firstOf({ rows, reports }: Rows): Row | null {
  const failed = rows[0] ? undefined : reports.find(({ failure }) => failure);
  if (failed) throw failed.failure;
  return rows[0] ?? null;
}

function nameOf(link: LinkAsk): string {
  return `${link.definitions.map((definition) => definition.name).join(' ')}.${link.attribute}`;
}

/** A text that is the same for equal requests; bigints in it are amounts. */
function stable(request: unknown): string {
  return JSON.stringify(request, (_name, value) => (typeof value === 'bigint' ? `${value}n` : value));
}
