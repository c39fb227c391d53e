/**
 * What a trace needs done beside the answers, on a connection of its own and off this thread: its records are listed for
 * the companies that they name, and what SQLite keeps in its log is brought into the file. On this thread each would hold
 * up every answer for as long as it takes, the second for as long as the disk does.
 */
import { setTimeout as wait } from 'node:timers/promises';
import LibsqlDatabase from 'libsql/promise';
import type { TraceFile } from './traceFile.js';

/** Records that one step lists: whoever writes a record meanwhile waits for the step, some milliseconds. */
const LISTED_AT_ONCE = 50;
/** Between two steps, in milliseconds: those who wait to write come first. */
const PAUSE = 3;
/** How long a step waits for another connection that writes, in milliseconds. */
const PATIENCE = 5_000;

/** What is no record, or names no company, lists none; verifying says what is wrong with it. */
const LIST = `BEGIN IMMEDIATE;
INSERT OR IGNORE INTO read_trace_company ("uscc", "seq")
  SELECT company.value, record."seq"
  FROM (SELECT "seq", "content" FROM read_trace WHERE "seq" > (SELECT "upTo" FROM read_trace_listed) ORDER BY "seq" LIMIT ${LISTED_AT_ONCE}) AS record,
    json_each(CASE WHEN json_valid(record."content") THEN
      CASE json_type(record."content", '$[6]') WHEN 'array' THEN record."content" ELSE '[]' END ELSE '[]' END, '$[6]') AS company
  WHERE company.type = 'text';
UPDATE read_trace_listed SET "upTo" = COALESCE((SELECT MAX("seq") FROM
  (SELECT "seq" FROM read_trace WHERE "seq" > (SELECT "upTo" FROM read_trace_listed) ORDER BY "seq" LIMIT ${LISTED_AT_ONCE})), "upTo");
COMMIT`;

/** Keeps a trace's file in order. One thing is done at a time. */
export class TraceKeeper {
  private readonly database: InstanceType<typeof LibsqlDatabase>;
  private last: Promise<void>;
  private closed = false;

  /** @param file the same trace, for what is looked up in an instant */
  constructor(
    path: string,
    private readonly file: TraceFile,
  ) {
    this.database = new LibsqlDatabase(path, {});
    this.last = this.database.exec(`PRAGMA busy_timeout = ${PATIENCE}`).catch(() => undefined);
  }

  /** Lists every record there is for the companies that it names. Throws what SQLite throws. */
  list(): Promise<void> {
    return this.inTurn(async () => {
      for (let before: number | undefined; ; await wait(PAUSE)) {
        const { upTo, more } = this.file.listed();
        // A file that somebody changed may have nothing that counts how far it is.
        if (!more || upTo === before || this.closed) return;
        before = upTo;
        await this.database.exec(LIST).catch(async (error: unknown) => {
          await this.database.exec('ROLLBACK').catch(() => undefined);
          throw error;
        });
      }
    });
  }

  /** Brings SQLite's log into the file, as far as nobody is in the way: then it is done the next time. */
  fold(): Promise<void> {
    return this.inTurn(async () => {
      await this.database.exec('PRAGMA wal_checkpoint(PASSIVE)');
      // What came meanwhile is little. For that writers wait, and then begin the log anew.
      await this.database.exec('PRAGMA wal_checkpoint(RESTART)');
    }).catch(() => undefined);
  }

  /** What is under way ends with its next step. */
  async close(): Promise<void> {
    this.closed = true;
    await this.last.catch(() => undefined);
    this.database.close();
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.last.then(work, work);
    this.last = done;
    return done;
  }
}
