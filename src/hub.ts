/** The hub: a park's folder, its store and its sources, behind one schema. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { type Authenticate, createAuthenticate } from './access/authenticate.js';
import { AuthorizationLog } from './access/authorizationLog.js';
import { Authorizations } from './access/authorizations.js';
import type { Consents } from './access/consents.js';
import { OidcTokens } from './access/oidc.js';
import { HubTokens } from './access/tokens.js';
import { ReadTrace } from './access/trace.js';
import type { Environment } from './config/environment.js';
import { type LoadedSource, loadPark } from './config/park.js';
import { type ConfigProblem, describeProblem } from './config/problem.js';
import { isMirrored, type SourceFile, type SqlSourceFile } from './config/sourceFile.js';
import { allDefinitions, type EntityDefinition } from './entities/definition.js';
import { Decisions } from './identity/decisions.js';
import { createIdentity, type Identity } from './identity/identity.js';
import { regionsOf } from './rules/companyName.js';
import { hubSchema } from './schema/build.js';
import { Books, type ContextOptions, HubContext } from './schema/context.js';
import { openDrop } from './sources/connectors/file/drop.js';
import { HttpClient } from './sources/connectors/http/client.js';
import { createHttpSource } from './sources/connectors/http/httpSource.js';
import { FOR_A_COPY } from './sources/connectors/http/retry.js';
import { LiveSqlSource } from './sources/connectors/sql/liveSource.js';
import { openPartnerDatabase } from './sources/connectors/sql/openDatabase.js';
import type { SqlDatabase } from './sources/connectors/sql/reader.js';
import { dropFeed } from './sources/dropFeed.js';
import { httpFeed } from './sources/httpFeed.js';
import { designated, type IdentifiedAttributes, identifiedBooks, withDesignations } from './sources/identity/designation.js';
import { decoded, identified as identifiedSource } from './sources/identity/identified.js';
import { LastGoodCopy } from './sources/lastGoodCopy.js';
import { MirroredSource, type MirrorFeed, type MirrorStore } from './sources/mirror.js';
import { REGISTER, registerFeed } from './sources/register.js';
import { type RegisteredSource, type SourceDeclaration, SourceRegistry } from './sources/registry.js';
import { type Answering, type Row, type SetAside, type Source, SourceError, type StatementListener, type Survey } from './sources/source.js';
import { sqlFeed } from './sources/sqlFeed.js';
import { type KeptSyncs, type MirrorDeclaration, Mirrors, type SyncKeeping, type SyncOrder, type SyncOutcome } from './sources/sync/mirrors.js';
import { openStore, type Store } from './store/store.js';
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
  /** The tokens that the hub makes. */
  readonly tokens: HubTokens;
  /** Who sent a request, by its Authorization header. Throws an UnauthenticatedError for one that is not accepted. */
  readonly authenticate: Authenticate;
  /** What companies let partners read. */
  readonly authorizations: Authorizations;
  /** The context of one operation: who asks (anyone unless told), its loaders, its reports. */
  createContext(options?: ContextOptions): object;
  close(): Promise<void>;
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
    sourceStatuses: (signal?: AbortSignal) => Promise.all(registry.all().map((source) => statusOf(source, signal))),
  };

  const tokens = new HubTokens(mirrorStore, clock, (error) => log.warn({ err: error }, 'The time of a last use of tokens could not be written.'));
  const { oidc } = environment.settings;
  const oidcTokens =
    oidc && new OidcTokens(oidc, park.viewers, clock, (error) => log.warn({ err: error }, 'The keys of the issuer of access tokens could not be fetched.'));

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
    authorizations,
    mirrored: mirrors.ids,
    sync: (ids, order) => mirrors.sync(ids, order),
    keepSyncing: (keeping) => mirrors.keep(keeping),
    tokens,
    authenticate: createAuthenticate(tokens, oidcTokens),
    createContext: (options) => new HubContext(services, options),
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

interface Surroundings {
  readonly environment: Environment;
  readonly store: MirrorStore & Store;
  readonly clock: () => Date;
  readonly version: string;
  /** The attributes of each source's books that hold what a partner calls a company. */
  readonly identified: ReadonlyMap<string, ReadonlyMap<string, IdentifiedAttributes>>;
  readonly onStatement: StatementListener | undefined;
}

function declare({ file }: LoadedSource, { version, identified, ...stores }: Surroundings, open: () => Promise<Source>): SourceDeclaration {
  const definitions = [...definitionsByName(identified.get(file.id)).values()].filter(({ name }) => Object.hasOwn(file.books, name));
  const form = createHash('sha256')
    .update(JSON.stringify([version, file]))
    .digest('hex');
  return {
    id: file.id,
    title: file.title,
    connector: file.connector,
    demonstration: file.demonstration ?? false,
    entities: new Set(Object.keys(file.books)),
    deadline: file.deadline,
    policy: file.policy,
    atOnce: file.atOnce,
    breaker: file.breaker,
    // Of a mirrored source the copy that answers is the mirror itself.
    copy: file.policy === 'stale' ? new LastGoodCopy({ ...stores, id: file.id, definitions, form: isMirrored(file) ? undefined : form }) : undefined,
    open,
  };
}

/** The park's own register: LIVE, for the copy is looked after at every ask. */
function registerMirror(feed: MirrorFeed, { store, clock, onStatement }: Surroundings): MirrorDeclaration {
  return { id: REGISTER, open: async () => new MirroredSource({ id: REGISTER, how: 'LIVE', isAlone: true, feed, store, clock, onStatement }) };
}

function mirror(source: LoadedSource, surroundings: Surroundings): MirrorDeclaration {
  const { id, sync, timeZone, deadline, policy } = source.file;
  const { store, clock, onStatement } = surroundings;
  const open = async (): Promise<MirroredSource> =>
    new MirroredSource({
      id,
      how: 'MIRRORED',
      feed: feedOf(source, surroundings),
      store,
      clock,
      onStatement,
      isScheduled: sync !== undefined,
      keepsWhole: policy === 'stale',
      // Who asks gets the older copy in time, where there is one.
      patience: deadline / 2,
    });
  return { id, schedule: sync && { pattern: sync.schedule, timeZone }, open };
}

function feedOf({ file, folder }: LoadedSource, { environment, clock, version, identified, onStatement = () => undefined }: Surroundings): MirrorFeed {
  const definitions = definitionsByName(identified.get(file.id));
  switch (file.connector) {
    case 'file':
      return dropFeed(openDrop(file.id, folder, file), file, definitions, version);
    case 'sql':
      return sqlFeed({ file, openDatabase: () => openDatabase(file, folder, environment), definitions, version, clock, onStatement });
    case 'http': {
      const client = new HttpClient({
        source: file.id,
        url: secret(file, environment, file.url.env),
        token: secret(file, environment, file.token.env),
        tokenHeader: file.token.header,
        deadline: file.deadline,
        patience: FOR_A_COPY,
      });
      return httpFeed({ file, client, definitions, version, clock, onStatement });
    }
  }
}

async function openLive({ file, folder }: LoadedSource, { environment, clock, identified, onStatement }: Surroundings): Promise<Source> {
  const definitions = definitionsByName(identified.get(file.id));
  switch (file.connector) {
    case 'sql':
      return new LiveSqlSource({ file, definitions, database: await openDatabase(file, folder, environment), clock, onStatement });
    case 'http':
      return createHttpSource({
        id: file.id,
        file,
        url: secret(file, environment, file.url.env),
        token: secret(file, environment, file.token.env),
        definitions: definitions.values(),
        onStatement: onStatement ?? (() => undefined),
        clock,
      });
    case 'file':
      throw new Error(`${file.id}: files are never read live.`);
  }
}

/** Every definition as a source holds it. */
function definitionsByName(identified: ReadonlyMap<string, IdentifiedAttributes> | undefined): ReadonlyMap<string, EntityDefinition> {
  return new Map(allDefinitions().map((definition) => [definition.name, designated(definition, identified?.get(definition.name))]));
}

function openDatabase(file: SqlSourceFile, folder: string, environment: Environment): Promise<SqlDatabase> {
  return openPartnerDatabase(file, folder, (name) => secret(file, environment, name));
}

function secret(file: SourceFile, environment: Environment, name: string): string {
  const value = environment.secret(name);
  if (value === undefined) throw new SourceError(file.id, 'MISCONFIGURED', `${file.id} needs ${name} in the environment of the hub, and it is not set.`);
  return value;
}

async function statusOf(source: RegisteredSource, stopped: AbortSignal | undefined): Promise<SourceStatus> {
  const { id, title, connector, demonstration, copy } = source.declaration;
  const common = { id, title, connector, demonstration };
  try {
    const { source: open, books } = await source.survey(stopped);
    return { ...common, state: open.how, asOf: open.asOf(), message: null, books };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const asOf = await copy?.oldest();
    return { ...common, state: asOf === undefined ? 'UNAVAILABLE' : 'STALE', asOf: asOf ?? null, message: error.message, books: [] };
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
