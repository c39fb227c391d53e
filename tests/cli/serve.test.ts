import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/exitCodes.js';
import { firstQuery } from '../../src/cli/firstQuery.js';
import { build, root, run, serve, temporaryFolder } from '../helpers/commandLine.js';

beforeAll(build);

const folder = temporaryFolder();
afterAll(() => folder.remove());

const demonstration = path.join(root, 'parks/xinxiang');
// One store for all: filling it anew is most of what a first start takes.
const store: Record<string, string> = { PARKHUB_STORE: path.join(folder.path, 'store') };

/** A copy of the demonstration park, with one file of it written anew. */
function parkWith(name: string, file: string, change: (text: string) => string): string {
  const park = path.join(folder.path, name, 'xinxiang');
  fs.cpSync(demonstration, park, { recursive: true });
  fs.writeFileSync(path.join(park, file), change(fs.readFileSync(path.join(park, file), 'utf8')));
  return park;
}

async function ask(url: string, query: string, token?: string): Promise<{ data?: unknown; errors?: unknown }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as { data?: unknown; errors?: unknown };
}

describe('parkhub serve', () => {
  test('says where the graph is, how its sources are and what to ask, answers it, and stops when told', async () => {
    const hub = await serve(demonstration, store);
    try {
      await hub.printed(/Stop with Ctrl\+C/);
      const { stdout } = hub.output();
      const tokens = [...stdout.matchAll(/ {2}(phk_[A-Za-z0-9_-]{43})$/gm)].map(([, token]) => token);
      expect(tokens).toHaveLength(7);
      expect(stdout).toContain(`  Playground  ${hub.url}/playground#viewers=${tokens.join('.')}\n`);
      expect(stdout).toContain(`  GraphQL     ${hub.url}/graphql`);
      expect(stdout).toContain(`  Health      ${hub.url}/health`);
      for (const source of ['park', 'icbc', 'bocom', 'spdb', 'huakai', 'hongtu', 'huayu'])
        expect(stdout).toMatch(new RegExp(`^${source} .*(LIVE|MIRRORED)`, 'm'));
      expect(stdout).toContain(firstQuery.replace(/^/gm, '  '));
      expect(stdout).not.toContain('\u001b');
      expect((await fetch(`${hub.url}/health`)).status).toBe(200);
      // Asked as anyone: of the company's file nothing but its name, and what is hidden is said.
      expect(await ask(hub.url, firstQuery)).toEqual({ data: expect.any(Object), extensions: { hidden: expect.any(Array) } });
    } finally {
      const { code, stderr } = await hub.stop('SIGTERM');
      expect({ code, stderr }).toEqual({ code: 0, stderr: 'Stopping …\n' });
    }
  });

  test('has the authorizations of the demonstration from its first start on, each once, and prints tokens that show them', async () => {
    const own = { PARKHUB_STORE: path.join(folder.path, 'authorizations') };
    const listed = async (): Promise<{ tenantUscc: string; grantee: string; state: string }[]> =>
      JSON.parse((await run(['authorization', 'list', demonstration, '--json', '--first', '100'], own)).stdout);
    expect(await listed()).toEqual([]);
    const counts: number[] = [];
    for (let start = 0; start < 2; start++) {
      const hub = await serve(demonstration, own);
      try {
        await hub.printed(/^service of icbc/m);
        const token = /^bank icbc +(\S+)$/m.exec(hub.output().stdout)?.[1];
        const seen = (await ask(hub.url, firstQuery, token)) as { data: { tenant: { loans: { nodes: unknown[] } } } };
        expect(seen.data.tenant.loans.nodes).toHaveLength(4);
        expect(await ask(hub.url, '{ viewer { kind sourceId } }', token)).toEqual({ data: { viewer: { kind: 'BANK', sourceId: 'icbc' } } });
      } finally {
        expect((await hub.stop()).code).toBe(0);
      }
      counts.push((await listed()).length);
    }
    expect(counts).toEqual([28, 28]);
  });

  test('gives no token away over HTTP: they are printed, and in nothing that it serves', async () => {
    const hub = await serve(demonstration, store);
    try {
      await hub.printed(/^service of /m);
      const page = await (await fetch(`${hub.url}/playground`)).text();
      const scripts = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, name]) => name as string);
      expect(scripts.length).toBeGreaterThan(0);
      const texts = await Promise.all(
        [...scripts.map((name) => `playground/${name}`), 'health', 'graphql?query={__typename}', 'nowhere'].map(async (way) =>
          (await fetch(`${hub.url}/${way}`, { headers: { 'apollo-require-preflight': 'yes' } })).text(),
        ),
      );
      for (const text of [page, ...texts]) expect(text).not.toMatch(/phk_[A-Za-z0-9_-]{43}/);
      const [token] = /phk_[A-Za-z0-9_-]{43}/.exec(hub.output().stdout) ?? [];
      expect(hub.output().stderr).not.toContain(token);
    } finally {
      expect((await hub.stop()).code).toBe(0);
    }
  });

  test('stops on SIGINT as well, even before it has printed all', async () => {
    const hub = await serve(demonstration, store);
    expect((await hub.stop('SIGINT')).code).toBe(0);
  });

  test('takes its port from PORT, and --port before it', async () => {
    const given = await serve(demonstration, { ...store, PORT: '0' }, []);
    expect((await given.stop()).code).toBe(0);
    const before = await serve(demonstration, { ...store, PORT: '1' }, ['--port', '0']);
    expect(before.url).not.toMatch(/:1$/);
    expect((await before.stop()).code).toBe(0);
  });

  test('leaves out a source whose source.yml is wrong, says where it is wrong, and serves the others', async () => {
    const park = parkWith('wrong-source', 'icbc/source.yml', (text) =>
      text.replace(/^deadline:.*\n/m, '').replace(/^title:/m, 'deadline: soon\ntitel: x\ntitle:'),
    );
    const hub = await serve(park, store);
    try {
      await hub.printed(/Stop with Ctrl\+C/);
      const { stdout } = hub.output();
      expect(stdout).toMatch(/^icbc\/source\.yml:\d+: deadline: expected .*, but got: .*soon/m);
      expect(stdout).toMatch(/^icbc\/source\.yml:\d+: .*titel/m);
      expect(stdout).not.toMatch(/^icbc .*(LIVE|MIRRORED)/m);
      expect(stdout).toMatch(/^bocom .*(LIVE|MIRRORED)/m);
      expect(await ask(hub.url, '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
    } finally {
      expect((await hub.stop()).code).toBe(0);
    }
  });

  test('serves a park whose partner does not answer, and says which', async () => {
    const hub = await serve(demonstration, { ...store, SPDB_API_URL: 'http://127.0.0.1:9/spdb', SPDB_API_TOKEN: 'none' });
    try {
      await hub.printed(/Stop with Ctrl\+C/);
      const { stdout } = hub.output();
      expect(stdout).toMatch(/^spdb .*UNAVAILABLE/m);
      expect(stdout).toMatch(/^spdb is unavailable: /m);
      expect(stdout).toMatch(/^huayu .*(LIVE|MIRRORED)/m);
    } finally {
      expect((await hub.stop()).code).toBe(0);
    }
  });
});

describe('what serve shows', () => {
  const introspection = '{ __schema { queryType { name } } }';
  const closed = () => parkWith('closed', 'park.yml', (text) => text.replace('demonstration: true', 'demonstration: false'));

  test('of a park that is no demonstration: the graph alone, unless a setting says more', async () => {
    const hub = await serve(closed(), store);
    try {
      await hub.printed(/Health/);
      expect(hub.output().stdout).not.toContain('Playground');
      expect((await fetch(`${hub.url}/playground`)).status).toBe(404);
      expect(JSON.stringify(await ask(hub.url, introspection))).toContain('INTROSPECTION_DISABLED');
      expect(JSON.stringify(await ask(hub.url, '{ tenantz { totalCount } }'))).not.toContain('Did you mean');
    } finally {
      expect((await hub.stop()).code).toBe(0);
    }
    const opened = await serve(closed(), { ...store, PARKHUB_PLAYGROUND: 'on', PARKHUB_INTROSPECTION: 'all' });
    try {
      await opened.printed(/Health/);
      expect(opened.output().stdout).toContain(`  Playground  ${opened.url}/playground\n`);
      expect(opened.output().stdout).not.toMatch(/phk_|authoriz/i);
      expect(await ask(opened.url, introspection)).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } });
    } finally {
      expect((await opened.stop()).code).toBe(0);
    }
  });

  test('where only persisted operations are taken: those of the front end, by their hash', async () => {
    const hub = await serve(demonstration, { ...store, PARKHUB_OPERATIONS: 'persisted' });
    try {
      expect(JSON.stringify(await ask(hub.url, '{ __typename }'))).toContain('PERSISTED_QUERY_NOT_SUPPORTED');
      const manifest = JSON.parse(fs.readFileSync(path.join(root, 'web/src/generated/persisted-documents.json'), 'utf8')) as Record<string, string>;
      const [documentId] = Object.entries(manifest).find(([, text]) => text.startsWith('query ParkFigures')) ?? [];
      const response = await fetch(`${hub.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ documentId, variables: { years: [2021] } }),
      });
      expect(await response.json()).toMatchObject({ data: { park: { figures: [{ year: 2021, tenantCount: 146 }] } } });
    } finally {
      expect((await hub.stop()).code).toBe(0);
    }
  });

  test('to one who asks too often: when to come again', async () => {
    const hub = await serve(demonstration, { ...store, PARKHUB_RATE: '6' });
    try {
      expect(await ask(hub.url, '{ __typename }')).toEqual({ data: { __typename: 'Query' } });
      expect(JSON.stringify(await ask(hub.url, '{ __typename }'))).toContain('RATE_LIMITED');
    } finally {
      expect((await hub.stop()).code).toBe(0);
    }
  });

  test('by the limits of its park.yml', async () => {
    const park = parkWith('limited', 'park.yml', (text) => `${text}\nlimits: {depth: 2, cost: 40}\n`);
    const hub = await serve(park, store);
    try {
      expect(JSON.stringify(await ask(hub.url, '{ park { carriers { totalCount } } }'))).toContain('depth: expected at most 2, but got: 3.');
      expect(JSON.stringify(await ask(hub.url, '{ loans { totalCount } }'))).toContain('cost: expected at most 40, but got: 121.');
    } finally {
      expect((await hub.stop()).code).toBe(0);
    }
  });
});

describe('what serve refuses', () => {
  const refused = async (park: string, code: number, line: RegExp, variables: Record<string, string> = {}, args: string[] = ['--port', '0']): Promise<void> => {
    const finished = await run(['serve', park, ...args], { ...store, ...variables });
    expect(finished.stderr).toMatch(line);
    expect(finished.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(finished.stderr).not.toMatch(/\n\s+at /);
    expect({ code: finished.code, stdout: finished.stdout }).toEqual({ code, stdout: '' });
  };

  test('a folder that is not there', () =>
    refused('parks/nowhere', exitCodes.wrongUse.code, /^parkhub: parks\/nowhere: expected a park: a folder that holds a park\.yml, but got: nothing/));

  test('a folder that is not a park', () =>
    refused('src', exitCodes.wrongUse.code, /^parkhub: src: expected a park: a folder that holds a park\.yml, but got: a folder without/));

  test('a file', () => refused('package.json', exitCodes.wrongUse.code, /^parkhub: package\.json: expected a park: .*but got: a file/));

  test('a park.yml that is wrong, by line', () => {
    const park = parkWith('wrong-park', 'park.yml', (text) => text.replace(/^operatedSince:.*$/m, 'operatedSince: last year'));
    return refused(park, exitCodes.wrongUse.code, /park\.yml:\d+: operatedSince: expected .*, but got: .*last year/);
  });

  test('a demonstration whose authorizations are wrong, by line', () => {
    const park = parkWith('wrong-authorizations', 'authorizations/authorizations.yml', (text) => text.replace('grantee: icbc', 'grantee: ICBC'));
    return refused(park, exitCodes.wrongUse.code, /^parkhub: authorizations\/authorizations\.yml:4: 0\.grantee: expected the id of a source, or park/);
  });

  test('an environment that is wrong', () =>
    refused(demonstration, exitCodes.wrongUse.code, /^parkhub: PORT: expected a port number between 0 and 65535, but got: "http"/, { PORT: 'http' }));

  test.each([
    [
      'PARKHUB_MANIFEST',
      { PARKHUB_MANIFEST: 'package-lock.json' },
      /^parkhub: PARKHUB_MANIFEST: expected the file of persisted operations .* is no map of SHA-256 hashes/,
    ],
    [
      'PARKHUB_TLS_CERT',
      { PARKHUB_TLS_CERT: 'package.json', PARKHUB_TLS_KEY: 'package.json' },
      /^parkhub: PARKHUB_TLS_CERT: expected a PEM file, but .* is none\./,
    ],
    [
      'PARKHUB_TLS_CERT',
      { PARKHUB_TLS_CERT: 'nowhere.pem', PARKHUB_TLS_KEY: 'nowhere.pem' },
      /^parkhub: PARKHUB_TLS_CERT: expected a PEM file that can be read/,
    ],
    ['PARKHUB_TLS_KEY', { PARKHUB_TLS_CERT: 'cert.pem' }, /^parkhub: PARKHUB_TLS_KEY: expected the path of a file, with PARKHUB_TLS_CERT, but it is not set\./],
    ['PARKHUB_CORS_ORIGINS', { PARKHUB_CORS_ORIGINS: '*' }, /^parkhub: PARKHUB_CORS_ORIGINS: expected origins as browsers send them/],
  ])('%s that does not serve: %j', (_name, variables, line) => refused(demonstration, exitCodes.wrongUse.code, line, variables));

  test('a certificate whose key is of another', () => {
    const [cert, key] = [path.join(folder.path, 'cert.pem'), path.join(folder.path, 'key.pem')];
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    fs.writeFileSync(cert, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    fs.writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const line = /^parkhub: PARKHUB_TLS_KEY: expected the key of the certificate in .*, but .* does not fit it\.$/m;
    return refused(demonstration, exitCodes.wrongUse.code, line, { PARKHUB_TLS_CERT: cert, PARKHUB_TLS_KEY: key });
  });

  test('a limit that is none', () => {
    const park = parkWith('wrong-limit', 'park.yml', (text) => `${text}\nlimits: {depth: none}\n`);
    return refused(park, exitCodes.wrongUse.code, /park\.yml:\d+: limits\.depth: expected .*, but got: .*none/);
  });

  test('a host that is none of this machine', () =>
    refused(demonstration, exitCodes.wrongUse.code, /^parkhub: 192\.0\.2\.1 is no address of this machine/, {}, ['--port', '0', '--host', '192.0.2.1']));

  test('a port that is in use', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as net.AddressInfo;
    try {
      await refused(demonstration, exitCodes.portInUse.code, new RegExp(`^parkhub: Port ${port} of 127\\.0\\.0\\.1 is in use`), {}, ['--port', String(port)]);
    } finally {
      other.close();
    }
  });
});
