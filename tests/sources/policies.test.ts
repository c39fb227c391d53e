/** What a registered source answers while it fails, by its policy. */
import { describe, expect, it, vi } from 'vitest';
import { definitionOf } from '../../src/entities/definition.js';
import { Loan } from '../../src/entities/index.js';
import { Book } from '../../src/sources/book.js';
import { refuseDrifted } from '../../src/sources/drift.js';
import { LastGoodCopy } from '../../src/sources/lastGoodCopy.js';
import { RegisteredSource, type SourceDeclaration, SourceRegistry } from '../../src/sources/registry.js';
import { type Drift, type RowsAsk, SourceError, type TotalsAsk } from '../../src/sources/source.js';
import { opened } from '../store/storeFile.js';
import { declare, MemorySource, row } from './memorySource.js';

const loan = definitionOf(Loan);
const attributes = ['amount', 'tenantUscc'];
const rowsAsk: RowsAsk = { entity: 'Loan', attributes, order: [{ attribute: 'key', descending: false, nullsFirst: false }] };
const totalsAsk: TotalsAsk = { entity: 'Loan', groupBy: [], figures: [{ function: 'count' }, { function: 'sum', attribute: 'amount' }] };

/** A source that can be broken. */
class BreakableSource extends MemorySource {
  fault: (() => Promise<never>) | undefined;
  drifted: Drift | undefined;
  now = '2022-01-01T00:00:00.000Z';

  override asOf(): string {
    return this.now;
  }

  drift(): Drift | undefined {
    return this.drifted;
  }

  override async rows(ask: RowsAsk) {
    if (this.fault) return this.fault();
    const rows = await super.rows(ask);
    refuseDrifted(this.id, this.drifted, ask);
    return rows;
  }

  override async totals(ask: TotalsAsk) {
    if (this.fault) return this.fault();
    refuseDrifted(this.id, this.drifted, ask);
    return super.totals(ask);
  }
}

const down = () => Promise.reject(new SourceError('icbc', 'UNREACHABLE', 'Nobody is there.'));

async function breakable(options: Partial<SourceDeclaration> = {}) {
  const { reader, writer, connect } = await opened();
  let now = Date.parse('2022-01-01T00:00:00Z');
  const clock = () => new Date(now);
  const held = [row('Loan', 'icbc', 'A', { amount: 100n, tenantUscc: 'T1' }), row('Loan', 'icbc', 'B', { amount: 200n, tenantUscc: 'T2' })];
  const source = new BreakableSource('icbc', held, new Set(['Loan']));
  const store = { reader, writer, connect, exclusively: <T>(work: () => Promise<T>) => work() };
  const copyOf = (form: string) => new LastGoodCopy({ id: 'icbc', definitions: [loan], store, clock, form });
  const trouble = vi.fn();
  const declaration = declare(source, { policy: 'stale', copy: copyOf('form 1'), breaker: { failures: 100, rest: 5_000 }, ...options });
  const registered = new RegisteredSource(declaration, clock, trouble);
  const keys = () => registered.answer({ entity: 'Loan', attributes }, (asked, signal) => asked.rows(rowsAsk, signal));
  const totals = () => registered.answer({ entity: 'Loan', attributes: [] }, (asked, signal) => asked.totals(totalsAsk, signal));
  return { source, registered, declaration, clock, keys, totals, copyOf, trouble, pass: (milliseconds: number) => (now += milliseconds) };
}

const gone: Drift = { entity: 'Loan', missing: ['fkje'], added: ['fkje_new'], attributes: ['amount'], unreadable: false };

describe('stale', () => {
  it('answers from the last good copy, marked with its age and the reason', async () => {
    const { source, registered, keys, totals } = await breakable();
    expect((await keys()).how).toBe('LIVE');
    await registered.survey();
    source.fault = down;
    source.now = '2022-01-02T00:00:00.000Z';
    const { value, how, asOf, fault } = await keys();
    expect(value).toEqual([
      { entity: 'Loan', source: 'icbc', key: 'A', asOf: '2022-01-01T00:00:00.000Z', how: 'LAST_GOOD_COPY', amount: 100n, tenantUscc: 'T1' },
      { entity: 'Loan', source: 'icbc', key: 'B', asOf: '2022-01-01T00:00:00.000Z', how: 'LAST_GOOD_COPY', amount: 200n, tenantUscc: 'T2' },
    ]);
    expect({ how, asOf, message: fault?.message }).toEqual({ how: 'LAST_GOOD_COPY', asOf: '2022-01-01T00:00:00.000Z', message: 'Nobody is there.' });
    expect((await totals()).value).toEqual([{ group: [], figures: [2, 300n] }]);
    source.fault = undefined;
    expect(await keys()).toMatchObject({ how: 'LIVE', asOf: '2022-01-02T00:00:00.000Z' });
  });

  it('takes a copy by and by without being told to survey, and no answer waits for it', async () => {
    const { source, keys, pass } = await breakable();
    await keys();
    await vi.waitFor(() => expect(source.asked).toHaveLength(2));
    pass(299_999);
    await keys();
    expect(source.asked).toHaveLength(3);
    pass(1);
    await keys();
    await vi.waitFor(() => expect(source.asked).toHaveLength(5));
    expect(source.asked.at(-1)?.attributes).toEqual([...loan.attributes.keys()]);
  });

  it('without a copy so far fails as partial does', async () => {
    const { source, keys } = await breakable();
    source.fault = down;
    await expect(keys()).rejects.toMatchObject({ reason: 'UNREACHABLE', message: 'Nobody is there.' });
  });

  it('does not take a copy that another mapping made', async () => {
    const { source, registered, declaration, clock, copyOf } = await breakable();
    await registered.survey();
    source.fault = down;
    const other = new RegisteredSource({ ...declaration, copy: copyOf('form 2') }, clock);
    await expect(other.answer({ entity: 'Loan', attributes }, (asked, signal) => asked.rows(rowsAsk, signal))).rejects.toThrow('Nobody is there.');
    const same = new RegisteredSource({ ...declaration, copy: copyOf('form 1') }, clock);
    expect((await same.answer({ entity: 'Loan', attributes }, (asked, signal) => asked.rows(rowsAsk, signal))).value).toHaveLength(2);
  });

  it('answers at once from the copy while the source rests', async () => {
    const { source, registered, keys } = await breakable({ breaker: { failures: 2, rest: 5_000 } });
    await registered.survey();
    source.fault = down;
    for (let turn = 0; turn < 2; turn++) await keys();
    expect(registered.isResting).toBe(true);
    const hang = vi.fn(() => new Promise<never>(() => undefined));
    source.fault = hang;
    expect((await keys()).value).toHaveLength(2);
    expect(hang).not.toHaveBeenCalled();
  });

  it('keeps the copy that it has when a newer one cannot be taken, and says so', async () => {
    const { source, registered, keys, trouble, pass } = await breakable();
    await registered.survey();
    let calls = 0;
    source.fault = async () => {
      // The ask itself is answered; the reading of the whole book is not.
      if (calls++ === 0) return (await MemorySource.prototype.rows.call(source, rowsAsk)) as never;
      throw new SourceError('icbc', 'UNREACHABLE', 'Nobody is there any more.');
    };
    pass(300_000);
    expect((await keys()).how).toBe('LIVE');
    await vi.waitFor(() => expect(trouble).toHaveBeenCalledTimes(1));
    expect(trouble.mock.calls[0]?.[0]).toMatchObject({ message: 'Nobody is there any more.' });
    expect((await keys()).value).toHaveLength(2);
  });

  it('answers what a drifted book lacks from the copy, and the rest from the source; the copy stays whole', async () => {
    const { source, registered, keys, totals, pass } = await breakable();
    await registered.survey();
    source.drifted = gone;
    pass(300_000);
    await registered.survey();
    const { value, how, drift, fault } = await keys();
    expect(value.map(({ key, amount }) => [key, amount])).toEqual([
      ['A', 100n],
      ['B', 200n],
    ]);
    expect({ how, drift, reason: fault?.reason }).toEqual({ how: 'LAST_GOOD_COPY', drift: gone, reason: 'DRIFTED' });
    expect((await totals()).how).toBe('LAST_GOOD_COPY');
    const untouched = await registered.answer({ entity: 'Loan', attributes: ['tenantUscc'] }, (asked, signal) => asked.rows(rowsAsk, signal));
    expect(untouched).toMatchObject({ how: 'LIVE', drift: gone });
  });
});

describe('a book over a source whose policy is', () => {
  const request = { order: [], attributes: new Map([['Loan', attributes]]) };
  const bookOf = (declaration: SourceDeclaration, clock: () => Date) => new Book([loan], new SourceRegistry([declaration], clock), () => undefined);

  it('stale reports the copy and its age', async () => {
    const { source, registered, declaration, clock } = await breakable();
    await registered.survey();
    source.fault = down;
    const { rows, reports } = await bookOf(declaration, clock).page(request);
    expect(rows.map(({ how }) => how)).toEqual(['LAST_GOOD_COPY', 'LAST_GOOD_COPY']);
    expect(reports).toEqual([{ sourceId: 'icbc', state: 'STALE', asOf: '2022-01-01T00:00:00.000Z', message: 'Nobody is there.' }]);
  });

  it('partial goes without its rows, though there is a copy', async () => {
    const { source, registered, declaration, clock } = await breakable();
    await registered.survey();
    source.fault = down;
    const { rows, reports } = await bookOf({ ...declaration, policy: 'partial' }, clock).page(request);
    expect(rows).toEqual([]);
    expect(reports).toMatchObject([{ state: 'UNAVAILABLE', message: 'Nobody is there.' }]);
  });

  it('fail fails each ask with its own error, and has it in what was traced', async () => {
    const { source, declaration, clock } = await breakable({ policy: 'fail' });
    source.fault = down;
    const trace = { since: 0, asks: [], reports: [], late: new Map(), seesInside: () => true };
    const book = bookOf(declaration, clock).asked(trace);
    const refused = { source: 'icbc', reason: 'UNREACHABLE' };
    await expect(book.page(request)).rejects.toMatchObject(refused);
    await expect(book.byKey('tenantUscc', [{ value: 'T1' }], request)).rejects.toMatchObject(refused);
    await expect(book.total(undefined, [], [{ function: 'count' }])).rejects.toMatchObject(refused);
    expect(trace.reports).toMatchObject([{ state: 'UNAVAILABLE' }, { state: 'UNAVAILABLE' }, { state: 'UNAVAILABLE' }]);
  });

  it('partial gives rows of a drifted book on which only the missing attribute fails', async () => {
    const { source, declaration, clock } = await breakable({ policy: 'partial' });
    source.drifted = gone;
    const { rows, reports } = await bookOf(declaration, clock).page(request);
    expect(rows.map(({ key, tenantUscc }) => [key, tenantUscc])).toEqual([
      ['A', 'T1'],
      ['B', 'T2'],
    ]);
    expect(() => rows[0]?.amount).toThrow('The columns of icbc changed. Loan: fkje is missing, so that amount cannot be read. New: fkje_new.');
    expect(reports).toMatchObject([{ state: 'LIVE', drift: [gone], message: 'Loan: fkje is missing, so that amount cannot be read. New: fkje_new.' }]);
    // The rows of the source itself are as they were.
    expect(source.held[0]?.amount).toBe(100n);
  });

  it('partial leaves a drifted book out of what compares or adds up the missing attribute', async () => {
    const { source, declaration, clock } = await breakable({ policy: 'partial' });
    source.drifted = gone;
    const book = bookOf(declaration, clock);
    const filtered = await book.page({ ...request, where: { attribute: 'amount', is: 'isNull', value: true } });
    expect(filtered.rows).toEqual([]);
    expect(filtered.reports).toMatchObject([{ state: 'UNAVAILABLE', drift: [gone] }]);
    const ordered = await book.page({ ...request, order: [{ attribute: 'amount', descending: true, nullsFirst: false }] });
    expect(ordered.reports).toMatchObject([{ state: 'UNAVAILABLE' }]);
    const summed = await book.total(undefined, [], [{ function: 'sum', attribute: 'amount' }]);
    expect(summed).toMatchObject({ rows: [{ figures: [null] }], reports: [{ state: 'UNAVAILABLE' }] });
    const counted = await book.total(undefined, [], [{ function: 'count' }]);
    expect(counted).toMatchObject({ rows: [{ figures: [2] }], reports: [{ state: 'LIVE', drift: [gone] }] });
  });
});
