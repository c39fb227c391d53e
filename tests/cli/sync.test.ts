import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/exitCodes.js';
import { asViewer, build, root, run, serve, temporaryFolder } from '../helpers/commandLine.js';
import { type LoanLine, loanBook, loanFile, loanSource, writeLoanPark } from '../helpers/loanPark.js';

beforeAll(build);

const folder = temporaryFolder();
afterAll(() => folder.remove());

let parks = 0;

/** A park of its own for a test, with a store of its own. */
function park(source = loanSource()) {
  const home = path.join(folder.path, String(++parks));
  const bank = writeLoanPark(path.join(home, 'park'), source);
  const store = path.join(home, 'store');
  return {
    folder: path.join(home, 'park'),
    bank,
    variables: { PARKHUB_STORE: store },
    drop: (name: string, lines: readonly LoanLine[]) => {
      // As a partner should: a half-written file has no name that is looked for.
      fs.writeFileSync(path.join(bank, `.${name}`), loanFile(lines));
      fs.renameSync(path.join(bank, `.${name}`), path.join(bank, name));
    },
    rows: (text: string): unknown[] => {
      const database = new Database(path.join(store, 'loans.db'));
      try {
        return database.prepare(text).all([]);
      } finally {
        database.close();
      }
    },
  };
}

const some = (count: number, balance = 1): LoanLine[] => Array.from({ length: count }, (_, index) => ({ number: `L${index}`, balance }));
const main = path.join(root, 'dist/src/cli/main.js');

describe('parkhub sync', () => {
  test('copies every mirrored source, says what came of each, and reads nothing twice', async () => {
    const { folder: at, variables, drop, rows } = park();
    drop('贷款_20211231.csv', [...some(3), { number: 'X', balance: '?' }]);
    const first = await run(['sync', at], variables);
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^Source +Sync +As of +Read +Accepted +Changed +Closed +Quarantined +Took$/m);
    expect(first.stdout).toMatch(/^bank +done +2021-12-31T15:59:59Z +4 +3 +3 +0 +1 +\d+\.\d s$/m);
    expect(first.stdout).toMatch(/^park +done /m);
    const second = await run(['sync', at], variables);
    expect(second.stdout).toMatch(/^bank +as it was$/m);
    expect(rows('SELECT "by", rows_read FROM sync_run WHERE source = \'bank\'')).toEqual([{ by: userInfo().username, rows_read: 4 }]);
  });

  test('copies the sources that it is told, and prints JSON', async () => {
    const { folder: at, variables, drop } = park();
    drop('贷款_20211231.csv', some(2));
    const { stdout } = await run(['sync', at, 'bank', 'bank', '--json'], variables);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ source: 'bank', by: userInfo().username, read: 2, accepted: 2, changed: 2, closed: 0, failure: null }),
    ]);
    expect(JSON.parse((await run(['sync', at, 'bank', '--json'], variables)).stdout)).toEqual([{ source: 'bank', unchanged: true }]);
  });

  test('fails in one line for a source that is read live, or is none', async () => {
    const { code, stdout, stderr } = await run(['sync', 'parks/xinxiang', 'icbc'], { PARKHUB_STORE: path.join(folder.path, 'live') });
    expect({ code, stdout }).toEqual({ code: exitCodes.wrongUse.code, stdout: '' });
    expect(stderr).toMatch(/^parkhub: Expected some of the mirrored sources park, bocom, hongtu, but got: icbc\. .*\n$/);
  });

  test('keeps the copy of a source whose drop is broken, copies the others, and says so', async () => {
    const { folder: at, bank, variables, drop, rows } = park();
    drop('贷款_20211231.csv', some(2));
    await run(['sync', at], variables);
    fs.writeFileSync(path.join(bank, '贷款_20220331.csv'), '借据号,余额\nA,"1\n');
    const { code, stdout, stderr } = await run(['sync', at], variables);
    expect(code).toBe(exitCodes.sources.code);
    expect(stdout).toMatch(/^bank +failed$/m);
    expect(stdout).toMatch(/^bank could not be synced: 贷款_20220331\.csv: line 2: a quote is opened here and never closed\./m);
    expect(stderr).toBe('parkhub: Expected every source to be synced, but got: failed: bank.\n');
    expect(rows('SELECT COUNT(*) AS n FROM loan WHERE closed_at IS NULL')).toEqual([{ n: 2 }]);
    expect(rows("SELECT failure FROM sync_run WHERE source = 'bank' ORDER BY id")).toEqual([
      { failure: null },
      { failure: expect.stringContaining('never closed') },
    ]);
  });

  test('tells of a source.yml that is wrong, and copies the others', async () => {
    const { folder: at, variables } = park({ ...loanSource(loanBook, { sync: { schedule: 'nightly' } }) });
    const { code, stdout, stderr } = await run(['sync', at], variables);
    expect(code).toBe(exitCodes.sources.code);
    expect(stdout).toMatch(/^park +done/m);
    expect(stderr).toMatch(/bank\/source\.yml:\d+: sync\.schedule: expected the fields of cron/);
  });

  test('twice at once on one store copies once, and neither disturbs the other', async () => {
    const { folder: at, variables, drop, rows } = park();
    drop('贷款_20211231.csv', some(3_000));
    const both = await Promise.all([run(['sync', at, 'bank', '--json'], variables), run(['sync', at, 'bank', '--json'], variables)]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const outcomes = both.map(({ stdout }) => JSON.parse(stdout)[0]);
    expect(outcomes.map(({ changed, unchanged }) => changed ?? unchanged).sort()).toEqual([3_000, true]);
    expect(rows('SELECT COUNT(*) AS n, SUM(balance) AS sum FROM loan')).toEqual([{ n: 3_000, sum: 300_000 }]);
    expect(rows("SELECT COUNT(*) AS n FROM sync_run WHERE source = 'bank'")).toEqual([{ n: 1 }]);
  });
});

describe('parkhub sync --watch', () => {
  async function watching(at: string, variables: Record<string, string>, ...more: string[]) {
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, [main, 'sync', at, '--watch', ...more], { cwd: root, env: { PATH, HOME, LOG_LEVEL: 'error', ...variables } });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    const closed = once(child, 'close') as Promise<[number | null]>;
    return {
      printed: (pattern: RegExp) => expect.poll(() => stdout, { timeout: 15_000 }).toMatch(pattern),
      stop: async () => {
        child.kill('SIGTERM');
        return { code: (await closed)[0], stdout, stderr };
      },
    };
  }

  test('takes up each new drop until it is stopped', async () => {
    const { folder: at, variables, drop } = park();
    drop('贷款_20211231.csv', some(2));
    const watch = await watching(at, variables);
    await watch.printed(/^bank +done .* 2 +2 +2 +0 +0 /m);
    drop('贷款_20220331.csv', some(3, 2));
    await watch.printed(/^\S+Z bank: 3 read, 3 accepted, 3 changed, 0 closed, 0 quarantined in \d+\.\d s$/m);
    drop('贷款_20220630.csv', some(1, 2));
    await watch.printed(/^\S+Z bank: 1 read, 1 accepted, 0 changed, 2 closed, 0 quarantined/m);
    const { code, stderr } = await watch.stop();
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Watching. Stop with Ctrl+C.\nStopping …\n' });
  });

  test('goes by a schedule where there is one, with one line of JSON for each run', async () => {
    const { folder: at, variables, drop, rows } = park(loanSource(loanBook, { sync: { schedule: '* * * * * *' } }));
    drop('贷款_20211231.csv', some(2));
    const watch = await watching(at, variables, '--json');
    await watch.printed(/"source":"bank".*"changed":2/);
    drop('贷款_20220331.csv', some(3, 2));
    await watch.printed(/"source":"bank".*"by":"schedule".*"changed":3/);
    const { code, stdout } = await watch.stop();
    expect(code).toBe(0);
    for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ source: expect.stringMatching(/^(bank|park)$/) });
    expect(rows(`SELECT DISTINCT "by" FROM sync_run WHERE source = 'bank' ORDER BY "by" = 'schedule'`)).toEqual([
      { by: userInfo().username },
      { by: 'schedule' },
    ]);
  });
});

describe('parkhub serve', () => {
  test('syncs by schedule by itself, and serves the copy meanwhile', async () => {
    const { folder: at, variables, drop } = park(loanSource(loanBook, { sync: { schedule: '* * * * * *' } }));
    drop('贷款_20211231.csv', some(2));
    const hub = await serve(at, variables);
    const bank = await asViewer(at, variables, '--bank', 'bank');
    const count = async (): Promise<number> => {
      const body = JSON.stringify({ query: '{ loans { totals { count } } }' });
      const answer = await fetch(`${hub.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...bank }, body });
      return ((await answer.json()) as { data: { loans: { totals: { count: number }[] } } }).data.loans.totals[0]?.count ?? 0;
    };
    await expect.poll(count, { timeout: 10_000 }).toBe(2);
    drop('贷款_20220331.csv', some(5));
    await expect.poll(count, { timeout: 10_000 }).toBe(5);
    // Another process may sync the same store.
    drop('贷款_20220630.csv', some(7));
    expect((await run(['sync', at, 'bank'], variables)).code).toBe(0);
    await expect.poll(count, { timeout: 10_000 }).toBe(7);
    expect((await hub.stop()).code).toBe(0);
  }, 60_000);
});
