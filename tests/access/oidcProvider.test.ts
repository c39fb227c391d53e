/** A real OpenID Connect provider gives the tokens; a hub on the demonstration park takes them over HTTP. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPark, openTestHub, type TestHub } from '../helpers/hub.js';
import { startTestServer } from '../server/testServer.js';
import { type RunningProvider, startProvider } from './oidcProvider.js';

const audience = 'https://hub.example/graphql';
const own: Record<string, Record<string, unknown>> = {
  'icbc-loader': { parkhub: { kind: 'SERVICE', source: 'icbc' }, purpose: 'loads' },
  'officer-17': { parkhub: { kind: 'BANK', source: 'icbc' }, roles: ['staff', 'icbc-officer'] },
  nobody: { roles: ['staff'] },
};

let provider: RunningProvider;
let hub: TestHub;
let folder: string;
const settings = (): Record<string, string> => ({ PARKHUB_OIDC_ISSUER: provider.issuer, PARKHUB_OIDC_AUDIENCE: audience });

beforeAll(async () => {
  provider = await startProvider((subject) => own[subject] ?? {});
  folder = await mkdtemp(path.join(tmpdir(), 'parkhub-oidc-'));
  hub = await openTestHub({ variables: settings() });
});
afterAll(async () => {
  await hub?.close();
  await provider?.close();
  await rm(folder, { recursive: true, force: true });
});

const bearer = (token: string): string => `Bearer ${token}`;

describe('with a provider that runs', () => {
  it('a program shows the token that its secret gets it, and is the service account of its source', async () => {
    const token = await provider.tokenOfProgram(audience);
    expect(await hub.hub.authenticate(bearer(token))).toEqual({ kind: 'SERVICE', source: 'icbc', name: 'icbc-loader', via: 'oidc' });
    const server = await startTestServer(hub.hub);
    const { status, body } = await server.ask('{ park { name } }', {}, { authorization: bearer(token) });
    expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
    expect(server.logged).toEqual([]);
  });

  it('a person shows the token that a login gets, by authorization code', async () => {
    const { access } = await provider.tokensOfPerson('officer-17', audience);
    expect(await hub.hub.authenticate(bearer(access))).toEqual({ kind: 'BANK', source: 'icbc', name: 'officer-17', via: 'oidc' });
  });

  it('a token for another audience, an id token, and one of somebody who is nothing to the park are refused alike', async () => {
    const { access, id } = await provider.tokensOfPerson('officer-17', audience);
    const [header, , signature] = access.split('.');
    const refused = {
      'for another': await provider.tokenOfProgram('https://other.example/api'),
      'an id token': id,
      'of nobody': (await provider.tokensOfPerson('nobody', audience)).access,
      'of another payload': [header, access.split('.')[1]?.replace(/^.../, 'eyK'), signature].join('.'),
      'of no signature': `${access.split('.').slice(0, 2).join('.')}.`,
    };
    const server = await startTestServer(hub.hub);
    const texts = new Set<string>();
    for (const token of Object.values(refused)) {
      const { status, text } = await server.ask('{ park { name } }', {}, { authorization: bearer(token) });
      expect(status).toBe(401);
      texts.add(text);
    }
    expect(texts.size).toBe(1);
    expect(server.logged.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('"aud"'),
      expect.stringContaining('"aud"'),
      expect.stringContaining('make no viewer'),
      expect.any(String),
      expect.any(String),
    ]);
  });

  it("a park's own rules say who a token is from", async () => {
    const parkFolder = path.join(folder, 'xinxiang');
    await cp(demoPark, parkFolder, { recursive: true });
    const rules = [
      'viewers:',
      '  - { claim: roles, has: icbc-officer, viewer: { kind: BANK, source: icbc } }',
      '  - { claim: purpose, has: loads, viewer: { kind: PARK, role: ANALYST } }',
      '',
    ].join('\n');
    await writeFile(path.join(parkFolder, 'park.yml'), rules + (await readFile(path.join(parkFolder, 'park.yml'), 'utf8')));
    const ruled = await openTestHub({ parkFolder, variables: settings() });
    try {
      const { access } = await provider.tokensOfPerson('officer-17', audience);
      expect(await ruled.hub.authenticate(bearer(access))).toMatchObject({ kind: 'BANK', source: 'icbc' });
      expect(await ruled.hub.authenticate(bearer(await provider.tokenOfProgram(audience)))).toMatchObject({ kind: 'PARK', role: 'ANALYST' });
    } finally {
      await ruled.close();
    }
  });

  it('a hub that knows no issuer takes none of its tokens', async () => {
    const without = await openTestHub();
    try {
      await expect(without.hub.authenticate(bearer(await provider.tokenOfProgram(audience)))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    } finally {
      await without.close();
    }
  });
});
