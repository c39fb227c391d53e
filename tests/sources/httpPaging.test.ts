import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type HttpResource, type HttpSourceFile, sourceFileSchema } from '../../src/config/sourceFile.js';
import { HttpClient } from '../../src/sources/connectors/http/client.js';
import { nextLink } from '../../src/sources/connectors/http/link.js';
import { ResourceReader } from '../../src/sources/connectors/http/resource.js';
import { BusyError, FOR_A_COPY, type Patience, retryAfterOf, waitBeforeRetry } from '../../src/sources/connectors/http/retry.js';
import { SourceError } from '../../src/sources/source.js';
import { refusal } from './fileFolder.js';
import { never, sendJson, sourceFile, TOKEN, testPartner } from './httpPartner.js';

const partner = testPartner();
const QUICK: Patience = { retries: 3, firstWait: 5, longestWait: 2_000, alsoUnreachable: true };

type Paging = NonNullable<HttpResource['paging']>;

/** All rows of a resource that is paged so. */
async function allRows(url: string, paging: Paging, holding: 'held whole' | 'page by page' = 'page by page'): Promise<unknown[]> {
  const client = new HttpClient({ source: 'spdb', url, token: TOKEN, deadline: 2_000 });
  const reader = new ResourceReader('spdb', 'Loan', { path: '/v1/loans', rows: 'items', paging }, client, () => undefined, holding);
  const rows: unknown[] = [];
  for await (const page of reader.pages(never())) rows.push(...page.rows);
  return rows;
}

const queryOf = (request: IncomingMessage): URLSearchParams => new URL(request.url ?? '', 'http://partner').searchParams;

describe('paging by offset', () => {
  const paging: Paging = { style: 'offset', offset: 'skip', size: 'take', pageSize: 3 };

  it.each([
    ['whole pages and a rest', 7, 3],
    ['whole pages only', 6, 3],
    ['no rows', 0, 3],
    // The offset goes by what came, not by what was asked for.
    ['pages that the partner caps', 7, 2],
  ])('gives every row once: %s', async (_name, count, cap) => {
    const all = Array.from({ length: count }, (_, index) => index);
    const asked: string[] = [];
    const url = await partner.start((request, response) => {
      const query = queryOf(request);
      asked.push(`${query.get('skip')} ${query.get('take')}`);
      const from = Number(query.get('skip'));
      sendJson(response, { items: all.slice(from, from + Math.min(cap, Number(query.get('take')))) });
    });
    expect(await allRows(url, paging)).toEqual(all);
    expect(asked[0]).toBe('0 3');
    expect(asked[1] ?? `${cap} 3`).toBe(`${cap} 3`);
  });

  it('is refused by a partner that does not know the parameter', async () => {
    const url = await partner.start((_request, response) => sendJson(response, { items: [1, 2, 3] }));
    expect((await refusal(allRows(url, paging))).message).toBe('Loan: expected page 2, but got: page 1 again. Does the partner know the parameter skip?');
  });
});

describe('paging by link', () => {
  const linked = (response: ServerResponse, items: unknown, link?: string): void => {
    if (link !== undefined) response.setHeader('link', link);
    sendJson(response, { items });
  };

  it.each(['whole address', 'path', 'query'])('follows the next page to its end, however it is written: %s', async (form) => {
    const asked: string[] = [];
    const url = await partner.start((request, response) => {
      asked.push(request.url ?? '');
      expect(request.headers.authorization).toBe(`Bearer ${TOKEN}`);
      const page = Number(queryOf(request).get('page') ?? '1');
      const query = `?page=${page + 1}&token=a%2Fb`;
      const next = form === 'query' ? query : form === 'path' ? `/v1/loans${query}` : `${url}/v1/loans${query}`;
      linked(response, [page], page < 3 ? `<${url}/v1/loans?page=1>; rel="first", <${next}>; rel="next"` : undefined);
    });
    expect(await allRows(url, { style: 'link', size: 'per_page', pageSize: 100 })).toEqual([1, 2, 3]);
    expect(asked).toEqual(['/v1/loans?per_page=100', '/v1/loans?page=2&token=a%2Fb', '/v1/loans?page=3&token=a%2Fb']);
  });

  it('does not carry the token to another address', async () => {
    let isVisited = false;
    const elsewhere = await partner.start((_request, response) => {
      isVisited = true;
      sendJson(response, { items: [] });
    });
    const url = await partner.start((_request, response) => linked(response, [1], `<${elsewhere}/v1/loans>; rel=next`));
    const error = await refusal(allRows(url, { style: 'link' }));
    expect([error.reason, error.message]).toEqual(['MALFORMED', 'expected a link to a page of the same address, but got: one that leads elsewhere.']);
    expect(isVisited).toBe(false);
  });

  it('ends where it would go round in a circle, or has no end', async () => {
    const circle = await partner.start((_request, response) => linked(response, [1], '</v1/loans?page=1>; rel="next"'));
    expect((await refusal(allRows(circle, { style: 'link' }))).message).toBe(
      'Loan: expected a new link with each page, but got: one of an earlier page after page 2.',
    );
    const broken = await partner.start((_request, response) => linked(response, [1], '<http://[>; rel="next"'));
    expect((await refusal(allRows(broken, { style: 'link' }))).message).toBe('expected a link to the next page, but got: one that is no address.');
  });

  it.each([
    [null, undefined],
    ['', undefined],
    ['<a>; rel=next', 'a'],
    ['<a>; rel="prev", <b>; rel="next"', 'b'],
    ['<a>; rel="last next"; title="x, y"', 'a'],
    ['<a>; title="; rel=next"; rel="prev"', undefined],
    ['<a?x=1,2>; REL=NEXT', 'a?x=1,2'],
    ['a; rel=next', undefined],
    ['<a>', undefined],
    [`<${'a'.repeat(9_000)}>; rel=next`, undefined],
  ])('reads the header %s', (header, expected) => {
    expect(nextLink(header)).toBe(expected);
  });

  it('takes its time over no header, however it is made', () => {
    const started = performance.now();
    for (const evil of [`<a>${'; a'.repeat(2_000)}`, `<a>${' '.repeat(8_000)}`, `<${'<'.repeat(8_000)}`, `<a>; rel="${'x '.repeat(3_000)}`]) nextLink(evil);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('a request that failed', () => {
  /** A partner that answers so first, and then as it should; with how often and when it was asked. */
  async function failing(times: number, fail: (response: ServerResponse) => void) {
    const at: number[] = [];
    const url = await partner.start((_request, response) => {
      at.push(performance.now());
      if (at.length <= times) fail(response);
      else sendJson(response, { items: [1] });
    });
    return { url, at };
  }
  const ask = (url: string, patience?: Patience, deadline = 1_000, signal = never()) =>
    new HttpClient({ source: 'spdb', url, token: TOKEN, deadline, patience }).ask({ method: 'GET', path: '/v1/loans' }, signal);
  const busy =
    (status: number, headers: Record<string, string> = {}) =>
    (response: ServerResponse) =>
      void response.writeHead(status, headers).end('{}');

  it.each([429, 500, 502, 503, 504])('with %i is made again for a copy, each time after a longer wait', async (status) => {
    const { url, at } = await failing(3, busy(status));
    expect((await ask(url, { ...QUICK, firstWait: 20 })).json).toEqual({ items: [1] });
    const [first = 0, second = 0, third = 0] = at.slice(1).map((time, index) => time - (at[index] as number));
    expect([first >= 20, second >= 40, third >= 80]).toEqual([true, true, true]);
  });

  it('is given up after so many times, with what it failed with', async () => {
    const { url, at } = await failing(99, busy(503));
    expect(await refusal(ask(url, QUICK))).toMatchObject({ reason: 'UNREACHABLE', message: 'expected status 200, but got: 503.' });
    expect(at).toHaveLength(4);
  });

  it('because the connection broke or the answer did not come in time is made again for a copy, not for an answer', async () => {
    const broken = await failing(1, (response) => response.destroy());
    await ask(broken.url, QUICK);
    const hung = await failing(1, () => undefined);
    await ask(hung.url, QUICK, 100);
    expect([hung.at.length]).toEqual([2]);
    const again = await failing(1, () => undefined);
    expect((await refusal(ask(again.url, undefined, 100))).reason).toBe('TIMED_OUT');
    expect(again.at).toHaveLength(1);
  });

  it.each([
    ['a wrong token', busy(401)],
    ['a wrong path', busy(404)],
    ['a wrong request', busy(400)],
    ['an answer that is no JSON', (response: ServerResponse) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')],
  ])('because of %s is not made again', async (_name, fail) => {
    const { url, at } = await failing(1, fail);
    await refusal(ask(url, QUICK));
    expect(at).toHaveLength(1);
  });

  it('waits as long as Retry-After says, in seconds or until a date', async () => {
    const seconds = await failing(1, busy(429, { 'retry-after': '1' }));
    await ask(seconds.url, QUICK);
    expect((seconds.at[1] as number) - (seconds.at[0] as number)).toBeGreaterThanOrEqual(990);
    const date = new Date('2022-01-01T00:00:01Z').toUTCString();
    const until = await failing(1, busy(503, { 'retry-after': date, date: new Date('2022-01-01T00:00:00Z').toUTCString() }));
    await ask(until.url, QUICK);
    expect((until.at[1] as number) - (until.at[0] as number)).toBeGreaterThanOrEqual(990);
  });

  it('is not waited for longer than there is patience', async () => {
    const { url, at } = await failing(1, busy(503, { 'retry-after': '3600' }));
    await refusal(ask(url, QUICK));
    expect(at).toHaveLength(1);
  });

  it('that someone waits for is made again once, within its deadline', async () => {
    const once = await failing(1, busy(503));
    expect((await ask(once.url)).json).toEqual({ items: [1] });
    const twice = await failing(2, busy(503));
    await refusal(ask(twice.url));
    expect(twice.at).toHaveLength(2);
    const late = await failing(1, busy(503, { 'retry-after': '1' }));
    const started = performance.now();
    await refusal(ask(late.url, undefined, 300));
    expect(performance.now() - started).toBeLessThan(300);
    expect(late.at).toHaveLength(1);
  });

  it('is no longer waited for when the ask is given up', async () => {
    const { url } = await failing(99, busy(503, { 'retry-after': '2' }));
    const giving = new AbortController();
    const asked = refusal(ask(url, QUICK, 1_000, giving.signal));
    setTimeout(() => giving.abort(), 30);
    const started = performance.now();
    expect(await asked).toMatchObject({ reason: 'TIMED_OUT', message: 'the ask was given up before the answer came.' });
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it.each([
    ['120', 120_000],
    [' 0 ', 0],
    ['Sat, 01 Jan 2022 00:00:30 GMT', 30_000],
    ['Fri, 31 Dec 2021 23:00:00 GMT', 0],
    ['-5', undefined],
    ['1.5', undefined],
    ['99999999999', 99_999_999_999_000],
    ['tomorrow', undefined],
    [null, undefined],
  ])('reads Retry-After %s', (header, expected) => {
    expect(retryAfterOf(header, Date.parse('2022-01-01T00:00:00Z'))).toBe(expected);
  });

  it('is never waited for beyond the bound, however often it fails', () => {
    const error = new BusyError('spdb', 'busy', undefined);
    const waits = Array.from({ length: 6 }, (_, index) => waitBeforeRetry(error, index + 1, FOR_A_COPY));
    for (const [index, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual(500 * 2 ** index);
    expect(Math.max(...(waits as number[]))).toBeLessThanOrEqual(120_000);
    expect(waitBeforeRetry(error, 7, FOR_A_COPY)).toBeUndefined();
    expect(waitBeforeRetry(new SourceError('spdb', 'MALFORMED', 'no'), 1, FOR_A_COPY)).toBeUndefined();
    expect(waitBeforeRetry(new Error('other'), 1, FOR_A_COPY)).toBeUndefined();
  });
});

describe('a book that is read page by page', () => {
  it('may be longer than one that is held whole', async () => {
    const pages = 10_050;
    let count = 0;
    const url = await partner.start((_request, response) => sendJson(response, { items: [], next: ++count < pages ? `c${count}` : null }));
    await allRows(url, { style: 'cursor', cursor: 'cursor', size: 'size', next: 'next', pageSize: 1 });
    expect(count).toBe(pages);
  }, 60_000);

  it('is declared so in source.yml', () => {
    const declared = sourceFileSchema.safeParse({ ...sourceFile(), mode: 'mirrored', sync: { schedule: '0 2 * * *' } });
    expect((declared.data as HttpSourceFile).sync).toEqual({ schedule: '0 2 * * *' });
  });
});
