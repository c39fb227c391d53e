/**
 * Faults as those read them who have no duty for the source: what happened to which source, and which fields of the graph
 * it costs. Nothing of its inside: no column, file, cell, key or number of rows.
 */
import { DriftedError, driftedError } from './drift.js';
import type { Answered } from './registry.js';
import { type Drift, SourceError } from './source.js';

const HAPPENED: Readonly<Record<SourceError['reason'], string>> = {
  UNREACHABLE: 'cannot be reached.',
  TIMED_OUT: 'did not answer in time.',
  REFUSED: 'did not answer.',
  MALFORMED: 'gave what cannot be read.',
  MISCONFIGURED: 'is not set up as it should be.',
  DRIFTED: 'has changed its columns.',
  UNREAD: 'is being read for the first time. Ask again in a while.',
};

const known = new WeakMap<SourceError, SourceError>();

/** A fault without the inside of its source; the same one for the same fault, which is its cause. */
export function faultFromOutside(fault: SourceError): SourceError {
  const made = known.get(fault) ?? make(fault);
  known.set(fault, made);
  return made;
}

/** What an answer says of its source, without the inside of that. */
export function answeredFromOutside<T>(answered: Answered<T>): Answered<T> {
  const { drift, note, fault } = answered;
  return {
    ...answered,
    drift: drift && driftFromOutside(drift),
    note: note === undefined ? undefined : 'Its book is being read for the first time: rows may be missing so far.',
    ...(fault ? { fault: faultFromOutside(fault) } : {}),
  };
}

/** What is said of a source beside an answer that went without it. */
export function stateFromOutside(source: string, state: 'STALE' | 'UNAVAILABLE'): string {
  return `${source} did not answer.${state === 'STALE' ? ' Its last good copy does.' : ''}`;
}

function make(fault: SourceError): SourceError {
  if (fault instanceof DriftedError) return driftedError(fault.source, driftFromOutside(fault.drift), { cause: fault });
  return new SourceError(fault.source, fault.reason, `${fault.source} ${HAPPENED[fault.reason]}`, { cause: fault });
}

function driftFromOutside(drift: Drift): Drift {
  return { ...drift, columns: 'HIDDEN', missing: [], added: [] };
}
