import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { HttpClient } from '../../src/sources/connectors/http/client.js';
import { SourceError } from '../../src/sources/source.js';
import { refusal } from './fileFolder.js';
import { type Handler, never, sendJson, TOKEN, testPartner } from './httpPartner.js';

const partner = testPartner();

function client(url: string, rest: { deadline?: number; maximumBytes?: number; tokenHeader?: string } = {}): HttpClient {
  return new HttpClient({ source: 'spdb', url, token: TOKEN, deadline: 400, ...rest });
}

/** What the client makes of an answer that goes wrong; no message or cause may tell the token, and no message the address. */
async function failure(handler: Handler, rest?: Parameters<typeof client>[1]): Promise<SourceError> {
  const url = await partner.start(handler);
  const error = await refusal(client(url, rest).ask({ method: 'GET', path: '/v1/loans' }, never()));
  expect(error.message).not.toMatch(/127\.0\.0\.1|localhost|https?:|\/v1/);
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) expect(`${cause.message}${cause.stack}`).not.toContain(TOKEN);
  return error;
}

function respond(status: number, headers: Record<string, string>, body: string | Buffer = '[]'): Handler {
  return (_request, response) => void response.writeHead(status, headers).end(body);
}

const json = { 'content-type': 'application/json' };

describe('a request', () => {
  it('carries the token as a bearer token, or in the header that the partner wants', async () => {
    const url = await partner.start((request, response) =>
      sendJson(response, [request.headers.authorization ?? null, request.headers['x-api-key'] ?? null, request.url]),
    );
    expect((await client(`${url}/spdb/`).ask({ method: 'GET', path: '/v1/loans', query: [['a b', 'ü&=']] }, never())).json).toEqual([
      `Bearer ${TOKEN}`,
      null,
      '/spdb/v1/loans?a+b=%C3%BC%26%3D',
    ]);
    expect((await client(url, { tokenHeader: 'X-Api-Key' }).ask({ method: 'GET', path: '/' }, never())).json).toEqual([null, TOKEN, '/']);
  });

  it('sends a body as JSON', async () => {
    const url = await partner.start((request, response, body) => sendJson(response, [request.headers['content-type'], JSON.parse(body)]));
    expect((await client(url).ask({ method: 'POST', path: '/q', body: { codes: ['9', '1'] } }, never())).json).toEqual([
      'application/json',
      { codes: ['9', '1'] },
    ]);
  });

  it('is made once more when the partner resets the connection, and only once', async () => {
    let count = 0;
    const once = await partner.start((request, response) => (count++ === 0 ? request.socket.resetAndDestroy() : sendJson(response, 'ok')));
    expect((await client(once).ask({ method: 'GET', path: '/' }, never())).json).toBe('ok');
    count = 0;
    const always: Handler = (request) => {
      count += 1;
      request.socket.resetAndDestroy();
    };
    expect((await failure(always)).reason).toBe('UNREACHABLE');
    expect(count).toBe(2);
  });
});

describe('a partner that fails', () => {
  it('is unreachable when nothing listens', async () => {
    const error = await refusal(client('http://127.0.0.1:9').ask({ method: 'GET', path: '/' }, never()));
    expect(error).toMatchObject({ source: 'spdb', reason: 'UNREACHABLE', message: 'the connection failed, or broke off within the answer.' });
  });

  it('times out when it hangs, before or within its answer, or drips', async () => {
    const started = performance.now();
    expect(await failure(() => undefined)).toMatchObject({ reason: 'TIMED_OUT', message: 'no complete answer within 400 ms.' });
    expect((await failure((_request, response) => void response.writeHead(200, json).write('[1,'))).reason).toBe('TIMED_OUT');
    let drip: NodeJS.Timeout | undefined;
    const dripping = await failure((_request, response) => {
      response.writeHead(200, json);
      drip = setInterval(() => response.write(' '), 20);
    });
    clearInterval(drip);
    expect(dripping.reason).toBe('TIMED_OUT');
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('is left when the ask is given up, also when that was before it began', async () => {
    const url = await partner.start(() => undefined);
    const controller = new AbortController();
    const asked = refusal(client(url, { deadline: 60_000 }).ask({ method: 'GET', path: '/' }, controller.signal));
    setTimeout(() => controller.abort(), 50);
    expect(await asked).toMatchObject({ reason: 'TIMED_OUT', message: 'the ask was given up before the answer came.' });
    expect((await refusal(client(url).ask({ method: 'GET', path: '/' }, AbortSignal.abort()))).reason).toBe('TIMED_OUT');
  });

  it('is not followed when it redirects', async () => {
    let visited = false;
    const elsewhere = await partner.start((_request, response) => {
      visited = true;
      sendJson(response, []);
    });
    for (const status of [301, 302, 307, 308]) {
      expect(await failure(respond(status, { location: elsewhere }))).toMatchObject({
        reason: 'REFUSED',
        message: `expected an answer, but got: a redirect (status ${status}), which is not followed.`,
      });
    }
    expect(visited).toBe(false);
  });

  it('is told by its status alone', async () => {
    const secret = { error: '/opt/app/loans.sql at 10.0.0.7' };
    for (const [status, reason] of [
      [400, 'REFUSED'],
      [401, 'REFUSED'],
      [403, 'REFUSED'],
      [404, 'REFUSED'],
      [429, 'UNREACHABLE'],
      [500, 'UNREACHABLE'],
      [503, 'UNREACHABLE'],
    ] as const) {
      const error = await failure(respond(status, json, JSON.stringify(secret)));
      expect(error.reason).toBe(reason);
      expect(error.message).toMatch(
        status === 401 || status === 403 ? `the partner refused the token (status ${status}).` : `expected status 200, but got: ${status}.`,
      );
    }
  });

  it('is refused when its answer is of another type', async () => {
    expect((await failure(respond(200, { 'content-type': 'text/html' }, '<html>'))).message).toBe(
      'expected content of type application/json, but got: text/html.',
    );
    expect((await failure(respond(200, {}))).message).toBe('expected content of type application/json, but got: none.');
    expect((await failure(respond(200, { 'content-type': 'application/jsonp' }))).reason).toBe('MALFORMED');
    const url = await partner.start(respond(200, { 'content-type': 'application/vnd.bank+json; charset=UTF-8' }, '\uFEFF{"a":1}'));
    expect((await client(url).ask({ method: 'GET', path: '/' }, never())).json).toEqual({ a: 1 });
  });

  it('is refused when its answer is cut off, in any way', async () => {
    expect((await failure(respond(200, json, '{"data": [1, 2'))).message).toBe('expected JSON, but got: something else, of 14 bytes. Was the answer cut off?');
    expect((await failure(respond(200, json, ''))).reason).toBe('MALFORMED');
    expect(
      (await failure((_request, response) => void response.writeHead(200, { ...json, 'content-length': '100' }).write('[1,2]', () => response.destroy())))
        .reason,
    ).toBe('UNREACHABLE');
    expect((await failure((_request, response) => void response.writeHead(200, json).write('[1,2]', () => response.destroy()))).reason).toBe('UNREACHABLE');
  });

  it('is refused when its answer is no UTF-8, whatever it says', async () => {
    const gbk = Buffer.from([0x22, 0xb9, 0xe3, 0xd0, 0xcb, 0x22]);
    expect((await failure(respond(200, { 'content-type': 'application/json; charset=gbk' }, gbk))).message).toMatch(/^expected text in UTF-8/);
  });

  it('is refused when its answer is huge, packed or not, and left at once', async () => {
    const small = { maximumBytes: 100_000 };
    const message = 'expected an answer of at most 100000 bytes, but got: more. Lower the pageSize or the maximum of the batch.';
    expect((await failure(respond(200, json, `"${'x'.repeat(100_000)}"`), small)).message).toBe(message);
    expect((await failure(respond(200, { ...json, 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(200_000_000, 32))), small)).message).toBe(message);
    let open = true;
    const endless: Handler = (_request, response) => {
      response.on('close', () => (open = false));
      response.writeHead(200, json);
      const more = (): void => void (open && response.write(' '.repeat(65_536), more));
      more();
    };
    expect((await failure(endless, small)).message).toBe(message);
    await expect.poll(() => open).toBe(false);
  });

  it('is refused when its answer is nested too deep for what reads it', async () => {
    expect((await failure(respond(200, json, '['.repeat(100_000) + ']'.repeat(100_000)))).message).toBe(
      'expected at most 50 levels of nesting, but got: more.',
    );
  });

  it('is refused when it does not speak HTTP', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const error = await refusal(client(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`).ask({ method: 'GET', path: '/' }, never()));
    server.close();
    expect(error.reason).toBe('UNREACHABLE');
  });
});

describe('what a source is told in the environment', () => {
  for (const url of ['partner.example', 'ftp://partner.example', 'file:///etc/passwd', 'https://user:pw@partner.example', 'https://partner.example/?key=1']) {
    it(`is refused without being repeated: ${url}`, () => {
      const make = () => client(url);
      expect(make).toThrow(SourceError);
      expect(make).toThrow(/^the address in the environment: expected (an http or https address|no user, password, query or fragment in it)\.$/);
    });
  }

  it('is refused when the token cannot stand in a header', () => {
    for (const token of ['', 'two words', 'line\nbreak', '密码']) {
      expect(() => new HttpClient({ source: 'spdb', url: 'http://127.0.0.1', token, deadline: 100 })).toThrow(
        /^the token in the environment: expected visible ASCII characters without spaces\.$/,
      );
    }
    expect(() => client('http://127.0.0.1', { tokenHeader: 'X Key' })).toThrow('token.header: expected the name of a header, but got: X Key');
  });
});
