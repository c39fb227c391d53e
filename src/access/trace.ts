/**
 * The trace 查询留痕: a record of every operation that read what is not public, before its answer leaves.
 *
 * It has a database file of its own beside the store's: SQLite has one writer a file, and an answer must not wait for a
 * sync. An answer waits until its record is committed: then the system has it, and no death of this process takes it away.
 * Operations that end together share one transaction. What the system has is sent on to the disk within a moment, off this
 * thread, and no answer waits for that: only a machine that loses its power loses what it answered in that moment.
 */
import { createHmac } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { unlessBusy } from '../sources/connectors/sql/immediately.js';
import { beginningOf, ChainCheck, following, type TracedOperation, type TraceFault, type TraceHead, type TraceRecord } from './traceChain.js';
import { TraceFile } from './traceFile.js';
import { headFileOf, readHead, TraceHeadFile } from './traceHead.js';
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
  /** The first of them, where there are many. */
  readonly faults: readonly TraceFault[];
}

/** Most faults that a check names. */
const MOST_FAULTS = 20;
/** Records that a check reads at once. */
const CHECKED_AT_ONCE = 500;
/** Most records of one transaction. */
const MOST_AT_ONCE = 500;
/** So long another process's transaction takes, about, in milliseconds. */
const PAUSE = 1;
/** What is committed is sent to the disk so many milliseconds later, with all that came meanwhile. */
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

interface Waiting {
  readonly operation: TracedOperation;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

/** The trace of a park, in a file. Nothing is opened, or made, before something is written or read. */
export class ReadTrace {
  private opening?: Promise<Opened> | undefined;
  private readonly waiting: Waiting[] = [];
  private writing?: Promise<void> | undefined;
  private idle?: NodeJS.Timeout | undefined;
  private sending?: Promise<void> | undefined;
  private unsent?: TraceHead | undefined;
  /** The last record, as far as this process knows. */
  private end: TraceHead;
  /** Characters since the log was folded, records since companies were listed. */
  private unfolded = 0;
  private unlisted = 0;
  /** Settled when the trace is being closed: nothing waits for its moment then. */
  private readonly closing = settlable();

  constructor(
    private readonly path: string,
    private readonly parkId: string,
  ) {
    this.end = beginningOf(parkId);
  }

  /** Gives back when the record is committed. Throws where it cannot be: then the answer must not leave. */
  write(operation: TracedOperation): Promise<void> {
    return new Promise((written, failed) => {
      this.waiting.push({ operation, written, failed });
      this.writing ??= this.writeAll();
    });
  }

  /** What was read of a company, the last first. */
  async readsOf(uscc: string, { before, limit }: { readonly before?: number | undefined; readonly limit: number }): Promise<TracedRead[]> {
    if (!existsSync(this.path)) return [];
    const { file, keeper } = await this.opened();
    await keeper.list();
    const [first] = file.recordsAfter(0, 1);
    return file.recordsOf(uscc, before ?? Number.MAX_SAFE_INTEGER, limit).map((record) => readOf(record, uscc, first?.hash ?? ''));
  }

  /** Follows the chain from its beginning to its end; changes nothing. @param noted a head that was noted elsewhere */
  async verify(noted?: TraceHead): Promise<TraceVerdict> {
    const anchor = readHead(headFileOf(this.path));
    const heads = [anchor, noted].filter((head) => head !== undefined && head !== null);
    const check = new ChainCheck(beginningOf(this.parkId), heads);
    const faults: TraceFault[] = [];
    let records = 0;
    try {
      for await (const found of this.checked(check)) {
        records += found.records;
        faults.push(...found.faults);
        if (faults.length >= MOST_FAULTS) return { records, head: check.head, faults: faults.slice(0, MOST_FAULTS) };
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
    return { records, head: check.head, faults };
  }

  async close(): Promise<void> {
    await this.writing;
    this.closing.settle();
    await this.sending;
    clearTimeout(this.idle);
    const opened = await this.opening?.catch(() => undefined);
    this.opening = undefined;
    if (!opened) return;
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

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      let batch: readonly Waiting[] = [];
      try {
        const opened = await this.opened();
        // Records in a file that was moved or removed are nobody's to find.
        if (identityOf(this.path) !== opened.identity) throw new Error(`The trace is no longer at ${this.path}: put its files back.`);
        await unlessBusy(async () => {
          batch = [...batch, ...this.waiting.splice(0, MOST_AT_ONCE - batch.length)];
          this.append(opened.file, batch);
        }, PAUSE);
        for (const { written } of batch) written();
        this.sendToDisk(opened);
        this.listWhenIdle(opened);
      } catch (error) {
        // What could not be begun fails for all who wait for it; the next try is the next operation's.
        for (const { failed } of batch.length > 0 ? batch : this.waiting.splice(0)) failed(error);
      }
    }
    // In the same step as the look at what waits: nobody can come to wait for a writer that has ended.
    this.writing = undefined;
  }

  /** Adds the operations to the end of the chain: the one that this process wrote, unless another wrote since. */
  private append(file: TraceFile, batch: readonly Waiting[]): void {
    let records = chained(this.end, batch);
    while (!file.add(records)) {
      this.end = file.last() ?? beginningOf(this.parkId);
      records = chained(this.end, batch);
    }
    for (const { seq, content, hash } of records) {
      this.end = { seq, hash };
      this.unfolded += content.length;
    }
    this.unlisted += records.length;
  }

  /** One at a time, and a moment later: who writes to a file that is being sent waits for that. */
  private sendToDisk({ log, head, keeper }: Opened): void {
    this.unsent = this.end;
    this.sending ??= (async () => {
      while (this.unsent) {
        await Promise.race([wait(MOMENT, undefined, { ref: false }), this.closing.promise]);
        head.note(this.unsent);
        this.unsent = undefined;
        // A disk that fails fails the next commit too, which says so.
        await log.datasync().catch(() => undefined);
        if (this.unfolded < FOLDED_AT) continue;
        this.unfolded = 0;
        await keeper.fold();
      }
      this.sending = undefined;
    })();
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
    const head = new TraceHeadFile(headFileOf(this.path));
    this.end = file.last() ?? beginningOf(this.parkId);
    head.note(this.end);
    return { file, identity: identityOf(this.path), log: await open(`${this.path}-wal`, 'r+'), head, keeper: new TraceKeeper(this.path, file) };
  }
}

/** Which file stands at the path, by the system's number; undefined where there is none. One look costs some 4 µs. */
function identityOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino;
}

function settlable(): { readonly promise: Promise<void>; readonly settle: () => void } {
  let settle = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { promise, settle };
}

function chained(from: TraceHead, batch: readonly Waiting[]): TraceRecord[] {
  const records: TraceRecord[] = [];
  for (const { operation } of batch) records.push(following(records.at(-1) ?? from, operation));
  return records;
}

function readOf({ seq, address, ...operation }: TracedOperation & { seq: number }, uscc: string, key: string): TracedRead {
  const own = operation.reads.flatMap((read) => {
    const rows = read.companies?.get(uscc);
    return rows === undefined ? [] : [{ ...read, rows, companies: new Map([[uscc, rows]]) }];
  });
  return { ...operation, id: seq, reads: own, origin: address === null ? null : createHmac('sha256', key).update(address).digest('hex').slice(0, 12) };
}
