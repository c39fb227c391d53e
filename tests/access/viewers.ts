/** Viewers for tests, and a hub asked by each. */
import { type ExecutionResult, graphql } from 'graphql';
import { publicViewer, type TokenViewer } from '../../src/access/viewer.js';
import type { HiddenField, HubContext } from '../../src/schema/context.js';
import type { TestHub } from '../helpers/hub.js';

const named = { name: 'somebody', via: 'test' } as const;

export const anyone: TokenViewer = publicViewer;
export const tenant = (uscc: string): TokenViewer => ({ kind: 'TENANT', uscc, ...named });
export const investor = (source: string, funds: readonly string[] | 'all' = 'all'): TokenViewer => ({ kind: 'INVESTOR', source, funds, ...named });
export const bank = (source: string): TokenViewer => ({ kind: 'BANK', source, ...named });
export const park = (role: 'ANALYST' | 'OPERATOR' | 'ADMIN'): TokenViewer => ({ kind: 'PARK', role, ...named });
export const service = (source: string): TokenViewer => ({ kind: 'SERVICE', source, ...named });

/** What a viewer is answered, and what is hidden of it. */
export interface Answered {
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of any shape
  readonly data: any;
  readonly errors: ExecutionResult['errors'];
  readonly hidden: readonly HiddenField[];
}

/** Asks a hub as a viewer. */
export async function askAs(hub: TestHub, viewer: TokenViewer, source: string): Promise<Answered> {
  const contextValue = hub.hub.createContext({ viewer }) as HubContext;
  const { data, errors } = await graphql({ schema: hub.hub.schema, source, contextValue });
  return { data: JSON.parse(JSON.stringify(data ?? null)), errors, hidden: contextValue.hidden() };
}
