/** Pages of a book that has not been read in full yet. */
import { expect, it, onTestFinished } from 'vitest';
import { allDefinitions } from '../../src/entities/definition.js';
import { LiveSqlSource } from '../../src/sources/connectors/sql/liveSource.js';
import { openPartnerSqlite } from '../../src/sources/connectors/sql/partnerSqlite.js';
import { Guard } from '../../src/sources/guard.js';
import type { SourceError } from '../../src/sources/source.js';
import { loansAsk, loanTotals, never, partnerDatabase, sqlSourceFile, uscc } from './sqlPartner.js';

const ROWS = 1_000;
/** Rows of a piece of the reading. */
const PIECE = 100;

const loans = {
  from: { table: 'dk' },
  columns: {
    number: 'bh',
    tenantUscc: { constant: uscc(1) },
    productCode: { constant: 'P' },
    kind: { constant: 'CREDIT' },
    amount: 'je',
    balance: { constant: 1 },
    rate: { constant: 1 },
    date: 'rq',
    maturesOn: { constant: '2030-01-01' },
    classification: { constant: 'NORMAL' },
    status: { constant: 'ACTIVE' },
  },
};

const numberOf = (index: number): string => `JJ${String(index).padStart(6, '0')}`;

/** A book whose reading stops after its first pieces until it is let go on. One row beyond them is broken. */
async function slowlyRead({ deadline = 10_000, pieces = 2 } = {}) {
  const partner = partnerDatabase('CREATE TABLE dk (bh TEXT PRIMARY KEY, je NUMERIC, rq TEXT)', 'BEGIN');
  partner.insert(
    'dk',
    Array.from({ length: ROWS }, (_, index) => [numberOf(index), 100 + index, index === 905 ? 'unknown' : '2021-03-05']),
  );
  partner.run('COMMIT');
  const opened = await openPartnerSqlite('icbc', partner.file);
  let goOn: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let read = 0;
  const source = new LiveSqlSource({
    file: { ...sqlSourceFile({ Loan: loans }), deadline },
    definitions: new Map(allDefinitions().map((definition) => [definition.name, definition])),
    database: {
      ...opened,
      query: async (text, parameters, signal) => {
        // Only the reading of every row asks how each cell is stored; it looks at the first rows once more than it reads them.
        if (text.includes('parkhub storage of') && ++read > pieces + 1) await released;
        return opened.query(text, parameters, signal);
      },
    },
    clock: () => new Date('2022-01-01T00:00:00Z'),
    piece: PIECE,
    patience: 50,
  });
  onTestFinished(async () => {
    goOn();
    await source.close();
  });
  return { source, goOn };
}

const descending = [{ attribute: 'key', descending: true, nullsFirst: false }];

it('a page does not wait for the reading of every row, and says so', async () => {
  const { source, goOn } = await slowlyRead();
  const page = await source.rows(loansAsk({ limit: 5 }), never());
  expect(page.map(({ key }) => key)).toEqual([0, 1, 2, 3, 4].map(numberOf));
  expect(source.note('Loan')).toMatch(/^The book of Loan of icbc is being read for the first time, [12]00 rows so far: /);
  goOn();
  await source.survey(never());
  expect(source.note('Loan')).toBeUndefined();
});

it('a row that does not fit is left out of a page before the reading has come to it, and the page is full', async () => {
  const { source } = await slowlyRead();
  const page = await source.rows(loansAsk({ order: descending, where: { attribute: 'number', is: 'lt', value: numberOf(908) }, limit: 5 }), never());
  expect(page.map(({ key }) => key)).toEqual([907, 906, 904, 903, 902].map(numberOf));
});

it('totals wait for the reading, and are refused in good time with how far it is', async () => {
  const { source } = await slowlyRead({ deadline: 1_000 });
  const guard = new Guard({ id: 'icbc', atOnce: 8, failures: 1, rest: 60_000, clock: () => new Date() });
  const refused = await guard.run((signal) => source.totals(loanTotals(), signal), 1_000).catch((error: SourceError) => error);
  expect(refused).toMatchObject({ reason: 'UNREAD', message: expect.stringMatching(/[12]00 rows so far: .* Totals and searches wait for that/) });
  // A source that is being read is well: its pages go on.
  expect(guard.isResting).toBe(false);
  expect(await guard.run((signal) => source.rows(loansAsk({ limit: 5 }), signal), 1_000)).toHaveLength(5);
});

it('totals that wait are exact when the reading is done', async () => {
  const { source, goOn } = await slowlyRead();
  const totals = source.totals(loanTotals({ figures: [{ function: 'count' }] }), never());
  goOn();
  expect(await totals).toEqual([{ group: [], figures: [ROWS - 1] }]);
});

it('a database that gives nothing at all is not one that is being read', async () => {
  const { source } = await slowlyRead({ deadline: 300, pieces: -1 });
  const guard = new Guard({ id: 'icbc', atOnce: 8, failures: 1, rest: 60_000, clock: () => new Date() });
  const refused = await guard.run((signal) => source.rows(loansAsk({ limit: 5 }), signal), 400).catch((error: SourceError) => error);
  expect(refused).toMatchObject({ reason: 'TIMED_OUT' });
  expect(guard.isResting).toBe(true);
});
