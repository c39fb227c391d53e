import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainPlan } from '../../src/sources/sync/chainPlan.js';
import type { AppliedFile } from '../../src/sources/sync/feed.js';
import { changedLoanBook, type LoanLine } from '../helpers/loanPark.js';
import { droppedLoans } from './droppedLoans.js';
import { newStore } from './memoryFeed.js';

const CLOSED = '删除';
const day = (number: number): string => `2021${String(1 + Math.floor(number / 28)).padStart(2, '0')}${String(1 + (number % 28)).padStart(2, '0')}`;

/** What happened to one loan: its balance, or that it was closed. */
type Event = readonly [loan: string, balance: number | null];
type Book = Record<string, number>;

const events = fc.array(fc.tuple(fc.constantFrom('A', 'B', 'C', 'D', 'E'), fc.option(fc.integer({ min: 0, max: 3 }), { nil: null, freq: 3 })), {
  maxLength: 14,
});
const whole = fc.dictionary(fc.constantFrom('A', 'B', 'C', 'F'), fc.integer({ min: 0, max: 3 }), { noNullPrototype: true });

function after(book: Readonly<Book>, happened: readonly Event[]): Book {
  const result = { ...book };
  for (const [loan, balance] of happened) {
    if (balance === null) delete result[loan];
    else result[loan] = balance;
  }
  return result;
}

/** What a partner writes of a day's events: of each loan the last. */
function linesOf(happened: readonly Event[]): LoanLine[] {
  return [...new Map(happened)].map(([number, balance]) =>
    balance === null ? { number, balance: '', operation: CLOSED } : { number, balance, operation: '' },
  );
}

const stated = (book: Readonly<Book>): LoanLine[] => Object.entries(book).map(([number, balance]) => ({ number, balance }));

/** The events cut into runs of so many. */
function cutInto(happened: readonly Event[], sizes: readonly number[]): Event[][] {
  const parts: Event[][] = [];
  let from = 0;
  for (const size of sizes) {
    if (from >= happened.length) break;
    parts.push(happened.slice(from, from + size));
    from += size;
  }
  if (from < happened.length) parts.push(happened.slice(from));
  return parts;
}

describe('drops of changes', () => {
  it('give the same book in any split as one full snapshot of it, however often they are synced, and though applied ones are taken away', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 5 });
    const syncsAfter = fc.array(fc.boolean(), { minLength: 15, maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(fc.option(whole, { nil: undefined }), events, sizes, syncsAfter, fc.boolean(), async (start, happened, cut, isSynced, areTakenAway) => {
        const bank = await droppedLoans(changedLoanBook);
        const parts = cutInto(happened, cut);
        fc.pre(start !== undefined || parts.length > 0);
        const names: string[] = [];
        if (start) bank.drop(`贷款_${day(0)}.csv`, stated(start));
        for (const [index, part] of parts.entries()) {
          const name = `变动_${day(index + 1)}.csv`;
          bank.drop(name, linesOf(part));
          names.push(name);
          if (!isSynced[index]) continue;
          await bank.sync();
          if (areTakenAway) for (const applied of names.splice(0)) bank.remove(applied);
        }
        await bank.sync();
        const expected = after(start ?? {}, happened);
        expect(await bank.balances()).toEqual(expected);
        // The same again changes nothing.
        const before = await bank.everything();
        expect(await bank.sync()).toBeUndefined();
        expect(await bank.everything()).toEqual(before);
        // One snapshot of what has become says nothing new.
        bank.drop(`贷款_${day(100)}.csv`, stated(expected));
        expect(await bank.sync()).toMatchObject({ changed: 0, closed: 0 });
        expect(await bank.balances()).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('are applied once each; the run counts what each of them did', async () => {
    const bank = await droppedLoans(changedLoanBook);
    bank.drop('贷款_20211231.csv', stated({ A: 1, B: 2, C: 3 }));
    expect(await bank.sync()).toMatchObject({ read: 3, changed: 3 });
    bank.drop('变动_20220101.csv', linesOf([['B', 5]]));
    expect(await bank.sync()).toMatchObject({ read: 1, accepted: 1, changed: 1, closed: 0, asOf: '2022-01-01T15:59:59.999Z' });
    bank.drop(
      '变动_20220102.csv',
      linesOf([
        ['A', null],
        ['D', 4],
        ['X', null],
      ]),
    );
    expect(await bank.sync()).toMatchObject({ read: 3, accepted: 3, changed: 1, closed: 1 });
    expect(await bank.balances()).toEqual({ B: 5, C: 3, D: 4 });
    // Every row speaks as of the last drop: what it does not name has not changed.
    expect(await bank.query('SELECT DISTINCT as_of FROM loan WHERE closed_at IS NULL')).toEqual([{ as_of: '2022-01-02T15:59:59.999Z' }]);
  });

  it('that a later full snapshot holds already are passed over', async () => {
    const bank = await droppedLoans(changedLoanBook);
    bank.drop('变动_20220101.csv', linesOf([['A', 1]]));
    bank.drop('变动_20220103.csv', linesOf([['A', 3]]));
    bank.drop('贷款_20220102.csv', stated({ A: 2, B: 2 }));
    await bank.sync();
    expect(await bank.balances()).toEqual({ A: 3, B: 2 });
  });

  it('of days before a snapshot that was taken away are not taken for new ones', async () => {
    const bank = await droppedLoans(changedLoanBook);
    bank.drop('变动_20220101.csv', linesOf([['A', 1]]));
    bank.drop('贷款_20220102.csv', stated({ A: 2 }));
    await bank.sync();
    bank.remove('贷款_20220102.csv');
    bank.drop('变动_20220103.csv', linesOf([['B', 3]]));
    await bank.sync();
    expect(await bank.balances()).toEqual({ A: 2, B: 3 });
  });

  it('that are corrected count as if they had been right at first, and clear what they had in quarantine', async () => {
    const bank = await droppedLoans(changedLoanBook);
    bank.drop('贷款_20211231.csv', stated({ A: 1, B: 2 }));
    bank.drop('变动_20220101.csv', [
      { number: 'A', balance: '一百' },
      { number: 'W', balance: 9 },
    ]);
    bank.drop('变动_20220102.csv', linesOf([['B', 7]]));
    expect(await bank.sync()).toMatchObject({ read: 5, accepted: 4, quarantined: 1 });
    // What A owes now is not known.
    expect(await bank.balances()).toEqual({ B: 7, W: 9 });
    expect(await bank.query('SELECT file, line, "key" FROM quarantine')).toEqual([{ file: '变动_20220101.csv', line: 2, key: 'A' }]);
    bank.drop('变动_20220101.csv', [{ number: 'A', balance: 100 }]);
    expect(await bank.sync()).toMatchObject({ quarantined: 0 });
    // W was a mistake of the first one, and B is as the later one says.
    expect(await bank.balances()).toEqual({ A: 100, B: 7 });
    expect(await bank.query('SELECT * FROM quarantine')).toEqual([]);
  });

  it('that correct a row of an earlier one clear it', async () => {
    const bank = await droppedLoans(changedLoanBook);
    bank.drop('贷款_20211231.csv', stated({ A: 1 }));
    await bank.sync();
    bank.drop('变动_20220101.csv', [{ number: 'A', balance: '?' }]);
    await bank.sync();
    expect(await bank.balances()).toEqual({});
    bank.remove('变动_20220101.csv');
    bank.drop('变动_20220102.csv', [{ number: 'A', balance: 3 }]);
    await bank.sync();
    expect(await bank.balances()).toEqual({ A: 3 });
    expect(await bank.query('SELECT * FROM quarantine')).toEqual([]);
  });

  it('that come late are applied in their place, where all are still there', async () => {
    const bank = await droppedLoans(changedLoanBook);
    bank.drop('贷款_20211231.csv', stated({ A: 1 }));
    bank.drop('变动_20220103.csv', linesOf([['A', 3]]));
    await bank.sync();
    bank.drop(
      '变动_20220102.csv',
      linesOf([
        ['A', 2],
        ['B', 2],
      ]),
    );
    await bank.sync();
    expect(await bank.balances()).toEqual({ A: 3, B: 2 });
  });

  it('are mapped anew when the mapping or the hub has changed, where all are still there, and never undone where they are not', async () => {
    const store = await newStore();
    const bank = await droppedLoans(changedLoanBook, { folder: (await droppedLoans()).folder, store });
    bank.drop('贷款_20211231.csv', stated({ A: 1 }));
    bank.drop('变动_20220101.csv', linesOf([['B', 2]]));
    bank.drop('变动_20220102.csv', linesOf([['C', 3]]));
    await bank.sync();
    const tenfold = { ...changedLoanBook, columns: { ...changedLoanBook.columns, balance: { column: '余额', unit: '千元' } } };
    const remapped = await droppedLoans(tenfold, bank);
    await remapped.sync();
    expect(await remapped.balances()).toEqual({ A: 1_000, B: 2_000, C: 3_000 });
    bank.remove('变动_20220101.csv');
    const newer = await droppedLoans(tenfold, { ...bank, version: '2' });
    await newer.sync();
    expect(await newer.balances()).toEqual({ A: 1_000, B: 2_000, C: 3_000 });
  });

  it('are refused where one states no day, or nothing was delivered at all', async () => {
    const bank = await droppedLoans(changedLoanBook);
    await expect(bank.sync()).rejects.toMatchObject({ reason: 'UNREACHABLE', message: expect.stringContaining('expected a file named 贷款_*.csv') });
    bank.drop('变动_某日.csv', linesOf([['A', 1]]));
    await expect(bank.sync()).rejects.toMatchObject({
      reason: 'MALFORMED',
      message: expect.stringMatching(/^变动_某日\.csv: expected a name that states a day/),
    });
  });

  it('that name a loan twice say nothing of it that could be believed', async () => {
    const bank = await droppedLoans(changedLoanBook);
    bank.drop('贷款_20211231.csv', stated({ A: 1, B: 2 }));
    bank.drop('变动_20220101.csv', [
      { number: 'A', balance: 5, operation: '' },
      { number: 'A', balance: '', operation: CLOSED },
    ]);
    expect(await bank.sync()).toMatchObject({ read: 4, accepted: 2, quarantined: 2 });
    expect(await bank.balances()).toEqual({ B: 2 });
  });
});

describe('the plan of a chain', () => {
  const file = (name: string, fingerprint = '1', form = 'f'): AppliedFile => ({ file: name, fingerprint, form, whole: name.startsWith('w') });
  const plan = (applied: AppliedFile[], found: AppliedFile[]) => {
    const { whole: isWhole, read, files } = chainPlan(applied, found, (name) => name.slice(1));
    return [isWhole, read.map((entry) => entry.file), files.map((entry) => entry.file)];
  };

  it.each([
    ['nothing was applied', [], [file('w1'), file('c2')], [true, ['w1', 'c2'], ['w1', 'c2']]],
    ['nothing is new', [file('w1'), file('c2')], [file('w1'), file('c2')], [false, [], ['w1', 'c2']]],
    ['one is new', [file('w1'), file('c2')], [file('w1'), file('c2'), file('c3')], [false, ['c3'], ['w1', 'c2', 'c3']]],
    ['one comes late', [file('w1'), file('c3')], [file('w1'), file('c2'), file('c3')], [true, ['w1', 'c2', 'c3'], ['w1', 'c2', 'c3']]],
    ['one was corrected', [file('w1'), file('c2')], [file('w1'), file('c2', '2')], [true, ['w1', 'c2'], ['w1', 'c2']]],
    ['a whole one is new', [file('w1'), file('c2')], [file('w3')], [true, ['w3'], ['w3']]],
    ['the form is new', [file('w1'), file('c2')], [file('w1', '1', 'g'), file('c2', '1', 'g')], [true, ['w1', 'c2'], ['w1', 'c2']]],
    [
      'the form is new, and one was taken away',
      [file('w1'), file('c2'), file('c3')],
      [file('w1', '1', 'g'), file('c3', '1', 'g')],
      [false, [], ['w1', 'c2', 'c3']],
    ],
    ['one is new, and one was taken away', [file('w1'), file('c2')], [file('w1'), file('c3')], [false, ['c3'], ['w1', 'c2', 'c3']]],
    [
      'one was corrected, and one was taken away',
      [file('w1'), file('c2'), file('c3')],
      [file('c2', '2'), file('c3')],
      [false, ['c2', 'c3'], ['w1', 'c2', 'c3']],
    ],
  ] as const)('where %s', (_name, applied, found, expected) => {
    expect(plan([...applied], [...found])).toEqual(expected);
  });
});
