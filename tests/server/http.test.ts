import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../../src/server/http.js';
import { ListenError } from '../../src/server/listenError.js';
import { handMadeHub } from './handMadeHub.js';
import { startTestServer } from './testServer.js';

const quiet = pino({ enabled: false });

async function makePlaygroundFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'parkhub-playground-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(path.join(folder, 'built', 'assets'), { recursive: true });
  await writeFile(path.join(folder, 'built', 'index.html'), '<!doctype html><title>explorer</title>');
  await writeFile(path.join(folder, 'built', 'assets', 'index-abc.js'), 'export {};');
  await writeFile(path.join(folder, 'outside.txt'), 'outside');
  return path.join(folder, 'built');
}

/** Sends a request as it stands; fetch would mend the address. */
function raw(
  url: string,
  pathAndQuery: string,
  options: http.RequestOptions = {},
): Promise<{ status: number; text: string; headers: http.IncomingHttpHeaders }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path: pathAndQuery, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    request.on('error', reject).end();
  });
}

describe('the graph over HTTP', () => {
  it('makes a context for each operation', async () => {
    let made = 0;
    const server = await startTestServer(handMadeHub({ createContext: () => ({ number: ++made }) }));
    expect((await server.ask('{ context }')).body.data).toEqual({ context: '{"number":1}' });
    expect((await server.ask('{ context }')).body.data).toEqual({ context: '{"number":2}' });
  });

  it('answers introspection', async () => {
    const { body } = await (await startTestServer(handMadeHub())).ask('{ __schema { queryType { name } } }');
    expect(body.data).toEqual({ __schema: { queryType: { name: 'Query' } } });
  });

  it('lets no answer be kept by a browser', async () => {
    const { url } = await startTestServer(handMadeHub());
    const response = await fetch(`${url}/graphql?query={greeting}`, { headers: { 'apollo-require-preflight': 'yes' } });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('x-parkhub-request-error')).toBeNull();
  });

  it.each([
    ['a form of another site', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'query={greeting}' }, 415],
    ['a plain text', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"query":"{ greeting }"}' }, 415],
    ['a broken JSON', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"query": ' }, 400],
    ['no body', { method: 'POST', headers: { 'content-type': 'application/json' } }, 400],
    ['a list of operations', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '[{"query":"{ greeting }"}]' }, 400],
    [
      'more than 1 MiB',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: `{ greeting } #${'x'.repeat(1024 * 1024)}` }) },
      413,
    ],
    ['a method that is not for it', { method: 'DELETE' }, 405],
    [
      'a type that it does not write',
      { method: 'POST', headers: { 'content-type': 'application/json', accept: 'text/html' }, body: '{"query":"{ greeting }"}' },
      406,
    ],
  ])('refuses %s in the form of the graph', async (_name, init, status) => {
    const server = await startTestServer(handMadeHub());
    const response = await fetch(`${server.url}/graphql`, init);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ errors: [{ message: expect.any(String), extensions: { code: 'BAD_REQUEST' } }] });
    expect(server.logged).toEqual([]);
  });

  it('takes a request of just under 1 MiB', async () => {
    const { body } = await (await startTestServer(handMadeHub())).ask(`{ greeting } #${'x'.repeat(1024 * 1024 - 200)}`);
    expect(body.data).toEqual({ greeting: '你好' });
  });

  it('refuses a Host header that is no host', async () => {
    const server = await startTestServer(handMadeHub());
    const { status, text } = await raw(server.url, '/graphql?query={greeting}', { headers: { host: 'a[b', 'apollo-require-preflight': 'yes' } });
    expect(status).toBe(400);
    expect(text).not.toMatch(/node_modules|\bat /);
    expect(server.logged).toEqual([]);
  });

  it('names nothing of the inside where nothing is', async () => {
    const { url } = await startTestServer(handMadeHub());
    const response = await fetch(`${url}/admin/config?file=/etc/passwd`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      errors: [{ message: 'Nothing is here. The graph is at /graphql, its explorer at /playground.', extensions: { code: 'NOT_FOUND' } }],
    });
  });
});

describe('/health', () => {
  it('says that the process lives', async () => {
    const { url } = await startTestServer(handMadeHub());
    const response = await fetch(`${url}/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  });
});

describe('/playground', () => {
  it('is where / leads', async () => {
    const { url } = await startTestServer(handMadeHub(), await makePlaygroundFolder());
    const response = await fetch(url);
    expect(response.url).toBe(`${url}/playground/`);
    expect(await response.text()).toContain('<title>explorer</title>');
  });

  it('may run its own scripts only, and be framed by nobody', async () => {
    const { url } = await startTestServer(handMadeHub(), await makePlaygroundFolder());
    const response = await fetch(`${url}/playground/`);
    const policy = response.headers.get('content-security-policy')?.split('; ');
    expect(policy).toEqual(
      expect.arrayContaining(["default-src 'self'", "script-src 'self'", "worker-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"]),
    );
    expect(response.headers.get('cache-control')).toBe('no-cache');
  });

  it('lets a browser keep the files whose names change with their content', async () => {
    const { url } = await startTestServer(handMadeHub(), await makePlaygroundFolder());
    const response = await fetch(`${url}/playground/assets/index-abc.js`);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('content-type')).toContain('javascript');
  });

  it.each([
    '/playground/../outside.txt',
    '/playground/..%2foutside.txt',
    '/playground/%2e%2e/outside.txt',
    '/playground/assets/..%5c..%5coutside.txt',
    '/playground/%00',
  ])('gives no file outside its folder for %s', async (address) => {
    const { url } = await startTestServer(handMadeHub(), await makePlaygroundFolder());
    const { status, text } = await raw(url, address);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(text).not.toMatch(/^outside|parkhub-playground-/);
  });

  it('says how to build it where it is not built, while the graph answers', async () => {
    const server = await startTestServer(handMadeHub(), path.join(tmpdir(), 'no-such-playground'));
    const response = await fetch(`${server.url}/playground`);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('The playground is not built. Run: npm run build\n');
    expect((await server.ask('{ greeting }')).body.data).toEqual({ greeting: '你好' });
  });
});

describe('starting', () => {
  it('says that a port is in use in one line, with what to do', async () => {
    const first = await startTestServer(handMadeHub());
    const port = Number(new URL(first.url).port);
    const second = startServer({ hub: handMadeHub(), host: '127.0.0.1', port, playgroundFolder: '', log: quiet });
    await expect(second).rejects.toThrow(ListenError);
    await expect(second).rejects.toMatchObject({
      reason: 'PORT_IN_USE',
      message: `Port ${port} of 127.0.0.1 is in use by another program. Stop that program, or choose another port with --port or PORT.`,
    });
    expect((await first.ask('{ greeting }')).status).toBe(200);
  });

  it('says that an address is not of this machine', async () => {
    const server = startServer({ hub: handMadeHub(), host: '203.0.113.7', port: 0, playgroundFolder: '', log: quiet });
    await expect(server).rejects.toMatchObject({ name: 'ListenError', reason: 'NO_SUCH_ADDRESS' });
  });

  it('gives an address that a browser can open where it listens on every network', async () => {
    const server = await startServer({ hub: handMadeHub(), host: '0.0.0.0', port: 0, playgroundFolder: '', log: quiet });
    onTestFinished(() => server.close());
    expect(server.url).toMatch(/^http:\/\/localhost:\d+$/);
  });
});

describe('stopping', () => {
  it('finishes the answers under way, takes no more, and frees the port', async () => {
    let finish: (text: string) => void = () => {};
    let entered: () => void = () => {};
    const inside = new Promise<void>((resolve) => (entered = resolve));
    const slow = (): Promise<string> => {
      entered();
      return new Promise((resolve) => (finish = resolve));
    };
    const server = await startTestServer(handMadeHub({ slow }));
    const underWay = server.ask('{ slow }');
    await inside;
    const started = performance.now();
    const closed = server.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    finish('done');
    expect((await underWay).body).toEqual({ data: { slow: 'done' } });
    await closed;
    expect(performance.now() - started).toBeLessThan(3000);
    await expect(server.ask('{ greeting }')).rejects.toThrow('fetch failed');
  });

  it('may be asked twice', async () => {
    const server = await startTestServer(handMadeHub());
    await Promise.all([server.close(), server.close()]);
    await server.close();
  });
});
