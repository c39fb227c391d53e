/**
 * A journal of the trace: what this process recorded and the chain does not have yet, a line for each record, in a file
 * beside the trace. To append a line costs a fifth of a transaction of SQLite, and once it is appended the system has it: no
 * death of this process takes it away. Each process has its own. Whoever opens the trace puts what a dead one left into it.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A record as its journal has it. */
export interface JournalLine {
  /** The journal's name: that of its file. */
  readonly journal: string;
  /** What is put into the chain; see `lineOf`. */
  readonly text: string;
  /** Bytes of the journal up to the end of the line. */
  readonly end: number;
}

/** Nobody appends to a journal for so long but a process that has nothing to record, in milliseconds. */
const ABANDONED_AFTER = 60_000;
const NEWLINE = 0x0a;

/** The journal of this process, open. */
export class TraceJournal {
  readonly name: string;
  private readonly path: string;
  private readonly file: number;
  private end = 0;
  private isCut = false;

  constructor(tracePath: string) {
    this.name = `${basename(tracePath)}-journal-${process.pid}-${randomBytes(6).toString('hex')}`;
    this.path = join(dirname(tracePath), this.name);
    this.file = openSync(this.path, 'ax', 0o600);
  }

  /** Bytes that it has. */
  get size(): number {
    return this.end;
  }

  /** Appends a line; when this gives back, the system has it. Throws where it has not. */
  append(text: string): JournalLine {
    if (this.isCut) throw new Error('Expected a journal that can be appended to, but got one whose last line is not whole.');
    const line = Buffer.from(`${text}\n`);
    this.isCut = true;
    const written = writeSync(this.file, line);
    if (written < line.length) throw new Error(`Expected to write ${line.length} bytes of the trace's journal, but wrote ${written}.`);
    this.isCut = false;
    this.end += line.length;
    return { journal: this.name, text, end: this.end };
  }

  /** Whether lines may be appended, and would be found. */
  isSound(): boolean {
    return !this.isCut && statSync(this.path, { throwIfNoEntry: false })?.ino === fstatSync(this.file).ino;
  }

  close(): void {
    closeSync(this.file);
  }
}

/** The journals beside a trace, by their names. */
export function journalsOf(tracePath: string): string[] {
  const beginning = `${basename(tracePath)}-journal-`;
  return readdirSync(dirname(tracePath))
    .filter((name) => name.startsWith(beginning))
    .sort();
}

/** The whole lines of a journal after so many bytes. What is no record is left out: nobody was answered with it. */
export function linesAfter(tracePath: string, journal: string, bytes: number): JournalLine[] {
  const content = contentOf(join(dirname(tracePath), journal)).subarray(bytes);
  const lines: JournalLine[] = [];
  for (let start = 0, stop = content.indexOf(NEWLINE); stop >= 0; start = stop + 1, stop = content.indexOf(NEWLINE, start)) {
    const text = content.subarray(start, stop).toString();
    if (isRecord(text)) lines.push({ journal, text, end: bytes + stop + 1 });
  }
  return lines;
}

/** Whether a journal is there. It is taken away when all of it is in the chain, and forgotten after that. */
export function isJournal(tracePath: string, journal: string): boolean {
  return existsSync(join(dirname(tracePath), journal));
}

/** Whether nobody will append to a journal any more: its process has ended, or another has its number now. */
export function isAbandoned(tracePath: string, journal: string): boolean {
  const found = statSync(join(dirname(tracePath), journal), { throwIfNoEntry: false });
  const pid = Number(/-journal-(\d+)-/.exec(journal)?.[1]);
  return found !== undefined && Date.now() - found.mtimeMs > ABANDONED_AFTER && !isAlive(pid);
}

/** Takes a journal away, all of which is in the chain. */
export function removeJournal(tracePath: string, journal: string): void {
  try {
    unlinkSync(join(dirname(tracePath), journal));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    // Its process put all of it into the chain meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}

function isRecord(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
