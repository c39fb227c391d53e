/** When a request that failed is made again. */
import { SourceError } from '../../source.js';

/** How patient one is with a partner. Times are in milliseconds. */
export interface Patience {
  /** Most times that a request is made again. */
  readonly retries: number;
  /** Before the first retry, twice as long before each further one, and up to half as long again by chance. */
  readonly firstWait: number;
  /** A partner that asks to be left alone for longer than this is not waited for. */
  readonly longestWait: number;
  /** Whether a partner that cannot be reached, or does not answer in time, is tried again; else only one that says that it is busy. */
  readonly alsoUnreachable: boolean;
}

/** For an answer that someone waits for. */
export const FOR_AN_ANSWER: Patience = { retries: 1, firstWait: 100, longestWait: 1_000, alsoUnreachable: false };

/** For a copy that has the night. */
export const FOR_A_COPY: Patience = { retries: 6, firstWait: 500, longestWait: 120_000, alsoUnreachable: true };

/** The partner answered that it cannot answer now (429, 5xx). */
export class BusyError extends SourceError {
  constructor(
    source: string,
    message: string,
    /** How long the partner asks to be left alone, in milliseconds; undefined where it does not say. */
    readonly retryAfter: number | undefined,
  ) {
    super(source, 'UNREACHABLE', message);
    this.name = 'BusyError';
  }
}

/** How long to wait before a request is made again that has failed so many times; undefined where it is not. */
export function waitBeforeRetry(error: unknown, failures: number, patience: Patience): number | undefined {
  if (failures > patience.retries || !(error instanceof SourceError)) return undefined;
  const isBusy = error instanceof BusyError;
  const isUnreachable = error.reason === 'UNREACHABLE' || error.reason === 'TIMED_OUT';
  if (!isBusy && !(patience.alsoUnreachable && isUnreachable)) return undefined;
  const asked = isBusy ? error.retryAfter : undefined;
  if (asked !== undefined) return asked <= patience.longestWait ? asked : undefined;
  // By chance, so that many hubs that a partner turned away at once do not come back at once.
  return Math.min(patience.longestWait, patience.firstWait * 2 ** (failures - 1) * (1 + Math.random() / 2));
}

/** What a Retry-After header says, in milliseconds from the given instant: seconds, or a date. Undefined where it says neither. */
export function retryAfterOf(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  const at = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
