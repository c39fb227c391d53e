/** POST /export: the rows of one list as a file, on the road that any operation takes. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type DocumentNode, GraphQLError, getOperationAST, parse, validate } from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import type { Logger } from 'pino';
import { UnauthenticatedError } from '../../access/refusal.js';
import type { Hub, OperationOptions } from '../../hub.js';
import { HubError } from '../../schema/errors.js';
import type { Admission } from '../admission.js';
import { goneSignal } from '../gone.js';
import { ExportError, type ExportPage, exportPages } from './exportPages.js';
import { type ExportPlan, planExport } from './exportPlan.js';
import { type ExportFormat, exportFormats, exportText, formatOf, notesOf } from './exportText.js';

/** What exports are made with. */
export interface ExportRoute {
  readonly hub: Hub;
  readonly log: Logger;
  readonly apollo: ApolloServer<object>;
  readonly admission: Admission;
  readonly contextOf: (options: OperationOptions) => object;
}

/** What a client asks, as far as it is of the right form. */
interface Asked {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  readonly operationName: string | undefined;
}

/** The header that says what a table has no place for. */
export const notesHeader = 'x-parkhub-notes';

/** A client that takes nothing for so long, beside the time of an operation, is let go. */
const STALLED = 120_000;
/** Milliseconds that the reason of a break has to leave before the connection is closed. */
const LAST_WORDS = 5_000;

/** Adds the route to a scope whose requests are authenticated. */
export function addExports(scope: FastifyInstance, route: ExportRoute): void {
  scope.route({
    method: 'POST',
    url: '/export',
    preHandler: (request, reply) => route.admission.admit(request, reply),
    handler: (request, reply) => answer(route, request, reply),
  });
  scope.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: '/export',
    handler: (_request, reply) => refuse(reply, ExportError.of(new HubError('BAD_REQUEST', 'Ask /export with POST.'), 405), { allow: 'POST' }),
  });
}

async function answer(route: ExportRoute, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  try {
    const format = formatOf(request.headers.accept);
    if (!format) throw notAcceptable();
    if (!format.hasEnd && request.raw.httpVersion === '1.0') throw cannotTellEnd(format);
    const asked = askedOf(request.body);
    const gone = goneSignal(reply);
    const contextOf = await contextMaker(route, request, asked, gone);
    const plan = await planOf(route, asked, contextOf);
    const writer = format.writer(plan);
    const { apollo, hub, admission } = route;
    const turn = () => untilTurn(admission, request, gone);
    const pages = exportPages({ apollo, schema: hub.schema, limits: hub.limits, plan, context: contextOf, turn });
    const { value: first } = (await pages.next()) as { value: ExportPage };
    letGoOfStalled(reply, hub.limits.timeBudget + STALLED);
    const text = exportText(writer, first, pages);
    return reply.headers(headersOf(format, plan, first)).send(Readable.from(untilBroken(text, reply.raw, route.log)));
  } catch (error) {
    if (error instanceof HubError) return refuse(reply, ExportError.of(error));
    if (error instanceof ExportError) return refuse(reply, error);
    throw error;
  }
}

function askedOf(body: unknown): Asked {
  const { query, variables, operationName } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const isObject = variables === undefined || variables === null || (typeof variables === 'object' && !Array.isArray(variables));
  const isName = operationName === undefined || operationName === null || typeof operationName === 'string';
  if (typeof query !== 'string' || !isObject || !isName) {
    const message =
      'Expected {"query": "…", "variables": {…}, "operationName": "…"} as JSON, the last two only where they are needed, but got: something else.';
    throw new HubError('BAD_REQUEST', message);
  }
  return { query, variables: { ...variables } as Record<string, unknown>, operationName: operationName ?? undefined };
}

/** Makes the context of each operation of an export: its sender is asked for anew, for a token may have been revoked meanwhile. */
async function contextMaker({ hub, contextOf }: ExportRoute, request: FastifyRequest, { query }: Asked, gone: AbortSignal): Promise<() => Promise<object>> {
  const exported = createHash('sha256').update(query).digest('hex');
  return async () => {
    try {
      const viewer = await hub.authenticate(request.headers.authorization);
      return contextOf({ viewer, address: request.ip, gone, exported });
    } catch (error) {
      if (!(error instanceof UnauthenticatedError)) throw error;
      throw new ExportError(401, [{ message: error.message, extensions: error.extensions }]);
    }
  };
}

/** How a document is exported. What is no valid operation the graph refuses, in its own words. */
async function planOf({ hub: { schema }, apollo }: ExportRoute, asked: Asked, contextOf: () => Promise<object>): Promise<ExportPlan> {
  const document = parsedOf(asked.query);
  const isValid = document !== undefined && validate(schema, document, undefined, { maxErrors: 1 }).length === 0;
  const operation = isValid ? getOperationAST(document, asked.operationName) : undefined;
  const coerced = operation && getVariableValues(schema, operation.variableDefinitions ?? [], asked.variables).coerced;
  if (document && operation && coerced) return planExport({ schema, document, operation, coerced, variables: asked.variables });
  const { body, http } = await apollo.executeOperation(asked, { contextValue: await contextOf() });
  const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
  throw new ExportError(http.status !== undefined && http.status >= 400 ? http.status : 400, errors);
}

function parsedOf(text: string): DocumentNode | undefined {
  try {
    return parse(text, { noLocation: true });
  } catch (error) {
    if (error instanceof GraphQLError) return undefined;
    throw error;
  }
}

/** Waits until the viewer's rate lets another operation in: an export goes as fast as its viewer may ask, and is not refused midway. */
async function untilTurn(admission: Admission, request: FastifyRequest, gone: AbortSignal): Promise<void> {
  for (let wait = admission.spend(request); wait > 0; wait = admission.spend(request)) await pause(wait * 1_000, undefined, { signal: gone });
}

function headersOf({ contentType, fileEnding }: ExportFormat, { list }: ExportPlan, first: ExportPage): Record<string, string> {
  const notes = notesOf(first);
  return {
    'content-type': contentType,
    'content-disposition': `attachment; filename="${list}.${fileEnding}"`,
    ...(notes === undefined ? {} : { [notesHeader]: notes }),
  };
}

/** The text, and at a break its end by an error: the connection is closed then, and no client takes what it has for the whole. */
async function* untilBroken(text: AsyncIterable<string>, response: ServerResponse, log: Logger): AsyncGenerator<string, void> {
  try {
    yield* text;
  } catch (error) {
    if (!response.destroyed) {
      log.warn({ err: error }, 'An export broke off.');
      await Promise.race([sent(response), pause(LAST_WORDS)]);
    }
    throw error;
  }
}

async function sent(response: ServerResponse): Promise<void> {
  while (response.writableLength > 0 && !response.destroyed) await Promise.race([once(response, 'drain'), pause(50)]);
}

function letGoOfStalled({ raw }: FastifyReply, milliseconds: number): void {
  raw.setTimeout(milliseconds, () => raw.destroy());
  // The connection may be kept for another request, which has no such bound.
  raw.once('finish', () => raw.setTimeout(0));
}

function notAcceptable(): ExportError {
  const expected = exportFormats.map(({ mediaType }) => mediaType).join(' or ');
  return ExportError.of(new HubError('BAD_REQUEST', `Accept: expected ${expected}, but got: something else.`), 406);
}

/** HTTP/1.0 ends an answer by closing the connection: an export that broke off would look like a whole one. */
function cannotTellEnd({ mediaType }: ExportFormat): ExportError {
  const message = `Expected HTTP/1.1 or later for ${mediaType}, but got: 1.0, which cannot tell the end of a file from its break. nginx: proxy_http_version 1.1.`;
  return ExportError.of(new HubError('BAD_REQUEST', message), 505);
}

function refuse(reply: FastifyReply, { status, errors, retryAfter }: ExportError, headers: Record<string, string> = {}): FastifyReply {
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  return reply.code(status).headers(headers).type('application/json; charset=utf-8').send(JSON.stringify({ errors }));
}
