/**
 * One request to a partner's API and its JSON answer. Whatever the partner does (hang, drip, break off, redirect, answer
 * with a page of HTML or without end), the caller gets an answer or a SourceError within the deadline, and no error says
 * where the partner is or what the token was.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { unlessAborted } from '../../abort.js';
import { SourceError } from '../../source.js';
import { isNestedWithin } from '../json.js';
import { nextLink } from './link.js';
import { BusyError, FOR_AN_ANSWER, type Patience, retryAfterOf, waitBeforeRetry } from './retry.js';

/** How a partner's API is reached. */
export interface HttpAccess {
  /** The source's id, for errors. */
  readonly source: string;
  /** The address that all paths are appended to. */
  readonly url: string;
  readonly token: string;
  /** The header that carries the token alone; a bearer token unless given. */
  readonly tokenHeader?: string | undefined;
  /** How long one request may take, its whole answer included; milliseconds. */
  readonly deadline: number;
  /** Most bytes of an answer, unpacked; 16 MiB unless told. */
  readonly maximumBytes?: number | undefined;
  /** As for an answer that someone waits for, within the deadline, unless told; with another one, each try has a deadline of its own. */
  readonly patience?: Patience | undefined;
}

/** A request; its path is appended to the API's address. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** What an answer gave as `next`: in place of path and query. */
  readonly next?: string;
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** A parsed answer. */
export interface HttpAnswer {
  readonly json: unknown;
  readonly bytes: number;
  /** The page that follows, where the answer has a link to one. */
  readonly next: string | undefined;
}

const MOST_BYTES = 16 * 1024 * 1024;
const MOST_LEVELS = 50;
const GIVEN_UP = 'the ask was given up before the answer came.';
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/** Asks one partner's API. */
export class HttpClient {
  private readonly base: URL;
  private readonly headers: Headers;

  /** Throws a SourceError when the address or the token is none. */
  constructor(private readonly access: HttpAccess) {
    this.base = checkUrl(access);
    this.headers = checkHeaders(access);
  }

  /**
   * The answer to a request; one that the partner was too busy for is made again, as long as there is patience. Rejects with
   * a SourceError: TIMED_OUT at the deadline or when the signal says so.
   */
  async ask(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { patience, deadline } = this.access;
    const started = performance.now();
    for (let failures = 1; ; failures++) {
      // Someone who waits for the answer waits for all tries together.
      const left = patience ? deadline : deadline - (performance.now() - started);
      try {
        return await this.askOnce(request, signal, left);
      } catch (error) {
        const pause = signal.aborted ? undefined : waitBeforeRetry(error, failures, patience ?? FOR_AN_ANSWER);
        const isInTime = patience !== undefined || (pause ?? 0) < deadline - (performance.now() - started);
        if (pause === undefined || !isInTime) throw error;
        await wait(pause, undefined, { signal }).catch((cause: unknown) => {
          throw this.error('TIMED_OUT', GIVEN_UP, cause);
        });
      }
    }
  }

  private async askOnce(request: HttpRequest, signal: AbortSignal, deadline: number): Promise<HttpAnswer> {
    // By hand instead of AbortSignal.any, which on Node 20 keeps every request alive as long as its longest-lived signal.
    const controller = new AbortController();
    const stop = (): void => controller.abort();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(stop, deadline);
    try {
      // What waits for the rest of an answer may have lost sight of the signal: on Node 20 fetch holds it weakly.
      return await unlessAborted(
        this.send(request, controller.signal).then((response) => this.read(response)),
        controller.signal,
      );
    } catch (error) {
      if (error instanceof SourceError) throw error;
      if (controller.signal.aborted) throw this.error('TIMED_OUT', signal.aborted ? GIVEN_UP : this.lateness(), error);
      throw this.error('UNREACHABLE', 'the connection failed, or broke off within the answer.', error);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  private async send(request: HttpRequest, signal: AbortSignal): Promise<Response> {
    const url = request.next === undefined ? new URL(this.base) : new URL(request.next, this.base);
    if (request.next === undefined) url.pathname = url.pathname.replace(/\/$/, '') + request.path;
    for (const [name, value] of request.query ?? []) url.searchParams.append(name, value);
    const headers = new Headers(this.headers);
    if (request.body !== undefined) headers.set('content-type', 'application/json');
    const body = request.body === undefined ? null : JSON.stringify(request.body);
    // A redirect is not followed: it would carry the token, or the hub's place in its network, to wherever it says.
    const options: RequestInit = { method: request.method, headers, body, redirect: 'manual', signal };
    try {
      return await fetch(url, options);
    } catch (error) {
      // A partner may close an idle connection in the moment in which we use it. Every request here only reads.
      if (signal.aborted || !isReset(error)) throw error;
      return await fetch(url, options);
    }
  }

  private async read(response: Response): Promise<HttpAnswer> {
    try {
      this.checkHead(response);
      const body = await this.body(response);
      return { json: this.parse(body), bytes: body.length, next: this.nextOf(response) };
    } catch (error) {
      // The rest of a refused answer must not keep the connection. What comes of the cancelling is of no concern.
      void response.body?.cancel().catch(() => undefined);
      throw error;
    }
  }

  private checkHead(response: Response): void {
    const { status } = response;
    if (status >= 300 && status < 400) throw this.error('REFUSED', `expected an answer, but got: a redirect (status ${status}), which is not followed.`);
    if (status === 401 || status === 403) throw this.error('REFUSED', `the partner refused the token (status ${status}).`);
    const expected = `expected status 200, but got: ${status}.`;
    // Measured from the partner's own present where it states it: its clock may go otherwise than ours.
    const now = Date.parse(response.headers.get('date') ?? '') || Date.now();
    if (status >= 500 || status === 429) throw new BusyError(this.access.source, expected, retryAfterOf(response.headers.get('retry-after'), now));
    if (!response.ok) throw this.error('REFUSED', expected);
    const type = response.headers.get('content-type') ?? 'none';
    if (!JSON_TYPE.test(type)) throw this.error('MALFORMED', `expected content of type application/json, but got: ${type.slice(0, 60)}.`);
  }

  /** Where the next page is, without its host: a link to another one would carry the token there. */
  private nextOf(response: Response): string | undefined {
    const link = nextLink(response.headers.get('link'));
    if (link === undefined) return undefined;
    const at = response.url;
    if (!URL.canParse(link, at)) throw this.error('MALFORMED', 'expected a link to the next page, but got: one that is no address.');
    const url = new URL(link, at);
    if (url.origin !== this.base.origin) throw this.error('MALFORMED', 'expected a link to a page of the same address, but got: one that leads elsewhere.');
    return url.pathname + url.search;
  }

  private async body(response: Response): Promise<Buffer> {
    const maximum = this.access.maximumBytes ?? MOST_BYTES;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const reader = response.body?.getReader();
    // Counted as it comes, after unpacking: a stated length is no promise.
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      bytes += part.value.length;
      if (bytes > maximum) {
        reader?.releaseLock();
        throw this.error('MALFORMED', `expected an answer of at most ${maximum} bytes, but got: more. Lower the pageSize or the maximum of the batch.`);
      }
      chunks.push(part.value);
    }
    return Buffer.concat(chunks);
  }

  private parse(body: Buffer): unknown {
    const json = this.parseText(body);
    if (!isNestedWithin(json, MOST_LEVELS)) throw this.error('MALFORMED', `expected at most ${MOST_LEVELS} levels of nesting, but got: more.`);
    return json;
  }

  private parseText(body: Buffer): unknown {
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    } catch (error) {
      // Without the error as cause: the parser's message quotes the answer.
      const expected = error instanceof SyntaxError ? 'JSON' : 'text in UTF-8';
      throw this.error('MALFORMED', `expected ${expected}, but got: something else, of ${body.length} bytes. Was the answer cut off?`);
    }
  }

  private lateness(): string {
    return `no complete answer within ${this.access.deadline} ms.`;
  }

  private error(reason: SourceError['reason'], message: string, cause?: unknown): SourceError {
    return new SourceError(this.access.source, reason, message, { cause });
  }
}

function checkUrl({ source, url }: HttpAccess): URL {
  // The address may hold what must not be told, so the message does not repeat it.
  const fail = (what: string): SourceError => new SourceError(source, 'MISCONFIGURED', `the address in the environment: expected ${what}.`);
  if (!URL.canParse(url)) throw fail('an http or https address');
  const base = new URL(url);
  if (base.protocol !== 'http:' && base.protocol !== 'https:') throw fail('an http or https address');
  if (base.username || base.password || base.search || base.hash) throw fail('no user, password, query or fragment in it');
  return base;
}

function checkHeaders({ source, token, tokenHeader }: HttpAccess): Headers {
  // fetch would name the token in its own error.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new SourceError(source, 'MISCONFIGURED', 'the token in the environment: expected visible ASCII characters without spaces.');
  }
  const header = tokenHeader ?? 'authorization';
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(header)) throw new SourceError(source, 'MISCONFIGURED', `token.header: expected the name of a header, but got: ${header}`);
  return new Headers({ accept: 'application/json', [header]: tokenHeader === undefined ? `Bearer ${token}` : token });
}

function isReset(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET';
}
