import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type BookMapping, sourceFileSchema } from '../../src/config/sourceFile.js';
import { definitionOf } from '../../src/entities/definition.js';
import { Loan } from '../../src/entities/index.js';
import { MirroredSource } from '../../src/sources/mirror.js';
import type { RawRecord } from '../../src/sources/raw.js';
import { SourceError } from '../../src/sources/source.js';
import { Mirrors, type SyncOutcome } from '../../src/sources/sync/mirrors.js';
import { loanSource } from '../helpers/loanPark.js';
import { MemoryFeed, mirroredSource, newStore } from './memoryFeed.js';
import { loansAsk, never } from './sqlPartner.js';

const LOOK_AGAIN = 5_000;

const mapping = sourceFileSchema.parse(loanSource()).books.Loan as BookMapping;
const loan = (number: string, balance: number | string = 1): RawRecord => ({ place: `line ${number}`, cells: { 借据号: number, 余额: balance } });

function feedOf(records: readonly RawRecord[], id = 'icbc') {
  const book = { definition: definitionOf(Loan), mapping, records };
  return { feed: new MemoryFeed(id, [book]), book };
}

const keys = async (source: MirroredSource): Promise<string[]> => (await source.rows(loansAsk({ attributes: [] }), never())).map(({ key }) => key);

/** A hand that holds a feed at its first record until it lets go. */
function held(feed: MemoryFeed): { reading: Promise<void>; release: () => void } {
  let release: () => void = () => undefined;
  const reading = new Promise<void>((started) => {
    feed.onRead = () => {
      feed.onRead = () => undefined;
      started();
      return new Promise<void>((resolve) => (release = resolve));
    };
  });
  return { reading, release: () => release() };
}

describe('the record of runs', () => {
  it('says of each run what it read and did, by whom, when and how long, the last first', async () => {
    const { feed, book } = feedOf([loan('A'), loan('B', '?')]);
    const { source, pass } = mirroredSource(feed, await newStore());
    await source.sync({ by: '王敏' });
    pass(60_000);
    [book.records, feed.version, feed.statedAt] = [[loan('B')], 2, '2022-03-31T15:59:59.999Z'];
    await source.fresh();
    const runs = await source.runs(10);
    expect(runs).toEqual([
      {
        source: 'icbc',
        startedAt: '2022-01-01T00:01:00.000Z',
        milliseconds: expect.any(Number),
        by: 'hub',
        asOf: '2022-03-31T15:59:59.999Z',
        read: 1,
        accepted: 1,
        changed: 1,
        closed: 1,
        quarantined: 0,
        failure: null,
      },
      expect.objectContaining({ startedAt: '2022-01-01T00:00:00.000Z', by: '王敏', read: 2, accepted: 1, changed: 1, closed: 0, quarantined: 1 }),
    ]);
    expect(runs.every(({ milliseconds }) => milliseconds >= 0 && milliseconds < 20_000)).toBe(true);
    expect(await source.runs(1)).toHaveLength(1);
  });

  it('has failures too, in words for people; one that goes on is told once', async () => {
    const { feed } = feedOf([loan('A')]);
    const { source } = mirroredSource(feed, await newStore());
    feed.onRead = () => {
      throw new SourceError('icbc', 'MALFORMED', 'loans.csv line 7: a quote is opened here and never closed.');
    };
    await expect(keys(source)).rejects.toThrow('never closed');
    await expect(keys(source)).rejects.toThrow('never closed');
    await expect(source.sync({ by: '王敏' })).rejects.toThrow('never closed');
    feed.onRead = () => {
      throw new Error('SELECT secret FROM host');
    };
    await expect(keys(source)).rejects.toThrow('secret');
    expect((await source.runs(10)).map(({ by, failure }) => [by, failure])).toEqual([
      ['hub', 'The hub failed; its log has the cause.'],
      ['王敏', 'loans.csv line 7: a quote is opened here and never closed.'],
      ['hub', 'loans.csv line 7: a quote is opened here and never closed.'],
    ]);
  });

  it('keeps the last thousand of a source', async () => {
    const store = await newStore();
    const values = Array.from({ length: 1_100 }, (_, index) => `('icbc', '2021-01-01T00:00:00.000Z', ${index}, 'x', 0, 0, 0, 0, 0, 'no')`);
    const columns = 'source, started_at, milliseconds, "by", rows_read, rows_accepted, rows_changed, rows_closed, rows_quarantined, failure';
    await store.writer.query(`INSERT INTO sync_run (${columns}) VALUES ${values.join(', ')}, ${values[0]?.replace('icbc', 'bocom')}`);
    await mirroredSource(feedOf([loan('A')]).feed, store).source.sync({ by: 'tester' });
    expect(await store.reader.query(`SELECT COUNT(*) AS n FROM sync_run WHERE source = 'icbc'`)).toEqual([{ n: 1_000 }]);
    expect(await store.reader.query(`SELECT milliseconds FROM sync_run WHERE source = 'icbc' ORDER BY id LIMIT 1`)).toEqual([{ milliseconds: 101 }]);
    expect(await store.reader.query(`SELECT COUNT(*) AS n FROM sync_run WHERE source = 'bocom'`)).toEqual([{ n: 1 }]);
  });
});

describe('two syncs of one source', () => {
  it('at once, in two hubs on one store: the one that has read the older state begins anew instead of putting it back', async () => {
    const store = await newStore();
    const slow = feedOf([loan('OLD')]);
    const hand = held(slow.feed);
    const first = mirroredSource(slow.feed, store).source.sync({ by: 'slow' });
    await hand.reading;
    // Meanwhile there is a new drop, and another hub has taken it up.
    const quick = feedOf([loan('NEW')]);
    quick.feed.version = 2;
    const other = mirroredSource(quick.feed, store);
    expect(await other.source.sync({ by: 'quick' })).toMatchObject({ changed: 1 });
    [slow.book.records, slow.feed.version] = [[loan('NEW')], 2];
    hand.release();
    expect(await first).toBeUndefined();
    expect(await keys(other.source)).toEqual(['NEW']);
    expect(await store.reader.query('SELECT "key" FROM loan')).toEqual([{ key: 'NEW' }]);
    expect((await other.source.runs(5)).map(({ by }) => by)).toEqual(['quick']);
  });

  it('in one hub run one after the other', async () => {
    const { feed } = feedOf([loan('A')]);
    const { source } = mirroredSource(feed, await newStore());
    const runs = await Promise.all([source.sync({ by: 'one' }), source.sync({ by: 'two' })]);
    expect(runs.map((run) => run?.by)).toEqual(['one', undefined]);
  });
});

describe('who asks while a copy is made', () => {
  it('gets the older one in time, and the newer one when it is there', async () => {
    const { feed, book } = feedOf([loan('A')]);
    const store = await newStore();
    let now = Date.parse('2022-01-01T00:00:00Z');
    const source = new MirroredSource({ id: 'icbc', how: 'MIRRORED', feed, store, clock: () => new Date(now), patience: 50 });
    expect(await keys(source)).toEqual(['A']);
    [book.records, feed.version] = [[loan('B')], 2];
    now += LOOK_AGAIN;
    const hand = held(feed);
    const asked = await Promise.all([keys(source), keys(source)]);
    expect(asked).toEqual([['A'], ['A']]);
    hand.release();
    await source.survey();
    expect(await keys(source)).toEqual(['B']);
  });

  it('waits for the first one, for there is no other', async () => {
    const { feed } = feedOf([loan('A')]);
    const source = new MirroredSource({ id: 'icbc', how: 'MIRRORED', feed, store: await newStore(), clock: () => new Date(0), patience: 1 });
    const hand = held(feed);
    const asked = keys(source);
    await hand.reading;
    await wait(30);
    hand.release();
    expect(await asked).toEqual(['A']);
  });

  it('does not have a drop read again that took long to fail', async () => {
    const { feed } = feedOf([loan('A')]);
    let now = 0;
    const source = new MirroredSource({ id: 'icbc', how: 'MIRRORED', feed, store: await newStore(), clock: () => new Date(now) });
    let reads = 0;
    feed.onRead = () => {
      reads += 1;
      now += 3_000;
      throw new SourceError('icbc', 'MALFORMED', 'broken');
    };
    await expect(keys(source)).rejects.toThrow('broken');
    now += 29_000;
    await expect(keys(source)).rejects.toThrow('broken');
    expect(reads).toBe(1);
    // A new drop is read at once.
    feed.version = 2;
    await expect(keys(source)).rejects.toThrow('broken');
    expect(reads).toBe(2);
    now += 30_000;
    await expect(keys(source)).rejects.toThrow('broken');
    expect(reads).toBe(3);
  });
});

describe('a schedule', () => {
  const EACH_SECOND = { pattern: '* * * * * *', timeZone: 'Asia/Shanghai' };

  async function scheduled(schedule: { pattern: string; timeZone: string } | undefined, clock = () => new Date()) {
    const { feed, book } = feedOf([loan('A')]);
    const source = new MirroredSource({ id: 'icbc', how: 'MIRRORED', feed, store: await newStore(), clock, isScheduled: schedule !== undefined });
    const mirrors = new Mirrors([{ id: 'icbc', schedule, open: async () => source }], clock);
    const outcomes: SyncOutcome[] = [];
    const keep = (watch = false) => mirrors.keep({ watch, onOutcome: (outcome) => outcomes.push(outcome) });
    return { feed, book, source, mirrors, outcomes, keep };
  }

  async function until(isSo: () => boolean): Promise<void> {
    const deadline = Date.now() + 10_000;
    while (!isSo()) {
      if (Date.now() > deadline) throw new Error('It did not come to pass within ten seconds.');
      await wait(20);
    }
  }

  it('has the source copied when its time comes; who asks takes the copy that there is', async () => {
    const { feed, book, source, outcomes, keep } = await scheduled(EACH_SECOND);
    await source.sync({ by: 'tester' });
    await source.fresh();
    [book.records, feed.version] = [[loan('A'), loan('B')], 2];
    expect(await keys(source)).toEqual(['A']);
    const kept = keep();
    await until(() => outcomes.length > 0);
    await kept.stop();
    expect(outcomes).toMatchObject([{ source: 'icbc', run: { by: 'schedule', read: 2, changed: 1 } }]);
    expect(await keys(source)).toEqual(['A', 'B']);
  });

  it('whose time passed while nobody kept it is made up for at once, and not twice', async () => {
    // Midnight in Shanghai was nine hours ago.
    const clock = () => new Date('2022-01-02T01:00:00Z');
    const { feed, book, source, outcomes, keep } = await scheduled({ pattern: '0 0 * * *', timeZone: 'Asia/Shanghai' }, clock);
    const kept = keep();
    await until(() => outcomes.length > 0);
    await kept.stop();
    expect(outcomes).toMatchObject([{ run: { by: 'schedule', changed: 1 } }]);
    [book.records, feed.version] = [[loan('B')], 2];
    const again = keep();
    await wait(100);
    await again.stop();
    expect(outcomes).toHaveLength(1);
    expect(await source.runs(5)).toHaveLength(1);
  });

  it('goes on after a failure, and tells of it', async () => {
    const { feed, outcomes, keep } = await scheduled(EACH_SECOND);
    let failures = 0;
    feed.onRead = () => {
      failures += 1;
      if (failures === 1) throw new Error('a secret');
    };
    const kept = keep();
    await until(() => outcomes.length >= 2);
    await kept.stop();
    expect(outcomes[0]?.error).toMatchObject({ name: 'SourceError', message: 'icbc failed; the log has the cause.', cause: new Error('a secret') });
    expect(outcomes[1]).toMatchObject({ run: { changed: 1 } });
  });

  it('stops at once, and what it was doing leaves the old state', async () => {
    const { feed, book, source, outcomes, keep } = await scheduled(EACH_SECOND);
    await source.sync({ by: 'tester' });
    await source.fresh();
    [book.records, feed.version] = [[loan('B')], 2];
    const hand = held(feed);
    const kept = keep();
    await hand.reading;
    const stopped = kept.stop();
    hand.release();
    await stopped;
    expect(outcomes).toEqual([]);
    expect(await source.runs(5)).toHaveLength(1);
    expect(await keys(source)).toEqual(['A']);
  });

  it('is not needed where one watches: a source without one is looked at every few seconds', async () => {
    const { feed, book, outcomes, keep } = await scheduled(undefined);
    const kept = keep(true);
    await until(() => outcomes.length === 1);
    [book.records, feed.version] = [[loan('B')], 2];
    await until(() => outcomes.length === 2);
    await kept.stop();
    expect(outcomes.map(({ run }) => [run?.by, run?.changed, run?.closed])).toEqual([
      ['watch', 1, 0],
      ['watch', 1, 1],
    ]);
    const silent = await scheduled(undefined);
    const unwatched = silent.keep();
    await wait(50);
    await unwatched.stop();
    expect(silent.feed.reads).toBe(0);
  });

  it('of a source that is not mirrored there is none', async () => {
    const { mirrors } = await scheduled(undefined);
    await expect(mirrors.sync(['spdb'], { by: 'x' })).rejects.toMatchObject({
      reason: 'MISCONFIGURED',
      message: 'expected one of the mirrored sources icbc, but got: spdb.',
    });
    expect(await mirrors.runs('spdb', 5)).toEqual([]);
  });
});
