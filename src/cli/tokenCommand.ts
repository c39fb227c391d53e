/** `parkhub token`: the tokens that the hub makes itself, for whoever has no account at an issuer of access tokens. */
import { graphql } from 'graphql';
import type { Grant } from '../access/grant.js';
import type { HubToken } from '../access/tokens.js';
import { describeViewer, hubViewer, type ParkRole } from '../access/viewer.js';
import { CommandFailure } from './failure.js';
import type { OpenedPark } from './openPark.js';
import type { CommonOptions } from './program.js';
import { table, withoutMilliseconds } from './table.js';
import type { Terminal } from './terminal.js';
import { whoRuns } from './whoRuns.js';
import { withHub } from './withHub.js';

const DAY = 86_400_000;
const states = { IN_FORCE: 'in force', EXPIRED: 'expired', REVOKED: 'revoked' } as const;

/** The options of `parkhub token list`. */
export interface TokenOptions extends CommonOptions {
  readonly json?: boolean;
}

/** The options of `parkhub token revoke`. */
export interface RevokeOptions extends TokenOptions {
  /** Who does it; the login name unless told. */
  readonly by?: string;
}

/** The options of `parkhub token issue`. One of tenant, investor, bank, role and service says who holds the token. */
export interface IssueOptions extends RevokeOptions {
  readonly name: string;
  /** Days. */
  readonly expires: number;
  readonly tenant?: string;
  readonly investor?: string;
  /** Codes of the investor's funds; all of them unless told. */
  readonly fund?: readonly string[];
  readonly bank?: string;
  readonly role?: string;
  readonly service?: string;
}

/**
 * Makes a token and prints it, this once.
 * @throws CommandFailure wrongUse, where the options name no viewer or several; refused, for a tenant, a source or a fund that
 * there is not, and for a fund while the investor's book cannot be asked.
 */
export async function issueToken(park: string, options: IssueOptions, terminal: Terminal): Promise<void> {
  const grant = grantOf(options);
  await withHub(park, options, terminal, async (opened) => {
    await requireKnown(grant, opened);
    const { token, issued } = await opened.hub.tokens.issue({
      name: options.name,
      grant,
      lifetime: options.expires * DAY,
      by: options.by ?? whoRuns(),
    });
    if (options.json) return terminal.print(JSON.stringify({ token, ...issued }, null, 2));
    terminal.print(`${tokenTable([issued], terminal)}\n\nThe token, which is shown this once:\n\n${token}`);
  });
}

/** Lists the tokens, the last first; never the tokens themselves. */
export async function listTokens(park: string, options: TokenOptions, terminal: Terminal): Promise<void> {
  await withHub(park, options, terminal, async ({ hub }) => {
    const tokens = await hub.tokens.list();
    if (options.json) terminal.print(JSON.stringify(tokens, null, 2));
    else if (tokens.length === 0) terminal.print('There is no token.');
    else terminal.print(tokenTable(tokens, terminal));
  });
}

/**
 * Takes a token back.
 * @throws CommandFailure refused, where there is no such token, or it was revoked already.
 */
export async function revokeToken(park: string, id: number, options: RevokeOptions, terminal: Terminal): Promise<void> {
  await withHub(park, options, terminal, async ({ hub }) => {
    const token = await hub.tokens.revoke(id, options.by ?? whoRuns());
    terminal.print(options.json ? JSON.stringify(token, null, 2) : tokenTable([token], terminal));
  });
}

function grantOf({ tenant, investor, fund, bank, role, service }: IssueOptions): Grant {
  const grants: Grant[] = [
    ...(tenant === undefined ? [] : [{ kind: 'TENANT', uscc: tenant.toUpperCase() } as const]),
    ...(investor === undefined ? [] : [{ kind: 'INVESTOR', source: investor, funds: fund ?? 'all' } as const]),
    ...(bank === undefined ? [] : [{ kind: 'BANK', source: bank } as const]),
    ...(role === undefined ? [] : [{ kind: 'PARK', role: role.toUpperCase() as ParkRole } as const]),
    ...(service === undefined ? [] : [{ kind: 'SERVICE', source: service } as const]),
  ];
  const [grant] = grants;
  if (!grant || grants.length > 1)
    throw new CommandFailure(
      'wrongUse',
      `Expected one of --tenant, --investor, --bank, --role and --service, but got: ${grants.length === 0 ? 'none' : `${grants.length} of them`}.`,
    );
  if (fund && grant.kind !== 'INVESTOR') throw new CommandFailure('wrongUse', 'Expected --fund beside --investor, but got it without.');
  return grant;
}

/** A token for nobody would be found out only when it shows nothing. */
async function requireKnown(grant: Grant, opened: OpenedPark): Promise<void> {
  switch (grant.kind) {
    case 'TENANT':
      return requireTenant(grant.uscc, opened);
    case 'INVESTOR':
      requireSource(grant.source, opened, 'an investor', (kind) => kind === 'investor');
      return grant.funds === 'all' ? undefined : requireFunds(grant.source, grant.funds, opened);
    case 'BANK':
      return requireSource(grant.source, opened, 'a bank', (kind) => kind === 'bank');
    case 'SERVICE':
      return requireSource(grant.source, opened, 'a partner', () => true);
    case 'PARK':
  }
}

async function requireTenant(uscc: string, { hub }: OpenedPark): Promise<void> {
  const { data, errors } = await graphql({
    schema: hub.schema,
    source: 'query TenantOfToken($uscc: USCC!) { tenant(uscc: $uscc) { uscc } }',
    variableValues: { uscc },
    contextValue: hub.createContext(),
  });
  const isWrong = errors?.some(({ path }) => path === undefined);
  if (errors && !isWrong) throw errors[0]?.originalError ?? errors[0];
  if (!data?.tenant)
    throw new CommandFailure('refused', `--tenant: expected the USCC of a tenant of the park, past or present, but got: ${uscc.slice(0, 80)}.`);
}

function requireSource(source: string, { partners }: OpenedPark, whose: string, isOfKind: (kind: 'bank' | 'investor') => boolean): void {
  const known = [...partners].filter(([, kind]) => isOfKind(kind)).map(([id]) => id);
  if (!known.includes(source))
    throw new CommandFailure('refused', `Expected the source of ${whose}, one of ${known.join(', ')}, but got: ${source.slice(0, 80)}.`);
}

/** A code with a slip in it would show its holder an empty portfolio, and nobody why. */
async function requireFunds(source: string, funds: readonly string[], { hub }: OpenedPark): Promise<void> {
  const { data, errors } = await graphql({
    schema: hub.schema,
    source: `query FundsOfToken($source: String!) {
      funds(where: {sourceId: {eq: $source}}, first: 1000) { nodes { code } sources { state message } }
    }`,
    variableValues: { source },
    contextValue: hub.createContext({ viewer: hubViewer }),
  });
  const found = data?.funds as { nodes: { code: string }[]; sources: { state: string; message: string | null }[] } | undefined;
  const silent = found?.sources.find(({ state }) => state === 'UNAVAILABLE');
  const reason = errors?.[0]?.message ?? silent?.message;
  if (!found || reason !== undefined)
    throw new CommandFailure('refused', `--fund: expected codes that ${source} knows, but its book cannot be asked: ${reason} Ask again later.`);
  const known = found.nodes.map(({ code }) => code);
  const unknown = funds.find((code) => !known.includes(code));
  if (unknown !== undefined)
    throw new CommandFailure('refused', `--fund: expected a fund of ${source}, one of ${known.join(', ') || '(none)'}, but got: ${unknown.slice(0, 80)}.`);
}

function tokenTable(tokens: readonly HubToken[], terminal: Terminal): string {
  const rows = tokens.map(({ id, name, grant, issuedBy, issuedAt, expiresAt, lastUsedAt, revoked, state }) => [
    String(id),
    name,
    grant ? describeViewer(grant) : '(unknown to this version)',
    states[state],
    issuedBy,
    withoutMilliseconds(issuedAt),
    withoutMilliseconds(expiresAt),
    lastUsedAt === null ? 'never' : withoutMilliseconds(lastUsedAt),
    revoked ? `${revoked.by}, ${withoutMilliseconds(revoked.at)}` : '',
  ]);
  return table(['No.', 'Name', 'Viewer', 'State', 'Issued by', 'At', 'Expires', 'Last used', 'Revoked'], rows, terminal, [0]);
}
