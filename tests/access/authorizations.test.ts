import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Viewer } from '../../src/access/viewer.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { uscc } from '../helpers/identityPark.js';
import { anyone, askAs, bank, executeAs, investor, park, refusalOf, service, tenant } from '../helpers/viewers.js';

const HASH = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

let now = new Date('2022-03-15T10:00:00+08:00');
let first: TestHub;
let second: TestHub;
/** Two borrowers of icbc. */
let borrower: string;
let other: string;

beforeAll(async () => {
  first = await openTestHub({ clock: () => now });
  second = await openTestHub({ clock: () => now, store: first.store });
  const { loans } = await first.ask('{ loans(first: 1000) { nodes { tenantUscc provenance { sourceId } } } }');
  const ofIcbc = (loans.nodes as { tenantUscc: string; provenance: { sourceId: string } }[]).filter(({ provenance }) => provenance.sourceId === 'icbc');
  [borrower, other] = [...new Set(ofIcbc.map(({ tenantUscc }) => tenantUscc))] as [string, string];
});
afterAll(async () => {
  await second.hub.close();
  await first.close();
});
beforeEach(() => {
  now = new Date('2022-03-15T10:00:00+08:00');
});

const grant = (own: Readonly<Record<string, unknown>> = {}) => ({
  grantee: 'bocom',
  scopes: ['CREDIT'],
  purpose: 'BEFORE_LENDING',
  validFrom: '2022-03-15',
  validTo: '2022-03-31',
  documentHash: HASH,
  ...own,
});
const GRANT = `mutation Grant($authorization: ID, $grantee: String, $scopes: [Scope!], $purpose: AuthorizationPurpose, $validFrom: Date, $validTo: Date, $documentHash: String!) {
  grantAuthorization(authorization: $authorization, grantee: $grantee, scopes: $scopes, purpose: $purpose, validFrom: $validFrom, validTo: $validTo, documentHash: $documentHash) {
    id state scopes purpose validFrom validTo documentHash grantee tenantUscc requested { by kind } granted { by kind at } revoked { by } } }`;
const REQUEST = `mutation Ask($uscc: USCC!, $scopes: [Scope!]!, $purpose: AuthorizationPurpose!, $from: Date!, $to: Date!) {
  requestAuthorization(tenantUscc: $uscc, scopes: $scopes, purpose: $purpose, validFrom: $from, validTo: $to) { id state grantee documentHash requested { by kind at } granted { by } } }`;
const REVOKE = 'mutation Revoke($id: ID!) { revokeAuthorization(authorization: $id) { id state revoked { by kind at } } }';
const request = (own: Readonly<Record<string, unknown>> = {}) => ({
  uscc: borrower,
  scopes: ['CREDIT', 'OPERATING'],
  purpose: 'BEFORE_LENDING',
  from: '2022-03-15',
  to: '2022-03-31',
  ...own,
});

/** The banks whose loans to the borrower a viewer is shown. */
async function lendersSeen(hub: TestHub, viewer: Viewer): Promise<string[]> {
  const { tenant: found } = await askAs(hub.hub, viewer, `{ tenant(uscc: "${borrower}") { loans { nodes { provenance { sourceId } } } } }`);
  return [...new Set((found.loans.nodes as { provenance: { sourceId: string } }[]).map(({ provenance }) => provenance.sourceId))].sort();
}

async function granted(own: Readonly<Record<string, unknown>> = {}): Promise<string> {
  return (await askAs(first.hub, tenant(borrower), GRANT, grant(own))).grantAuthorization.id;
}

describe('an authorization', () => {
  test('opens what it is for, to whom it names, in every process; revoking it bites on the very next read', async () => {
    expect(await lendersSeen(first, bank('bocom'))).not.toContain('icbc');
    const id = await granted();
    for (const hub of [first, second]) expect(await lendersSeen(hub, bank('bocom'))).toContain('icbc');
    expect(await lendersSeen(first, bank('spdb'))).not.toContain('icbc');
    const { revokeAuthorization } = await askAs(second.hub, tenant(borrower), REVOKE, { id });
    expect(revokeAuthorization).toEqual({ id, state: 'REVOKED', revoked: { by: tenant(borrower).name, kind: 'TENANT', at: '2022-03-15T02:00:00.000Z' } });
    for (const hub of [first, second]) expect(await lendersSeen(hub, bank('bocom'))).not.toContain('icbc');
  });

  test('bites between any two reads, whichever process revokes and whichever reads', async () => {
    for (let round = 0; round < 6; round++) {
      const [revokes, reads] = round % 2 === 0 ? [first, second] : [second, first];
      const id = await granted();
      expect(await lendersSeen(reads, bank('bocom'))).toContain('icbc');
      await askAs(revokes.hub, tenant(borrower), REVOKE, { id });
      expect(await lendersSeen(reads, bank('bocom'))).not.toContain('icbc');
    }
  });

  test('lets nobody read before its first day nor after its last, by the days of Shanghai', async () => {
    const id = await granted({ validFrom: '2022-03-16', validTo: '2022-03-17' });
    const seen = async (instant: string) => {
      now = new Date(instant);
      return (await lendersSeen(first, bank('bocom'))).includes('icbc');
    };
    expect(await seen('2022-03-15T15:59:59Z')).toBe(false);
    expect(await seen('2022-03-15T16:00:00Z')).toBe(true);
    expect(await seen('2022-03-17T15:59:59Z')).toBe(true);
    expect(await seen('2022-03-17T16:00:00Z')).toBe(false);
    const { authorizations } = await askAs(first.hub, tenant(borrower), '{ authorizations(first: 1) { nodes { id state } } }');
    expect(authorizations.nodes).toEqual([{ id, state: 'EXPIRED' }]);
    expect(await refusalOf(first.hub, tenant(borrower), REVOKE, { id })).toBe(
      `AUTHORIZATION_STATE: authorization: expected one that is AWAITING or AUTHORISED, but got: ${id}, which is EXPIRED.`,
    );
    now = new Date('2022-03-16T10:00:00+08:00');
    await askAs(first.hub, tenant(borrower), REVOKE, { id });
  });

  test('opens its own scopes and no other', async () => {
    const id = await granted({ scopes: ['OPERATING'] });
    expect(await lendersSeen(first, bank('bocom'))).not.toContain('icbc');
    await askAs(first.hub, tenant(borrower), REVOKE, { id });
  });

  test('is asked for by a partner, and granted in part by the company', async () => {
    const { requestAuthorization: asked } = await askAs(first.hub, bank('bocom'), REQUEST, request());
    expect(asked).toEqual({
      id: expect.any(String),
      state: 'AWAITING',
      grantee: 'bocom',
      documentHash: null,
      requested: { by: 'officer of bocom', kind: 'BANK', at: '2022-03-15T02:00:00.000Z' },
      granted: null,
    });
    expect(await lendersSeen(first, bank('bocom'))).not.toContain('icbc');
    expect(await refusalOf(first.hub, tenant(borrower), GRANT, { authorization: asked.id, scopes: ['FINANCING'], documentHash: HASH })).toBe(
      'BAD_USER_INPUT: scopes: expected some of those asked for, OPERATING, CREDIT, but got another.',
    );
    const { grantAuthorization } = await askAs(second.hub, tenant(borrower), GRANT, {
      authorization: asked.id,
      scopes: ['CREDIT'],
      documentHash: HASH.toUpperCase(),
    });
    expect(grantAuthorization).toEqual({
      id: asked.id,
      state: 'AUTHORISED',
      scopes: ['CREDIT'],
      purpose: 'BEFORE_LENDING',
      validFrom: '2022-03-15',
      validTo: '2022-03-31',
      documentHash: HASH,
      grantee: 'bocom',
      tenantUscc: borrower,
      requested: { by: 'officer of bocom', kind: 'BANK' },
      granted: { by: tenant(borrower).name, kind: 'TENANT', at: '2022-03-15T02:00:00.000Z' },
      revoked: null,
    });
    expect(await lendersSeen(first, bank('bocom'))).toContain('icbc');
    expect(await refusalOf(first.hub, tenant(borrower), GRANT, { authorization: asked.id, documentHash: HASH })).toMatch(/^AUTHORIZATION_STATE: /);
    await askAs(first.hub, tenant(borrower), REVOKE, { id: asked.id });
  });

  test('is granted once, however many grant it at the same moment', async () => {
    const { requestAuthorization: asked } = await askAs(first.hub, bank('bocom'), REQUEST, request());
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        executeAs((index % 2 ? second : first).hub, tenant(borrower), GRANT, { authorization: asked.id, documentHash: HASH }),
      ),
    );
    expect(answers.filter(({ errors }) => !errors)).toHaveLength(1);
    expect(answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions.code) ?? [])).toEqual(Array(7).fill('AUTHORIZATION_STATE'));
    await askAs(first.hub, tenant(borrower), REVOKE, { id: asked.id });
  });

  test.each([
    [{ grantee: undefined }, 'BAD_USER_INPUT: grantee: expected one, for nobody asked for what is granted, but got: none.'],
    [{ purpose: undefined }, 'BAD_USER_INPUT: purpose: expected one, for nobody asked for what is granted, but got: none.'],
    [{ grantee: 'nobody' }, /^BAD_USER_INPUT: grantee: expected one of the sources park, .*, but got: nobody\.$/],
    [{ scopes: [] }, 'BAD_USER_INPUT: scopes: expected at least one, but got another.'],
    [{ validTo: '2022-03-14' }, /^BAD_USER_INPUT: validTo: /],
    [{ documentHash: 'x'.repeat(64) }, /^BAD_USER_INPUT: documentHash: expected the SHA-256 of the signed document/],
    [{ authorization: 'x' }, 'BAD_USER_INPUT: authorization: expected the number of an authorization, but got: x.'],
  ])('is not granted with %j', async (own, message) => {
    expect(await refusalOf(first.hub, tenant(borrower), GRANT, grant(own))).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  });

  test('is not asked of a company that is none of the park', async () => {
    expect(await refusalOf(first.hub, bank('bocom'), REQUEST, request({ uscc: uscc(99) }))).toBe(
      `UNKNOWN_TENANT: tenantUscc: expected that of a tenant of the park, past or present, but got: ${uscc(99)}.`,
    );
  });
});

describe('whoever may not', () => {
  const REFUSED = 'NOT_FOUND: authorization: expected one that you may ask for, grant or revoke, but found none.';

  test('is answered in one way, whether what it names exists or not', async () => {
    const { requestAuthorization: asked } = await askAs(first.hub, bank('bocom'), REQUEST, request());
    const id = await granted();
    const others = [anyone, tenant(other), bank('bocom'), bank('icbc'), investor('huakai'), park('ANALYST'), park('OPERATOR'), park('ADMIN'), service('bocom')];
    for (const viewer of others) {
      for (const number of [id, asked.id, '999999']) {
        expect(await refusalOf(first.hub, viewer, REVOKE, { id: number })).toBe(REFUSED);
        expect(await refusalOf(first.hub, viewer, GRANT, { authorization: number, documentHash: HASH })).toBe(REFUSED);
      }
    }
    for (const viewer of others.filter(({ kind }) => kind !== 'TENANT')) expect(await refusalOf(first.hub, viewer, GRANT, grant())).toBe(REFUSED);
    for (const viewer of [anyone, tenant(borrower), tenant(other), service('bocom')]) {
      expect(await refusalOf(first.hub, viewer, REQUEST, request())).toBe(REFUSED);
    }
    for (const number of [id, asked.id]) await askAs(first.hub, tenant(borrower), REVOKE, { id: number });
  });

  test('sees no authorization that does not concern it', async () => {
    const own = await granted({ grantee: 'bocom' });
    const parks = await granted({ grantee: 'park', purpose: 'PORTFOLIO_MONITORING' });
    const seenBy = async (viewer: Viewer) => {
      const { authorizations } = await askAs(first.hub, viewer, '{ authorizations(first: 2) { nodes { id tenant { uscc } } } }');
      return (authorizations.nodes as { id: string }[]).map(({ id }) => id).filter((id) => id === own || id === parks);
    };
    expect(await seenBy(tenant(borrower))).toEqual([parks, own]);
    expect(await seenBy(bank('bocom'))).toEqual([own]);
    expect(await seenBy(park('ANALYST'))).toEqual([parks]);
    expect(await seenBy(park('OPERATOR'))).toEqual([parks, own]);
    for (const viewer of [anyone, tenant(other), bank('icbc'), investor('huakai'), service('bocom')]) expect(await seenBy(viewer)).toEqual([]);
    for (const id of [own, parks]) await askAs(first.hub, tenant(borrower), REVOKE, { id });
  });
});

test('the list is paged, the last first, and filtered', async () => {
  const ids = [await granted(), await granted({ grantee: 'spdb' }), await granted()];
  const page = async (given: string) =>
    (await askAs(first.hub, tenant(borrower), `{ authorizations(${given}) { nodes { id } pageInfo { hasNextPage endCursor } } }`)).authorizations;
  expect(await page('first: 2, state: AUTHORISED')).toEqual({ nodes: [{ id: ids[2] }, { id: ids[1] }], pageInfo: { hasNextPage: true, endCursor: ids[1] } });
  expect(await page(`first: 2, state: AUTHORISED, after: "${ids[1]}"`)).toEqual({
    nodes: [{ id: ids[0] }],
    pageInfo: { hasNextPage: false, endCursor: ids[0] },
  });
  expect((await page('state: AUTHORISED, grantee: "spdb"')).nodes).toEqual([{ id: ids[1] }]);
  for (const id of ids) await askAs(first.hub, tenant(borrower), REVOKE, { id });
});

test('what happened to an authorization can be neither changed nor taken away in the store', async () => {
  await granted();
  const { default: Database } = await import('libsql');
  const { readdirSync } = await import('node:fs');
  const file = readdirSync(first.store).find((name) => name.endsWith('.db') && !name.endsWith('.trace.db')) as string;
  const store = new Database(`${first.store}/${file}`);
  try {
    expect(() => store.prepare(`UPDATE authorization_event SET valid_to = '2099-12-31'`).run([])).toThrow(/kept as they are/);
    expect(() => store.prepare('DELETE FROM authorization_event').run([])).toThrow(/kept as they are/);
  } finally {
    store.close();
  }
});
