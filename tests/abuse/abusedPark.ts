/** A park of two banks: a good one, and one that a test abuses. Asked as people ask: over HTTP, by the graph. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { openTestHub, type TestHub } from '../helpers/hub.js';
import { type LoanLine, loanBook, loanFile, loanSource, writeLoanPark } from '../helpers/loanPark.js';
import { startTestServer } from '../server/testServer.js';

/** The token that the abused bank is asked with. */
export const SECRET = 'secret-of-the-abused-bank-7d1c';

/** The loans of the good bank. */
export const GOOD: readonly LoanLine[] = [
  { number: 'GOOD-1', balance: 1 },
  { number: 'GOOD-2', balance: 2 },
];

/** What no answer may hold: paths, addresses, SQL, secrets, stacks. */
export const LEAKS = /\/tmp\b|\/work\b|parkhub-abuse|book\.db|127\.0\.0\.1|localhost|https?:|SELECT|SQLITE_|ECONN|ENOENT|node_modules|secret-of|\bat \S+ \(/;

/** What an answer says of the abused bank. */
export interface Report {
  readonly state: string;
  readonly message: string | null;
}

/** The loans that an answer holds, by number. */
export type Balances = Record<string, string>;

/** What came of a question. */
export interface AbusedAnswer {
  /** Of the abused bank. */
  readonly balances: Balances;
  readonly report: Report;
  /** The whole answer. */
  readonly text: string;
}

/** A park whose hub is open. */
export interface AbusedPark {
  /** The folder of the abused bank. */
  readonly folder: string;
  readonly hub: TestHub;
  /** All loans. Fails where the good bank lost a row, or the answer tells what it must not. */
  ask(): Promise<AbusedAnswer>;
  /** As `ask`, of a bank that gives nothing: fails unless the answer says so within the deadline. */
  askInVain(): Promise<string>;
  /** Why rows of the abused bank were set aside, by place. */
  setAside(): Promise<Record<string, string>>;
}

/** How long the abused bank may take, in milliseconds. */
export const DEADLINE = 600;
/** A machine that does much else is late; what hangs is later. */
const LENIENCE = 4_000;

/** The source.yml of a bank whose loans come in files. */
export function fileBank(table: object = {}, book: object = {}, rest: Record<string, unknown> = {}): Record<string, unknown> {
  return loanSource({ ...loanBook, ...book, from: { ...loanBook.from, ...table } }, { deadline: DEADLINE, ...rest });
}

/** The source.yml of a bank with an API. */
export function httpBank(paging?: object, rest: Record<string, unknown> = {}): Record<string, unknown> {
  const { asOfFileName: _files, ...source } = loanSource({ ...loanBook, from: { path: '/loans', rows: 'rows', ...(paging && { paging }) } });
  return { ...source, connector: 'http', url: { env: 'BANK_URL' }, token: { env: 'BANK_TOKEN' }, deadline: DEADLINE, ...rest };
}

/** The source.yml of a bank with a database. */
export function sqlBank(connection: object = { type: 'sqlite', file: 'book.db' }, rest: Record<string, unknown> = {}): Record<string, unknown> {
  const { asOfFileName: _files, ...source } = loanSource({ ...loanBook, from: { table: 'loans' } });
  return { ...source, connector: 'sql', connection, deadline: DEADLINE, ...rest };
}

/**
 * Opens a park with the bank `bank` as declared, whose folder was filled before.
 *
 * @param fill makes what lies in the bank's folder
 * @param variables of the hub's environment
 * @param clock the hub's
 */
export async function openAbusedPark(
  source: Record<string, unknown>,
  fill: (folder: string) => unknown = () => undefined,
  variables: Record<string, string> = {},
  clock?: () => Date,
): Promise<AbusedPark> {
  const home = mkdtempSync(join(tmpdir(), 'parkhub-abuse-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folder = writeLoanPark(home, source);
  const good = join(home, 'good');
  mkdirSync(good);
  writeFileSync(join(good, 'source.yml'), stringify({ ...loanSource(), id: 'good' }));
  writeFileSync(join(good, '贷款_20211231.csv'), loanFile(GOOD));
  await fill(folder);
  const hub = await openTestHub({ parkFolder: home, variables: { BANK_TOKEN: SECRET, ...variables }, ...(clock && { clock }) });
  onTestFinished(() => hub.close());
  expect(hub.hub.problems).toEqual([]);
  const server = await startTestServer(hub.hub);
  const ask = async (): Promise<AbusedAnswer> => {
    const { status, text, body } = await server.ask(
      '{ loans(first: 1000) { nodes { number balance provenance { sourceId } } totalCount sources { sourceId state message } } }',
    );
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
    expect(text).not.toMatch(LEAKS);
    const { nodes, totalCount, sources } = (body.data as { loans: LoansAnswer }).loans;
    const balancesOf = (id: string): Balances =>
      Object.fromEntries(nodes.filter(({ provenance }) => provenance.sourceId === id).map(({ number, balance }) => [number, balance]));
    expect(balancesOf('good')).toEqual({ 'GOOD-1': '1.00', 'GOOD-2': '2.00' });
    expect(sources.map(({ sourceId }) => sourceId)).toEqual(['bank', 'good']);
    expect(sources[1]).toMatchObject({ state: 'MIRRORED', message: null });
    const balances = balancesOf('bank');
    const report = sources[0] as Report;
    // Rows and their count are two asks: a bank may fail at one of them.
    if (report.state !== 'UNAVAILABLE' && nodes.length < 1000) expect(totalCount).toBe(nodes.length);
    return { balances, report, text };
  };
  return {
    folder,
    hub,
    ask,
    askInVain: async () => {
      const started = performance.now();
      const { balances, report } = await ask();
      expect(performance.now() - started).toBeLessThan(DEADLINE + LENIENCE);
      expect(balances).toEqual({});
      expect(report.state).toBe('UNAVAILABLE');
      return report.message ?? '';
    },
    setAside: async () => {
      const status = (await hub.hub.sourceStatuses()).find(({ id }) => id === 'bank');
      const rows = status?.books.flatMap(({ setAside }) => setAside) ?? [];
      return Object.fromEntries(rows.map(({ place, reason }) => [place, reason]));
    },
  };
}

interface LoansAnswer {
  readonly nodes: readonly { readonly number: string; readonly balance: string; readonly provenance: { readonly sourceId: string } }[];
  readonly totalCount: number;
  readonly sources: readonly (Report & { readonly sourceId: string })[];
}
