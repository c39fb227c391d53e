/** What the demonstration's tenants have authorised before it begins. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { type Demonstration, startDemonstration } from '../helpers/demonstration.js';
import { demoPark, type TestHubOptions } from '../helpers/hub.js';
import { askAs, executeAs, investor, park, tenant } from '../helpers/viewers.js';

const FIRST = '91410771MA3XGWU758';
const ALL =
  '{ authorizations(first: 100) { nodes { id tenantUscc grantee scopes purpose state validFrom validTo documentHash requested { at kind } granted { at kind } revoked { at kind } } } }';

interface Entry {
  readonly tenantUscc: string;
  readonly grantee: string;
  readonly scopes: string[];
  readonly document?: string;
  readonly granted?: string;
}
const folder = path.join(demoPark, 'authorizations');
const entries = parse(fs.readFileSync(path.join(folder, 'authorizations.yml'), 'utf8')) as Entry[];

interface Shown extends Entry {
  readonly id: string;
  readonly state: string;
  readonly documentHash: string | null;
}

async function all(hub: Demonstration): Promise<Shown[]> {
  return (await askAs(hub.hub, park('OPERATOR'), ALL)).authorizations.nodes;
}

/** Starts one that ends with the test. */
async function start(options: TestHubOptions = {}): Promise<Demonstration> {
  const started = await startDemonstration(options);
  onTestFinished(() => started.close());
  return started;
}

/** The folder of a store that goes with the test; several starts may follow each other on it. */
async function ownStore(): Promise<string> {
  const store = await mkdtemp(path.join(tmpdir(), 'parkhub-demonstration-'));
  onTestFinished(() => rm(store, { recursive: true, force: true }));
  return store;
}

describe('the authorizations of the demonstration', () => {
  let hub: Demonstration;
  beforeAll(async () => {
    hub = await startDemonstration();
  });
  afterAll(() => hub?.close());

  it('are all recorded, in every state, in the order in which they came about', async () => {
    const shown = await all(hub);
    expect([hub.recorded, shown.length]).toEqual([entries.length, entries.length]);
    expect(new Set(shown.map(({ state }) => state))).toEqual(new Set(['AWAITING', 'AUTHORISED', 'REVOKED', 'EXPIRED']));
    const begun = [...shown].reverse().map((one) => (one as unknown as { requested: { at: string } }).requested.at);
    expect(begun).toEqual([...begun].sort());
  });

  it('have the SHA-256 of the paper in the folder, which names the company and is said to be made up', async () => {
    const shown = await all(hub);
    const granted = entries.filter(({ document }) => document !== undefined);
    expect(granted.length).toBeGreaterThan(10);
    for (const { document = '', tenantUscc, grantee, scopes } of granted) {
      const text = fs.readFileSync(path.join(folder, document));
      const hash = createHash('sha256').update(text).digest('hex');
      expect(shown.filter(({ documentHash }) => documentHash === hash)).toMatchObject([{ tenantUscc, grantee, scopes }]);
      expect(text.toString()).toContain(tenantUscc);
      expect(text.toString()).toContain('虚构');
    }
  });

  it('are those of tenants of the park, past or present', async () => {
    for (const { tenantUscc } of entries) expect(await hub.ask(`{ tenant(uscc: "${tenantUscc}") { uscc } }`)).toEqual({ tenant: { uscc: tenantUscc } });
  });

  it.each(['2022-01-01', '2026-11-25', '2029-02-28', '2035-12-31'])('are in force where they are to be for whoever starts it on %s', async (day) => {
    const then = await start({ clock: () => new Date(`${day}T12:00:00+08:00`) });
    const ofFirst = (await all(then)).filter(({ tenantUscc }) => tenantUscc === FIRST);
    expect(ofFirst.map(({ grantee, scopes, state }) => `${grantee} ${scopes.join(' ')} ${state}`).sort()).toEqual([
      'hongtu FINANCING AWAITING',
      'hongtu OPERATING AUTHORISED',
      'icbc OPERATING CREDIT AUTHORISED',
      'park FINANCING AUTHORISED',
    ]);
  });
});

describe('a further start', () => {
  it('adds nothing', async () => {
    const store = await ownStore();
    const first = await startDemonstration({ store });
    const before = await all(first);
    await first.hub.close();
    const second = await startDemonstration({ store });
    expect([second.recorded, await all(second)]).toEqual([0, before]);
    await second.close();
  });

  it('adds nothing beside another that begins at the same time', async () => {
    const store = await ownStore();
    // The store is made first: what is tried here is what is written into it.
    const made = await startDemonstration({ store, parkFolder: withoutAuthorizations() });
    const both = await Promise.all([startDemonstration({ store }), startDemonstration({ store })]);
    expect(both.map(({ recorded }) => recorded).sort((a, b) => a - b)).toEqual([0, entries.length]);
    expect(await all(both[0])).toHaveLength(entries.length);
    for (const { hub } of [made, ...both]) await hub.close();
  });

  it('leaves what a user of the demonstration has revoked or granted', async () => {
    const store = await ownStore();
    const first = await startDemonstration({ store });
    const shown = await all(first);
    const idOf = (wanted: string): string | undefined =>
      shown.find(({ tenantUscc, grantee, state }) => `${tenantUscc} ${grantee} ${state}` === `${FIRST} ${wanted}`)?.id;
    await askAs(first.hub, tenant(FIRST), 'mutation ($id: ID!) { revokeAuthorization(authorization: $id) { id } }', { id: idOf('icbc AUTHORISED') });
    await askAs(first.hub, tenant(FIRST), 'mutation ($id: ID!, $hash: String!) { grantAuthorization(authorization: $id, documentHash: $hash) { id } }', {
      id: idOf('hongtu AWAITING'),
      hash: 'a'.repeat(64),
    });
    await first.hub.close();

    const second = await startDemonstration({ store });
    expect(second.recorded).toBe(0);
    const states = new Map((await all(second)).map(({ id, state }) => [id, state]));
    expect([states.get(idOf('icbc AUTHORISED') ?? ''), states.get(idOf('hongtu AWAITING') ?? '')]).toEqual(['REVOKED', 'AUTHORISED']);
    // The bank whose authorization was revoked is still the one of which there is a token.
    expect(second.tokens.map(({ viewer }) => viewer)).toEqual(first.tokens.map(({ viewer }) => viewer));
    const { tenant: seen } = await askAs(second.hub, investor('hongtu'), `{ tenant(uscc: "${FIRST}") { investments { nodes { amount } } } }`);
    expect(seen.investments.nodes).toHaveLength(3);
    expect(seen.investments.nodes.every(({ amount }: { amount: string | null }) => amount !== null)).toBe(true);
    await second.close();
  });
});

describe('a park that is no demonstration', () => {
  it('records none and issues no token, whatever its folder holds', async () => {
    const parkFolder = changedPark('park.yml', (text) => text.replace('demonstration: true', 'demonstration: false'));
    const hub = await start({ parkFolder });
    expect([hub.recorded, hub.tokens, await all(hub)]).toEqual([0, [], []]);
  });
});

describe('a file of authorizations that is wrong', () => {
  const wrong = async (change: (text: string) => string): Promise<string> => {
    const parkFolder = changedPark('authorizations/authorizations.yml', change);
    return startDemonstration({ parkFolder }).then(
      async (hub) => {
        await hub.close();
        return 'nothing is wrong';
      },
      (error: Error) => error.message,
    );
  };

  it.each([
    [
      'a scope that is none',
      (text: string) => text.replace('[OPERATING, CREDIT]', '[OPERATING, SECRETS]'),
      /authorizations\.yml:5: 0\.scopes\.1: expected one of IDENTITY/,
    ],
    ['a day that is none', (text: string) => text.replace('"2021-02-22"', '"2021-02-30"'), /authorizations\.yml:7: 0\.validFrom: expected a day that exists/],
    ['a code that is none', (text: string) => text.replace('MA3XGWU758', 'MA3XGWU757'), /authorizations\.yml:3: 0\.tenantUscc: expected a USCC/],
    [
      'a paper that is not there',
      (text: string) => text.replace('授权书_01.txt', '授权书_99.txt'),
      /authorizations\.yml:11: 0\.document: expected a file that exists/,
    ],
    [
      'a paper of another folder',
      (text: string) => text.replace('授权书_01.txt', '../park.yml'),
      /authorizations\.yml:11: 0\.document: expected a name within the folder/,
    ],
    [
      'a grant without a paper',
      (text: string) => text.replace('  document: 授权书_01.txt\n', ''),
      /authorizations\.yml:3: 0: expected a document where it is granted/,
    ],
    [
      'days the wrong way round',
      (text: string) => text.replace('"2035-12-31"', '"2020-12-31"'),
      /authorizations\.yml: 91410771MA3XGWU758, icbc, REQUESTED on 2021-02-15: validTo: expected a day not before/,
    ],
    [
      'a field that it does not know',
      (text: string) => text.replace('grantee: icbc', 'grantee: icbc\n  note: hello'),
      /authorizations\.yml:5: 0\.note: expected no field of this name/,
    ],
  ])('with %s is refused by line, and none of it recorded', async (_name, change, message) => {
    expect(await wrong(change)).toMatch(message);
  });

  it('does not lead out of the folder by a link', async () => {
    const parkFolder = changedPark('park.yml', (text) => text);
    const paper = path.join(parkFolder, 'authorizations', '授权书_01.txt');
    fs.rmSync(paper);
    fs.symlinkSync('/etc/hostname', paper);
    await expect(startDemonstration({ parkFolder })).rejects.toThrow('a link that leads out of it');
  });

  it('leaves out those of a source that is not there, and records the others', async () => {
    const parkFolder = changedPark('authorizations/authorizations.yml', (text) => text.replaceAll('grantee: spdb', 'grantee: nowhere'));
    const hub = await start({ parkFolder });
    const gone = entries.filter(({ grantee }) => grantee === 'spdb').length;
    expect(gone).toBeGreaterThan(0);
    expect(hub.recorded).toBe(entries.length - gone);
  });
});

it('is in the trace of whoever reads under one of them', async () => {
  const hub = await start();
  await executeAs(
    hub.hub,
    { kind: 'BANK', source: 'icbc', name: 'officer', via: 'test' },
    `query Look { tenant(uscc: "${FIRST}") { loans { nodes { balance } } } }`,
  );
  const { readsOfMyData } = await askAs(hub.hub, tenant(FIRST), '{ readsOfMyData { nodes { by operation authorizations } } }');
  const [id] = (await all(hub)).filter(({ tenantUscc, grantee }) => tenantUscc === FIRST && grantee === 'icbc').map((one) => one.id);
  expect(readsOfMyData.nodes).toEqual([{ by: 'officer', operation: 'Look', authorizations: [id] }]);
});

/** A copy of the demonstration's folder with one file of it written anew; it goes with the test. */
function changedPark(file: string, change: (text: string) => string): string {
  const copy = fs.mkdtempSync(path.join(tmpdir(), 'parkhub-park-'));
  onTestFinished(() => fs.rmSync(copy, { recursive: true, force: true }));
  fs.cpSync(demoPark, copy, { recursive: true });
  const place = path.join(copy, file);
  fs.writeFileSync(place, change(fs.readFileSync(place, 'utf8')));
  return copy;
}

function withoutAuthorizations(): string {
  const copy = changedPark('park.yml', (text) => text);
  fs.rmSync(path.join(copy, 'authorizations'), { recursive: true });
  return copy;
}
