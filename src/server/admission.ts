/**
 * What a request to the graph has to pass before its document is checked and executed: who asks and how often, whether
 * operations of their own are taken, and whether the document keeps to its bounds. All that is refused here has cost no
 * more than the parsing of one document of bounded length.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError, parse } from 'graphql';
import type { Viewer } from '../access/viewer.js';
import { checkShape, type DocumentShape, shapeOf, tokensOf } from '../schema/documentShape.js';
import { HubError } from '../schema/errors.js';
import { aboveLimit, DEEPEST_VARIABLES, type Limits } from '../schema/limits.js';
import { viewerOf } from './authentication.js';
import { operationOf, type PersistedOperations } from './persisted.js';
import { addressKey, type Rates, type TooMany } from './rate.js';
import { requestErrorMark } from './requestErrors.js';

/** What requests are measured by. */
export interface AdmissionOptions {
  readonly limits: Limits;
  readonly rates: Rates;
  /** Whether the viewer may ask about the schema. */
  readonly mayIntrospect: (viewer: Viewer) => boolean;
  readonly operations: PersistedOperations | undefined;
  /** Documents that are not among the operations are refused. */
  readonly onlyPersisted: boolean;
}

/** What of a request's parameters is looked at; each may be anything. */
interface Asked {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly extensions?: unknown;
  readonly documentId?: unknown;
}

/** Documents whose shape is remembered, and the longest of them. */
const MOST_SHAPES = 500;
const LONGEST_REMEMBERED = 20_000;

/** Lets requests to the graph in, or answers them. One for a server. */
export class Admission {
  private readonly shapes = new Map<string, DocumentShape>();

  constructor(private readonly options: AdmissionOptions) {}

  /**
   * Counts a request for who sent it, until its answer is sent; the answer where it is one too many.
   *
   * @param viewer undefined where its token was refused: that counts for its address, so that nobody tries many
   */
  enter(request: FastifyRequest, reply: FastifyReply, viewer: Viewer | undefined): FastifyReply | undefined {
    const entered = this.options.rates.enter(rateKey(request, viewer));
    if ('refused' in entered) return refuseTooMany(reply, entered.refused);
    reply.raw.once('close', entered.leave);
    return undefined;
  }

  /** Counts another operation within a request that is in: 0, or the whole seconds to wait before it is tried again. */
  spend(request: FastifyRequest): number {
    return this.options.rates.spend(rateKey(request, viewerOf(request)));
  }

  /** A Fastify preHandler. */
  async admit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    try {
      const text = this.textOf(request);
      if (text !== undefined) this.check(text, viewerOf(request));
      return undefined;
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      return refuse(request, reply, error);
    }
  }

  /** The document that is asked, once a hash has been replaced by its text; undefined where there is none to look at. */
  private textOf(request: FastifyRequest): string | undefined {
    const { operations, onlyPersisted } = this.options;
    const given = request.method === 'GET' ? request.query : request.body;
    // Anything else than one operation is refused by the graph's own reading of the request.
    if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
    const { query, variables, extensions, documentId } = given as Asked;
    const hash = documentId ?? hashIn(extensions);
    if (hash === undefined && !onlyPersisted) {
      checkDepth(variables);
      return typeof query === 'string' ? query : undefined;
    }
    const text = request.method === 'POST' && query === undefined && typeof hash === 'string' ? operationOf(operations, hash) : undefined;
    if (text === undefined) throw notPersisted(onlyPersisted);
    checkDepth(variables);
    request.body = { ...given, query: text, extensions: withoutHash(extensions) };
    return text;
  }

  private check(text: string, viewer: Viewer): void {
    const { limits, mayIntrospect } = this.options;
    const shape = this.shapes.get(text) ?? this.read(text);
    if (!shape) return;
    checkShape(shape, limits);
    if (shape.introspects && !mayIntrospect(viewer))
      throw new HubError('INTROSPECTION_DISABLED', 'Expected an operation over the data, but got one over the schema, which is not shown here.');
    if (text.length > LONGEST_REMEMBERED) return;
    this.shapes.delete(text);
    this.shapes.set(text, shape);
    if (this.shapes.size > MOST_SHAPES) this.shapes.delete(this.shapes.keys().next().value as string);
  }

  /** Undefined for a text that is no document: the graph says where. */
  private read(text: string): DocumentShape | undefined {
    const { tokens } = this.options.limits;
    try {
      return shapeOf(parse(text, { maxTokens: tokens, noLocation: true }));
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      if (error.message.includes('Document contains more')) throw aboveLimit('tokens', tokensOf(text), tokens);
      return undefined;
    }
  }
}

/** Whose rate a request counts for. */
function rateKey(request: FastifyRequest, viewer: Viewer | undefined): string {
  const named = viewer && viewer.kind !== 'PUBLIC';
  return named ? `viewer ${viewer.kind} ${viewer.name}` : `address ${addressKey(request.ip)}`;
}

/** One refusal for all: a hash that is unknown, replayed or registered, and a text where none is taken. */
function notPersisted(onlyPersisted: boolean): HubError {
  const what = onlyPersisted
    ? 'Only operations of the manifest are answered here: send the hash of one with POST, and no text.'
    : 'No operation has this hash.';
  return new HubError('PERSISTED_QUERY_NOT_SUPPORTED', `PersistedQueryNotSupported: ${what} Asking registers none.`);
}

/** `{persistedQuery: {sha256Hash}}`; GET has it as JSON. What stands there counts as a hash, whatever it is. */
function hashIn(extensions: unknown): unknown {
  if (typeof extensions === 'string') return extensions.includes('persistedQuery') ? extensions : undefined;
  if (typeof extensions !== 'object' || extensions === null || !('persistedQuery' in extensions)) return undefined;
  const { persistedQuery } = extensions;
  return (typeof persistedQuery === 'object' && persistedQuery !== null && 'sha256Hash' in persistedQuery && persistedQuery.sha256Hash) || false;
}

function withoutHash(extensions: unknown): object {
  if (typeof extensions !== 'object' || extensions === null) return {};
  const { persistedQuery: _hash, ...others } = extensions as Record<string, unknown>;
  return others;
}

/** Variables that are deeper than any input type takes would only be walked into. */
function checkDepth(variables: unknown): void {
  let depth = 0;
  let level = insideOf([variables]);
  for (; level.length > 0; level = insideOf(level)) depth++;
  if (depth <= DEEPEST_VARIABLES) return;
  const limits = { limit: 'variables', figure: depth, bound: DEEPEST_VARIABLES };
  throw new HubError('LIMIT_EXCEEDED', `variables: expected at most ${DEEPEST_VARIABLES} levels, but got: ${depth}.`, limits);
}

/** What stands in the lists and objects among these values. */
function insideOf(values: readonly unknown[]): unknown[] {
  return values.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
}

/** The answer to a well-formed request that is not executed; its status follows its type, see requestErrors.ts. */
function refuse(request: FastifyRequest, reply: FastifyReply, { message, extensions }: HubError): FastifyReply {
  const takesResponseType = String(request.headers.accept ?? '').includes('application/graphql-response+json');
  return reply
    .code(400)
    .header(requestErrorMark, 'yes')
    .type(takesResponseType ? 'application/graphql-response+json; charset=utf-8' : 'application/json; charset=utf-8')
    .send(JSON.stringify({ errors: [{ message, extensions }] }));
}

function refuseTooMany(reply: FastifyReply, { limit, bound, retryAfter }: TooMany): FastifyReply {
  const most = limit === 'rate' ? `${bound} operations a minute` : `${bound} operations at once`;
  const message = `${limit}: expected at most ${most} of one viewer, but got: more. Ask again in ${retryAfter} s.`;
  return reply
    .code(429)
    .header('retry-after', String(retryAfter))
    .send({ errors: [{ message, extensions: { code: 'RATE_LIMITED', limit, bound, retryAfter } }] });
}
