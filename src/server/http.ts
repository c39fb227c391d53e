/** The hub over HTTP: /graphql, /playground, /health. */
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
import createFastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Hub } from '../hub.js';
import { createErrorFormatter, createErrorLog, internalErrorCode, internalErrorMessage } from '../schema/errors.js';
import { addAuthentication, viewerOf } from './authentication.js';
import { explainPlugin } from './explain.js';
import { commonHeaders, dataPolicy, playgroundPolicy } from './headers.js';
import { hiddenFieldsPlugin } from './hiddenFields.js';
import { listenErrorOf } from './listenError.js';
import { playgroundPath, servePlayground } from './playground.js';
import { readTracePlugin } from './readTrace.js';
import { requestErrorPlugin, settleStatus } from './requestErrors.js';
import { sourceReportsPlugin } from './sourceReports.js';

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
}

/** A server that answers. */
export interface RunningServer {
  /** Where a browser on this machine finds it, without a slash at the end: "http://127.0.0.1:4000". */
  readonly url: string;
  /** Takes no more requests, finishes those under way (for at most ten seconds), and stops. The hub stays open. */
  close(): Promise<void>;
}

/** Bytes of the largest request. */
const bodyLimit = 1024 * 1024;

/** Starts a server over an open hub. Throws a ListenError where the address cannot be taken. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { hub, host, port, log } = options;
  const server = createFastify({ bodyLimit });
  const apollo = new ApolloServer({
    schema: hub.schema,
    formatError: createErrorFormatter(log),
    logger: log,
    introspection: true,
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
    addHeaders(server);
    addErrors(server, log);
    server.get('/health', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
    await addGraph(server, apollo, hub, log);
    await servePlayground(server, options.playgroundFolder);
    await server.listen({ host, port });
  } catch (error) {
    await close();
    throw listenErrorOf(error, host, port) ?? error;
  }
  return { url: urlOf(server, host), close };
}

async function addGraph(server: FastifyInstance, apollo: ApolloServer<object>, hub: Hub, log: Logger): Promise<void> {
  await server.register(async (scope) => {
    addAuthentication(scope, hub.authenticate, log);
    scope.addHook('onSend', async (_request, reply, payload) => {
      settleStatus(reply);
      reply.header('cache-control', 'no-store');
      return payload;
    });
    // Anything but JSON is refused with 415 before it is read as a text.
    scope.removeContentTypeParser('text/plain');
    const context = async (request: FastifyRequest): Promise<object> => hub.createContext({ viewer: viewerOf(request), address: request.ip });
    scope.route({ method: ['GET', 'POST'], url: '/graphql', handler: fastifyApolloHandler(apollo, { context }) });
    scope.route({
      method: ['PUT', 'PATCH', 'DELETE', 'OPTIONS'],
      url: '/graphql',
      handler: (_request, reply) => reply.code(405).header('allow', 'GET, POST').send(errorBody('BAD_REQUEST', 'Ask /graphql with GET or POST.')),
    });
  });
}

function addHeaders(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(commonHeaders).header('content-security-policy', request.url.startsWith(playgroundPath) ? playgroundPolicy : dataPolicy);
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
function addErrors(server: FastifyInstance, log: Logger): void {
  const idOf = createErrorLog(log);
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(errorBody('NOT_FOUND', 'Nothing is here. The graph is at /graphql, its explorer at /playground.')),
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
function urlOf(server: FastifyInstance, host: string): string {
  const { port } = server.server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function once<T>(action: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= action());
}
