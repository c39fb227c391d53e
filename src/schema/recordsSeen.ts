/** The hub's own records as a viewer sees them: sources, rows set aside, runs, and who companies are. The table is `duties.ts`. */
import { type Duty, hasDuty, seesWholeBook } from '../access/duties.js';
import { shownCompanies, shownDecisions } from '../access/shown.js';
import type { TracedRows } from '../access/traceChain.js';
import { ownSource, type TokenViewer, tokenViewerSchema, type Viewer } from '../access/viewer.js';
import type { SourceStatus } from '../hub.js';
import type { Identity } from '../identity/identity.js';
import { stateFromOutside } from '../sources/book.js';
import type { SetAside, Survey } from '../sources/source.js';
import type { HiddenField } from './context.js';
import { HubError } from './errors.js';

/** A row that was set aside, as a viewer sees it: what it holds, and what is wrong with that, may be hidden. */
export type SetAsideSeen = Omit<SetAside, 'reason' | 'raw'> & { readonly reason: string | null; readonly raw: SetAside['raw'] | null };

/** What a survey found, as a viewer sees it. */
export type SurveySeen = Omit<Survey, 'setAside'> & { readonly sourceId: string; readonly setAside: readonly SetAsideSeen[] };

/** A source, as a viewer sees it. */
export type SourceStatusSeen = Omit<SourceStatus, 'books'> & { readonly books: readonly SurveySeen[] };

/** Called with what is hidden of a record of a source. */
export type RecordHidden = (source: string, record: string, attribute: string, reason?: HiddenField['reason']) => void;

/** What an answer says of a record that is hidden. */
export function hiddenRecord(source: string, record: string, attribute: string, reason: HiddenField['reason'] = 'NOT_PUBLIC'): HiddenField {
  return { source, entity: record, attribute, effect: 'NULL', reason, scope: null, ids: null };
}

/** The sources as a viewer sees them: who they are and how they answer, anyone; what was found in their books, those whose duty it is. */
export function statusesSeen(viewer: Viewer, statuses: readonly SourceStatus[], hide: RecordHidden): Promise<SourceStatusSeen[]> {
  return Promise.all(
    statuses.map(async (status): Promise<SourceStatusSeen> => {
      if (hasDuty(viewer, 'SEE_SURVEY', status.id))
        return { ...status, books: await Promise.all(status.books.map((book) => surveySeen(viewer, status.id, book, hide))) };
      hide(status.id, 'Source', 'books');
      const { state, message } = status;
      const isFaulty = message !== null && (state === 'STALE' || state === 'UNAVAILABLE');
      return { ...status, message: isFaulty ? stateFromOutside(status.id, state) : null, books: [] };
    }),
  );
}

async function surveySeen(viewer: Viewer, sourceId: string, book: Survey, hide: RecordHidden): Promise<SurveySeen> {
  if (book.setAside.length === 0 || (await seesWholeBook(viewer, book.entity, sourceId))) return { ...book, sourceId };
  for (const attribute of ['reason', 'cells']) hide(sourceId, 'SetAsideRow', attribute);
  return { ...book, sourceId, setAside: book.setAside.map((row) => ({ ...row, reason: null, raw: null })) };
}

/**
 * Who companies are, as far as a viewer may see and say. Throws a HubError FORBIDDEN for a decision that is not the viewer's.
 *
 * @param shown told of the companies and decisions that are shown, as the trace records them
 */
export function identitySeen(viewer: Viewer, identity: Identity, hide: RecordHidden, shown: (reads: readonly TracedRows[]) => void): Identity {
  /** The source that may be asked about, of the one that is asked about; undefined where none may. */
  const within = (record: string, source: string | undefined): { source: string | undefined } | undefined => {
    if (hasDuty(viewer, 'SEE_IDENTITIES')) return { source };
    const own = ownSource(viewer);
    if (own !== undefined && hasDuty(viewer, 'SEE_IDENTITIES', own) && (source === undefined || source === own)) return { source: own };
    hide(source ?? '*', record, '*');
    return undefined;
  };
  // Whoever is known decides in the own name; only the hub itself writes down another's.
  const officer = (by: string): string => (viewer.kind === 'SYSTEM' ? by : viewer.name);
  return {
    open: async (asked) => {
      const allowed = within('OpenCompany', asked.source);
      if (!allowed) return { companies: [], more: false, total: 0, reports: [] };
      const found = await identity.open({ ...asked, ...allowed });
      shown(shownCompanies(found.companies));
      return found;
    },
    decisions: async (asked) => {
      const allowed = within('AliasDecision', asked.source);
      if (!allowed) return [];
      const found = await identity.decisions({ ...asked, ...allowed });
      shown(shownDecisions(found));
      return found;
    },
    decide: async (verdict, company, uscc, by) => {
      requireDuty(viewer, 'DECIDE_IDENTITIES');
      return identity.decide(verdict, company, uscc, officer(by));
    },
    withdraw: async (decision, by) => {
      requireDuty(viewer, 'DECIDE_IDENTITIES');
      return identity.withdraw(decision, officer(by));
    },
  };
}

/** Throws a HubError where the viewer has not the duty. It says nothing of what was asked for. */
export function requireDuty(viewer: Viewer, duty: Duty): void {
  if (!hasDuty(viewer, duty)) throw new HubError('FORBIDDEN', 'This is not open to who asks. Ask with a token of the park that is for it.');
}

/** A viewer as a question names it. */
export interface NamedViewer {
  readonly kind: string;
  readonly uscc?: string | null;
  readonly sourceId?: string | null;
  readonly funds?: readonly string[] | null;
  readonly role?: string | null;
}

/** The viewer that is named. Throws a HubError where what its kind needs is not said, or more than that. */
export function viewerNamed({ kind, uscc, sourceId, funds, role }: NamedViewer): TokenViewer {
  const said = { uscc: uscc ?? undefined, source: sourceId ?? undefined, funds: funds ?? (kind === 'INVESTOR' ? 'all' : undefined), role: role ?? undefined };
  const given = Object.entries(said).filter(([, value]) => value !== undefined);
  const read = tokenViewerSchema.safeParse({ kind, ...Object.fromEntries(given), name: 'preview', via: 'token' });
  if (read.success) return read.data;
  throw new HubError(
    'BAD_USER_INPUT',
    'viewer: expected TENANT with uscc, INVESTOR with sourceId (and funds), BANK or SERVICE with sourceId, PARK with role, or PUBLIC, each with nothing else.',
  );
}
