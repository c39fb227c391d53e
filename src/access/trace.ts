/**
 * The trace 查询留痕: a record of every operation that read what is not public, before its answer leaves.
 *
 * It has a database file of its own beside the store's: SQLite has one writer a file, and an answer must not wait for a
 * sync. Operations that end at about the same time share one transaction: the next is begun when the one before is on the
 * disk, and takes all that wait. Waiting for the disk happens off this thread, so that other operations go on meanwhile.
 */
import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import AsyncDatabase from 'libsql/promise';
import { unlessBusy } from '../sources/connectors/sql/immediately.js';
import { bindable } from '../sources/connectors/sql/libsqlDriver.js';
import {
  beginningOf,
  ChainCheck,
  companiesIn,
  following,
  operationOf,
  type TracedOperation,
  type TraceFault,
  type TraceHead,
  type TraceRecord,
} from './traceChain.js';
import { headFileOf, readHead, TraceHeadFile } from './traceHead.js';

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
/** Most records of one transaction. */
const MOST_AT_ONCE = 500;
/** So long another process's transaction takes, about, in milliseconds. */
const PAUSE = 1;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS read_trace ("seq" integer PRIMARY KEY NOT NULL, "content" text NOT NULL, "hash" varchar(64) NOT NULL);
CREATE TABLE IF NOT EXISTS read_trace_company ("uscc" varchar(18) NOT NULL, "seq" integer NOT NULL, PRIMARY KEY ("uscc", "seq")) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS read_trace_company_seq ON read_trace_company ("seq");
${['read_trace', 'read_trace_company']
  .flatMap((table) =>
    ['UPDATE', 'DELETE'].map(
      (act) =>
        `CREATE TRIGGER IF NOT EXISTS ${table}_no_${act.toLowerCase()} BEFORE ${act} ON ${table} BEGIN SELECT RAISE(ABORT, 'the trace is kept as it is'); END;`,
    ),
  )
  .join('\n')}`;

interface Statement {
  run(...parameters: unknown[]): unknown;
  get(...parameters: unknown[]): unknown;
  all(...parameters: unknown[]): Promise<unknown[]>;
}

interface Database {
  exec(text: string): Promise<void>;
  prepare(text: string): Promise<Statement>;
  close(): void;
}

interface Opened {
  readonly writer: Database;
  readonly last: Statement;
  readonly add: Statement;
  readonly addCompany: Statement;
  readonly head: TraceHeadFile;
}

interface Waiting {
  readonly operation: TracedOperation;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

/** The trace of a park, in a file. Nothing is opened, or made, before something is written or read. */
export class ReadTrace {
  private opening?: Promise<Opened> | undefined;
  private reading?: Promise<Database> | undefined;
  private readonly waiting: Waiting[] = [];
  private writing?: Promise<void> | undefined;

  constructor(
    private readonly file: string,
    private readonly parkId: string,
  ) {}

  /** Gives back when the record is on the disk. Throws where it cannot be: then the answer must not leave. */
  write(operation: TracedOperation): Promise<void> {
    return new Promise((written, failed) => {
      this.waiting.push({ operation, written, failed });
      this.writing ??= this.writeAll();
    });
  }

  /** What was read of a company, the last first. */
  async readsOf(uscc: string, { before, limit }: { readonly before?: number | undefined; readonly limit: number }): Promise<TracedRead[]> {
    if (!existsSync(this.file)) return [];
    const reader = await this.reader();
    const select = await reader.prepare(
      `SELECT t."content" FROM read_trace_company AS c JOIN read_trace AS t ON t."seq" = c."seq" WHERE c."uscc" = ? AND c."seq" < ? ORDER BY c."seq" DESC LIMIT ?`,
    );
    const rows = (await select.all(bound([uscc, before ?? Number.MAX_SAFE_INTEGER, limit]))) as { content: string }[];
    const [first] = (await (await reader.prepare('SELECT "hash" FROM read_trace WHERE "seq" = 1')).all([])) as { hash: string }[];
    return rows.map(({ content }) => readOf(operationOf(content), uscc, first?.hash ?? ''));
  }

  /** Follows the chain from its beginning to its end. @param noted a head that was noted elsewhere */
  async verify(noted?: TraceHead): Promise<TraceVerdict> {
    const anchor = readHead(headFileOf(this.file));
    const faults: TraceFault[] = [];
    const heads = [anchor, noted].filter((head) => head !== undefined && head !== null);
    const check = new ChainCheck(beginningOf(this.parkId), heads);
    let records = 0;
    if (existsSync(this.file)) {
      try {
        const reader = await this.reader();
        for await (const record of recordsOf(reader)) {
          faults.push(...check.next(record), ...(await indexFaults(reader, record)));
          records++;
          if (faults.length >= MOST_FAULTS) return { records, head: check.head, faults: faults.slice(0, MOST_FAULTS) };
        }
        faults.push(...(await strayFaults(reader)));
      } catch (error) {
        // Whatever the file is, it is no trace from here on; what SQLite says of it names no more than that.
        faults.push({
          seq: check.head.seq + 1,
          message: `the trace cannot be read beyond record ${check.head.seq} (${(error as { code?: string }).code ?? 'unknown reason'})`,
        });
      }
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
    const [opened, reader] = await Promise.all([this.opening?.catch(() => undefined), this.reading?.catch(() => undefined)]);
    this.opening = undefined;
    this.reading = undefined;
    reader?.close();
    // Whoever copies the file alone then copies all of it.
    await opened?.writer.exec('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => undefined);
    opened?.writer.close();
    opened?.head.close();
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      let batch: readonly Waiting[] = [];
      try {
        const opened = await this.opened();
        await unlessBusy(() => opened.writer.exec('BEGIN IMMEDIATE'), PAUSE);
        // What came while it was begun goes with it.
        batch = this.waiting.splice(0, MOST_AT_ONCE);
        const head = await this.append(opened, batch);
        opened.head.note(head);
        for (const { written } of batch) written();
      } catch (error) {
        // Whatever could not be begun fails for those who wait for it; the next try is the next operation's.
        for (const { failed } of batch.length > 0 ? batch : this.waiting.splice(0)) failed(error);
      }
    }
    // In the same step as the look at what waits: nobody can come to wait for a writer that has ended.
    this.writing = undefined;
  }

  private async append({ writer, last, add, addCompany }: Opened, batch: readonly Waiting[]): Promise<TraceHead> {
    try {
      let head = (last.get([]) as TraceHead | undefined) ?? beginningOf(this.parkId);
      for (const { operation } of batch) {
        const record = following(head, operation);
        add.run(bound([record.seq, record.content, record.hash]));
        for (const uscc of companiesIn(operation)) addCompany.run(bound([uscc, record.seq]));
        head = record;
      }
      await writer.exec('COMMIT');
      return head;
    } catch (error) {
      await writer.exec('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  private opened(): Promise<Opened> {
    this.opening ??= this.open().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  /** A connection that cannot write, to a file that is there. */
  private reader(): Promise<Database> {
    const read = async (): Promise<Database> => {
      const reader = await connected(this.file);
      await reader.exec('PRAGMA query_only = ON');
      return reader;
    };
    this.reading ??= read().catch((error: unknown) => {
      this.reading = undefined;
      throw error;
    });
    return this.reading;
  }

  private async open(): Promise<Opened> {
    await mkdir(dirname(this.file), { recursive: true });
    const writer = await connected(this.file);
    // The answer may be out when the power fails: FULL has every commit on the disk.
    await unlessBusy(() => writer.exec('PRAGMA journal_mode = WAL'), PAUSE);
    await writer.exec('PRAGMA synchronous = FULL');
    await unlessBusy(() => writer.exec('BEGIN IMMEDIATE'), PAUSE);
    await writer.exec(`${SCHEMA} COMMIT`);
    const [last, add, addCompany] = await Promise.all([
      writer.prepare('SELECT "seq", "hash" FROM read_trace ORDER BY "seq" DESC LIMIT 1'),
      writer.prepare('INSERT INTO read_trace ("seq", "content", "hash") VALUES (?, ?, ?)'),
      writer.prepare('INSERT INTO read_trace_company ("uscc", "seq") VALUES (?, ?)'),
    ]);
    return { writer, last, add, addCompany, head: new TraceHeadFile(headFileOf(this.file)) };
  }
}

/** Waiting is ours: a statement that waits holds one of the few threads of libsql, which the one that it waits for may need. */
async function connected(file: string): Promise<Database> {
  const database = new AsyncDatabase(file, {}) as unknown as Database;
  await database.exec('PRAGMA busy_timeout = 0');
  return database;
}

async function* recordsOf(reader: Database): AsyncGenerator<TraceRecord> {
  const select = await reader.prepare('SELECT "seq", "content", "hash" FROM read_trace WHERE "seq" > ? ORDER BY "seq" LIMIT 500');
  for (let last = -Number.MAX_SAFE_INTEGER; ; ) {
    const rows = (await select.all(bound([last]))) as TraceRecord[];
    yield* rows;
    if (rows.length === 0) return;
    last = (rows.at(-1) as TraceRecord).seq;
  }
}

/** The list of a record's companies is beside it, for finding them; it must say what the record says. */
async function indexFaults(reader: Database, { seq, content }: TraceRecord): Promise<TraceFault[]> {
  const rows = (await (await reader.prepare('SELECT "uscc" FROM read_trace_company WHERE "seq" = ?')).all(bound([seq]))) as { uscc: string }[];
  let named: string[];
  try {
    named = companiesIn(operationOf(content));
  } catch {
    return [];
  }
  const listed = new Set(rows.map(({ uscc }) => uscc));
  if (listed.size === named.length && named.every((uscc) => listed.has(uscc))) return [];
  return [{ seq, message: `record ${seq} is not listed for the companies that it names, or for others` }];
}

async function strayFaults(reader: Database): Promise<TraceFault[]> {
  const select = await reader.prepare('SELECT DISTINCT "seq" FROM read_trace_company WHERE "seq" NOT IN (SELECT "seq" FROM read_trace) ORDER BY "seq" LIMIT 1');
  return ((await select.all([])) as { seq: number }[]).map(({ seq }) => ({ seq, message: `record ${seq} is listed for companies, and is missing` }));
}

function readOf({ seq, address, ...operation }: TracedOperation & { seq: number }, uscc: string, key: string): TracedRead {
  const own = operation.reads.flatMap((read) => {
    const rows = read.companies?.[uscc];
    return rows === undefined ? [] : [{ ...read, rows, companies: { [uscc]: rows } }];
  });
  return { ...operation, id: seq, reads: own, origin: address === null ? null : createHmac('sha256', key).update(address).digest('hex').slice(0, 12) };
}

/** libsql must not be handed what it cannot bind: see its driver. */
function bound(parameters: readonly unknown[]): unknown[] {
  return parameters.map(bindable);
}
