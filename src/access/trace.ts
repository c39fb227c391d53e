/**
 * The trace 查询留痕: a record of every operation that read what is not public, before its answer leaves.
 *
 * An answer waits until its record is in this process's journal: then the system has it, and no death of this process takes
 * it away. A moment later all that came meanwhile goes into the chain, in one transaction, and on to the disk; no answer
 * waits for that, and only a machine that loses its power loses what it answered in that moment. The chain has a database
 * file of its own beside the store's: SQLite has one writer a file, and the trace must not wait for a sync.
 */
import { createHmac } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { unlessBusy } from '../sources/connectors/sql/immediately.js';
import { beginningOf, ChainCheck, lineOf, type TracedOperation, type TraceFault, type TraceHead, type TraceRecord } from './traceChain.js';
import { TraceFile } from './traceFile.js';
import { headFileOf, readHead, TraceHeadFile } from './traceHead.js';
import { isAbandoned, isJournal, type JournalLine, journalsOf, linesAfter, removeJournal, TraceJournal } from './traceJournal.js';
import { TraceKeeper } from './traceKeeper.js';

export type { TracedOperation, TracedRows, TracedViewer, TraceFault, TraceHead } from './traceChain.js';

/** A record as a company reads it: only what was read of it. */
export interface TracedRead extends Omit<TracedOperation, 'address'> {
  /** The number of the record. */
  readonly id: number;
  /** The same for the same address, and telling nothing of it; null within the hub's own process. */
  readonly origin: string | null;
}

/** What checking a trace found. */
export interface TraceVerdict {
  readonly records: number;
  readonly head: TraceHead;
  /** Records in journals that are not in the chain yet: of a process that runs, or of one that was killed. */
  readonly waiting: number;
  /** The first of them, where there are many. */
  readonly faults: readonly TraceFault[];
}

/** Most faults that a check names. */
const MOST_FAULTS = 20;
/** Records that a check reads at once. */
const CHECKED_AT_ONCE = 500;
/** Most records of one transaction; who records more meanwhile waits for it. */
const MOST_AT_ONCE = 500;
/** Bytes after which a journal is begun anew. */
const LONGEST_JOURNAL = 1_000_000;
/** So long another process's transaction takes, about, in milliseconds. */
const PAUSE = 1;
/** What is recorded goes into the chain and to the disk so many milliseconds later, with all that came meanwhile. */
const MOMENT = 50;
/** Companies are listed when nothing was written for so long, in milliseconds; or when so many records are not. */
const IDLE = 1_000;
const MOST_UNLISTED = 5_000;
/** Characters that are written before SQLite's log is brought into its file. */
const FOLDED_AT = 2_000_000;

interface Opened {
  readonly file: TraceFile;
  /** Which file it is, as the system knows it. */
  readonly identity: number | undefined;
  /** What SQLite has written and the disk may not have yet. */
  readonly log: FileHandle;
  readonly head: TraceHeadFile;
  readonly keeper: TraceKeeper;
}

/** The trace of a park, in a file. Nothing is opened, or made, before something is written or read. */
export class ReadTrace {
  private opening?: Promise<Opened> | undefined;
  private journal?: TraceJournal | undefined;
  /** In the journal, and not in the chain. */
  private waiting: JournalLine[] = [];
  /** Why what waits could not be put into the chain the last time. */
  private failure: unknown;
  private chaining?: Promise<void> | undefined;
  private next?: Promise<void> | undefined;
  private moment?: NodeJS.Timeout | undefined;
  private idle?: NodeJS.Timeout | undefined;
  private isFolding = false;
  /** Characters since the log was folded, records since companies were listed. */
  private unfolded = 0;
  private unlisted = 0;

  constructor(
    private readonly path: string,
    private readonly parkId: string,
  ) {}

  /** Gives back when the system has the record. Throws where it has not: then the answer must not leave. */
  async write(operation: TracedOperation): Promise<void> {
    if (!this.journal || this.failure !== undefined || this.waiting.length >= MOST_AT_ONCE) await this.chained();
    this.journal ??= new TraceJournal(this.path);
    try {
      this.waiting.push(this.journal.append(lineOf(operation)));
    } catch (error) {
      // Before the next one all that is in the chain's debt is put there, and another journal is begun.
      this.failure = error;
      throw error;
    }
    this.moment ??= setTimeout(() => {
      this.moment = undefined;
      // Whoever writes next is told.
      this.chained().catch(() => undefined);
    }, MOMENT).unref();
  }

  /** What was read of a company, the last first. */
  async readsOf(uscc: string, { before, limit }: { readonly before?: number | undefined; readonly limit: number }): Promise<TracedRead[]> {
    if (!existsSync(this.path)) return [];
    await this.chained();
    const { file, head, keeper } = await this.opened();
    await this.chainOthers(file);
    head.note(file.last() ?? beginningOf(this.parkId));
    await keeper.list();
    const [first] = file.recordsAfter(0, 1);
    return file.recordsOf(uscc, before ?? Number.MAX_SAFE_INTEGER, limit).map((record) => readOf(record, uscc, first?.hash ?? ''));
  }

  /** Follows the chain from its beginning to its end; changes nothing. @param noted a head that was noted elsewhere */
  async verify(noted?: TraceHead): Promise<TraceVerdict> {
    if (this.waiting.length > 0) await this.chained();
    const anchor = readHead(headFileOf(this.path));
    const heads = [anchor, noted].filter((head) => head !== undefined && head !== null);
    const check = new ChainCheck(beginningOf(this.parkId), heads);
    const faults: TraceFault[] = [];
    let records = 0;
    try {
      for await (const found of this.checked(check)) {
        records += found.records;
        faults.push(...found.faults);
        if (faults.length >= MOST_FAULTS) return { records, head: check.head, waiting: this.waitingInJournals(), faults: faults.slice(0, MOST_FAULTS) };
      }
    } catch (error) {
      // Whatever the file is, it is no trace from here on; what SQLite says of it may name its place.
      const code = (error as { code?: string }).code ?? 'unknown reason';
      faults.push({ seq: check.head.seq + 1, message: `the trace cannot be read beyond record ${check.head.seq} (${code})` });
    }
    faults.push(...check.end());
    if (anchor === null || (anchor === undefined && records > 0)) {
      const got = anchor === null ? 'another text' : 'no such file';
      faults.push({ seq: records, message: `the head beside the trace: expected the number and the hash of its last record, but got ${got}` });
    }
    return { records, head: check.head, waiting: this.waitingInJournals(), faults };
  }

  async close(): Promise<void> {
    clearTimeout(this.moment);
    // What cannot be put into the chain now stays in the journal, and the next process puts it there.
    if (this.opening) await this.chained().catch(() => undefined);
    clearTimeout(this.idle);
    const opened = await this.opening?.catch(() => undefined);
    this.opening = undefined;
    if (!opened) return;
    if (this.waiting.length === 0) this.endJournal(opened.file);
    else this.journal?.close();
    await opened.keeper.close();
    try {
      opened.file.fold();
    } catch {
      // Another process is at it: then it is for that one to do.
    }
    opened.file.close();
    opened.head.close();
    await opened.log.close();
  }

  private async *checked(check: ChainCheck): AsyncGenerator<{ records: number; faults: TraceFault[] }> {
    if (!existsSync(this.path)) return;
    const file = new TraceFile(this.path, 'reading');
    try {
      for (let last = -Number.MAX_SAFE_INTEGER; ; ) {
        const records = file.recordsAfter(last, CHECKED_AT_ONCE);
        if (records.length === 0) break;
        yield { records: records.length, faults: records.flatMap((record) => [...check.next(record), ...file.listFaults(record)]) };
        last = (records.at(-1) as TraceRecord).seq;
        await new Promise(setImmediate);
      }
      yield { records: 0, faults: file.strayFaults() };
    } finally {
      file.close();
    }
  }

  /** Puts what waits into the chain. Throws where that cannot be. */
  private chained(): Promise<void> {
    // All who come while one is under way wait for the next: that takes what they wait for.
    this.next ??= (this.chaining ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => {
        this.chaining = this.next;
        this.next = undefined;
        return this.chainAll();
      });
    return this.next;
  }

  private async chainAll(): Promise<void> {
    try {
      const opened = await this.opened();
      const before = this.unlisted;
      // Records in a file that was moved or removed are nobody's to find.
      if (identityOf(this.path) !== opened.identity) throw new Error(`The trace is no longer at ${this.path}: put its files back.`);
      let end: TraceHead | undefined;
      while (this.waiting.length > 0) {
        const lines = this.waiting.slice(0, MOST_AT_ONCE);
        const { head, count } = await unlessBusy(async () => opened.file.chain(lines, beginningOf(this.parkId)), PAUSE);
        end = head;
        this.waiting = this.waiting.slice(lines.length);
        this.unlisted += count;
        this.unfolded += lines.reduce((sum, { text }) => sum + text.length, 0);
      }
      if (this.journal && (this.failure !== undefined || this.journal.size > LONGEST_JOURNAL || !this.journal.isSound())) this.endJournal(opened.file);
      this.failure = undefined;
      if (!end) return;
      opened.head.note(end);
      if (this.unlisted > before) this.listWhenIdle(opened);
      // A disk that fails fails the next commit too, which says so.
      await opened.log.datasync().catch(() => undefined);
      this.foldWhenLong(opened);
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  /** Puts into the chain what other processes recorded: those that were killed will not. */
  private async chainOthers(file: TraceFile): Promise<void> {
    for (const name of journalsOf(this.path)) {
      if (name === this.journal?.name) continue;
      const lines = linesAfter(this.path, name, file.chained(name));
      for (let index = 0; index < lines.length; index += MOST_AT_ONCE)
        // Its process may have put all of it there since it was read, and ended it: what was forgotten then must not count as new.
        await unlessBusy(async () => file.chain(lines.slice(index, index + MOST_AT_ONCE), beginningOf(this.parkId), () => isJournal(this.path, name)), PAUSE);
      if (!isAbandoned(this.path, name)) continue;
      removeJournal(this.path, name);
      await unlessBusy(async () => file.forget(name), PAUSE);
    }
  }

  /** All of the journal is in the chain. The next record begins another. */
  private endJournal(file: TraceFile): void {
    const { journal } = this;
    if (!journal) return;
    this.journal = undefined;
    journal.close();
    removeJournal(this.path, journal.name);
    try {
      file.forget(journal.name);
    } catch {
      // Another process writes: a line too many in a table that is only looked up by name.
    }
  }

  private waitingInJournals(): number {
    if (!existsSync(this.path)) return 0;
    const file = new TraceFile(this.path, 'reading');
    try {
      return journalsOf(this.path).reduce((sum, name) => sum + linesAfter(this.path, name, file.chained(name)).length, 0);
    } catch {
      // What is no trace counts no journals; the faults say so.
      return 0;
    } finally {
      file.close();
    }
  }

  private foldWhenLong({ keeper }: Opened): void {
    if (this.isFolding || this.unfolded < FOLDED_AT) return;
    this.unfolded = 0;
    this.isFolding = true;
    void keeper.fold().finally(() => {
      this.isFolding = false;
    });
  }

  /** Whoever looks for a company's records need not wait for them to be listed then. */
  private listWhenIdle({ keeper }: Opened): void {
    const list = (): void => {
      this.unlisted = 0;
      keeper.list().catch(() => undefined);
    };
    if (this.unlisted >= MOST_UNLISTED) list();
    else if (this.idle) this.idle.refresh();
    else this.idle = setTimeout(list, IDLE).unref();
  }

  private opened(): Promise<Opened> {
    this.opening ??= this.open().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  private async open(): Promise<Opened> {
    await mkdir(dirname(this.path), { recursive: true });
    const noted = readHead(headFileOf(this.path));
    if (noted && noted.seq > 0 && !existsSync(this.path))
      throw new Error(`Expected the trace at ${this.path}, for its head says ${noted.seq} records, but it is not there: put it back.`);
    const file = await unlessBusy(async () => new TraceFile(this.path, 'writing'), PAUSE);
    await this.chainOthers(file);
    const head = new TraceHeadFile(headFileOf(this.path));
    head.note(file.last() ?? beginningOf(this.parkId));
    return { file, identity: identityOf(this.path), log: await open(`${this.path}-wal`, 'r+'), head, keeper: new TraceKeeper(this.path, file) };
  }
}

/** Which file stands at the path, by the system's number; undefined where there is none. One look costs some 4 µs. */
function identityOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

function readOf({ seq, address, ...operation }: TracedOperation & { seq: number }, uscc: string, key: string): TracedRead {
  const own = operation.reads.flatMap((read) => {
    const rows = read.companies?.get(uscc);
    return rows === undefined ? [] : [{ ...read, rows, companies: new Map([[uscc, rows]]) }];
  });
  return { ...operation, id: seq, reads: own, origin: address === null ? null : createHmac('sha256', key).update(address).digest('hex').slice(0, 12) };
}
