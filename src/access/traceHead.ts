/**
 * The head of a trace in a file beside it: how far the chain was. A chain whose end is cut off is whole in itself; only
 * what was noted elsewhere tells that there was more.
 */
import { closeSync, constants, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import type { TraceHead } from './traceChain.js';

const DIGITS = 16;
const LENGTH = DIGITS + 1 + 64 + 1;

/** The file of a trace's head, beside the trace. */
export function headFileOf(traceFile: string): string {
  return `${traceFile}-head`;
}

/** The file, open for the hub's own process; others may write it too. */
export class TraceHeadFile {
  private readonly file: number;
  private readonly place = Buffer.alloc(DIGITS);

  constructor(path: string) {
    this.file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  }

  /** Notes a head, unless a later one is noted. */
  note({ seq, hash }: TraceHead): void {
    const read = readSync(this.file, this.place, 0, DIGITS, 0);
    if (read === DIGITS && Number(this.place.toString('latin1')) > seq) return;
    // One write of fixed length: nobody finds half of it.
    writeSync(this.file, `${String(seq).padStart(DIGITS, '0')} ${hash}\n`, 0, 'latin1');
  }

  close(): void {
    closeSync(this.file);
  }
}

/** The head in a file: undefined where there is no file, null where it holds none. */
export function readHead(path: string): TraceHead | null | undefined {
  try {
    const text = readFileSync(path, 'latin1');
    return text.length === LENGTH ? parseHead(text.trimEnd().replace(' ', ':')) : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A head as people note it, "12:9f3c…"; null for another text. */
export function parseHead(text: string): TraceHead | null {
  const match = /^(\d{1,16}):([0-9a-f]{64})$/.exec(text);
  return match ? { seq: Number(match[1]), hash: match[2] as string } : null;
}

/** A head as people note it. */
export function formatHead({ seq, hash }: TraceHead): string {
  return `${seq}:${hash}`;
}
