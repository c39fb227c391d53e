/** `parkhub authorization`: companies' consents in a park where they cannot sign in. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Authorization, AuthorizationAct } from '../access/authorizations.js';
import type { Hub } from '../hub.js';
import { type AuthorizationState, PURPOSES, type Purpose, SCOPES, type Scope } from '../rules/authorization.js';
import { isUscc } from '../rules/uscc.js';
import { HubError } from '../schema/errors.js';
import { isDate } from '../values/time.js';
import { CommandFailure } from './failure.js';
import { openPark } from './openPark.js';
import type { CommonOptions } from './program.js';
import { problemLines } from './sourceReport.js';
import { table } from './table.js';
import type { Terminal } from './terminal.js';
import { whoRuns } from './whoRuns.js';

/** The options of `parkhub authorization list`. */
export interface AuthorizationListOptions extends CommonOptions {
  readonly tenant?: string;
  readonly grantee?: string;
  readonly state?: string;
  readonly first: number;
  readonly json?: boolean;
}

/** The options of `parkhub authorization revoke`. */
export interface PaperOptions extends CommonOptions {
  /** Who records it; the login name unless told. */
  readonly by?: string;
  readonly json?: boolean;
}

/** The options of `parkhub authorization grant`. */
export interface GrantOptions extends PaperOptions {
  /** The number of what was asked for. */
  readonly ask?: number;
  readonly scopes?: string;
  readonly purpose?: string;
  readonly from?: string;
  readonly to?: string;
  /** A file, or its SHA-256. */
  readonly document: string;
}

const STATES: readonly AuthorizationState[] = ['AWAITING', 'AUTHORISED', 'REVOKED', 'EXPIRED'];
/** Who lists has the whole store before them. */
const LISTING = { kind: 'PAPER', name: 'list' } as const;

/** Lists authorizations, the last first. */
export async function listAuthorizations(park: string, options: AuthorizationListOptions, terminal: Terminal): Promise<void> {
  const state = options.state === undefined ? undefined : oneOf('--state', STATES, options.state);
  await withHub(park, options, terminal, async ({ authorizations }) => {
    const found = await authorizations.list(LISTING, { tenantUscc: options.tenant?.toUpperCase(), grantee: options.grantee, state, limit: options.first });
    const shown = found.map((one) => ({ ...one, state: authorizations.stateOf(one) }));
    if (options.json) terminal.print(JSON.stringify(shown.map(plain), null, 2));
    else if (shown.length === 0) terminal.print('There is no authorization.');
    else terminal.print(authorizationTable(shown, terminal));
  });
}

/**
 * Records that a company has signed.
 * @throws CommandFailure refused, where there is no such company, grantee or ask, or it was answered already; wrongUse for what is wrongly given
 */
export async function grantOnPaper(
  park: string,
  tenant: string | undefined,
  grantee: string | undefined,
  options: GrantOptions,
  terminal: Terminal,
): Promise<void> {
  if (tenant !== undefined && !isUscc(tenant.toUpperCase())) throw wrong('tenant', 'a USCC of 18 characters whose check character is right', tenant);
  for (const [name, day] of [
    ['--from', options.from],
    ['--to', options.to],
  ] as const)
    if (day !== undefined && !isDate(day)) throw wrong(name, 'a day that exists, as YYYY-MM-DD', day);
  const scopes = options.scopes?.split(',').map((scope) => oneOf('--scopes', SCOPES, scope.trim().toUpperCase()) as Scope);
  const purpose = options.purpose === undefined ? undefined : (oneOf('--purpose', PURPOSES, options.purpose.toUpperCase()) as Purpose);
  const documentHash = await hashOf(options.document);
  await recording(park, options, terminal, (hub, by) =>
    hub.authorizations.grant(
      { kind: 'PAPER', name: by },
      {
        authorization: options.ask,
        tenantUscc: tenant?.toUpperCase(),
        grantee,
        documentHash,
        ...(scopes && { scopes }),
        ...(purpose && { purpose }),
        ...(options.from !== undefined && { validFrom: options.from }),
        ...(options.to !== undefined && { validTo: options.to }),
      },
    ),
  );
}

/**
 * Records that a company takes its consent back, or refuses what was asked for.
 * @throws CommandFailure refused, where there is no such authorization, or it is over already
 */
export async function revokeOnPaper(park: string, number: number, options: PaperOptions, terminal: Terminal): Promise<void> {
  await recording(park, options, terminal, (hub, by) => hub.authorizations.revoke({ kind: 'PAPER', name: by }, number));
}

async function recording(park: string, options: PaperOptions, terminal: Terminal, record: (hub: Hub, by: string) => Promise<Authorization>): Promise<void> {
  await withHub(park, options, terminal, async (hub) => {
    const recorded = await record(hub, options.by ?? whoRuns());
    const shown = { ...recorded, state: hub.authorizations.stateOf(recorded) };
    terminal.print(options.json ? JSON.stringify(plain(shown), null, 2) : authorizationTable([shown], terminal));
  });
}

async function withHub(park: string, options: CommonOptions, terminal: Terminal, work: (hub: Hub) => Promise<void>): Promise<void> {
  const opened = await openPark(park, options, terminal);
  try {
    for (const line of problemLines(opened.hub.problems, terminal)) terminal.note(line);
    await work(opened.hub);
  } catch (error) {
    if (error instanceof HubError) throw new CommandFailure('refused', error.message, { cause: error });
    throw error;
  } finally {
    await opened.close();
  }
}

/** The SHA-256 of a file; a text that is one stands for itself. */
async function hashOf(document: string): Promise<string> {
  if (/^[0-9a-fA-F]{64}$/.test(document)) return document;
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(document), hash);
  } catch (error) {
    throw wrong('--document', 'a file that can be read, or the SHA-256 of one', `${document} (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})`);
  }
  return hash.digest('hex');
}

type Shown = Authorization & { readonly state: AuthorizationState };

function plain({ id, tenantUscc, grantee, terms, state, documentHash, requested, granted, withdrawn }: Shown): object {
  return { id, tenantUscc, grantee, ...terms, state, documentHash, requested, granted, revoked: withdrawn };
}

function authorizationTable(authorizations: readonly Shown[], terminal: Terminal): string {
  const rows = authorizations.map(({ id, tenantUscc, grantee, terms, state, documentHash, requested, granted, withdrawn }) => [
    String(id),
    tenantUscc,
    grantee,
    state,
    terms.scopes.join(' '),
    terms.purpose,
    `${terms.validFrom} to ${terms.validTo}`,
    documentHash?.slice(0, 12) ?? '',
    shownAct(requested),
    shownAct(granted),
    shownAct(withdrawn),
  ]);
  return table(['No.', 'Tenant', 'Grantee', 'State', 'Scopes', 'Purpose', 'Days', 'Document', 'Asked', 'Granted', 'Revoked'], rows, terminal, [0]);
}

function shownAct(act: AuthorizationAct | null): string {
  return act ? `${act.by}${act.kind === 'PAPER' ? ' (on paper)' : ''}, ${act.at.replace(/\.\d+Z$/, 'Z')}` : '';
}

function oneOf<T extends string>(name: string, values: readonly T[], given: string): T {
  const found = values.find((value) => value === given);
  if (found === undefined) throw wrong(name, `one of ${values.join(', ')}`, given);
  return found;
}

function wrong(name: string, expected: string, got: string): CommandFailure {
  return new CommandFailure('wrongUse', `${name}: expected ${expected}, but got: ${got.slice(0, 200)}.`);
}
