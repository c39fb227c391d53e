import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileSourceFile, sourceFileSchema } from '../../src/config/sourceFile.js';
import { allDefinitions, definitionOf } from '../../src/entities/definition.js';
import { Loan, LoanProduct } from '../../src/entities/index.js';
import { openDrop } from '../../src/sources/connectors/file/drop.js';
import { dropFeed } from '../../src/sources/dropFeed.js';
import type { MirroredSource } from '../../src/sources/mirror.js';
import type { RawRecord } from '../../src/sources/raw.js';
import { SourceError } from '../../src/sources/source.js';
import { MemoryFeed, mirroredSource, newStore } from './memoryFeed.js';
import { loansAsk, loanTotals, never, temporaryFolder, uscc } from './sqlPartner.js';

const LOOK_AGAIN = 5_000;

const loanMapping = {
  from: { file: 'loans.csv', format: 'csv' as const },
  columns: {
    number: { column: 'number' },
    tenantUscc: { column: 'tenant' },
    productCode: { column: 'product' },
    kind: { constant: 'CREDIT' },
    amount: { column: 'amount' },
    balance: { column: 'amount' },
    rate: { constant: '0.0385' },
    date: { column: 'date' },
    maturesOn: { column: 'date' },
    classification: { column: 'class', values: { 正常: 'NORMAL', 损失: 'LOSS' } },
    status: { constant: 'ACTIVE' },
  },
};
const productMapping = {
  from: { file: 'products.csv', format: 'csv' as const },
  columns: {
    code: { column: 'code' },
    name: { column: 'name' },
    kind: { constant: 'CREDIT' },
    maximumAmount: { column: 'most' },
    maximumMonths: { constant: 12 },
  },
};

function loan(number: string, cells: RawRecord['cells'] = {}): RawRecord {
  return {
    place: `loans.csv line ${number}`,
    cells: { number, tenant: uscc(1), product: null, amount: '100.00', date: '2021-03-05', class: '正常', ...cells },
  };
}

function product(code: string, cells: RawRecord['cells'] = {}): RawRecord {
  return { place: `products.csv line ${code}`, cells: { code, name: code, most: '1000000', ...cells } };
}

function feedOf(loans: readonly RawRecord[], products?: readonly RawRecord[]) {
  const loanBook = { definition: definitionOf(Loan), mapping: loanMapping, records: loans };
  const productBook = { definition: definitionOf(LoanProduct), mapping: productMapping, records: products ?? [] };
  return { feed: new MemoryFeed('icbc', products ? [loanBook, productBook] : [loanBook]), loanBook, productBook };
}

const keys = async (source: MirroredSource, entity = 'Loan'): Promise<string[]> =>
  (await source.rows({ ...loansAsk(), entity, attributes: [] }, never())).map(({ key }) => key);
const accepted = async (source: MirroredSource) =>
  (await source.survey()).map((survey) => [survey.entity, survey.read, survey.accepted, survey.setAside.length]);

async function refusal(asked: Promise<unknown>): Promise<Error> {
  return asked.then(
    () => {
      throw new Error('It was not refused.');
    },
    (error: unknown) => error as Error,
  );
}

describe('a copy of a book', () => {
  it('is made once, and not again while the feed is unchanged', async () => {
    const { feed } = feedOf([loan('A'), loan('B')]);
    const store = await newStore();
    const { source, statements, pass } = mirroredSource(feed, store);
    expect(await Promise.all([keys(source), keys(source), source.totals(loanTotals(), never())])).toEqual([
      ['A', 'B'],
      ['A', 'B'],
      [{ group: [], figures: [2, 20_000n] }],
    ]);
    expect(feed.reads).toBe(2);
    pass(LOOK_AGAIN * 100);
    expect(await keys(source)).toEqual(['A', 'B']);
    expect(feed.reads).toBe(2);
    expect(statements.map(({ source: id, entity, rows }) => [id, entity, rows])).toEqual([
      ['icbc', 'Loan', 2],
      ['icbc', 'Loan', 2],
      ['icbc', 'Loan', 1],
      ['icbc', 'Loan', 2],
    ]);
    // The next start of the hub finds the copy as it was left.
    const next = mirroredSource(feed, store);
    expect(await keys(next.source)).toEqual(['A', 'B']);
    expect(next.source.asOf()).toBe(feed.statedAt);
    expect(feed.reads).toBe(2);
  });

  it('says as of when the feed speaks, in its rows too', async () => {
    const { feed } = feedOf([loan('A')]);
    const { source, pass } = mirroredSource(feed, await newStore());
    const asOf = async () => (await source.rows(loansAsk(), never())).map((row) => [row.asOf, row.how, row.source]);
    expect(await asOf()).toEqual([['2021-12-31T15:59:59.999Z', 'MIRRORED', 'icbc']]);
    expect(source.asOf()).toBe('2021-12-31T15:59:59.999Z');
    [feed.statedAt, feed.version] = ['2022-03-31T15:59:59.999Z', 2];
    pass(LOOK_AGAIN);
    expect(await asOf()).toEqual([['2022-03-31T15:59:59.999Z', 'MIRRORED', 'icbc']]);
    expect(source.asOf()).toBe('2022-03-31T15:59:59.999Z');
  });

  it('takes up a change within five seconds, not at every ask', async () => {
    const { feed, loanBook } = feedOf([loan('A'), loan('B')]);
    const { source, pass } = mirroredSource(feed, await newStore());
    expect(await keys(source)).toEqual(['A', 'B']);
    loanBook.records = [loan('B', { amount: '7.00' }), loan('C')];
    feed.version = 2;
    pass(LOOK_AGAIN - 1);
    expect(await keys(source)).toEqual(['A', 'B']);
    pass(1);
    expect(await Promise.all([keys(source), keys(source)])).toEqual([
      ['B', 'C'],
      ['B', 'C'],
    ]);
    expect(feed.reads).toBe(4);
    expect((await source.totals(loanTotals(), never()))[0]?.figures).toEqual([2, 10_700n]);
  });

  it('is looked at again at once by a survey', async () => {
    const { feed, loanBook } = feedOf([loan('A')]);
    const { source } = mirroredSource(feed, await newStore());
    expect(await accepted(source)).toEqual([['Loan', 1, 1, 0]]);
    loanBook.records = [loan('A'), loan('B')];
    feed.version = 2;
    expect(await accepted(source)).toEqual([['Loan', 2, 2, 0]]);
  });

  it('stays whole until the new one is, though the feed breaks off in the middle', async () => {
    const { feed, loanBook } = feedOf([loan('A'), loan('B', { class: '?' })]);
    const store = await newStore();
    const { source, pass } = mirroredSource(feed, store);
    const before = await accepted(source);
    loanBook.records = [loan('C'), loan('D'), loan('E')];
    feed.version = 2;
    feed.onRead = (_entity, index) => {
      if (index === 2) throw new SourceError('icbc', 'UNREACHABLE', 'loans.csv cannot be read (EIO).');
    };
    pass(LOOK_AGAIN);
    expect(await refusal(keys(source))).toMatchObject({ name: 'SourceError', message: 'loans.csv cannot be read (EIO).' });
    expect(await store.reader.query('SELECT "key" FROM loan WHERE closed_at IS NULL')).toEqual([{ key: 'A' }]);
    expect(await store.reader.query('SELECT place FROM quarantine')).toEqual([{ place: 'loans.csv line B' }]);
    expect(before).toEqual([['Loan', 2, 1, 1]]);
    // It is tried again at the next ask.
    feed.onRead = () => undefined;
    expect(await keys(source)).toEqual(['C', 'D', 'E']);
    expect(await accepted(source)).toEqual([['Loan', 3, 3, 0]]);
  });

  it('is rolled back where an insert fails', async () => {
    const { feed, loanBook } = feedOf([loan('A')], [product('P1')]);
    const store = await newStore();
    const { source, pass } = mirroredSource(feed, store);
    expect(await keys(source)).toEqual(['A']);
    const state = await store.reader.query('SELECT * FROM sync_state ORDER BY entity');
    await store.writer.query("CREATE TRIGGER refuse BEFORE INSERT ON loan_product BEGIN SELECT RAISE(FAIL, 'no'); END");
    loanBook.records = [loan('B'), loan('C')];
    feed.version = 2;
    pass(LOOK_AGAIN);
    await refusal(keys(source));
    expect(await store.reader.query('SELECT "key" FROM loan')).toEqual([{ key: 'A' }]);
    expect(await store.reader.query('SELECT * FROM sync_state ORDER BY entity')).toEqual(state);
    await store.writer.query('DROP TRIGGER refuse');
    expect(await keys(source)).toEqual(['B', 'C']);
    expect(await keys(source, 'LoanProduct')).toEqual(['P1']);
  });

  it('is never seen by half: between any two statements of a sync a reader sees the old one', async () => {
    const many = (version: number, count: number) => Array.from({ length: count }, (_, index) => loan(`${version}-${index}`, { amount: `${version}.00` }));
    const { feed, loanBook } = feedOf(many(1, 3_000));
    const store = await newStore();
    const seen: string[] = [];
    const look = async (): Promise<void> => {
      const text = 'SELECT COUNT(*) AS n, SUM(amount) AS total, (SELECT SUM(rows_accepted) FROM sync_state) AS stated FROM loan WHERE closed_at IS NULL';
      const [row] = (await store.reader.query(text)) as Record<string, number>[];
      seen.push(`${row?.n} ${row?.total} ${row?.stated}`);
    };
    /** A sync's own connection, with a look by the reader after each of its statements. */
    const connect = async () => {
      const connection = await store.connect();
      const query = connection.query.bind(connection);
      connection.query = async (text: string, parameters?: unknown[]) => {
        const result = await query(text, parameters);
        if (text !== 'COMMIT') await look();
        return result as never;
      };
      return connection;
    };
    const { source, pass } = mirroredSource(feed, { ...store, connect });
    await source.fresh();
    seen.length = 0;
    loanBook.records = many(2, 2_998);
    feed.version = 2;
    pass(LOOK_AGAIN);
    await source.fresh();
    expect(seen.length).toBeGreaterThan(8);
    expect(new Set(seen)).toEqual(new Set(['3000 300000 3000']));
    await look();
    expect(seen.at(-1)).toBe('2998 599600 2998');
  });

  it('takes thousands of rows, amounts beyond 2^53, and characters of every kind', async () => {
    const names = ["'; DROP TABLE loan; --", '%', '"', '\u{20000}', '科技'];
    const { feed } = feedOf([
      ...Array.from({ length: 5_000 }, (_, index) => loan(`N${index}`, { amount: index < 900 ? '90071992547409.93' : '0.01' })),
      ...names.map((name) => loan(name, { product: name })),
    ]);
    const { source } = mirroredSource(feed, await newStore());
    expect((await source.totals(loanTotals({ where: { attribute: 'number', is: 'startsWith', value: 'N' } }), never()))[0]?.figures).toEqual([
      5_000,
      9_007_199_254_740_993n * 900n + 4_100n,
    ]);
    expect(
      (await source.rows(loansAsk({ where: { attribute: 'productCode', is: 'in', value: names }, attributes: ['productCode', 'amount'] }), never()))
        .map((row) => row.productCode)
        .sort(),
    ).toEqual([...names].sort());
    expect((await source.rows(loansAsk({ where: { attribute: 'amount', is: 'eq', value: 9_007_199_254_740_993n }, limit: 1 }), never()))[0]?.amount).toBe(
      9_007_199_254_740_993n,
    );
    expect(await source.rows(loansAsk({ where: { attribute: 'amount', is: 'gt', value: 9_007_199_254_740_993n } }), never())).toEqual([]);
  });
});

describe('quarantine', () => {
  it('keeps the raw row, the reason and the place of each row that breaks the mapping, until a drop is right', async () => {
    const bad = loan('B', { tenant: '91410771MA00000000', amount: '约一百' });
    const { feed, loanBook } = feedOf([
      loan('A'),
      bad,
      loan('C', { class: '关注' }),
      loan('D'),
      loan('D', { amount: '2' }),
      { ...loan('E'), problem: 'expected 6 cells, but got: 2' },
    ]);
    const { source, pass } = mirroredSource(feed, await newStore());
    expect(await keys(source)).toEqual(['A']);
    const [survey] = await source.survey();
    expect(survey).toMatchObject({ entity: 'Loan', read: 6, accepted: 1 });
    expect(survey?.setAside.map(({ place, reason, raw }) => [place, reason.replace(/, but got.*/, ''), raw.number])).toEqual([
      ['loans.csv line B', expect.stringMatching(/^tenantUscc \(column tenant\): expected a USCC/), 'B'],
      ['loans.csv line C', 'classification (column class): expected one of the known codes 正常, 损失', 'C'],
      ['loans.csv line D', 'expected an id of its own', 'D'],
      ['loans.csv line D', 'expected an id of its own', 'D'],
      ['loans.csv line E', 'expected 6 cells', 'E'],
    ]);
    expect(survey?.setAside[0]).toMatchObject({
      entity: 'Loan',
      raw: bad.cells,
      reason: expect.stringContaining('amount (column amount): expected an amount in 元'),
    });

    loanBook.records = [loan('A'), loan('B'), loan('C'), loan('D')];
    feed.version = 2;
    pass(LOOK_AGAIN);
    expect(await keys(source)).toEqual(['A', 'B', 'C', 'D']);
    expect(await accepted(source)).toEqual([['Loan', 4, 4, 0]]);
  });

  it('takes raw cells of any kind', async () => {
    const { feed } = feedOf([loan('A', { amount: 12n, class: new Date('2021-01-01T00:00:00Z'), product: 90071992547409931n, date: undefined })]);
    const { source } = mirroredSource(feed, await newStore());
    const [survey] = await source.survey();
    expect(survey?.setAside[0]?.raw).toMatchObject({ amount: '12', class: '2021-01-01T00:00:00.000Z', product: '90071992547409931' });
  });

  it('is kept apart by source', async () => {
    const store = await newStore();
    const first = mirroredSource(feedOf([loan('A'), loan('B', { class: '?' })]).feed, store, 'icbc');
    const other = new MemoryFeed('bocom', [
      { definition: definitionOf(Loan), mapping: loanMapping, records: [loan('A', { amount: '3.00' }), loan('C', { class: '?' }), loan('D', { class: '?' })] },
    ]);
    const second = mirroredSource(other, store, 'bocom');
    expect(await accepted(first.source)).toEqual([['Loan', 2, 1, 1]]);
    expect(await accepted(second.source)).toEqual([['Loan', 3, 1, 2]]);
    expect((await first.source.rows(loansAsk(), never())).map(({ source, amount }) => [source, amount])).toEqual([['icbc', 10_000n]]);
    expect((await second.source.rows(loansAsk(), never())).map(({ source, amount }) => [source, amount])).toEqual([['bocom', 300n]]);
  });
});

describe('a book that the source holds no more', () => {
  it('leaves its rows closed, no state, and nothing in quarantine', async () => {
    const { feed } = feedOf([loan('A')], [product('P1'), product('P2', { most: '?' })]);
    const store = await newStore();
    expect(await keys(mirroredSource(feed, store).source, 'LoanProduct')).toEqual(['P1']);
    // source.yml names one book less: the hub starts again.
    const less = feedOf([loan('A')]).feed;
    const { source } = mirroredSource(less, store);
    expect(await keys(source)).toEqual(['A']);
    expect([...source.entities]).toEqual(['Loan']);
    expect(await refusal(keys(source, 'LoanProduct'))).toMatchObject({ reason: 'MISCONFIGURED' });
    expect(await accepted(source)).toEqual([['Loan', 1, 1, 0]]);
    expect(await store.reader.query('SELECT "key", closed_at FROM loan_product')).toEqual([{ key: 'P1', closed_at: '2022-01-01T00:00:00.000Z' }]);
    expect(await store.reader.query('SELECT * FROM quarantine')).toEqual([]);
    expect(await store.reader.query('SELECT entity FROM sync_state')).toEqual([{ entity: 'Loan' }]);
  });

  it('is another source’s still', async () => {
    const store = await newStore();
    const other = new MemoryFeed('bocom', [{ definition: definitionOf(LoanProduct), mapping: productMapping, records: [product('P9')] }]);
    const second = mirroredSource(other, store, 'bocom');
    await second.source.fresh();
    await mirroredSource(feedOf([loan('A')], [product('P1')]).feed, store).source.fresh();
    await mirroredSource(feedOf([loan('A')]).feed, store).source.fresh();
    expect(await keys(second.source, 'LoanProduct')).toEqual(['P9']);
  });

  it('is copied anew when it comes back', async () => {
    const store = await newStore();
    await mirroredSource(feedOf([loan('A')], [product('P1')]).feed, store).source.fresh();
    await mirroredSource(feedOf([loan('A')]).feed, store).source.fresh();
    expect(await keys(mirroredSource(feedOf([loan('A')], [product('P3')]).feed, store).source, 'LoanProduct')).toEqual(['P3']);
  });
});

describe('two at once', () => {
  it('syncs of several sources into one store wait for one another', async () => {
    const store = await newStore();
    const all = Array.from({ length: 6 }, (_, index) => {
      const records = Array.from({ length: 700 }, (_row, row) => loan(`${index}-${row}`));
      return mirroredSource(new MemoryFeed(`s${index}`, [{ definition: definitionOf(Loan), mapping: loanMapping, records }]), store, `s${index}`).source;
    });
    const found = await Promise.all(all.map((source) => keys(source)));
    expect(found.map((rows) => rows.length)).toEqual(all.map(() => 700));
    expect(await store.reader.query('SELECT COUNT(*) AS n FROM sync_state')).toEqual([{ n: 6 }]);
  });

  it('a sync that fails does not keep the next one waiting', async () => {
    const store = await newStore();
    const broken = mirroredSource(feedOf([loan('A')]).feed, {
      ...store,
      exclusively: (work) => store.exclusively(async () => work().then(() => Promise.reject(new Error('broken')))),
    });
    const whole = mirroredSource(new MemoryFeed('bocom', [{ definition: definitionOf(Loan), mapping: loanMapping, records: [loan('B')] }]), store, 'bocom');
    const [first, second] = await Promise.allSettled([keys(broken.source), keys(whole.source)]);
    expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('hubs on one store file see what either has copied', async () => {
    const store = await newStore();
    const { feed } = feedOf([loan('A')]);
    expect(await keys(mirroredSource(feed, store).source)).toEqual(['A']);
    const again = await newStore(store.file);
    expect(again.migrated).toEqual([]);
    const other = mirroredSource(feed, again);
    expect(await keys(other.source)).toEqual(['A']);
    expect(feed.reads).toBe(1);
    feed.version = 2;
    other.pass(LOOK_AGAIN);
    await other.source.fresh();
    expect(feed.reads).toBe(2);
    expect(await store.reader.query('SELECT fingerprint FROM sync_state')).toEqual([{ fingerprint: 'version 2' }]);
  });

  it('a sync is stopped by a close, which waits until it has let go of the store', async () => {
    const { feed } = feedOf([loan('A')]);
    let release: () => void = () => undefined;
    const reading = new Promise<void>((started) => {
      feed.onRead = () => {
        started();
        return new Promise<void>((resolve) => (release = resolve));
      };
    });
    const store = await newStore();
    const { source } = mirroredSource(feed, store);
    const asked = keys(source);
    await reading;
    let isClosed = false;
    const closing = source.close().then(() => (isClosed = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isClosed).toBe(false);
    release();
    expect((await refusal(asked)).message).toBe('The copying of icbc was stopped; its last copy is as it was.');
    await closing;
    expect(await store.reader.query('SELECT COUNT(*) AS n FROM loan')).toEqual([{ n: 0 }]);
    expect(await store.reader.query('SELECT * FROM sync_run')).toEqual([]);
  });
});

describe('a sample of a mirrored book', () => {
  it('is read from the feed, rows that break the mapping too', async () => {
    const { feed } = feedOf([loan('A'), loan('B', { class: '?' }), loan('C')]);
    const { source } = mirroredSource(feed, await newStore());
    const sample = await source.sample('Loan', 2);
    expect(sample.map(({ raw, row }) => [raw.number, 'key' in row ? row.key : row.place])).toEqual([
      ['A', 'A'],
      ['B', 'loans.csv line B'],
    ]);
    expect(await refusal(source.sample('Tenant', 1))).toMatchObject({ reason: 'MISCONFIGURED' });
  });
});

describe('a drop folder as a mirrored source', () => {
  const definitions = new Map(allDefinitions().map((definition) => [definition.name, definition]));
  const file = (books: Record<string, unknown> = { Loan: loanMapping }): FileSourceFile =>
    sourceFileSchema.parse({
      id: 'icbc',
      title: '工行',
      partner: { kind: 'bank', name: '工行', shortName: '工行' },
      connector: 'file',
      books,
      asOfFileName: undefined,
    }) as FileSourceFile;
  const header = 'number,tenant,product,amount,date,class';
  const line = (number: string, amount = '100'): string => `${number},${uscc(1)},,${amount},2021-03-05,正常`;

  function dropped(folder: string, store: Awaited<ReturnType<typeof newStore>>, version = '1', declared = file()) {
    const drop = openDrop('icbc', folder, declared);
    let reads = 0;
    const counted = {
      ...drop,
      read: (entity: string) => {
        reads++;
        return drop.read(entity);
      },
    };
    return { ...mirroredSource(dropFeed(counted, declared, definitions, version), store), reads: () => reads };
  }

  it('is copied once, again when a file, its mapping or the hub changes, and not otherwise', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'loans.csv');
    writeFileSync(path, [header, line('A'), line('B')].join('\n'));
    const store = await newStore();
    const first = dropped(folder, store);
    expect(await keys(first.source)).toEqual(['A', 'B']);
    first.pass(LOOK_AGAIN);
    expect(await keys(first.source)).toEqual(['A', 'B']);
    expect(first.reads()).toBe(1);
    writeFileSync(path, [header, line('A', '250'), line('C')].join('\n'));
    first.pass(LOOK_AGAIN);
    expect(await keys(first.source)).toEqual(['A', 'C']);
    expect(first.reads()).toBe(2);
    const same = dropped(folder, store);
    expect(await keys(same.source)).toEqual(['A', 'C']);
    expect(same.reads()).toBe(0);
    const newer = dropped(folder, store, '2');
    expect(await keys(newer.source)).toEqual(['A', 'C']);
    expect(newer.reads()).toBe(1);
    const remapped = dropped(
      folder,
      store,
      '2',
      file({ Loan: { ...loanMapping, columns: { ...loanMapping.columns, amount: { column: 'amount', unit: '万元' } } } }),
    );
    expect((await remapped.source.totals(loanTotals(), never()))[0]?.figures).toEqual([2, 35_000_000_000n / 100n]);
    expect(remapped.reads()).toBe(1);
  });

  it('whose file has gone is an error that names the file and no folder; the copy is kept', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'loans.csv');
    writeFileSync(path, [header, line('A')].join('\n'));
    const store = await newStore();
    const { source, pass } = dropped(folder, store);
    await source.fresh();
    rmSync(path);
    pass(LOOK_AGAIN);
    const error = await refusal(keys(source));
    expect(error).toMatchObject({ name: 'SourceError', reason: 'UNREACHABLE', message: expect.stringContaining('loans.csv') });
    expect(error.message).not.toContain(folder);
    expect(await store.reader.query('SELECT "key" FROM loan')).toEqual([{ key: 'A' }]);
    writeFileSync(path, [header, line('B')].join('\n'));
    expect(await keys(source)).toEqual(['B']);
  });

  it('that declares a book of no entity is refused', async () => {
    const declared = file({ Loan: loanMapping, Nothing: loanMapping });
    expect(() => dropFeed(openDrop('icbc', temporaryFolder(), declared), declared, definitions, '1')).toThrow(/declares a book of Nothing/);
    const held = file();
    const feed = dropFeed(openDrop('icbc', temporaryFolder(), held), held, definitions, '1');
    expect(() => feed.mapper(definitionOf(LoanProduct))).toThrow(/holds no book of LoanProduct/);
  });
});
