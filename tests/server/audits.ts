import { serverAudits } from 'graphql-http';
import type { Hub } from '../../src/hub.js';
import { startTestServer } from './testServer.js';

/** Runs graphql-http's audits against a hub: how many there are, and what is not ok. */
export async function auditHub(hub: Hub): Promise<{ count: number; notOk: { id: string; name: string; status: string; reason: string }[] }> {
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
export const blockedForCsrf = [
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
