/**
 * Bad input over real HTTP: tokens that are none, and whatever names what is another's. All refused alike, with no hint
 * whether the thing exists: the same bytes, the same headers, the same `explain`, and the same statements to the sources, so
 * that neither the answer nor the work behind it tells a row that is hidden from one that is not there.
 *
 * More of it: tests/access/tokens.test.ts and oidc.test.ts (every way in which a token may be wrong),
 * tests/server/persisted.test.ts (hashes), tests/access/authorizations.test.ts (who names whose authorizations).
 */
import { createHmac, createPublicKey } from 'node:crypto';
import { base64url, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TokenViewer } from '../../src/access/viewer.js';
import { globalId, parseGlobalId } from '../../src/schema/ids.js';
import { hubForTest } from '../graph/faultyPark.js';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { startTestServer, type TestServer } from '../server/testServer.js';
import { AUDIENCE, makeKey, NOW, startIssuer } from './issuer.js';
import { anyone, bank, investor, park, service, tenant } from './viewers.js';

/** All of an answer that a client can look at, but for the day that it was sent. */
async function seen(url: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-parkhub-explain': 'true', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: [...response.headers].filter(([name]) => name !== 'date' && name !== 'content-length'),
    // Times are measured; asks of one moment are answered in any order.
    text: text.replace(/"asks":\[.*?\]/, (asks) => (asks.match(/\{[^}]*\}/g) ?? []).sort().join()).replace(/"(startedAt|milliseconds)":\d+/g, '"$1":0'),
  };
}

describe('a token that is none', () => {
  it('is refused like every other, letter by letter, whatever is wrong with it', async () => {
    const issuer = await startIssuer();
    const hub = await hubForTest({
      viewer: anyone,
      clock: () => NOW,
      variables: { PARKHUB_OIDC_ISSUER: issuer.settings.issuer, PARKHUB_OIDC_AUDIENCE: AUDIENCE, PARKHUB_OIDC_JWKS_URL: issuer.settings.jwksUrl },
    });
    const server = await startTestServer(hub.hub);
    const now = Math.floor(NOW.getTime() / 1000);
    const { token: revoked, issued } = await hub.hub.tokens.issue({ name: 'x', grant: { kind: 'BANK', source: 'icbc' }, lifetime: 86_400_000, by: 'x' });
    await hub.hub.tokens.revoke(issued.id, 'x');
    const good = await issuer.sign();
    const [header, claims, signature] = good.split('.') as [string, string, string];
    const unsigned = base64url.encode(JSON.stringify({ alg: 'none', typ: 'at+jwt' }));
    const shared = base64url.encode(JSON.stringify({ alg: 'HS256', typ: 'at+jwt', kid: 'first' }));
    const pem = createPublicKey({ key: issuer.key.jwk as JWK, format: 'jwk' } as never).export({ type: 'spki', format: 'pem' });
    const confused = createHmac('sha256', pem).update(`${shared}.${claims}`).digest('base64url');
    const wrong: Record<string, string> = {
      expired: await issuer.sign({ claims: { exp: now - 60 } }),
      'not valid yet': await issuer.sign({ claims: { nbf: now + 60 } }),
      'for another': await issuer.sign({ claims: { aud: 'https://other.example' } }),
      'of another issuer': await issuer.sign({ claims: { iss: 'https://evil.example' } }),
      'signed by another key': await issuer.sign({ key: await makeKey('ES256', 'first') }),
      'alg none': `${unsigned}.${claims}.`,
      'alg none with a signature': `${unsigned}.${claims}.${signature}`,
      'signed with the public key as a secret': `${shared}.${claims}.${confused}`,
      'cut off': `${header}.${claims}`,
      malformed: 'eyJ.eyJ.x',
      'of no viewer': await issuer.sign({ claims: { parkhub: { kind: 'ADMIN' } } }),
      'of an investor that is a bank': await issuer.sign({ claims: { parkhub: { kind: 'INVESTOR', source: 'icbc', funds: 'all' } } }),
      'of an investor that is not there': await issuer.sign({ claims: { parkhub: { kind: 'INVESTOR', source: 'nobody', funds: 'all' } } }),
      'of a bank that is an investor': await issuer.sign({ claims: { parkhub: { kind: 'BANK', source: 'huakai' } } }),
      'of a program of no source': await issuer.sign({ claims: { parkhub: { kind: 'SERVICE', source: 'nobody' } } }),
      'of the register': await issuer.sign({ claims: { parkhub: { kind: 'SERVICE', source: 'park' } } }),
      'a revoked hub token': revoked,
      'an invented hub token': `phk_${'A'.repeat(43)}`,
    };
    const ask = (token: string) => seen(server.url, { query: '{ park { name } }' }, { authorization: `Bearer ${token}` });
    expect((await ask(good)).status).toBe(200);
    const refusal = await ask('x');
    expect(refusal.status).toBe(401);
    for (const [what, token] of Object.entries(wrong)) expect(await ask(token), what).toEqual(refusal);
    // The log tells them apart.
    expect(new Set(server.logged.map(({ reason }) => reason)).size).toBeGreaterThan(8);
  });
});

describe('what is another’s', () => {
  let hub: TestHub;
  /** A row of each book of each source, and what is asked of it below. */
  let rows: { id: string; entity: string; source: string; key: string }[];
  beforeAll(async () => {
    hub = await openTestHub();
    const lists = ['loans', 'patentPledges', 'borrowerProfiles', 'funds', 'investments', 'portfolioReports'];
    const answer = await hub.ask(`{ ${lists.map((list) => `${list}(first: 1000) { nodes { id } }`).join(' ')}
      deals: investments(first: 1000) { nodes { cashFlows(first: 1) { nodes { id } } valuations(first: 1) { nodes { id } } } }
      tenants(first: 200) { nodes { annualReports(first: 1) { nodes { id } } leases(first: 1) { nodes { id } } shareholdings(first: 1) { nodes { id } } } } }`);
    const ids = [...JSON.stringify(answer).matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id as string);
    const known = new Map(ids.map((id) => [id, parseGlobalId(id) as { entity: string; source: string; key: string }]));
    const one = new Map([...known].map(([id, row]) => [`${row.entity} ${row.source}`, { id, ...row }]));
    rows = [...one.values()];
    // Two banks hold pledges, three everything else that banks and investors hold, and the register the rest.
    expect(rows.length).toBeGreaterThan(20);
  }, 60_000);
  afterAll(() => hub?.close());

  const viewers: [string, TokenViewer][] = [
    ['anyone', anyone],
    ['a tenant', tenant('91410771MA476B5N3R')],
    ['a bank', bank('bocom')],
    ['an investor', investor('huayu')],
    ['an investor of some funds', investor('huakai', ['HK02'])],
    ['an analyst', park('ANALYST')],
    ['the admin', park('ADMIN')],
    ['a program', service('icbc')],
  ];

  let granted: Promise<{ id: number }> | undefined;
  /** An authorization that is none of the viewers'. */
  function grantedBy(uscc: string): Promise<{ id: number }> {
    const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const order = {
      grantee: 'spdb',
      scopes: ['IDENTITY'],
      purpose: 'BEFORE_LENDING',
      validFrom: day(1),
      validTo: day(30),
      documentHash: 'a'.repeat(64),
    } as const;
    return hub.hub.authorizations.grant(tenant(uscc), order);
  }

  /** The row of an id that nobody has, like the one that is there but for its key. */
  const invented = (row: { entity: string; source: string; key: string }) => ({ ...row, key: `${row.key.slice(0, -1)}~` });
  const serverFor = (viewer: TokenViewer): Promise<TestServer> =>
    startTestServer({ ...hub.hub, createContext: (given) => hub.hub.createContext({ ...given, viewer }) });

  /** What a document is answered, and which statements it takes. */
  async function answered(server: TestServer, query: string, variables: object = {}) {
    hub.statements.length = 0;
    const answer = await seen(server.url, { query, variables });
    const asked = hub.statements.map(({ source, entity, text, rows: read }) => `${source} ${entity} ${read} ${text}`).sort();
    return { answer, asked };
  }

  it.each(viewers)('has for %s no id: it is answered, and asked for, like one that nobody has', async (_who, viewer) => {
    const server = await serverFor(viewer);
    const query = 'query ($id: ID!, $ids: [ID!]!) { node(id: $id) { __typename id } nodes(ids: $ids) { id } }';
    const { text } = (await answered(server, 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: rows.map(({ id }) => id) })).answer;
    const seenIds = new Set([...text.matchAll(/"id":"([^"]+)"/g)].map(([, id]) => id));
    const hidden = rows.filter(({ id }) => !seenIds.has(id));
    expect(hidden.length).toBeGreaterThan(4);
    for (const row of hidden) {
      const none = globalId(invented(row));
      const [there, nowhere] = [await answered(server, query, { id: row.id, ids: [row.id] }), await answered(server, query, { id: none, ids: [none] })];
      expect(there, `${row.entity} ${row.source}`).toEqual(nowhere);
      expect(there.answer.text).toContain('"data":{"node":null,"nodes":[null]}');
    }
  });

  it.each(viewers)('has for %s no filter and no cursor', async (_who, viewer) => {
    const server = await serverFor(viewer);
    const loan = rows.find(({ entity, source }) => entity === 'Loan' && source === (viewer.kind === 'SERVICE' ? 'spdb' : 'icbc')) as (typeof rows)[number];
    const { loans } = await hub.ask('query ($n: String!) { loans(where: {number: {eq: $n}}) { nodes { amount tenant { uscc } } } }', { n: loan.key });
    // The one tenant whose loan it is sees it.
    if (viewer.kind === 'TENANT' && loans.nodes[0].tenant.uscc === viewer.uscc) return;
    const document = `query ($key: String!, $amount: Money!, $after: String) {
      byKey: loans(where: {number: {eq: $key}}) { totalCount nodes { id } }
      byAmount: loans(where: {amount: {eq: $amount}}) { totalCount }
      notIt: loans(where: {not: {amount: {eq: $amount}}}) { totalCount totals(groupBy: [STATUS]) { count } }
      after: loans(orderBy: [{amount: ASC}], after: $after, first: 3) { nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor } }
      across: tenants(where: {loans: {some: {number: {eq: $key}}}}) { totalCount }
      within: tenants(orderBy: [{loans: {sum: {amount: DESC}}}], first: 3) { nodes { uscc } edges { cursor } }
    }`;
    // What nobody lent: the number, the amount and the place of no row.
    const cursor = (fen: bigint, key: string) => base64url.encode(JSON.stringify(['amount+', [{ n: fen.toString() }], `Loan/${loan.source}`, key]));
    const amount = loans.nodes[0].amount as string;
    const fen = BigInt(amount.replace('.', ''));
    const isThere = { key: loan.key, amount, after: cursor(fen, loan.key) };
    const other = { key: invented(loan).key, amount: `${amount.slice(0, -1)}7`, after: cursor(fen, invented(loan).key) };
    const there = await answered(server, document, isThere);
    expect(there).toEqual(await answered(server, document, other));
    expect(there.answer.text).not.toContain('"errors"');
  });

  it('has no order: a cursor that was forged at any amount gives a viewer only its own', async () => {
    const server = await serverFor(bank('bocom'));
    const first = async (fen: number) => {
      const after = base64url.encode(JSON.stringify(['amount+', [{ n: String(fen) }], 'Loan/icbc', '']));
      const { body } = await server.ask(
        'query ($after: String) { loans(orderBy: [{amount: ASC}], after: $after, first: 1) { nodes { amount provenance { sourceId } } } }',
        { after },
      );
      return (body.data as { loans: { nodes: { amount: string; provenance: object }[] } }).loans.nodes[0];
    };
    let from = 0;
    for (let step = 0; step < 40; step++) {
      const node = await first(from);
      if (!node) return;
      expect(node.provenance).toEqual({ sourceId: 'bocom' });
      from = Number(node.amount.replace('.', ''));
    }
  });

  it.each(viewers)('cannot be changed by %s, who is told the same of what is there and what is not', async (_who, viewer) => {
    const server = await serverFor(viewer);
    const company = 'query ($uscc: USCC!) { authorizations(tenantUscc: $uscc) { nodes { id } } }';
    granted ??= grantedBy('91410771MA40Q21084');
    const { id } = await granted;
    const revoke = 'mutation ($id: ID!) { revokeAuthorization(authorization: $id) { id } }';
    const [there, nowhere] = [await answered(server, revoke, { id: String(id) }), await answered(server, revoke, { id: '999999999' })];
    expect(there.answer).toEqual(nowhere.answer);
    expect(there.answer.text).toMatch(/"code":"(NOT_FOUND|FORBIDDEN)"/);
    if (viewer.kind === 'PARK') return;
    const withdraw = 'mutation ($id: ID!) { withdrawAlias(decision: $id) { id } }';
    const accept = 'mutation ($company: ID!) { acceptAlias(company: $company, uscc: "91410771MA476B5N3R") { id } }';
    expect((await answered(server, withdraw, { id: '1' })).answer).toEqual((await answered(server, withdraw, { id: '7' })).answer);
    expect((await answered(server, accept, { company: 'Y29tcGFueTpodWFrYWk6eA' })).answer).toEqual((await answered(server, accept, { company: 'eA' })).answer);
    expect((await answered(server, company, { uscc: '91410771MA40Q21084' })).answer).toEqual(
      (await answered(server, company, { uscc: '9141077131781028XT' })).answer,
    );
  });
});
