/** Who reaches the hub, and what it shows them: origins, certificates, introspection, the Playground. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { publicViewer, type Viewer } from '../../src/access/viewer.js';
import { handMadeHub } from './handMadeHub.js';
import { startTestServer } from './testServer.js';

const board = 'https://board.example.cn';

describe('other origins', () => {
  const preflight = (url: string, origin: string): Promise<Response> =>
    fetch(`${url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type, authorization' },
    });

  it('may ask where the list names them', async () => {
    const { url } = await startTestServer(handMadeHub(), '', { settings: { corsOrigins: [board, 'http://localhost:5173'] } });
    const asked = await preflight(url, board);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(board);
    expect(asked.headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(asked.headers.get('access-control-allow-credentials')).toBeNull();
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { origin: board, 'content-type': 'application/json' },
      body: '{"query":"{ greeting }"}',
    });
    expect(response.headers.get('access-control-allow-origin')).toBe(board);
    expect(response.headers.get('vary')).toMatch(/origin/i);
    expect(await response.json()).toEqual({ data: { greeting: '你好' } });
  });

  it.each(['https://evil.example.cn', 'https://board.example.cn.evil.cn', 'http://board.example.cn', 'https://board.example.cn:8443', 'null'])(
    'may not as %s',
    async (origin) => {
      const { url } = await startTestServer(handMadeHub(), '', { settings: { corsOrigins: [board] } });
      expect((await preflight(url, origin)).headers.get('access-control-allow-origin')).toBeNull();
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: '{"query":"{ greeting }"}',
      });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  it('may not at all where there is no list', async () => {
    const { url } = await startTestServer(handMadeHub());
    const asked = await preflight(url, board);
    expect(asked.status).toBe(405);
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a certificate', () => {
  async function selfMade(): Promise<{ cert: string; key: string }> {
    const folder = await mkdtemp(path.join(tmpdir(), 'parkhub-tls-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...names],
      {
        stdio: 'ignore',
      },
    );
    return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
  }

  interface SecureAnswer {
    readonly text: string;
    readonly headers: Record<string, unknown>;
    readonly protocol: string | null;
  }

  const ask = (url: string, options: https.RequestOptions): Promise<SecureAnswer> =>
    new Promise((resolve, reject) => {
      const request = https.request(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, ...options }, (response) => {
        const protocol = (response.socket as TLSSocket).getProtocol();
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ text, headers: response.headers, protocol }));
      });
      request.on('error', reject).end('{"query":"{ greeting }"}');
    });

  it('makes the hub speak TLS, and tell browsers to speak nothing else', async () => {
    const tls = await selfMade();
    const server = await startTestServer(handMadeHub(), '', { settings: { tls } });
    expect(server.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const { text, headers, protocol } = await ask(server.url, { ca: tls.cert, agent: false });
    expect(JSON.parse(text)).toEqual({ data: { greeting: '你好' } });
    expect(headers['strict-transport-security']).toBe('max-age=15552000');
    expect(protocol).toBe('TLSv1.3');
    await expect(ask(server.url, { agent: false })).rejects.toThrow('self-signed certificate');
    await expect(ask(server.url, { ca: tls.cert, agent: false, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow();
    await expect(fetch(server.url.replace('https', 'http'))).rejects.toThrow();
  });

  it('is not spoken of where there is none', async () => {
    const { url } = await startTestServer(handMadeHub());
    expect((await fetch(`${url}/health`)).headers.get('strict-transport-security')).toBeNull();
  });
});

describe('the schema', () => {
  const named: Record<string, Viewer> = {
    PUBLIC: publicViewer,
    BANK: { kind: 'BANK', source: 'icbc', name: 'someone', via: 'test' },
    PARK: { kind: 'PARK', role: 'ANALYST', name: 'someone', via: 'test' },
  };
  const authenticate = async (authorization: string | undefined): Promise<Viewer> => named[authorization ?? 'PUBLIC'] ?? publicViewer;
  const introspection = '{ __schema { queryType { name } } }';
  const wrong = '{ greetin }';

  it.each([
    ['all', 'PUBLIC', true],
    ['all', 'BANK', true],
    ['park', 'PUBLIC', false],
    ['park', 'BANK', false],
    ['park', 'PARK', true],
    ['none', 'PUBLIC', false],
    ['none', 'PARK', false],
  ] as const)('with introspection for %s, %s may ask about it and is helped with names: %s', async (setting, kind, may) => {
    const server = await startTestServer(handMadeHub({ authenticate }), '', { settings: { introspection: setting } });
    const headers = { authorization: kind };
    expect((await server.ask(introspection, {}, headers)).body.data !== undefined).toBe(may);
    expect((await server.ask(wrong, {}, headers)).text.includes('Did you mean')).toBe(may);
    // What one viewer asked is not answered to another out of memory.
    expect((await server.ask(introspection, {}, { authorization: 'PUBLIC' })).body.data !== undefined).toBe(setting === 'all');
  });
});
