/** A hub for tests: a park's folder, a store of its own, the stand-in for the partners' APIs, and what its sources received. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DocumentNode, type ExecutionResult, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import pino from 'pino';
import { startPartnerApi } from '../../demo/partner-api/server.js';
import type { Consents } from '../../src/access/consents.js';
import { hubViewer, type Viewer } from '../../src/access/viewer.js';
import { createEnvironment } from '../../src/config/environment.js';
import { Executor } from '../../src/execution/executor.js';
import { type Hub, openHub } from '../../src/hub.js';
import type { HubContext } from '../../src/schema/context.js';
import type { Source, Statement } from '../../src/sources/source.js';
import { root } from './commandLine.js';

/** An open hub with what its sources received. */
export interface TestHub {
  readonly hub: Hub;
  /** The folder of its store. */
  readonly store: string;
  /** Every statement and request since the last `statements.length = 0`. */
  readonly statements: Statement[];
  /** Executes a document; gives data and errors by the hub's executor. */
  execute(document: string, variables?: Readonly<Record<string, unknown>>): Promise<ExecutionResult>;
  /** The data of a document, as plain JSON. Throws its errors. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape
  ask(document: string, variables?: Readonly<Record<string, unknown>>): Promise<any>;
  /** How many statements or requests each source received for a document that was run once before, so that surveys and snapshots are made. */
  counts(document: string, variables?: Readonly<Record<string, unknown>>): Promise<Record<string, number>>;
  close(): Promise<void>;
}

/** What a test's hub may have of its own. */
export interface TestHubOptions {
  /** The park's folder; the demo park unless told. */
  readonly parkFolder?: string;
  /** The folder of the partner APIs' data; the demo's unless told. */
  readonly partnerData?: string;
  /** The folder of another hub's store, to go on with; a new one unless told. */
  readonly store?: string;
  /** Variables over those of the stand-in; undefined unsets. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  readonly clock?: () => Date;
  /** What stands in a source's place once it is open: itself unless told. */
  readonly intercept?: (source: Source) => Source;
  /** Who asks; a viewer that sees all unless told. */
  readonly viewer?: Viewer;
  /** What tenants have authorised; nothing unless told. */
  readonly consents?: Consents;
}

/** The demo park's folder. */
export const demoPark = join(root, 'parks/xinxiang');

/** The data of the demo's partner APIs. */
export const demoPartnerData = join(root, 'demo/partner-api/data');

/** Opens a hub on a park, with a store in a temporary folder. */
export async function openTestHub(options: TestHubOptions = {}): Promise<TestHub> {
  const store = options.store ?? (await mkdtemp(join(tmpdir(), 'parkhub-store-')));
  const partners = await startPartnerApi({ dataFolder: options.partnerData ?? demoPartnerData });
  const statements: Statement[] = [];
  const environment = createEnvironment({ PARKHUB_STORE: store })
    .overlay(partners.environment)
    .overlay(options.variables ?? {});
  const { viewer = hubViewer } = options;
  const opened = await openHub({
    parkFolder: options.parkFolder ?? demoPark,
    environment,
    log: pino({ level: 'silent' }),
    onStatement: (statement) => statements.push(statement),
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.intercept ? { intercept: options.intercept } : {}),
    ...(options.consents ? { consents: options.consents } : {}),
  });
  // Who asks this hub, by itself or over a server that a test starts on it.
  const hub: Hub = {
    ...opened,
    createContext: (given) => opened.createContext({ viewer, ...given }),
    authenticate: async (authorization) => (authorization === undefined ? viewer : opened.authenticate(authorization)),
  };
  const executor = new Executor(hub.schema);
  const execute = async (document: string, variables: Readonly<Record<string, unknown>> = {}) => {
    const contextValue = hub.createContext() as HubContext;
    const parsed = read(document, hub.schema);
    const result: ExecutionResult = 'errors' in parsed ? parsed : await executor.execute({ document: parsed, variableValues: variables, contextValue });
    await contextValue.recordReads({ operation: null, document: null, exported: false });
    return result;
  };
  const ask = async (document: string, variables?: Readonly<Record<string, unknown>>) => {
    const { data, errors } = await execute(document, variables);
    if (errors?.[0]) throw errors[0];
    return JSON.parse(JSON.stringify(data));
  };
  return {
    hub,
    store,
    statements,
    execute,
    ask,
    counts: async (document, variables) => {
      await ask(document, variables);
      statements.length = 0;
      await ask(document, variables);
      const counts: Record<string, number> = {};
      for (const { source } of statements) counts[source] = (counts[source] ?? 0) + 1;
      return Object.fromEntries(Object.entries(counts).sort());
    },
    close: async () => {
      await hub.close();
      await partners.close();
      await rm(store, { recursive: true, force: true });
    },
  };
}

/** The document, or what is wrong with it. */
function read(text: string, schema: GraphQLSchema): DocumentNode | { errors: readonly GraphQLError[] } {
  try {
    const document = parse(text);
    const errors = validate(schema, document);
    return errors.length > 0 ? { errors } : document;
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
}
