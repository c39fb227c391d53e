import { describe, expect, it, onTestFinished } from 'vitest';
import { openTestHub } from '../helpers/hub.js';
import { auditHub, blockedForCsrf } from './audits.js';
import { handMadeHub } from './handMadeHub.js';
import { startTestServer } from './testServer.js';

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
