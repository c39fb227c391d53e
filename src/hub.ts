/** The hub: a park's folder, its store and its sources, behind one schema. */
import { join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { type Authenticate, createAuthenticate } from './access/authenticate.js';
import { AuthorizationLog } from './access/authorizationLog.js';
import { Authorizations } from './access/authorizations.js';
import type { Consents } from './access/consents.js';
import { OidcTokens } from './access/oidc.js';
import { type ShownCompany, type ShownDecision, type ShownRows, shownCompanies, shownDecisions, shownRows } from './access/shown.js';
import { HubTokens } from './access/tokens.js';
import { ReadTrace } from './access/trace.js';
import type { Environment } from './config/environment.js';
import { loadPark } from './config/park.js';
import { type ConfigProblem, describeProblem } from './config/problem.js';
import { isMirrored } from './config/sourceFile.js';
import { allDefinitions } from './entities/definition.js';
import { Decisions } from './identity/decisions.js';
import { createIdentity, type Identity } from './identity/identity.js';
import { declare, mirror, openLive, registerMirror, type Surroundings } from './openSources.js';
import { regionsOf } from './rules/companyName.js';
import { hubSchema } from './schema/build.js';
import { Books, type ContextOptions, companiesOf, HubContext } from './schema/context.js';
import { DEFAULT_LIMITS, type Limits } from './schema/limits.js';
import { TimeBudget } from './sources/budget.js';
import { identifiedBooks, withDesignations } from './sources/identity/designation.js';
import { decoded, identified as identifiedSource } from './sources/identity/identified.js';
import type { MirrorStore } from './sources/mirror.js';
import { REGISTER, registerFeed } from './sources/register.js';
import { type RegisteredSource, type SourceDeclaration, SourceRegistry } from './sources/registry.js';
import { type Answering, type Row, type SetAside, type Source, SourceError, type StatementListener, type Survey } from './sources/source.js';
import { type KeptSyncs, Mirrors, type SyncKeeping, type SyncOrder, type SyncOutcome } from './sources/sync/mirrors.js';
import { openStore } from './store/store.js';
import { hubVersion } from './version.js';

/** What a hub is opened with. */
export interface HubOptions {
  readonly parkFolder: string;
  readonly environment: Environment;
  readonly log: Logger;
  /** The present; the machine's clock unless told. */
  readonly clock?: () => Date;
  /** Called for every statement or request that a source receives. */
  readonly onStatement?: StatementListener;
  /** What tenants have authorised; what the store says unless told. */
  readonly consents?: Consents;
  /** Gives what stands in each source's place once it is open: itself unless told. For tests and measurements of faults. */
  readonly intercept?: (source: Source) => Source;
}

/** What `parkhub sources` and the graph's `sources` say of one source. */
export interface SourceStatus {
  readonly id: string;
  readonly title: string;
  readonly connector: SourceDeclaration['connector'];
  /** Its rows are made up. */
  readonly demonstration: boolean;
  /** STALE: it does not answer, and its last good copy does. */
  readonly state: 'LIVE' | 'MIRRORED' | 'STALE' | 'UNAVAILABLE';
  /** As of when its rows speak; null while it is unavailable. */
  readonly asOf: string | null;
  /** Why it is stale or unavailable, for people; null else. */
  readonly message: string | null;
  /** What the last full reading found, by entity. */
  readonly books: readonly Survey[];
}

/** A row as it came, and as it was mapped or why it was set aside. */
export interface SampledRow {
  readonly raw: Readonly<Record<string, unknown>>;
  readonly row: Row | SetAside;
}

/** A hub that is open. */
export interface Hub {
  readonly parkId: string;
  readonly parkName: string;
  readonly schema: GraphQLSchema;
  /** What is wrong with park.yml or a source.yml; the hub runs without the sources concerned. */
  readonly problems: readonly ConfigProblem[];
  /** Names of the migrations that opening the store ran. */
  readonly migrated: readonly string[];
  /** Surveys every source anew. */
  sourceStatuses(signal?: AbortSignal): Promise<SourceStatus[]>;
  /** A few rows of one book of a source. Throws a SourceError where the source does not answer. */
  sample(source: string, entity: string, count: number): Promise<SampledRow[]>;
  /** The sources that are copied into the store, by id. */
  readonly mirrored: readonly string[];
  /** Copies mirrored sources anew, one after the other. Throws a SourceError for one that is not mirrored; what fails is in its outcome. */
  sync(sources: readonly string[], order: SyncOrder): Promise<SyncOutcome[]>;
  /** Copies mirrored sources by their schedules from now on. What it starts is to be stopped before the hub is closed. */
  keepSyncing(keeping: SyncKeeping): KeptSyncs;
  /** Who the companies are that sources name without a USCC. */
  readonly identity: Identity;
  /**
   * Records what a command shows of what is not public to who runs it on the hub's machine; gives back when the record is
   * committed. To be awaited before it is shown. Throws where it cannot be recorded.
   *
   * @param by the login name
   */
  recordShown(shown: ShownByCommand, command: string, by: string): Promise<void>;
  /** The tokens that the hub makes. */
  readonly tokens: HubTokens;
  /** Who sent a request, by its Authorization header. Throws an UnauthenticatedError for one that is not accepted. */
  readonly authenticate: Authenticate;
  /** What companies let partners read. */
  readonly authorizations: Authorizations;
  /** What one operation may ask, and how long it may take. */
  readonly limits: Limits;
  /** The context of one operation: who asks (anyone unless told), its loaders, its reports, its time, which runs from now. */
  createContext(operation?: OperationOptions): object;
  close(): Promise<void>;
}

/** What a command shows of what is not public. */
export interface ShownByCommand {
  readonly rows?: readonly ShownRows[];
  readonly companies?: readonly ShownCompany[];
  readonly decisions?: readonly ShownDecision[];
}

/** What the context of one operation is made with. */
export interface OperationOptions extends Omit<ContextOptions, 'budget'> {
  /** Aborted when nobody waits for the answer any more: the operation's work is ended. */
  readonly gone?: AbortSignal;
}

/** The folder is no park, or its park.yml is wrong. */
export class NotAParkError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(describeProblem).join('\n'));
    this.name = 'NotAParkError';
  }
}

/** How long one ask of the hub's own store may take, in milliseconds. */
const STORE_DEADLINE = 10_000;
/** Asks of the hub's own store that run at once: it is one process with the hub, and nothing is gained by making them wait. */
const STORE_AT_ONCE = 1_000;

/**
 * Opens the hub of a park: reads its folder, migrates its store, and declares its sources, which are opened when they
 * are first asked.
 *
 * @throws NotAParkError, StoreTooNewError
 */
export async function openHub(options: HubOptions): Promise<Hub> {
  const { parkFolder, environment, log, clock = () => new Date(), onStatement, intercept = (source) => source } = options;
  const loaded = await loadPark(parkFolder);
  if (!loaded.ok) throw new NotAParkError(loaded.problems);
  const { park } = loaded;
  const identified = new Map(loaded.sources.map(({ file }) => [file.id, identifiedBooks(file)]));
  const sources = loaded.sources.map((source) => ({ ...source, file: withDesignations(source.file) }));
  const store = await openStore(storeFileOf(environment, park.id));
  const mirrorStore = { ...store, exclusively: oneAtATime() };
  const version = formOfRows();
  const register = await registerFeed(
    parkFolder,
    park,
    sources.map((source) => source.file),
    version,
  );

  const decisions = new Decisions(mirrorStore);
  const codeLists = (source: string, entity: string) => {
    const attributes = identified.get(source)?.get(entity);
    return attributes && (() => decisions.codeLists(source, attributes));
  };
  const surroundings: Surroundings = { environment, store: mirrorStore, clock, version, identified, onStatement };
  const mirrors = new Mirrors(
    [registerMirror(register.feed, surroundings), ...sources.filter(({ file }) => isMirrored(file)).map((source) => mirror(source, surroundings))],
    clock,
  );
  const declarations: SourceDeclaration[] = [
    {
      id: REGISTER,
      title: park.name,
      connector: 'store',
      demonstration: park.demonstration,
      entities: new Set(register.feed.definitions.map((definition) => definition.name)),
      deadline: STORE_DEADLINE,
      atOnce: STORE_AT_ONCE,
      open: async () => intercept(await mirrors.open(REGISTER)),
    },
    ...sources.map((source) => ({
      ...declare(source, surroundings, async () =>
        intercept(isMirrored(source.file) ? await mirrors.open(source.file.id) : await openLive(source, surroundings)),
      ),
      identify: (entity: string, open: Answering) => {
        const lists = codeLists(source.file.id, entity);
        return lists ? identifiedSource(open, lists) : open;
      },
    })),
  ];
  const warn = (error: SourceError, message: string): void => log.warn({ source: error.source, reason: error.reason, err: error.cause ?? error }, message);
  const registry = new SourceRegistry(declarations, clock, (error) =>
    warn(error, `The last good copy of ${error.source} could not be taken: ${error.message}`),
  );
  const books = new Books(registry, (error) => warn(error, error.message));
  const authorizations = new Authorizations({ log: new AuthorizationLog(mirrorStore), registry, clock });
  const readTrace = new ReadTrace(traceFileOf(environment, park.id), park.id);
  const services = {
    books,
    clock,
    authorizations,
    consents: options.consents ?? authorizations,
    readTrace,
    syncRuns: mirrors.runs.bind(mirrors),
    identity: createIdentity({
      registry,
      decisions,
      identified: new Map([...identified].filter(([, books]) => books.size > 0)),
      regions: regionsOf(park.areaCode, park.city),
      clock,
    }),
    sourceStatuses: (signal?: AbortSignal, budget?: TimeBudget, isSurveyed: (source: string) => boolean = () => true) =>
      Promise.all(registry.all().map((source) => (isSurveyed(source.id) ? statusOf(source, signal, budget) : stateOf(source, budget)))),
    sourcesOf: (entity: string) => registry.all().filter((source) => source.declaration.entities.has(entity)).length || registry.all().length,
  };

  const tokens = new HubTokens(mirrorStore, clock, (error) => log.warn({ err: error }, 'The time of a last use of tokens could not be written.'));
  const { oidc } = environment.settings;
  const oidcTokens =
    oidc && new OidcTokens(oidc, park.viewers, clock, (error) => log.warn({ err: error }, 'The keys of the issuer of access tokens could not be fetched.'));
  const limits: Limits = { ...DEFAULT_LIMITS, ...park.limits };

  return {
    parkId: park.id,
    parkName: park.name,
    schema: await hubSchema(),
    problems: [...loaded.problems, ...register.problems],
    migrated: store.migrated,
    sourceStatuses: services.sourceStatuses,
    sample: async (id, entity, count) => {
      const source = registry.get(id);
      if (!source) throw new SourceError(id, 'MISCONFIGURED', `There is no source ${id}.`);
      const rows = await source.ask((open, signal) => open.sample(entity, count, signal));
      const lists = await codeLists(id, entity)?.();
      return lists ? rows.map(({ raw, row }) => ({ raw, row: decoded(row, lists) })) : rows;
    },
    identity: services.identity,
    recordShown: async ({ rows = [], companies = [], decisions = [] }, command, by) => {
      const reads = [...(await shownRows(rows, companiesOf(books))), ...shownCompanies(companies), ...shownDecisions(decisions)];
      if (reads.length === 0) return;
      const viewer = { kind: 'SYSTEM', name: by, via: 'cli', of: null };
      const about = { operation: command, document: null, address: null, exported: false };
      await readTrace.write({ at: clock().toISOString(), viewer, ...about, reads, authorizations: [] });
    },
    authorizations,
    mirrored: mirrors.ids,
    sync: (ids, order) => mirrors.sync(ids, order),
    keepSyncing: (keeping) => mirrors.keep(keeping),
    tokens,
    authenticate: createAuthenticate(tokens, oidcTokens, new Map(loaded.sources.map(({ file }) => [file.id, file.partner.kind]))),
    limits,
    createContext: ({ gone, ...options } = {}) => new HubContext(services, { ...options, budget: new TimeBudget(limits.timeBudget, gone) }),
    close: async () => {
      await tokens.settle();
      await registry.close();
      await mirrors.close();
      await readTrace.close();
      await store.close();
    },
  };
}

/** The file of a park's store. */
export function storeFileOf(environment: Environment, parkId: string): string {
  return join(environment.settings.store, `${parkId}.db`);
}

/** The file of a park's trace of reads. */
export function traceFileOf(environment: Environment, parkId: string): string {
  return join(environment.settings.store, `${parkId}.trace.db`);
}

async function statusOf(source: RegisteredSource, stopped: AbortSignal | undefined, budget: TimeBudget | undefined): Promise<SourceStatus> {
  const { id, title, connector, demonstration, copy } = source.declaration;
  const common = { id, title, connector, demonstration };
  try {
    const { source: open, books } = await source.survey(stopped, budget);
    return { ...common, state: open.how, asOf: open.asOf(), message: null, books };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const asOf = await copy?.oldest();
    return { ...common, state: asOf === undefined ? 'UNAVAILABLE' : 'STALE', asOf: asOf ?? null, message: error.message, books: [] };
  }
}

/** Whether a source answers, for those who are told no more of it: one row is asked for, not every row of every book. */
async function stateOf(source: RegisteredSource, budget: TimeBudget | undefined): Promise<SourceStatus> {
  const { id, title, connector, demonstration, entities } = source.declaration;
  const common = { id, title, connector, demonstration, books: [] };
  const [entity = ''] = entities;
  const order = [{ attribute: 'key', descending: false, nullsFirst: false }];
  const ask = { entity, attributes: [], where: undefined, order, after: undefined, limit: 1 };
  try {
    const { how, asOf, fault } = await source.answer({ entity, attributes: [] }, (open, signal) => open.rows(ask, signal), undefined, budget);
    return { ...common, state: how === 'LAST_GOOD_COPY' ? 'STALE' : how, asOf, message: fault?.message ?? null };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { ...common, state: 'UNAVAILABLE', asOf: null, message: error.message };
  }
}

/** What a raw row becomes depends on the hub's version and its entity files: a copy made by others is made anew. */
function formOfRows(): string {
  const entities = allDefinitions().map(({ name, attributes }) => [
    name,
    [...attributes.values()].map((attribute) => [attribute.name, attribute.kind, attribute.nullable, attribute.enum?.values]),
  ]);
  return JSON.stringify([hubVersion(), entities]);
}

/** Runs pieces of work one after the other: SQLite has one writer, and TypeORM one connection to it. */
function oneAtATime(): MirrorStore['exclusively'] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}
