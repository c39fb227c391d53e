/** A short-lived token for each kind of viewer of a demonstration park, made anew at each start. No other park has one that nobody issued. */
import type { Grant } from '../access/grant.js';
import { describeViewer } from '../access/viewer.js';
import { firstQuery } from './firstQuery.js';
import type { OpenedPark } from './openPark.js';
import { table } from './table.js';
import type { Terminal } from './terminal.js';

const TWELVE_HOURS = 12 * 3_600_000;
const ISSUER = 'parkhub serve (demonstration)';

type Demonstration = Pick<OpenedPark, 'hub' | 'demonstration' | 'partners'>;

/** A token and who holds it. */
export interface DemonstrationToken {
  readonly viewer: string;
  readonly token: string;
}

/** Makes the tokens; none where the park is no demonstration. Those of earlier starts hold until they expire, and are then dropped. */
export async function issueDemonstrationTokens(opened: Demonstration): Promise<DemonstrationToken[]> {
  if (!opened.demonstration) return [];
  const { tokens } = opened.hub;
  await tokens.forgetExpired(ISSUER);
  const issued: DemonstrationToken[] = [];
  for (const grant of await grantsOf(opened)) {
    const viewer = describeViewer(grant);
    const { token } = await tokens.issue({ name: `demonstration: ${viewer}`, grant, lifetime: TWELVE_HOURS, by: ISSUER });
    issued.push({ viewer, token });
  }
  return issued;
}

/**
 * The Playground's address with the tokens in its fragment, which no browser sends to a server; the page takes them out of
 * the address at once. Nothing that the hub serves holds them.
 *
 * @param url of the hub
 */
export function playgroundAddress(url: string, issued: readonly DemonstrationToken[]): string {
  const page = `${url}/playground`;
  return issued.length === 0 ? page : `${page}#viewers=${issued.map(({ token }) => token).join('.')}`;
}

/** The tokens as they are printed. */
export function demonstrationTokenTable(issued: readonly DemonstrationToken[], terminal: Terminal): string {
  const rows = issued.map(({ viewer, token }) => [viewer, token]);
  return `${table(['Viewer', 'Token, for 12 hours'], rows, terminal)}\n\nSend one as "Authorization: Bearer TOKEN"; without that header you are the public.`;
}

/** The tenant of the first query, a partner of each kind, the park's roles, and a partner's program. */
async function grantsOf({ hub, partners }: Demonstration): Promise<Grant[]> {
  const uscc = /uscc: "(\w+)"/.exec(firstQuery)?.[1];
  // Those partners rather than others to whom the tenant has ever granted something, for their answers have more to show.
  const known = await hub.authorizations.list({ kind: 'PAPER', name: ISSUER }, { tenantUscc: uscc });
  const preferred = [...known.filter(({ granted }) => granted).map(({ grantee }) => grantee), ...partners.keys()];
  const firstOf = (kind: 'bank' | 'investor'): string | undefined => preferred.find((id) => partners.get(id) === kind);
  const [investor, bank] = [firstOf('investor'), firstOf('bank')];
  return [
    ...(uscc ? [{ kind: 'TENANT', uscc } as const] : []),
    ...(investor ? [{ kind: 'INVESTOR', source: investor, funds: 'all' } as const] : []),
    ...(bank ? [{ kind: 'BANK', source: bank } as const] : []),
    { kind: 'PARK', role: 'ANALYST' },
    { kind: 'PARK', role: 'OPERATOR' },
    { kind: 'PARK', role: 'ADMIN' },
    ...(bank ? [{ kind: 'SERVICE', source: bank } as const] : []),
  ];
}
