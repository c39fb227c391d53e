/** Viewers that tests ask as, and what one of them is answered. */
import { type ExecutionResult, graphql } from 'graphql';
import type { Viewer } from '../../src/access/viewer.js';
import type { Hub } from '../../src/hub.js';
import type { HubContext } from '../../src/schema/context.js';

export const tenant = (uscc: string): Viewer => ({ kind: 'TENANT', uscc, name: `company ${uscc.slice(-4)}`, via: 'test' });
export const bank = (source: string): Viewer => ({ kind: 'BANK', source, name: `officer of ${source}`, via: 'test' });
export const investor = (source: string): Viewer => ({ kind: 'INVESTOR', source, funds: 'all', name: `partner of ${source}`, via: 'test' });
export const park = (role: 'ANALYST' | 'OPERATOR' | 'ADMIN'): Viewer => ({ kind: 'PARK', role, name: `park ${role.toLowerCase()}`, via: 'test' });
export const service = (source: string): Viewer => ({ kind: 'SERVICE', source, name: `account of ${source}`, via: 'test' });
export const anyone: Viewer = { kind: 'PUBLIC', name: 'anonymous', via: 'anonymous' };

/** Executes a document as a viewer, and records what it read, as the server does. */
export async function executeAs(hub: Hub, viewer: Viewer, source: string, variableValues: Readonly<Record<string, unknown>> = {}): Promise<ExecutionResult> {
  const contextValue = hub.createContext({ viewer, address: '192.0.2.7' }) as HubContext;
  const operation = /^\s*(?:query|mutation)\s+(\w+)/.exec(source)?.[1] ?? null;
  const result = await graphql({ schema: hub.schema, source, variableValues, contextValue });
  await contextValue.recordReads({ operation, document: null, exported: false });
  return result;
}

/** The data that a viewer is given, as plain JSON. Throws its errors. */
// biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape
export async function askAs(hub: Hub, viewer: Viewer, source: string, variables: Readonly<Record<string, unknown>> = {}): Promise<any> {
  const { data, errors } = await executeAs(hub, viewer, source, variables);
  if (errors?.[0]) throw errors[0];
  return JSON.parse(JSON.stringify(data));
}

/** The code and the message of a document that is refused. */
export async function refusalOf(hub: Hub, viewer: Viewer, source: string, variables: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { errors } = await executeAs(hub, viewer, source, variables);
  return `${errors?.[0]?.extensions.code}: ${errors?.[0]?.message}`;
}
