import { serverAudits } from 'graphql-http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Hub } from '../../src/hub.js';
import { openTestHub } from '../helpers/hub.js';
import { handMadeHub } from './handMadeHub.js';
import { startTestServer } from './testServer.js';

/** Runs graphql-http's audits against a hub: how many there are, and what is not ok. */
async function auditHub(hub: Hub): Promise<{ count: number; notOk: { id: string; name: string; status: string; reason: string }[] }> {
  const server = await startTestServer(hub);
  const audits = serverAudits({ url: `${server.url}/graphql` });
  const notOk: { id: string; name: string; status: string; reason: string }[] = [];
  for (const audit of audits) {
    const result = await audit.fn();
    if (result.status !== 'ok') notOk.push({ id: audit.id, name: audit.name, status: result.status, reason: result.reason });
  }
  return { count: audits.length, notOk };
}

/** The audits that end in a notice, for they ask with GET and without the header that shows that no other site's page asks. */
const blockedForCsrf = [
  { id: '5A70', name: 'MAY accept application/x-www-form-urlencoded formatted GET requests', status: 'notice', reason: 'Response status code is not 200' },
  {
    id: 'D6D5',
    name: 'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
    status: 'notice',
    reason: 'Response status code is not 200',
  },
  {
    id: '6A70',
    name: 'MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
    status: 'notice',
    reason: 'Response status code is not 200',
  },
];

describe('GraphQL over HTTP', () => {
  it('passes the 61 audits of graphql-http, with notices only where CSRF prevention is the reason', async () => {
    const { hub, close } = await openTestHub();
    onTestFinished(close);
    const { count, notOk } = await auditHub(hub);
    expect(count).toBe(61);
    expect(notOk).toEqual(blockedForCsrf);
  });

  it('answers the audits that CSRF prevention blocks when the request carries its header', async () => {
    const { url } = await startTestServer(handMadeHub());
    const address = new URL(`${url}/graphql`);
    address.searchParams.set('query', 'query Type($name: String!) { __type(name: $name) { name } }');
    address.searchParams.set('variables', JSON.stringify({ name: 'Query' }));
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      expect((await fetch(address, { headers: { accept } })).status, accept).toBe(400);
      const response = await fetch(address, { headers: { accept, 'apollo-require-preflight': 'yes' } });
      expect(response.status, accept).toBe(200);
      expect(await response.json()).toEqual({ data: { __type: { name: 'Query' } } });
    }
  });
});
