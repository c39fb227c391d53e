/** The hub over HTTP: /graphql, /export, /playground, /health. */
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import createFastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Viewer } from '../access/viewer.js';
import type { Hub, OperationOptions } from '../hub.js';
import { createErrorFormatter, createErrorLog, internalErrorCode, internalErrorMessage } from '../schema/errors.js';
import { Admission } from './admission.js';
import { addAuthentication, viewerOf } from './authentication.js';
import { DocumentStore } from './documentStore.js';
import { executionOver } from './execution.js';
import { explainPlugin } from './explain.js';
import { addExports, notesHeader } from './export/exportRoute.js';
import { goneSignal } from './gone.js';
import { commonHeaders, dataPolicy, playgroundPolicy, strictTransport } from './headers.js';
import { hiddenFieldsPlugin } from './hiddenFields.js';
import { limitsPlugin } from './limitsPlugin.js';
import { listenErrorOf } from './listenError.js';
import type { PersistedOperations } from './persisted.js';
import { playgroundPath, servePlayground } from './playground.js';
import { Rates } from './rate.js';
import { readTracePlugin } from './readTrace.js';
import { requestErrorPlugin, settleStatus } from './requestErrors.js';
import { sourceReportsPlugin } from './sourceReports.js';
import { suggestionsPlugin, withoutSuggestions } from './suggestions.js';

/** What a server is made of. */
export interface ServerOptions {
  readonly hub: Hub;
  /** The address to listen on: "127.0.0.1" for this machine only, "0.0.0.0" for every network. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where the explorer's built files are; the server runs without them. */
  readonly playgroundFolder: string;
  readonly log: Logger;
  /** What is served and to whom, where it is not as in `defaultSettings`. */
  readonly settings?: Partial<ServerSettings>;
}

/** What is served, and to whom. */
export interface ServerSettings {
  /** Who may ask about the schema: all, the park's own staff, or nobody. */
  readonly introspection: 'all' | 'park' | 'none';
  /** The explorer is served. */
  readonly playground: boolean;
  /** Operations that may be asked by their hash. */
  readonly operations: PersistedOperations | undefined;
  /** No others are answered. */
  readonly onlyPersisted: boolean;
  /** Operations of one viewer a minute, and at once; 0 for no bound. */
  readonly rate: number;
  readonly atOnce: number;
  /** Other origins whose pages may ask. */
  readonly corsOrigins: readonly string[];
  /** Proxies whose word for the client's address is taken. */
  readonly proxies: readonly string[];
  /** PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
}

/** Nothing is shown that is not asked for by a setting. */
export const defaultSettings: ServerSettings = {
  introspection: 'none',
  playground: false,
  operations: undefined,
  onlyPersisted: false,
  rate: 1_200,
  atOnce: 32,
  corsOrigins: [],
  proxies: [],
  tls: undefined,
};

/** A server that answers. */
export interface RunningServer {
  /** Where a browser on this machine finds it, without a slash at the end: "http://127.0.0.1:4000". */
  readonly url: string;
  /** Takes no more requests, finishes those under way (for at most ten seconds), and stops. The hub stays open. */
  close(): Promise<void>;
}

/** Bytes of the largest request. */
const bodyLimit = 1024 * 1024;
/** Milliseconds in which a request must have come whole. */
const requestTimeout = 30_000;
/** Errors of one document that are told: more would be a way to be answered with more than was asked. */
const MOST_ERRORS = 5;

/** Starts a server over an open hub. Throws a ListenError where the address cannot be taken. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { hub, host, port, log } = options;
  const settings = { ...defaultSettings, ...options.settings };
  const mayIntrospect = ({ kind }: Viewer): boolean => settings.introspection === 'all' || (settings.introspection === 'park' && kind === 'PARK');
  const rates = new Rates({ perMinute: settings.rate, atOnce: settings.atOnce });
  const { operations, onlyPersisted } = settings;
  const admission = new Admission({ limits: hub.limits, rates, mayIntrospect, operations, onlyPersisted });
  const server = makeServer(settings);
  const apollo = new ApolloServer({
    gateway: executionOver(hub.schema),
    documentStore: new DocumentStore(),
    formatError: createErrorFormatter(log),
    logger: log,
    // Who may is for the admission to say; Apollo Server knows one answer for all.
    introspection: true,
    allowBatchedHttpRequests: false,
    parseOptions: { maxTokens: hub.limits.tokens },
    validationOptions: { maxErrors: MOST_ERRORS },
    includeStacktraceInErrorResponses: false,
    csrfPrevention: true,
    persistedQueries: false,
    maxRecursiveSelections: true,
    // The command line decides about signals, for it also has the hub to close.
    stopOnTerminationSignals: false,
    // Nothing may hang on NODE_ENV or on Apollo's own variables; no report leaves the machine.
    nodeEnv: 'production',
    plugins: [
      requestErrorPlugin,
      sourceReportsPlugin,
      hiddenFieldsPlugin,
      explainPlugin,
      readTracePlugin(log),
      limitsPlugin(hub.limits),
      suggestionsPlugin,
      fastifyApolloDrainPlugin(server),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await apollo.start();
  // Not in Fastify's own onClose: the drain plugin waits there for Fastify, and each would wait for the other.
  const close = once(async () => {
    await apollo.stop();
    await server.close();
  });
  try {
    addHeaders(server, settings);
    addErrors(server, log, settings);
    if (settings.corsOrigins.length > 0) await addOrigins(server, settings.corsOrigins);
    server.get('/health', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
    const contextOf = (options: OperationOptions): object => {
      const context = hub.createContext(options);
      return options.viewer && mayIntrospect(options.viewer) ? context : withoutSuggestions(context);
    };
    await addGraph(server, apollo, { hub, log, admission, contextOf });
    if (settings.playground) await servePlayground(server, options.playgroundFolder);
    await server.listen({ host, port });
  } catch (error) {
    await close();
    throw listenErrorOf(error, host, port) ?? error;
  }
  return { url: urlOf(server, host, settings.tls ? 'https' : 'http'), close };
}

function makeServer({ proxies, tls }: ServerSettings): FastifyInstance {
  const options = { bodyLimit, requestTimeout, trustProxy: proxies.length > 0 ? [...proxies] : false };
  if (!tls) return createFastify(options);
  return createFastify({ ...options, https: { ...tls, minVersion: 'TLSv1.2' as const } }) as unknown as FastifyInstance;
}

/** Pages of the allowed origins may ask the graph, with a token of their own; cookies are never used. */
async function addOrigins(server: FastifyInstance, origins: readonly string[]): Promise<void> {
  await server.register(cors, {
    origin: [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['content-type', 'authorization', 'apollo-require-preflight', 'x-apollo-operation-name', 'x-parkhub-explain'],
    exposedHeaders: ['retry-after', 'content-disposition', notesHeader],
    credentials: false,
    maxAge: 600,
    strictPreflight: false,
  });
}

interface GraphRoute {
  readonly hub: Hub;
  readonly log: Logger;
  readonly admission: Admission;
  readonly contextOf: (options: OperationOptions) => object;
}

async function addGraph(server: FastifyInstance, apollo: ApolloServer<object>, { hub, log, admission, contextOf }: GraphRoute): Promise<void> {
  const context = async (request: FastifyRequest, reply: FastifyReply) =>
    contextOf({ viewer: viewerOf(request), address: request.ip, gone: goneSignal(reply) });
  await server.register(async (scope) => {
    addAuthentication(scope, hub.authenticate, admission, log);
    scope.addHook('onSend', async (_request, reply, payload) => {
      settleStatus(reply);
      reply.header('cache-control', 'no-store');
      return payload;
    });
    // Anything but JSON is refused with 415 before it is read as a text.
    scope.removeContentTypeParser('text/plain');
    scope.route({
      method: ['GET', 'POST'],
      url: '/graphql',
      preHandler: (request, reply) => admission.admit(request, reply),
      handler: fastifyApolloHandler(apollo, { context }),
    });
    scope.route({
      method: ['PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url: '/graphql',
      handler: (_request, reply) => reply.code(405).header('allow', 'GET, POST').send(errorBody('BAD_REQUEST', 'Ask /graphql with GET or POST.')),
    });
    addExports(scope, { hub, log, apollo, admission, contextOf });
  });
}

function addHeaders(server: FastifyInstance, { tls }: ServerSettings): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(commonHeaders).header('content-security-policy', request.url.startsWith(playgroundPath) ? playgroundPolicy : dataPolicy);
    if (tls) reply.header('strict-transport-security', strictTransport);
  });
  // A connection that is kept alive would hold a stopping server until it times out.
  let stopping = false;
  server.addHook('preClose', async () => {
    stopping = true;
  });
  server.addHook('onSend', async (_request, reply, payload) => {
    if (stopping) reply.header('connection', 'close');
    return payload;
  });
}

/** Answers outside the graph's own: in the graph's form, and as silent about what is inside. */
function addErrors(server: FastifyInstance, log: Logger, { playground }: ServerSettings): void {
  const idOf = createErrorLog(log);
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(errorBody('NOT_FOUND', `Nothing is here. The graph is at /graphql${playground ? ', its explorer at /playground' : ''}.`)),
  );
  server.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (status >= 400 && status < 500 && error instanceof Error) return reply.code(status).send(errorBody('BAD_REQUEST', error.message));
    const id = idOf(error, { method: request.method, url: request.url });
    return reply.code(500).send(errorBody(internalErrorCode, internalErrorMessage(id)));
  });
}

function statusOf(error: unknown): number {
  if (!(error instanceof Error)) return 500;
  // A Host header that is no host, on which the integration's own reading of the address fails.
  if ('code' in error && error.code === 'ERR_INVALID_URL') return 400;
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
}

function errorBody(code: string, message: string): object {
  return { errors: [{ message, extensions: { code } }] };
}

/** "Every address" is nothing that a browser can open; the machine itself is. */
function urlOf(server: FastifyInstance, host: string, scheme: 'http' | 'https'): string {
  const { port } = server.server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function once<T>(action: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= action());
}
