/** What the resolvers of one operation share. */
import type { GraphQLResolveInfo } from 'graphql';
import type { Authorizations } from '../access/authorizations.js';
import { Access, type GrantPlanner, type HiddenNote } from '../access/bound.js';
import type { Consents, ConsentsOnce } from '../access/consents.js';
import { hasDuty, seesWholeBook } from '../access/duties.js';
import { type BookPreview, previewOf } from '../access/preview.js';
import { type CompaniesOf, OperationReads } from '../access/reads.js';
import { tenantAttributeOf } from '../access/rules.js';
import { shownSetAside } from '../access/shown.js';
import type { ReadTrace, TracedOperation, TracedRows, TracedViewer } from '../access/trace.js';
import { granteeOf, hubViewer, ownSource, publicViewer, type Viewer } from '../access/viewer.js';
import { allDefinitions, definitionOf, type EntityClass, type EntityDefinition } from '../entities/definition.js';
import type { SourceStatus } from '../hub.js';
import type { Identity } from '../identity/identity.js';
import { unlessAborted } from '../sources/abort.js';
import {
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
  type Rows,
  type RowsRequest,
  type SourceReport,
  type TimeBudget,
  TooManyKeysError,
  type Totals,
  type Trace,
} from '../sources/book.js';
import { type ProbedRequest, probedPage } from '../sources/probe.js';
import type { ReadNotes } from '../sources/readNotes.js';
import type { SourceRegistry } from '../sources/registry.js';
import type { SyncRun } from '../sources/sync/runs.js';
import { compareText } from '../values/text.js';
import { HubError } from './errors.js';
import { type Explanation, explanationFor, insideSeenBy } from './explanation.js';
import { FieldMemo } from './fieldMemo.js';
import { globalId } from './ids.js';
import { type LinkAsk, Loaders } from './loaders.js';
import {
  hiddenRecord,
  identitySeen,
  type NamedViewer,
  type RecordHidden,
  requireDuty,
  type SourceStatusSeen,
  statusesSeen,
  viewerNamed,
} from './recordsSeen.js';

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

  /** The same books for one operation: each ask is noted, and carries the rules of the viewer who asks. */
  asked(trace: Trace, access: Access | undefined, notes: ReadNotes | undefined): Books {
    return new Books(this.registry, this.onFailure, (definitions) => this.of(definitions).asked(trace, access, notes));
  }

  /** The ids of the sources that hold an entity's rows. */
  sourcesOf(definition: EntityDefinition): string[] {
    return this.registry.holding(definition).map(({ id }) => id);
  }

  ofEntity(entity: EntityClass): Book {
    return this.of([definitionOf(entity)]);
  }
}

/** What the hub itself tells the resolvers. */
export interface HubServices {
  readonly books: Books;
  readonly clock: () => Date;
  /** Every source, surveyed where that is said (all of them unless told), else asked whether it answers. */
  sourceStatuses(signal?: AbortSignal, budget?: TimeBudget, isSurveyed?: (source: string) => boolean): Promise<SourceStatus[]>;
  /** How many sources hold rows of an entity; of all, where it is none. */
  sourcesOf(entity: string): number;
  /** Who the companies are that sources name without a USCC. */
  readonly identity: Identity;
  /** What tenants have authorised. */
  readonly consents: Consents;
  /** Who asks for authorizations, grants and revokes them. */
  readonly authorizations: Authorizations;
  /** The record of who read what is not public. */
  readonly readTrace: ReadTrace;
  /** The last runs of a mirrored source, newest first; none of one that is read live. */
  syncRuns(source: string, count: number): Promise<SyncRun[]>;
}

/** What a field lacks for the viewer, as `extensions.hidden` says it. */
export interface HiddenField extends Omit<HiddenNote, 'keys' | 'reason'> {
  /** SMALL_GROUP: a figure of so few companies that one could be told from it. */
  readonly reason: HiddenNote['reason'] | 'SMALL_GROUP';
  /** The ids of the rows in which it is null, where other rows of that source may show it; null where none does. */
  readonly ids: readonly string[] | null;
}

/** Who asks, and what the operation shares with the hub's own asks within it. */
export interface ContextOptions {
  /** Anyone unless told. */
  readonly viewer?: Viewer;
  /** The address that asks; none where it is asked from within. */
  readonly address?: string | undefined;
  /** The operation's time; without end unless told. */
  readonly budget?: TimeBudget | undefined;
  /** What is read leaves as a file: the SHA-256 of the document that the client sent; undefined for an answer. */
  readonly exported?: string | undefined;
}

/** What is asked, as the trace records it. */
export type OperationAsked = Pick<TracedOperation, 'operation' | 'document' | 'exported'>;

/** The context of one operation: who asks, the hub's services, and this operation's loaders. */
export class HubContext {
  private readonly loaders = new Loaders((definitions) => this.books.of(definitions));
  private readonly fields = new FieldMemo();
  private statuses?: Promise<SourceStatusSeen[]>;
  private readonly hiddenRecords = new Map<string, HiddenField>();

  /** What the operation may cost; set where that is reckoned. */
  cost: Explanation['cost'];
  /** Who asks. */
  readonly viewer: Viewer;
  private readonly address: string | null;
  /** The SHA-256 of the document whose rows leave as a file; undefined for an answer. */
  readonly exported: string | undefined;
  /** The hub's books, as the viewer sees them. */
  readonly books: Books;
  /** Who companies are, as far as the viewer may see and say. */
  readonly identity: Identity;
  private readonly access: Access | undefined;
  private readonly planner: Planner<SourceReport>;
  private readonly reads: OperationReads | undefined;
  private hubs?: HubContext;
  /** What companies have authorised, as it held when the operation looked. */
  private heldConsents?: ConsentsOnce;

  constructor(
    readonly hub: HubServices,
    { viewer = publicViewer, address, budget, exported }: ContextOptions = {},
    private readonly trace: Trace = { since: performance.now(), asks: [], reports: [], late: new Map(), seesInside: insideSeenBy(viewer), budget },
  ) {
    this.viewer = viewer;
    this.address = address ?? null;
    this.exported = exported;
    this.identity = identitySeen(viewer, hub.identity, this.hideRecord, (reads) => this.reads?.also(reads));
    // What a viewer holds (the funds of an investor) is looked up as the hub: it is not to be seen for that.
    const plan: GrantPlanner = async (entity, condition) =>
      isPlain(condition) ? condition : (await this.asHub.plan(definitionsNamed([entity]), condition)).condition;
    this.access = viewer.kind === 'SYSTEM' ? undefined : new Access(viewer, this.consents, plan);
    // What anyone may read needs no record, and what the hub reads for itself leaves it for no answer.
    this.reads = viewer.kind === 'SYSTEM' || viewer.kind === 'PUBLIC' ? undefined : new OperationReads(companiesOf(hub.books));
    this.books = hub.books.asked(this.trace, this.access, this.reads);
    this.planner = new Planner((entities) => this.books.of(definitionsNamed(entities)));
  }

  /**
   * This operation as the hub itself asks it: sees all. Only for what is public though it rests on rows that are not (the
   * figures of the park), and for what decides what a viewer sees; no row that it gives may reach an answer.
   */
  get asHub(): HubContext {
    if (this.viewer.kind === 'SYSTEM') return this;
    this.hubs ??= new HubContext(this.hub, { viewer: hubViewer }, this.trace);
    return this.hubs;
  }

  /** What the operation's answers lack for the viewer so far, and why. */
  hidden(): HiddenField[] {
    const fields = (this.access?.hidden() ?? []).map(({ keys, ...note }) => ({
      ...note,
      ids: keys?.map((key) => globalId({ entity: note.entity, source: note.source, key })) ?? null,
    }));
    return [...fields, ...[...this.hiddenRecords].sort(([a], [b]) => compareText(a, b)).map(([, record]) => record)];
  }

  /** What another viewer sees of every book. Throws a HubError for who may not ask, and for what is no viewer. */
  whatCanSee(named: NamedViewer): Promise<BookPreview[]> {
    requireDuty(this.viewer, 'PREVIEW');
    const viewer = viewerNamed(named);
    const parts = allDefinitions().flatMap((definition) => this.hub.books.sourcesOf(definition).map((source) => ({ definition, source })));
    return Promise.all(parts.map(({ definition, source }) => previewOf(viewer, definition, source, this.consents)));
  }

  /**
   * Records what the operation read that is not public; gives back when the record is on the disk. To be awaited before an
   * answer leaves. Throws where it cannot be recorded: then the answer must not leave.
   */
  async recordReads(about: OperationAsked): Promise<void> {
    const reads = await this.reads?.take();
    if (!reads || reads.length === 0) return;
    await this.hub.readTrace.write({
      at: this.hub.clock().toISOString(),
      viewer: tracedViewer(this.viewer),
      ...about,
      address: this.address,
      reads,
      authorizations: await authorizationsOf(this.viewer, reads, this.authorizations),
    });
  }

  private get authorizations(): ConsentsOnce {
    this.heldConsents ??= this.hub.authorizations.once();
    return this.heldConsents;
  }

  private get consents(): Consents {
    return this.hub.consents === this.hub.authorizations ? this.authorizations : this.hub.consents;
  }

  /** What became of each source that the operation asked so far. */
  reports(): SourceReport[] {
    return mergeReports(this.trace.reports);
  }

  /** The operation's way so far, for `explain`, as far as the viewer may see it. */
  get explanation(): Explanation {
    return explanationFor(this.viewer, { cost: this.cost, asks: this.trace.asks, crossings: this.planner.steps });
  }

  /** Every source, looked at once for the operation, as the viewer sees it. */
  sourceStatuses(): Promise<SourceStatusSeen[]> {
    this.statuses ??= this.hub
      .sourceStatuses(undefined, this.trace.budget, this.trace.seesInside)
      .then((statuses) => statusesSeen(this.viewer, statuses, this.hideRecord));
    return this.statuses;
  }

  /** Rows that were set aside, shown as they came: to be on record with what the books gave. */
  setAsideShown(source: string, entity: string, rows: number): void {
    this.reads?.also(shownSetAside(source, entity, rows));
  }

  /** The last runs of a source, newest first, where the viewer may see them. */
  async syncRuns(source: string, count: number): Promise<SyncRun[]> {
    if (hasDuty(this.viewer, 'SEE_SYNC_RUNS', source)) return this.hub.syncRuns(source, count);
    this.hideRecord(source, 'Source', 'syncRuns');
    return [];
  }

  /** Whether the viewer sees every row of an entity's books whole. */
  async seesWhole(definition: EntityDefinition): Promise<boolean> {
    const sees = await Promise.all(this.hub.books.sourcesOf(definition).map((source) => seesWholeBook(this.viewer, definition.name, source)));
    return sees.every(Boolean);
  }

  /** Notes that something is hidden that is no attribute of a row: `extensions.hidden`. */
  readonly hideRecord: RecordHidden = (source, record, attribute, reason) => {
    this.hiddenRecords.set(`${record} ${attribute} ${source}`, hiddenRecord(source, record, attribute, reason));
  };

  /** What the work gives, unless the operation is over first. For work that no book does. Throws an OperationStopped. */
  async inTime<T>(work: Promise<T>): Promise<T> {
    const { budget } = this.trace;
    return budget ? unlessAborted(work, budget.signal) : work;
  }

  /** The operation is answered. */
  close(): void {
    this.trace.budget?.close();
  }

  /** What a field of the operation works out of the document alone, once however many rows have the field. */
  once<T>(info: GraphQLResolveInfo, owner: object, make: () => T): T {
    return this.fields.once(info, owner, make);
  }

  /** The rows of one key; all keys of the same link and request go to each source as one batch. */
  rows(link: LinkAsk, request: RowsRequest, key: BookKey): Promise<Rows> {
    return this.loaders.rows(link, request, key);
  }

  /** The figures of one key, batched likewise. */
  totals(link: LinkAsk, where: Condition | undefined, groupBy: readonly Grouping[], figures: readonly Figure[], key: BookKey): Promise<Totals> {
    return this.loaders.totals(link, where, groupBy, figures, key);
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
}

/** Finds the companies of rows that name them by another row: as the hub itself, and for the trace only. */
export function companiesOf(books: Books): CompaniesOf {
  return async (definition, source, keys) => {
    const about = tenantAttributeOf(definition) as string;
    const asked = keys.map((value) => ({ value, source }));
    const found = await books
      .of([definition])
      .byKey(definition.key ?? 'key', asked, { order: [], limit: 1, attributes: new Map([[definition.name, [about]]]) });
    return new Map(
      asked.flatMap((key) => (found.get(keyOf(key))?.rows ?? []).flatMap((row): [string, string][] => (row[about] ? [[key.value, String(row[about])]] : []))),
    );
  };
}

function tracedViewer(viewer: Viewer): TracedViewer {
  const { kind, name, via } = viewer;
  const of = viewer.kind === 'TENANT' ? viewer.uscc : viewer.kind === 'PARK' ? viewer.role : (ownSource(viewer) ?? null);
  return { kind, name, via, of };
}

/** The authorizations under which rows were read that are neither the viewer's own nor about itself. */
async function authorizationsOf(viewer: Viewer, reads: readonly TracedRows[], authorizations: ConsentsOnce): Promise<number[]> {
  const grantee = granteeOf(viewer);
  const others = reads.filter(({ source }) => source !== grantee);
  if (grantee === undefined || others.length === 0) return [];
  const idsOf = await authorizations.authorizations(grantee);
  const found = others.flatMap(({ companies, scopes }) => [...(companies?.keys() ?? [])].flatMap((uscc) => scopes.flatMap((scope) => idsOf(uscc, scope))));
  return [...new Set(found)].sort((a, b) => a - b);
}

function definitionsNamed(entities: readonly string[]): EntityDefinition[] {
  return allDefinitions().filter((definition) => entities.includes(definition.name));
}

async function withinBound<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TooManyKeysError) throw new HubError('LIMIT_EXCEEDED', error.message);
    throw error;
  }
}
