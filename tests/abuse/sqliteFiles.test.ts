/** What may happen to a partner's SQLite file while the hub asks it, and what becomes of it. */
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openAbusedPark, sqlBank } from './abusedPark.js';

const open = (file: string): InstanceType<typeof Database> => {
  const database = new Database(file);
  onTestFinished(() => {
    if (database.open) database.close();
  });
  return database;
};

/** Makes a bank's database of these loans. */
function make(file: string, loans: Readonly<Record<string, number | string>>): void {
  const database = new Database(file);
  database.exec('CREATE TABLE loans (借据号 TEXT PRIMARY KEY, 余额 NUMERIC)');
  database.exec('BEGIN');
  for (const [number, balance] of Object.entries(loans)) database.prepare('INSERT INTO loans VALUES (?, ?)').run([number, balance]);
  database.exec('COMMIT');
  database.close();
}

async function bankOf(loans: Readonly<Record<string, number | string>> = { A: 1, B: 2 }) {
  const park = await openAbusedPark(sqlBank(), (folder) => make(join(folder, 'book.db'), loans));
  return { ...park, file: join(park.folder, 'book.db') };
}

const LATE = /^(bank did not answer within 600 ms\.|The database of bank did not answer a statement within 600 ms\.)$/;

describe('a database file that another program has locked', () => {
  it('costs its rows until it is free, and holds up nobody else meanwhile', async () => {
    const { ask, askInVain, file, hub } = await bankOf();
    expect((await ask()).balances).toEqual({ A: '1.00', B: '2.00' });
    const partner = open(file);
    partner.exec('BEGIN EXCLUSIVE');
    // A process that waits for the lock by itself would answer nothing at all meanwhile.
    let longest = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 10);
    expect(await askInVain()).toMatch(LATE);
    clearInterval(watch);
    expect(longest).toBeLessThan(500);
    partner.exec("UPDATE loans SET 余额 = 5 WHERE 借据号 = 'A'");
    partner.exec('COMMIT');
    await expect.poll(async () => (await ask()).balances, { timeout: 15_000, interval: 200 }).toEqual({ A: '5.00', B: '2.00' });
    expect(hub.statements.length).toBeGreaterThan(0);
  });

  it('before the hub has opened it costs its rows until it is free', async () => {
    const { ask, askInVain, file } = await bankOf();
    const partner = open(file);
    partner.exec('BEGIN EXCLUSIVE');
    expect(await askInVain()).toMatch(LATE);
    partner.exec('COMMIT');
    await expect.poll(async () => (await ask()).balances, { timeout: 15_000, interval: 200 }).toEqual({ A: '1.00', B: '2.00' });
  });

  it('is not locked by the hub: the partner writes while it is asked, and after an ask was given up', async () => {
    const { ask, file } = await bankOf(Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`L${index}`, 1])));
    const partner = open(file);
    for (let round = 0; round < 5; round++) {
      const asking = ask();
      await asking;
      partner.prepare('UPDATE loans SET 余额 = ?').run([round + 2]);
    }
    expect(new Set(Object.values((await ask()).balances))).toEqual(new Set(['6.00']));
  });
});

describe('a statement that runs for ever', () => {
  it('is ended at the deadline, holds up nobody, and does not keep the file', async () => {
    const { ask, askInVain, file } = await bankOf();
    expect((await ask()).balances).toEqual({ A: '1.00', B: '2.00' });
    const partner = open(file);
    partner.exec('ALTER TABLE loans RENAME TO kept');
    partner.exec(
      "CREATE VIEW loans AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'N' || i AS 借据号, 1 AS 余额 FROM n WHERE i < 0",
    );
    let longest = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 10);
    expect(await askInVain()).toMatch(LATE);
    clearInterval(watch);
    expect(longest).toBeLessThan(500);
    // The statement is over: the partner may write, and the next ask is answered.
    await expect
      .poll(
        () => {
          try {
            partner.exec('DROP VIEW IF EXISTS loans; ALTER TABLE kept RENAME TO loans');
            return 'written';
          } catch (error) {
            return (error as { code?: string }).code;
          }
        },
        { timeout: 10_000 },
      )
      .toBe('written');
    await expect.poll(async () => (await ask()).balances, { timeout: 15_000, interval: 200 }).toEqual({ A: '1.00', B: '2.00' });
  });

  it('and gives rows for ever is ended as well', async () => {
    const { askInVain, file } = await bankOf();
    const partner = open(file);
    partner.exec('DROP TABLE loans');
    partner.exec("CREATE VIEW loans AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'N' || i AS 借据号, 1 AS 余额 FROM n");
    expect(await askInVain()).toMatch(LATE);
  });
});

describe('a database file that is replaced', () => {
  const replacedBy = (make: (file: string) => void) => (file: string) => {
    rmSync(file);
    make(file);
  };

  it('by another is read anew', async () => {
    const { ask, file, folder } = await bankOf();
    expect((await ask()).balances).toEqual({ A: '1.00', B: '2.00' });
    make(join(folder, 'next.db'), { C: 3 });
    renameSync(join(folder, 'next.db'), file);
    await expect.poll(async () => (await ask()).balances, { timeout: 10_000, interval: 100 }).toEqual({ C: '3.00' });
  });

  it('by a link to elsewhere is not followed', async () => {
    const { ask, askInVain, file, folder } = await bankOf();
    expect((await ask()).balances).toEqual({ A: '1.00', B: '2.00' });
    make(join(folder, '../other.db'), { SECRET: 9 });
    rmSync(file);
    symlinkSync('../other.db', file);
    expect(await askInVain()).toMatch(/has become a link to another place\.$/);
  });

  it.each<[name: string, message: RegExp, change: (file: string) => void]>([
    ['by nothing', /^The database file of this source is not there\.$/, (file) => rmSync(file)],
    ['by a folder', /^The database file of this source is not there\.$/, replacedBy((file) => mkdirSync(file))],
    ['by an empty file', /./, replacedBy((file) => writeFileSync(file, ''))],
    ['by garbage', /cannot be read as SQLite\.$/, replacedBy((file) => writeFileSync(file, '垃圾'.repeat(5_000)))],
    ['by its first half', /cannot be read as SQLite\.$/, (file) => truncateSync(file, 6_000)],
  ])('%s costs its rows, and is used again when it is back', async (_name, message, change) => {
    const { ask, askInVain, file, folder } = await bankOf(Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`L${index}`, 1])));
    expect(Object.keys((await ask()).balances)).toHaveLength(500);
    change(file);
    expect(await askInVain()).toMatch(message);
    make(join(folder, 'next.db'), { C: 3 });
    rmSync(file, { recursive: true, force: true });
    renameSync(join(folder, 'next.db'), file);
    await expect.poll(async () => (await ask()).balances, { timeout: 15_000, interval: 200 }).toEqual({ C: '3.00' });
  });

  it('in place, while it is asked, gives one state or the other', async () => {
    const { ask, file } = await bankOf();
    const partner = open(file);
    for (let round = 1; round <= 10; round++) {
      const asking = ask();
      partner.exec(`UPDATE loans SET 余额 = ${round}`);
      const { balances } = await asking;
      expect(balances.A).toBe(balances.B === '2.00' && balances.A === '1.00' ? '1.00' : balances.B);
    }
  });
});

describe('a cell of a database', () => {
  it.each<[name: string, value: string, reason: RegExp]>([
    ['infinite', '9e999', /balance/],
    ['2^63 - 1', '9223372036854775807', /balance/],
    ['a blob', "x'00ff'", /got: bytes in column 余额/],
    ['NaN as SQLite has it', 'NULL', /expected a value/],
    ['a sum in words', "'=1+1'", /balance/],
  ])('that is %s is set aside', async (_name, value, reason) => {
    const { ask, setAside, file } = await bankOf();
    open(file).exec(`INSERT INTO loans VALUES ('C', ${value})`);
    expect((await ask()).balances).toEqual({ A: '1.00', B: '2.00' });
    expect(Object.values(await setAside())).toEqual([expect.stringMatching(reason)]);
  });
});
