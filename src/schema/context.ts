/** What the resolvers of one operation share. */
import DataLoader from 'dataloader';
import { allDefinitions, definitionOf, type EntityClass, type EntityDefinition } from '../entities/definition.js';
import type { SourceStatus } from '../hub.js';
import type { Identity } from '../identity/identity.js';
import { unlessAborted } from '../sources/abort.js';
import {
  type AskTrace,
  Book,
  type BookCondition,
  type BookKey,
  type Condition,
  type FailureListener,
  type Figure,
  type Grouping,
  isPlain,
  keyOf,
  mergeReports,
  Planner,
  type PlanStep,
  type Rows,
  type RowsRequest,
  type SourceReport,
  type TimeBudget,
  TooManyKeysError,
  type Totals,
  type Trace,
} from '../sources/book.js';
import { type ProbedRequest, probedPage } from '../sources/probe.js';
import type { SourceRegistry } from '../sources/registry.js';
import type { SyncRun } from '../sources/sync/runs.js';
import { HubError } from './errors.js';

/** A batch of one link: keys of one attribute, with everything else the same. */
export interface LinkAsk {
  readonly definitions: readonly EntityDefinition[];
  readonly attribute: string;
}

/** The books of a hub; one for each set of entities, made when first asked. */
export class Books {
  private readonly books = new Map<string, Book>();

  constructor(
    private readonly registry: SourceRegistry,
    private readonly onFailure: FailureListener,
    private readonly make: (definitions: readonly EntityDefinition[]) => Book = (definitions) => new Book(definitions, registry, onFailure),
  ) {}

  of(definitions: readonly EntityDefinition[]): Book {
    const name = definitions.map((definition) => definition.name).join(' ');
    const book = this.books.get(name) ?? this.make(definitions);
    this.books.set(name, book);
    return book;
  }

  /** The same books, which note what they ask of each source and what becomes of it. */
  traced(trace: Trace): Books {
    return new Books(this.registry, this.onFailure, (definitions) => this.of(definitions).traced(trace));
  }

  ofEntity(entity: EntityClass): Book {
    return this.of([definitionOf(entity)]);
  }
}

/** What the hub itself tells the resolvers. */
export interface HubServices {
  readonly books: Books;
  readonly clock: () => Date;
  /** Every source, surveyed. */
  sourceStatuses(signal?: AbortSignal, budget?: TimeBudget): Promise<SourceStatus[]>;
  /** How many sources hold rows of an entity; of all, where it is none. */
  sourcesOf(entity: string): number;
  /** Who the companies are that sources name without a USCC. */
  readonly identity: Identity;
  /** The last runs of a mirrored source, newest first; none of one that is read live. */
  syncRuns(source: string, count: number): Promise<SyncRun[]>;
}

/** What an operation asked of its sources, and how its filters followed links. */
export interface Explanation {
  readonly asks: readonly AskTrace[];
  readonly crossings: readonly PlanStep[];
}

/** What an operation comes with. */
export interface ContextOptions {
  /** Its time; without end unless told. */
  readonly budget?: TimeBudget | undefined;
}

/** The context of one operation: the hub's services and this operation's loaders. */
export class HubContext {
  private readonly loaders = new Map<string, DataLoader<BookKey, unknown, string>>();
  private statuses?: Promise<SourceStatus[]>;

  /** The hub's books, as this operation asks them. */
  readonly books: Books;
  private readonly planner: Planner<SourceReport>;

  constructor(
    readonly hub: HubServices,
    { budget }: ContextOptions = {},
    private readonly trace: Trace = { since: performance.now(), asks: [], reports: [], late: new Map(), budget },
  ) {
    this.books = hub.books.traced(this.trace);
    this.planner = new Planner((entities) => this.books.of(allDefinitions().filter((definition) => entities.includes(definition.name))));
  }

  /** What became of each source that the operation asked so far. */
  reports(): SourceReport[] {
    return mergeReports(this.trace.reports);
  }

  /** What became of the operation so far, for `explain`: every ask of every source, and every link that a filter followed. */
  get explanation(): Explanation {
    return { asks: this.trace.asks, crossings: this.planner.steps };
  }

  /** Every source, surveyed once for the operation. */
  sourceStatuses(): Promise<SourceStatus[]> {
    this.statuses ??= this.hub.sourceStatuses(undefined, this.trace.budget);
    return this.statuses;
  }

  /** What the work gives, unless the operation is over first. For work that no book does. Throws an OperationStopped. */
  async inTime<T>(work: Promise<T>): Promise<T> {
    const { budget } = this.trace;
    return budget ? unlessAborted(work, budget.signal) : work;
  }

  /** The operation is answered. */
  close(): void {
    this.trace.budget?.close();
  }

  /** The rows of one key; all keys of the same link and request go to each source as one batch. */
  rows(link: LinkAsk, request: RowsRequest, key: BookKey): Promise<Rows> {
    const name = `rows ${nameOf(link)} ${stable({ ...request, attributes: [...request.attributes] })}`;
    return this.loader(name, (keys) => this.books.of(link.definitions).byKey(link.attribute, keys, request)).load(key) as Promise<Rows>;
  }

  /** The figures of one key, batched likewise. */
  totals(link: LinkAsk, where: Condition | undefined, groupBy: readonly Grouping[], figures: readonly Figure[], key: BookKey): Promise<Totals> {
    const name = `totals ${nameOf(link)} ${stable({ where, groupBy, figures })}`;
    return this.loader(name, (keys) => this.books.of(link.definitions).totalByKey(link.attribute, keys, where, groupBy, figures)).load(key) as Promise<Totals>;
  }

  /** A condition that crosses books as one that the book of these definitions can answer. Throws a HubError above the bound. */
  async plan(
    definitions: readonly EntityDefinition[],
    condition: BookCondition | undefined,
  ): Promise<{ condition: Condition | undefined; reports: readonly SourceReport[] }> {
    if (!condition || isPlain(condition)) return { condition, reports: [] };
    return withinBound(() =>
      this.planner.plan(
        definitions.map((definition) => definition.name),
        condition,
      ),
    );
  }

  /** A page under a condition that crosses books, out of the next rows of the list; undefined where they do not hold it. Throws a HubError above the bound. */
  async probe(definitions: readonly EntityDefinition[], condition: BookCondition | undefined, request: ProbedRequest): Promise<Rows | undefined> {
    if (!condition || isPlain(condition)) return undefined;
    return withinBound(() => probedPage(this.planner, this.books.of(definitions), condition, request));
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

async function withinBound<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TooManyKeysError) throw new HubError('LIMIT_EXCEEDED', error.message);
    throw error;
  }
}

function nameOf(link: LinkAsk): string {
  return `${link.definitions.map((definition) => definition.name).join(' ')}.${link.attribute}`;
}

/** A text that is the same for equal requests; bigints in it are amounts. */
function stable(request: unknown): string {
  return JSON.stringify(request, (_name, value) => (typeof value === 'bigint' ? `${value}n` : value));
}
