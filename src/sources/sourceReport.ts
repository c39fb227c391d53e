/** What became of each source in an answer. */
import { compareText } from '../values/text.js';
import { DriftedError, describeDrift } from './drift.js';
import type { Answered } from './registry.js';
import type { Drift, SourceError } from './source.js';

/** What became of one source in one answer. */
export interface SourceReport {
  readonly sourceId: string;
  /** STALE: its last good copy answered in its place. DENIED: it was not asked, for the viewer can see nothing of what was to be asked. */
  readonly state: 'LIVE' | 'MIRRORED' | 'DENIED' | 'STALE' | 'UNAVAILABLE';
  readonly asOf: string | null;
  /** Why it is stale or unavailable, or what has changed of its columns, for people. */
  readonly message: string | null;
  /** What it failed with, where it is unavailable. */
  readonly failure?: SourceError;
  /** The books whose columns are not as their mapping expects. */
  readonly drift?: readonly Drift[];
}

/** The report of a source that answered, or whose last good copy did. */
export function reportOf(sourceId: string, { how, asOf, drift, note, fault }: Answered<unknown>): SourceReport {
  return {
    sourceId,
    state: how === 'LAST_GOOD_COPY' ? 'STALE' : how,
    asOf,
    message: fault ? fault.message : drift ? describeDrift(drift) : (note ?? null),
    ...(drift ? { drift: [drift] } : {}),
  };
}

/** The report of a source that failed. */
export function failureReport(sourceId: string, failure: SourceError): SourceReport {
  const drift = failure instanceof DriftedError ? { drift: [failure.drift] } : {};
  return { sourceId, state: 'UNAVAILABLE', asOf: null, message: failure.message, failure, ...drift };
}

/** The report of a source that was not asked, for the viewer can see nothing of it that the answer needs. */
export function deniedReport(sourceId: string): SourceReport {
  return { sourceId, state: 'DENIED', asOf: null, message: null };
}

/** The reports of several asks as one a source: the worst that became of it in any, and every book whose columns changed. */
export function mergeReports(reports: readonly SourceReport[]): SourceReport[] {
  const bySource = new Map<string, SourceReport>();
  for (const report of reports) {
    const known = bySource.get(report.sourceId);
    bySource.set(report.sourceId, known ? together(known, report) : report);
  }
  return [...bySource.values()].sort((a, b) => compareText(a.sourceId, b.sourceId));
}

const SEVERITY = { LIVE: 0, MIRRORED: 0, DENIED: 1, STALE: 2, UNAVAILABLE: 3 } as const;

function together(a: SourceReport, b: SourceReport): SourceReport {
  const severity = SEVERITY[b.state] - SEVERITY[a.state];
  const worse = severity > 0 || (severity === 0 && a.message === null) ? b : a;
  const drift = new Map([...(a.drift ?? []), ...(b.drift ?? [])].map((entry) => [entry.entity, entry]));
  if (drift.size === 0) return worse;
  const all = [...drift.values()].sort((one, other) => compareText(one.entity, other.entity));
  const isWell = SEVERITY[worse.state] === 0;
  return { ...worse, drift: all, ...(isWell ? { message: all.map(describeDrift).join(' ') } : {}) };
}
