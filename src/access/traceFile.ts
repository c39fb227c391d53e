/** The database file of a trace: its tables, and what is asked of them. Nobody but the trace knows of it. */
import { GuardedLibsql } from '../sources/connectors/sql/libsqlDriver.js';
import { companiesIn, followingLine, operationOf, type TracedOperation, type TraceFault, type TraceHead, type TraceRecord } from './traceChain.js';
import type { JournalLine } from './traceJournal.js';

/** Pages of SQLite's log at which a commit brings them into the file by itself; the trace does it long before, off this thread. */
const MOST_PAGES = 16_384;

const kept = ['read_trace', 'read_trace_company'].flatMap((table) =>
  ['UPDATE', 'DELETE'].map(
    (act) =>
      `CREATE TRIGGER IF NOT EXISTS ${table}_no_${act.toLowerCase()} BEFORE ${act} ON ${table} BEGIN SELECT RAISE(ABORT, 'the trace is kept as it is'); END`,
  ),
);
const schema = [
  'CREATE TABLE IF NOT EXISTS read_trace ("seq" integer PRIMARY KEY NOT NULL, "content" text NOT NULL, "hash" varchar(64) NOT NULL)',
  // Made of the records when somebody looks for a company's: no answer waits for it.
  'CREATE TABLE IF NOT EXISTS read_trace_company ("uscc" varchar(18) NOT NULL, "seq" integer NOT NULL, PRIMARY KEY ("uscc", "seq")) WITHOUT ROWID',
  'CREATE INDEX IF NOT EXISTS read_trace_company_seq ON read_trace_company ("seq")',
  'CREATE TABLE IF NOT EXISTS read_trace_listed ("id" integer PRIMARY KEY NOT NULL CHECK ("id" = 1), "upTo" integer NOT NULL)',
  'INSERT OR IGNORE INTO read_trace_listed ("id", "upTo") VALUES (1, 0)',
  // How much of each journal is in the chain: changed with it, or not at all.
  'CREATE TABLE IF NOT EXISTS read_trace_journal ("name" text PRIMARY KEY NOT NULL, "upTo" integer NOT NULL) WITHOUT ROWID',
  ...kept,
];

const LAST = 'SELECT "seq", "hash" FROM read_trace ORDER BY "seq" DESC LIMIT 1';
const ADD = 'INSERT INTO read_trace ("seq", "content", "hash") VALUES (?, ?, ?)';
const CHAINED_UP_TO = 'INSERT INTO read_trace_journal ("name", "upTo") VALUES (?, ?) ON CONFLICT ("name") DO UPDATE SET "upTo" = excluded."upTo"';
const NEXT = 'SELECT "seq" FROM read_trace WHERE "seq" > ? LIMIT 1';
const PAGE = 'SELECT "seq", "content", "hash" FROM read_trace WHERE "seq" > ? ORDER BY "seq" LIMIT ?';
const OF_COMPANY =
  'SELECT t."content" FROM read_trace_company AS c JOIN read_trace AS t ON t."seq" = c."seq" WHERE c."uscc" = ? AND c."seq" < ? ORDER BY c."seq" DESC LIMIT ?';
const STRAY = 'SELECT "seq" FROM read_trace_company WHERE "seq" NOT IN (SELECT "seq" FROM read_trace) ORDER BY "seq" LIMIT 1';

type Statement = ReturnType<GuardedLibsql['prepare']>;
type Parameters = Parameters_[];
type Parameters_ = string | number;

/** A trace's file, open. Every call is one step: nothing else of this process comes between. */
export class TraceFile {
  private readonly database: GuardedLibsql & { close(): void };
  private readonly statements = new Map<string, Statement>();

  /** Makes the file where it is not there, unless it is only to be read. Throws what SQLite throws: SQLITE_BUSY while another process writes. */
  constructor(path: string, purpose: 'writing' | 'reading') {
    this.database = new GuardedLibsql(path, {}) as GuardedLibsql & { close(): void };
    try {
      // Waiting is the caller's: SQLite would block this process meanwhile, answers and all.
      this.database.pragma('busy_timeout = 0');
      if (purpose === 'reading') this.database.pragma('query_only = ON');
      else this.make();
    } catch (error) {
      this.database.close();
      throw error;
    }
  }

  /**
   * Puts lines of one journal at the end of the chain, all or none, but for those that somebody has put there already. Gives
   * the end of the chain, and how many were put.
   *
   * @param isThere whether the journal is still there, asked while nobody else writes: one that is gone is in the chain whole
   */
  chain(lines: readonly JournalLine[], beginning: TraceHead, isThere: () => boolean = () => true): { readonly head: TraceHead; readonly count: number } {
    return this.transaction(() => {
      let head = this.last() ?? beginning;
      const [first] = lines;
      if (!first || !isThere()) return { head, count: 0 };
      const upTo = this.chained(first.journal);
      const others = lines.filter(({ end }) => end > upTo);
      for (const { text } of others) {
        const record = followingLine(head, text);
        this.run(ADD, [record.seq, record.content, record.hash]);
        head = { seq: record.seq, hash: record.hash };
      }
      const last = others.at(-1);
      if (last) this.run(CHAINED_UP_TO, [last.journal, last.end]);
      return { head, count: others.length };
    });
  }

  /** Bytes of a journal that are in the chain. */
  chained(journal: string): number {
    return this.rows<{ upTo: number }>('SELECT "upTo" FROM read_trace_journal WHERE "name" = ?', [journal])[0]?.upTo ?? 0;
  }

  /** A journal that is gone. */
  forget(journal: string): void {
    this.run('DELETE FROM read_trace_journal WHERE "name" = ?', [journal]);
  }

  /** The end of the chain; undefined of an empty one. */
  last(): TraceHead | undefined {
    const [row] = this.rows<TraceHead>(LAST, []);
    return row && { seq: row.seq, hash: row.hash };
  }

  /** A few records after the one of this number. */
  recordsAfter(seq: number, count: number): TraceRecord[] {
    return this.rows<TraceRecord>(PAGE, [seq, count]);
  }

  /** The records that a company is listed in, the last first. */
  recordsOf(uscc: string, before: number, limit: number): (TracedOperation & { readonly seq: number })[] {
    return this.rows<{ content: string }>(OF_COMPANY, [uscc, before, limit]).map(({ content }) => operationOf(content));
  }

  /** The number of the last record that is listed for its companies, and whether there are more. */
  listed(): { readonly upTo: number; readonly more: boolean } {
    const upTo = this.rows<{ upTo: number }>('SELECT "upTo" FROM read_trace_listed', [])[0]?.upTo ?? 0;
    return { upTo, more: this.rows(NEXT, [upTo]).length > 0 };
  }

  /** Where the list of companies does not say what a record says. */
  listFaults({ seq, content }: TraceRecord): TraceFault[] {
    const listed = new Set(this.rows<{ uscc: string }>('SELECT "uscc" FROM read_trace_company WHERE "seq" = ?', [seq]).map(({ uscc }) => uscc));
    const named = namedIn(content);
    const isListed = seq <= this.listed().upTo;
    if ((!isListed || listed.size === named.length) && [...listed].every((uscc) => named.includes(uscc))) return [];
    return [{ seq, message: `record ${seq} is not listed for the companies that it names, or for others` }];
  }

  /** Where a company is listed in a record that there is not. */
  strayFaults(): TraceFault[] {
    return this.rows<{ seq: number }>(STRAY, []).map(({ seq }) => ({ seq, message: `record ${seq} is listed for companies, and is missing` }));
  }

  /** Brings all of it into the one file, so that who copies that copies all of it. */
  fold(): void {
    this.database.pragma('wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    this.database.close();
  }

  private make(): void {
    this.database.pragma('journal_mode = WAL');
    // A commit hands its pages to the system, which keeps them if this process dies; the trace itself waits for the disk.
    this.database.pragma('synchronous = NORMAL');
    this.database.pragma(`wal_autocheckpoint = ${MOST_PAGES}`);
    this.transaction(() => {
      for (const statement of schema) this.run(statement, []);
    });
  }

  private transaction<T>(work: () => T): T {
    this.run('BEGIN IMMEDIATE', []);
    try {
      const result = work();
      this.run('COMMIT', []);
      return result;
    } catch (error) {
      this.run('ROLLBACK', []);
      throw error;
    }
  }

  private rows<R>(text: string, parameters: Parameters): R[] {
    return this.prepared(text).all(parameters) as R[];
  }

  private run(text: string, parameters: Parameters): void {
    this.prepared(text).run(parameters);
  }

  private prepared(text: string): Statement {
    const statement = this.statements.get(text) ?? this.database.prepare(text);
    this.statements.set(text, statement);
    return statement;
  }
}

/** The companies that a record names; none of what is no record. */
function namedIn(content: string): string[] {
  try {
    return companiesIn(operationOf(content));
  } catch {
    return [];
  }
}
