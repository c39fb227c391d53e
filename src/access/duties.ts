/**
 * Who may see and do what is no row of a book: rows set aside, runs, and who companies are. A table like `rules.ts`, for the
 * hub's own records.
 */
import { allDefinitions } from '../entities/definition.js';
import { noConsents } from './consents.js';
import { grantsOf } from './rules.js';
import { ownSource, type Viewer } from './viewer.js';

/** What there is to see and to do beside the books. */
export type Duty =
  /** How many rows of a source's books were read and set aside, and where those stand. */
  | 'SEE_SURVEY'
  /** How a source was copied, and by whom. */
  | 'SEE_SYNC_RUNS'
  /** Companies that a source names without a USCC, and what officers said of them. */
  | 'SEE_IDENTITIES'
  /** To say who they are. */
  | 'DECIDE_IDENTITIES'
  /** What another viewer may see. */
  | 'PREVIEW';

interface Holders {
  readonly roles: readonly ('ANALYST' | 'OPERATOR' | 'ADMIN')[];
  /** Partners and service accounts, of their own source. */
  readonly ofOwnSource: boolean;
}

/** The table: who has a duty. */
export const duties: Readonly<Record<Duty, Holders>> = {
  SEE_SURVEY: { roles: ['OPERATOR', 'ADMIN'], ofOwnSource: true },
  SEE_SYNC_RUNS: { roles: ['OPERATOR', 'ADMIN'], ofOwnSource: true },
  SEE_IDENTITIES: { roles: ['OPERATOR', 'ADMIN'], ofOwnSource: true },
  DECIDE_IDENTITIES: { roles: ['OPERATOR', 'ADMIN'], ofOwnSource: false },
  PREVIEW: { roles: ['ADMIN'], ofOwnSource: false },
};

/** Whether a viewer has a duty, of one source or of the hub as a whole. */
export function hasDuty(viewer: Viewer, duty: Duty, source?: string): boolean {
  if (viewer.kind === 'SYSTEM') return true;
  const { roles, ofOwnSource } = duties[duty];
  if (viewer.kind === 'PARK') return roles.includes(viewer.role);
  // An investor that may see some of its funds does not see what is told of all.
  if (viewer.kind === 'INVESTOR' && viewer.funds !== 'all') return false;
  return ofOwnSource && source !== undefined && ownSource(viewer) === source;
}

/**
 * Whether a viewer sees every row of a book whole, so that what was set aside of it, which no rule can be held against, may
 * be shown to it cell by cell. A bank's rows are whole to nobody but the bank: to the park's operators neither.
 */
export async function seesWholeBook(viewer: Viewer, entity: string, source: string): Promise<boolean> {
  if (viewer.kind === 'SYSTEM') return true;
  const definition = allDefinitions().find(({ name }) => name === entity);
  if (!definition) return false;
  const grants = await grantsOf(viewer, definition, source, noConsents);
  return grants.some(({ when, sees }) => when === 'every' && [...definition.attributes.keys()].every((name) => sees.has(name)));
}
