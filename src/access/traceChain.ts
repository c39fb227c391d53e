/**
 * The chain of the trace: what a record says, as a text, and its hash over that text and the hash before it. Whoever
 * changes, removes, adds or moves a record changes every hash after it. Pure: nothing is read or written here.
 */
import { hash } from 'node:crypto';
import type { Scope } from '../rules/authorization.js';

/** Rows of one entity of one source that an operation read, all under the same scopes. */
export interface TracedRows {
  readonly source: string;
  readonly entity: string;
  /** Of totals the rows are those that the figures are made of. */
  readonly ask: 'ROWS' | 'TOTALS';
  readonly scopes: readonly Scope[];
  readonly rows: number;
  /** Rows by company; empty where the rows are no company's, null where a total is of more companies than are named. */
  readonly companies: ReadonlyMap<string, number> | null;
}

/** Who asked. */
export interface TracedViewer {
  readonly kind: string;
  readonly name: string;
  readonly via: string;
  /** The source, the park's role, or the USCC that the viewer stands for; null of others. */
  readonly of: string | null;
}

/** One operation that read what is not public. */
export interface TracedOperation {
  /** When it was answered: an instant. */
  readonly at: string;
  readonly viewer: TracedViewer;
  /** The operation's name in its document, or a command's; null where it has none. */
  readonly operation: string | null;
  /** SHA-256 of the document. */
  readonly document: string | null;
  /** The address that asked; null within the hub's own process. */
  readonly address: string | null;
  /** The answer went into a file. */
  readonly exported: boolean;
  readonly reads: readonly TracedRows[];
  /** The numbers of the authorizations under which it was read. */
  readonly authorizations: readonly number[];
}

/** A record as it is kept. */
export interface TraceRecord {
  /** From 1, without a gap. */
  readonly seq: number;
  readonly content: string;
  readonly hash: string;
}

/** The end of a chain: its last record's number and hash; of an empty one 0 and where the chain of its park begins. */
export interface TraceHead {
  readonly seq: number;
  readonly hash: string;
}

/** Where a chain is not as it was written. */
export interface TraceFault {
  /** The number of the record. */
  readonly seq: number;
  readonly message: string;
}

/** Where the chain of a park begins: one park's records are none of another's. */
export function beginningOf(parkId: string): TraceHead {
  return { seq: 0, hash: sha256(`parkhub read trace of ${parkId}`) };
}

/** The record of an operation that follows a head. */
export function following(head: TraceHead, operation: TracedOperation): TraceRecord {
  return followingLine(head, lineOf(operation));
}

/** The record that follows a head, of the line that `lineOf` gave. */
export function followingLine(head: TraceHead, line: string): TraceRecord {
  const seq = head.seq + 1;
  const content = `[${seq},${line.slice(1)}`;
  return { seq, content, hash: hashOf(head.hash, content) };
}

/**
 * An operation as a text, JSON on one line: all of its record but the number. Its companies are written once, and the rows of
 * each by their place there: it is short.
 */
export function lineOf(operation: TracedOperation): string {
  const { at, viewer, operation: name, document, address, exported, authorizations } = operation;
  const places = new Map<string, number>();
  const reads = operation.reads.map(({ source, entity, ask, scopes, rows, companies }) => [
    source,
    entity,
    ask,
    scopes,
    rows,
    companies && placesIn(places, companies.keys()),
    companies && countsOf(companies),
  ]);
  return JSON.stringify([
    at,
    [viewer.kind, viewer.name, viewer.via, viewer.of],
    [name, document, address, exported],
    reads,
    authorizations,
    [...places.keys()],
  ]);
}

/** What a record says. Throws for what is none. */
export function operationOf(content: string): TracedOperation & { readonly seq: number } {
  const [seq, at, viewer, about, reads, authorizations, named] = JSON.parse(content) as [number, string, string[], unknown[], unknown[][], number[], string[]];
  const [kind, name, via, of] = viewer as [string, string, string, string | null];
  const [operation, document, address, exported] = about as [string | null, string | null, string | null, boolean];
  return {
    seq,
    at,
    viewer: { kind, name, via, of },
    operation,
    document,
    address,
    exported,
    reads: reads.map(([source, entity, ask, scopes, rows, places, counts]) => {
      const companies = places && new Map((places as number[]).map((place, index) => [named[place], (counts as number[] | null)?.[index] ?? 1]));
      return { source, entity, ask, scopes, rows, companies } as TracedRows;
    }),
    authorizations,
  };
}

function placesIn(places: Map<string, number>, companies: Iterable<string>): number[] {
  const found: number[] = [];
  for (const company of companies) {
    const place = places.get(company) ?? places.size;
    if (place === places.size) places.set(company, place);
    found.push(place);
  }
  return found;
}

/** The numbers of rows; null where each company has one. */
function countsOf(companies: ReadonlyMap<string, number>): number[] | null {
  for (const count of companies.values()) if (count !== 1) return [...companies.values()];
  return null;
}

/** The companies that an operation names, each once. */
export function companiesIn({ reads }: Pick<TracedOperation, 'reads'>): string[] {
  return [...new Set(reads.flatMap(({ companies }) => [...(companies?.keys() ?? [])]))];
}

/** Follows a chain record by record. */
export class ChainCheck {
  private last: TraceHead;

  /** @param heads ends that the chain is known to have had: its record of that number must have that hash */
  constructor(
    beginning: TraceHead,
    private readonly heads: readonly TraceHead[],
  ) {
    this.last = beginning;
  }

  /** The end so far. */
  get head(): TraceHead {
    return this.last;
  }

  /** What is wrong with the next record; the next is held against what this one says of itself. */
  next(record: TraceRecord): TraceFault[] {
    const expected = this.last.seq + 1;
    const faults: TraceFault[] = [];
    const report = (seq: number, message: string): void => void faults.push({ seq, message });
    if (record.seq !== expected)
      report(expected, record.seq === expected + 1 ? `record ${expected} is missing` : `records ${expected} to ${record.seq - 1} are missing`);
    else if (record.hash !== hashOf(this.last.hash, record.content))
      report(record.seq, `record ${record.seq} is not what was written, or does not follow the one before it`);
    if (numberIn(record.content) !== record.seq) report(record.seq, `record ${record.seq} was written under another number`);
    if (this.heads.some(({ seq, hash }) => seq === record.seq && hash !== record.hash))
      report(record.seq, `record ${record.seq} is not the one that was the last when the head was noted`);
    this.last = { seq: record.seq, hash: record.hash };
    return faults;
  }

  /** What is wrong when no record follows. */
  end(): TraceFault[] {
    const most = Math.max(0, ...this.heads.map(({ seq }) => seq));
    if (most <= this.last.seq) return [];
    return [{ seq: this.last.seq + 1, message: `the end is missing: there were ${most} records, and there are ${this.last.seq}` }];
  }
}

function numberIn(content: string): number | undefined {
  try {
    return operationOf(content).seq;
  } catch {
    return undefined;
  }
}

function hashOf(before: string, content: string): string {
  return sha256(`${before}\n${content}`);
}

function sha256(text: string): string {
  return hash('sha256', text);
}
