import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import Database from 'libsql';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEnvironment } from '../../src/config/environment.js';
import { openHub } from '../../src/hub.js';
import { build, root, temporaryFolder } from '../helpers/commandLine.js';
import { loanFile, writeLoanPark } from '../helpers/loanPark.js';

const script = path.join(root, 'tests/helpers/killedSync.mjs');
const folder = temporaryFolder();
const park = path.join(folder.path, 'park');
const storeNamed = (name: string): string => path.join(folder.path, 'stores', name);
let before: string;
let after: string;

beforeAll(async () => {
  build();
  const bank = writeLoanPark(park);
  const old = Array.from({ length: 1_500 }, (_, index) => ({ number: `L${index}`, balance: 1 }));
  fs.writeFileSync(path.join(bank, '贷款_20211231.csv'), loanFile([...old, { number: 'X', balance: '?' }]));
  await sync(storeNamed('old'));
  before = stateOf(storeNamed('old'));
  const kept = old.filter((_, index) => index % 10 > 0).map((entry, index) => (index % 3 ? entry : { ...entry, balance: 2 }));
  fs.writeFileSync(path.join(bank, '贷款_20220331.csv'), loanFile([...kept, { number: 'NEW', balance: 3 }, { number: 'Y', balance: '?' }]));
  const whole = copyOfOld('whole');
  expect(await sync(whole)).toMatchObject([{ run: { changed: 451, closed: 150, quarantined: 1 } }]);
  after = stateOf(whole);
  expect(after).not.toBe(before);
});
afterAll(() => folder.remove());

async function sync(store: string) {
  const hub = await openHub({ parkFolder: park, environment: createEnvironment({ PARKHUB_STORE: store }), log: pino({ level: 'silent' }) });
  const outcomes = await hub.sync(['bank'], { by: 'tester' });
  await hub.close();
  return outcomes;
}

function copyOfOld(name: string): string {
  fs.cpSync(storeNamed('old'), storeNamed(name), { recursive: true });
  return storeNamed(name);
}

/** What the store would answer from, and what it keeps beside it. */
function stateOf(store: string): string {
  const database = new Database(path.join(store, 'loans.db'));
  try {
    const all = (text: string): unknown => database.prepare(text).all([]);
    expect(all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    return JSON.stringify([
      all('SELECT "key", balance, as_of, closed_at IS NULL AS is_open FROM loan ORDER BY "key"'),
      all('SELECT place, reason FROM quarantine ORDER BY place'),
      all('SELECT entity, as_of, rows_read, rows_accepted FROM sync_state'),
      all('SELECT rows_read, rows_changed, rows_closed, rows_quarantined, failure FROM sync_run'),
      all(`SELECT name FROM sqlite_master WHERE name LIKE 'stage%'`),
    ]);
  } finally {
    database.close();
  }
}

it.each([
  ['before', 'INSERT INTO temp."stage loan"', 'while it reads', () => before],
  ['before', 'BEGIN', 'when all is read', () => before],
  ['after', 'INSERT INTO "loan"', 'with new rows written', () => before],
  ['after', 'DELETE FROM quarantine', 'with the quarantine emptied', () => before],
  ['before', 'COMMIT', 'on the brink of its commit', () => before],
  ['after', 'COMMIT', 'when it is done', () => after],
] as const)(
  'a sync that is killed %s %s (%s) leaves one state whole, and the next one goes on as if nothing had been',
  { timeout: 60_000 },
  async (when, statement, what, expected) => {
    const store = copyOfOld(what);
    const child = spawn(process.execPath, [script, park, store, when, statement], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
    expect(stateOf(store)).toBe(expected());
    await sync(store);
    expect(stateOf(store)).toBe(after);
  },
);
