/** The rows of one resource of a partner's API: all of them, page after page, or those of many keys in one request. */
import type { HttpResource } from '../../../config/sourceFile.js';
import { SourceError, type StatementListener } from '../../source.js';
import { atPath, kindOf } from '../json.js';
import type { HttpClient, HttpRequest } from './client.js';

/** Of a paging that does not end. */
const MOST_PAGES = { 'held whole': 10_000, 'page by page': 100_000 };
/** Of a book that is held whole: it takes about a gigabyte. */
const MOST_ROWS = 300_000;
/** Of all pages together. */
const MOST_BYTES = 256 * 1024 * 1024;

/** How a book is read: held as a whole, which bounds it, or let go page by page. */
export type Holding = 'held whole' | 'page by page';

/** The rows of one answer. */
export interface Page {
  /** From 1. */
  readonly number: number;
  readonly rows: readonly unknown[];
}

/** Reads a resource. */
export class ResourceReader {
  constructor(
    private readonly source: string,
    private readonly entity: string,
    private readonly resource: HttpResource,
    private readonly client: HttpClient,
    private readonly onStatement: StatementListener,
    private readonly holding: Holding = 'held whole',
  ) {}

  /** Every page, one after the other. Throws a SourceError for a paging without end, or a resource that is too big to be held. */
  async *pages(signal: AbortSignal): AsyncGenerator<Page> {
    let rows = 0;
    let bytes = 0;
    for await (const page of this.paging(signal)) {
      rows += page.rows.length;
      bytes += page.bytes;
      if (this.holding === 'held whole' && (rows > MOST_ROWS || bytes > MOST_BYTES)) {
        throw this.malformed(`expected at most ${MOST_ROWS} rows and ${MOST_BYTES} bytes, but got: more. Have such a book mirrored (mode: mirrored).`);
      }
      yield page;
    }
  }

  /** The rows of many keys of the batch's attribute, in one request. */
  async batch(keys: readonly (string | number)[], signal: AbortSignal): Promise<readonly unknown[]> {
    const { batch, paging } = this.resource;
    if (!batch) throw new SourceError(this.source, 'MISCONFIGURED', `${this.entity}: expected a batch in source.yml, but got: none.`);
    const request: HttpRequest =
      batch.method === 'GET'
        ? { method: 'GET', path: batch.path, query: [[batch.parameter, keys.join(',')]] }
        : { method: 'POST', path: batch.path, body: { [batch.parameter]: keys } };
    const answer = await this.ask(request, signal);
    const hasMore = paging?.style === 'cursor' ? cursorOf(answer.json, paging.next) !== undefined : paging?.style === 'link' && answer.next !== undefined;
    if (hasMore) {
      throw this.malformed('expected all rows of the keys in one answer, but got: a first page of them. Lower the maximum of the batch.');
    }
    return answer.rows;
  }

  private async *paging(signal: AbortSignal): AsyncGenerator<Page & { bytes: number }> {
    const { paging, path } = this.resource;
    if (!paging) yield { number: 1, ...(await this.ask({ method: 'GET', path }, signal)) };
    else if (paging.style === 'cursor') yield* this.byCursor(paging, signal);
    else if (paging.style === 'link') yield* this.byLink(paging, signal);
    else yield* this.byPlace(paging, signal);
  }

  /** Each page says where the next one is. */
  private async *byLink(paging: Extract<HttpResource['paging'], { style: 'link' }>, signal: AbortSignal): AsyncGenerator<Page & { bytes: number }> {
    const { size, pageSize } = paging;
    let request: HttpRequest = {
      method: 'GET',
      path: this.resource.path,
      ...(size !== undefined && pageSize !== undefined && { query: [[size, String(pageSize)]] }),
    };
    const seen = new Set<string>();
    for (let number = 1; number <= MOST_PAGES[this.holding]; number++) {
      const { next, ...answer } = await this.ask(request, signal);
      yield { number, ...answer };
      if (next === undefined) return;
      if (seen.has(next)) throw this.malformed(`expected a new link with each page, but got: one of an earlier page after page ${number}.`);
      seen.add(next);
      request = { method: 'GET', path: this.resource.path, next };
    }
    throw this.endless();
  }

  private async *byCursor(paging: Extract<HttpResource['paging'], { style: 'cursor' }>, signal: AbortSignal): AsyncGenerator<Page & { bytes: number }> {
    const size = [paging.size, String(paging.pageSize)] as const;
    const seen = new Set<string>();
    let cursor: string | undefined;
    for (let number = 1; number <= MOST_PAGES[this.holding]; number++) {
      const query = cursor === undefined ? [size] : [size, [paging.cursor, cursor] as const];
      const answer = await this.ask({ method: 'GET', path: this.resource.path, query }, signal);
      yield { number, ...answer };
      cursor = cursorOf(answer.json, paging.next);
      if (cursor === undefined) return;
      if (seen.has(cursor)) throw this.malformed(`expected a new cursor with each page, but got: one of an earlier page after page ${number}.`);
      seen.add(cursor);
    }
    throw this.endless();
  }

  /**
   * By the number of a page, or by how many rows stand before it.
   *
   * A page shorter than it may be is not yet the last one: some partners cap the size below what was asked for, and rows
   * would be lost without a trace. The end is an empty page, one shorter than the first, or (some partners answer a number
   * beyond the end with the last page) a repeated one.
   */
  private async *byPlace(paging: Extract<HttpResource['paging'], { style: 'page' | 'offset' }>, signal: AbortSignal): AsyncGenerator<Page & { bytes: number }> {
    let first = 0;
    let offset = 0;
    let previous: string | undefined;
    const parameter = paging.style === 'page' ? paging.number : paging.offset;
    for (let number = 1; number <= MOST_PAGES[this.holding]; number++) {
      const query = [
        [parameter, String(paging.style === 'page' ? number : offset)],
        [paging.size, String(paging.pageSize)],
      ] as const;
      const answer = await this.ask({ method: 'GET', path: this.resource.path, query }, signal);
      if (answer.rows.length === 0) return;
      const content = JSON.stringify(answer.rows);
      if (content === previous) {
        if (number === 2 && first >= paging.pageSize)
          throw this.malformed(`expected page 2, but got: page 1 again. Does the partner know the parameter ${parameter}?`);
        return;
      }
      previous = content;
      yield { number, ...answer };
      offset += answer.rows.length;
      if (number === 1) first = answer.rows.length;
      else if (answer.rows.length < first) return;
    }
    throw this.endless();
  }

  private async ask(request: HttpRequest, signal: AbortSignal): Promise<{ json: unknown; rows: readonly unknown[]; bytes: number; next: string | undefined }> {
    const started = performance.now();
    let count = 0;
    try {
      const { json, bytes, next } = await this.client.ask(request, signal);
      const rows = atPath(json, this.resource.rows);
      if (!Array.isArray(rows)) throw this.malformed(`expected an array of rows at ${this.resource.rows}, but got: ${kindOf(rows)}.`);
      count = rows.length;
      return { json, rows, bytes, next };
    } finally {
      const milliseconds = performance.now() - started;
      this.onStatement({ source: this.source, entity: this.entity, text: `${request.method} ${request.path}`, rows: count, milliseconds });
    }
  }

  private endless(): SourceError {
    return this.malformed(`expected at most ${MOST_PAGES[this.holding]} pages, but got: more.`);
  }

  private malformed(message: string): SourceError {
    return new SourceError(this.source, 'MALFORMED', `${this.entity}: ${message}`);
  }
}

function cursorOf(json: unknown, path: string): string | undefined {
  const cursor = atPath(json, path);
  return (typeof cursor === 'string' && cursor !== '') || typeof cursor === 'number' ? String(cursor) : undefined;
}
