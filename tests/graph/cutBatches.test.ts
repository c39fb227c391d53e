/** A batch of more keys than the driver takes parameters goes in several statements, and nobody sees it in the answer. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import '../../src/entities/index.js';
import { loadPark } from '../../src/config/park.js';
import type { SqlSourceFile } from '../../src/config/sourceFile.js';
import { allDefinitions } from '../../src/entities/definition.js';
import { LiveSqlSource } from '../../src/sources/connectors/sql/liveSource.js';
import { openPartnerSqlite } from '../../src/sources/connectors/sql/partnerSqlite.js';
import type { Row, RowsAsk, Statement, TotalsAsk } from '../../src/sources/source.js';
import { demoPark } from '../helpers/hub.js';

const signal = new AbortController().signal;
const asked: RowsAsk = {
  entity: 'Loan',
  attributes: ['number', 'tenantUscc', 'amount', 'date', 'kind'],
  order: [
    { attribute: 'amount', descending: true, nullsFirst: false },
    { attribute: 'key', descending: false, nullsFirst: false },
  ],
};

interface OpenBook {
  readonly source: LiveSqlSource;
  readonly statements: Statement[];
  readonly mostParameters: () => number;
}

let whole: OpenBook;
let tight: OpenBook;
let companies: string[];

/** icbc's book behind a driver that takes so many parameters in a statement, and refuses more as a driver would. */
async function open(maximumParameters: number): Promise<OpenBook> {
  const loaded = await loadPark(demoPark);
  if (!loaded.ok) throw new Error('The demo park does not load.');
  const file = loaded.sources.find((source) => source.file.id === 'icbc')?.file as SqlSourceFile;
  const database = await openPartnerSqlite('icbc', join(demoPark, 'icbc/book.db'));
  const statements: Statement[] = [];
  let most = 0;
  const source = new LiveSqlSource({
    file,
    definitions: new Map(allDefinitions().map((definition) => [definition.name, definition])),
    database: {
      ...database,
      dialect: { ...database.dialect, maximumParameters },
      query: (text, parameters) => {
        most = Math.max(most, parameters.length);
        if (parameters.length > maximumParameters) throw new Error('too many SQL variables');
        return database.query(text, parameters);
      },
    },
    clock: () => new Date('2022-01-05T02:00:00.000Z'),
    onStatement: (statement) => statements.push(statement),
  });
  await source.survey(signal);
  statements.length = 0;
  return { source, statements, mostParameters: () => most };
}

beforeAll(async () => {
  [whole, tight] = [await open(32_766), await open(12)];
  const rows = await whole.source.rows(asked, signal);
  companies = [...new Set(rows.map((row) => row.tenantUscc as string))];
  whole.statements.length = 0;
});

afterAll(async () => {
  await whole.source.close();
  await tight.source.close();
});

/** Rows as a set: pieces come one after the other, and the book puts them in order. */
const asSet = (rows: readonly Row[]): string[] =>
  rows.map((row) => JSON.stringify(row, (_name, value) => (typeof value === 'bigint' ? `${value}n` : value))).sort();

describe('a batch that is longer than the driver allows', () => {
  const keys = () => ({ attribute: 'tenantUscc', values: companies });

  it.each<[string, Partial<RowsAsk>]>([
    ['all rows of each key', {}],
    ['a few of each key', { limit: 1 }],
    ['rows that keep a condition', { where: { attribute: 'kind', is: 'in', value: ['CREDIT', 'TECH_LOAN', 'MORTGAGE'] } }],
    ['a page after a place', { limit: 2, after: { values: [5_000_000_00n, ''], inclusive: true } }],
  ])('gives %s as one statement does', async (_name, more) => {
    for (const book of [whole, tight]) book.statements.length = 0;
    const ask = { ...asked, ...more, keys: keys() };
    const rows = asSet(await tight.source.rows(ask, signal));
    expect(rows).toEqual(asSet(await whole.source.rows(ask, signal)));
    expect(rows.length).toBeGreaterThan(3);
    expect(whole.statements.length).toBe(1);
    expect(tight.statements.length).toBeGreaterThan(1);
    expect(tight.mostParameters()).toBeLessThanOrEqual(12);
  });

  it('adds up what the pieces give', async () => {
    const ask: TotalsAsk = {
      entity: 'Loan',
      keys: keys(),
      groupBy: [{ attribute: 'tenantUscc', year: false }],
      figures: [{ function: 'count' }, { function: 'sum', attribute: 'amount' }, { function: 'maximum', attribute: 'date' }],
    };
    const byGroup = (a: { group: readonly unknown[] }, b: { group: readonly unknown[] }): number => (String(a.group[0]) < String(b.group[0]) ? -1 : 1);
    const figures = (await tight.source.totals(ask, signal)).sort(byGroup);
    expect(figures).toEqual((await whole.source.totals(ask, signal)).sort(byGroup));
    expect(figures.length).toBe(companies.length);
    const ungrouped = { ...ask, groupBy: [] };
    expect(await tight.source.totals(ungrouped, signal)).toEqual(await whole.source.totals(ungrouped, signal));
  });

  it('is no longer cut when it just fits', async () => {
    tight.statements.length = 0;
    // One parameter is the row filter of source.yml, one the row that the survey left out.
    await tight.source.rows({ ...asked, keys: { attribute: 'tenantUscc', values: companies.slice(0, 10) } }, signal);
    expect(tight.statements.length).toBe(1);
    await tight.source.rows({ ...asked, keys: { attribute: 'tenantUscc', values: companies.slice(0, 11) } }, signal);
    expect(tight.statements.length).toBe(3);
  });

  it('is refused in words when its conditions alone are too many', async () => {
    const where = { attribute: 'number', is: 'in', value: Array.from({ length: 20 }, (_, index) => `N${index}`) } as const;
    await expect(tight.source.rows({ ...asked, where, keys: keys() }, signal)).rejects.toThrow(
      'icbc takes at most 12 values in one ask, but got: 22 and more. Ask in several queries.',
    );
    await expect(tight.source.rows({ ...asked, where }, signal)).rejects.toMatchObject({ name: 'SourceError', reason: 'REFUSED' });
  });
});
