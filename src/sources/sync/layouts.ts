/** What of each book of a feed can be read, as its columns were when they were last looked at. */
import type { BookMapping } from '../../config/sourceFile.js';
import type { EntityDefinition } from '../../entities/definition.js';
import type { Layout } from '../drift.js';
import { type Drift, SourceError } from '../source.js';

/** One book of a feed. */
export interface FeedBook {
  readonly definition: EntityDefinition;
  readonly mapping: BookMapping;
}

/** What of a book can be read now, and the columns that it has. */
export type LayoutNow = Layout & { readonly present: readonly string[] };

interface LayoutsOptions {
  /** The id of the source, for errors. */
  readonly source: string;
  readonly books: readonly FeedBook[];
  /** Looks at one book. `before` are its columns when it was last whole. */
  readonly lookAt: (book: FeedBook, before: readonly string[] | undefined, signal: AbortSignal) => Promise<LayoutNow>;
  /** The fingerprint does not tell whether columns have changed: they are looked at each time. */
  readonly isPolled: boolean;
}

/** The layouts of a feed's books. */
export class Layouts {
  private layouts: ReadonlyMap<string, Layout>;
  private lookedAt: string | undefined;
  private readonly whole = new Map<string, readonly string[]>();

  constructor(private readonly options: LayoutsOptions) {
    // As the mapping says, before the columns were looked at.
    this.layouts = new Map(options.books.map(({ definition, mapping }) => [definition.name, { mapping, drift: undefined }]));
  }

  /** As `MirrorFeed.drifts`. */
  readonly look = async (fingerprint: string, signal: AbortSignal): Promise<ReadonlyMap<string, Drift>> => {
    const { books, lookAt, isPolled } = this.options;
    if (isPolled || this.lookedAt !== fingerprint) {
      const found = new Map<string, Layout>();
      // One after the other: several books may lie in one workbook, which is unpacked for each.
      for (const book of books) {
        const { present, mapping, drift } = await lookAt(book, this.whole.get(book.definition.name), signal);
        if (!drift) this.whole.set(book.definition.name, present);
        found.set(book.definition.name, { mapping, drift });
      }
      this.layouts = found;
      this.lookedAt = fingerprint;
    }
    return new Map([...this.layouts].flatMap(([entity, { drift }]) => (drift ? [[entity, drift]] : [])));
  };

  /** The mapping of a book without what rests on missing columns; its own where nothing of it can be read. */
  readable({ name }: EntityDefinition): BookMapping {
    const { source, books } = this.options;
    const layout = this.layouts.get(name);
    const own = books.find(({ definition }) => definition.name === name);
    if (!layout || !own) throw new SourceError(source, 'MISCONFIGURED', `${source} holds no book of ${name}.`);
    return layout.drift?.unreadable ? own.mapping : layout.mapping;
  }
}
