import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { droppedLoans } from './droppedLoans.js';

type Book = Readonly<Record<string, number>>;

const lines = (book: Book) => Object.entries(book).map(([number, balance]) => ({ number, balance }));
const books = fc.dictionary(fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'), fc.integer({ min: 0, max: 3 }), { noNullPrototype: true });

describe('a full snapshot', () => {
  it('is the book from then on: what is new or differs is written, what vanished is closed, what is back is open again', async () => {
    const bank = await droppedLoans();
    bank.drop('贷款_20211231.csv', lines({ A: 1, B: 2, C: 3 }));
    expect(await bank.sync()).toMatchObject({ read: 3, accepted: 3, changed: 3, closed: 0, quarantined: 0, by: 'tester', failure: null });
    bank.drop('贷款_20220331.csv', lines({ A: 1, B: 5, D: 4 }));
    expect(await bank.sync()).toMatchObject({ read: 3, accepted: 3, changed: 2, closed: 1 });
    expect(await bank.balances()).toEqual({ A: 1, B: 5, D: 4 });
    bank.drop('贷款_20220630.csv', lines({ C: 3 }));
    expect(await bank.sync()).toMatchObject({ read: 1, changed: 1, closed: 3 });
    expect(await bank.balances()).toEqual({ C: 3 });
  });

  it('keeps closed rows, with the instant of the sync that closed them and as of when they were last stated', async () => {
    const bank = await droppedLoans();
    bank.drop('贷款_20211231.csv', lines({ A: 1, B: 2 }));
    await bank.sync();
    bank.pass(60_000);
    bank.drop('贷款_20220331.csv', lines({ A: 1 }));
    await bank.sync();
    expect(await bank.query('SELECT "key", balance, as_of, closed_at FROM loan ORDER BY "key"')).toEqual([
      { key: 'A', balance: 100, as_of: '2022-03-31T15:59:59.999Z', closed_at: null },
      { key: 'B', balance: 200, as_of: '2021-12-31T15:59:59.999Z', closed_at: '2022-01-01T00:01:00.000Z' },
    ]);
  });

  it('closes a row that comes broken, counts it among the quarantined, and opens it again when a drop is right', async () => {
    const bank = await droppedLoans();
    bank.drop('贷款_20211231.csv', lines({ A: 1, B: 2, C: 3 }));
    await bank.sync();
    bank.drop('贷款_20220331.csv', [
      { number: 'A', balance: '约一元' },
      { number: 'B', balance: 2 },
    ]);
    expect(await bank.sync()).toMatchObject({ read: 2, accepted: 1, changed: 0, closed: 1, quarantined: 1 });
    expect(await bank.balances()).toEqual({ B: 2 });
    bank.drop('贷款_20220331.csv', lines({ A: 1, B: 2 }));
    expect(await bank.sync()).toMatchObject({ read: 2, accepted: 2, changed: 1, closed: 0, quarantined: 0 });
    expect(await bank.balances()).toEqual({ A: 1, B: 2 });
    expect(await bank.query('SELECT * FROM quarantine')).toEqual([]);
  });

  it('says of each row in quarantine where it stands, in parts too', async () => {
    const bank = await droppedLoans();
    bank.drop('贷款_20211231.csv', [
      { number: 'A', balance: 1 },
      { number: 'B', balance: '?' },
      { number: '', balance: 2 },
    ]);
    await bank.sync();
    expect(await bank.query('SELECT place, file, sheet, line, "key", raw FROM quarantine ORDER BY line')).toEqual([
      { place: '贷款_20211231.csv line 3', file: '贷款_20211231.csv', sheet: null, line: 3, key: 'B', raw: '{"借据号":"B","余额":"?"}' },
      { place: '贷款_20211231.csv line 4', file: '贷款_20211231.csv', sheet: null, line: 4, key: null, raw: '{"借据号":"","余额":"2"}' },
    ]);
    const [survey] = await bank.source.survey();
    expect(survey?.setAside[0]?.at).toEqual({ file: '贷款_20211231.csv', line: 3 });
  });

  it('sets every row of a shared key aside, however many share it and however many keys are shared', async () => {
    const bank = await droppedLoans();
    const shared = Array.from({ length: 2_500 }, (_, index) => ({ number: `S${index % 1_200}`, balance: index }));
    bank.drop('贷款_20211231.csv', [{ number: 'A', balance: 1 }, ...shared, ...Array.from({ length: 7 }, () => ({ number: 'M', balance: 1 }))]);
    // 100 of the keys are carried three times, 1,100 twice.
    expect(await bank.sync()).toMatchObject({ read: 2_508, accepted: 1, quarantined: 2_507 });
    const reasons = await bank.query(`SELECT reason FROM quarantine WHERE "key" = 'M'`);
    expect(reasons).toHaveLength(7);
    expect(reasons[0]?.reason).toMatch(
      /^expected an id of its own, but got: "M", which is carried by 7 rows: (贷款_20211231\.csv line \d+; ){4}\S+ line \d+ and 2 more$/,
    );
    // A survey lists the first thousand, and counts them all.
    const [survey] = await bank.source.survey();
    expect([survey?.read, survey?.accepted, survey?.setAside.length]).toEqual([2_508, 1, 1_000]);
  });

  it('makes the store hold exactly what the last one holds, whatever came before; its counts are the difference', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(books, { minLength: 1, maxLength: 5 }), async (snapshots) => {
        const bank = await droppedLoans();
        let before: Book = {};
        for (const [index, book] of snapshots.entries()) {
          bank.drop(`贷款_2021122${index}.csv`, lines(book));
          const run = await bank.sync();
          const changed = Object.keys(book).filter((key) => before[key] !== book[key]).length;
          const closed = Object.keys(before).filter((key) => book[key] === undefined).length;
          expect(run).toMatchObject({ read: Object.keys(book).length, accepted: Object.keys(book).length, changed, closed, quarantined: 0 });
          expect(await bank.balances()).toEqual({ ...book });
          before = book;
        }
      }),
      { numRuns: 12 },
    );
  });
});

describe('the same drop', () => {
  it('changes nothing when it is synced again, touched, or delivered under another name', async () => {
    await fc.assert(
      fc.asyncProperty(books, fc.boolean(), async (book, isBroken) => {
        const bank = await droppedLoans();
        const all = [...lines(book), ...(isBroken ? [{ number: 'X', balance: '?' }] : [])];
        bank.drop('贷款_20211231.csv', all);
        await bank.sync();
        const before = await bank.everything();
        const runs = await bank.query('SELECT * FROM sync_run');
        expect(await bank.sync()).toBeUndefined();
        utimesSync(join(bank.folder, '贷款_20211231.csv'), new Date(), new Date());
        expect(await bank.sync()).toBeUndefined();
        expect(await bank.everything()).toEqual(before);
        expect(await bank.query('SELECT * FROM sync_run')).toEqual(runs);
        // Another name is another drop: it is read, and changes nothing.
        bank.drop('贷款_20211231_b.csv', all);
        expect(await bank.sync()).toMatchObject({ changed: 0, closed: 0, quarantined: isBroken ? 1 : 0 });
        expect((await bank.everything()).loans).toEqual(before.loans);
      }),
      { numRuns: 8 },
    );
  });
});
