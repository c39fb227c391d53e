/** Each of the six partners of the demo park in turn is killed, hung, slowed and corrupted, under load: only its own rows are lost, and it is named. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { TestHub } from '../helpers/hub.js';
import { openTestHub } from '../helpers/hub.js';
import { corrupt, declareInPark, dying, hanging, hubForTest, kill, Meddler, type Partner, parkForTest, partners, slow } from './faultyPark.js';

interface Answer {
  readonly financing: {
    readonly nodes: readonly { readonly id: string; readonly amount: string; readonly provenance: { readonly sourceId: string } }[];
    readonly totalCount: number;
    readonly sources: readonly { readonly sourceId: string; readonly state: string; readonly message: string | null }[];
  };
  readonly tenants: { readonly nodes: readonly object[] };
}

/** Money from all six partners and from the park itself, beside a list that none of the six has to do with. */
const document =
  '{ financing(first: 1000) { nodes { id amount provenance { sourceId } } totalCount sources { sourceId state message } } tenants(first: 5) { nodes { uscc name } } }';

const AT_ONCE = 6;
const leaks = /\/tmp|\/work|\.db\b|127\.0\.0\.1|10\.0\.0\.1|ECONN|SELECT|SQLITE_|\bat \w+ \(/;

let whole: Answer;

beforeAll(async () => {
  const hub = await openTestHub();
  whole = await hub.ask(document);
  await hub.close();
  expect(new Set(whole.financing.nodes.map(({ provenance }) => provenance.sourceId))).toEqual(new Set([...partners, 'park']));
});

/** Several at once, so often one after the other. */
async function load(hub: TestHub, rounds: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let round = 0; round < rounds; round++) answers.push(...(await Promise.all(Array.from({ length: AT_ONCE }, () => hub.ask(document)))));
  return answers;
}

function expectWhole(answers: readonly Answer[]): void {
  for (const { financing, tenants } of answers) {
    expect(financing.nodes).toEqual(whole.financing.nodes);
    expect(financing.totalCount).toBe(whole.financing.totalCount);
    expect(tenants).toEqual(whole.tenants);
  }
}

function expectWithout(partner: Partner, answers: readonly Answer[]): void {
  const others = whole.financing.nodes.filter(({ provenance }) => provenance.sourceId !== partner);
  expect(answers.length).toBeGreaterThan(0);
  for (const { financing, tenants } of answers) {
    expect(financing.nodes).toEqual(others);
    expect(financing.totalCount).toBe(others.length);
    expect(tenants).toEqual(whole.tenants);
    expect(financing.sources.filter(({ state }) => state === 'UNAVAILABLE').map(({ sourceId }) => sourceId)).toEqual([partner]);
    expect(financing.sources).toHaveLength(7);
    const { message } = financing.sources.find(({ sourceId }) => sourceId === partner) ?? {};
    expect(message).toMatch(/./);
    expect(message).not.toMatch(leaks);
  }
}

describe.each(partners)('%s', (partner) => {
  it('that is not there costs its own rows', async () => {
    const hub = await hubForTest(await kill(await parkForTest(), partner));
    expectWithout(partner, await load(hub, 3));
  });

  it('that makes no sense costs its own rows', async () => {
    const hub = await hubForTest(await corrupt(await parkForTest(), partner));
    expectWithout(partner, await load(hub, 3));
  });

  it('that hangs costs its own rows, and after a few failures no time', async () => {
    const park = await parkForTest();
    await declareInPark(park, partner, 'deadline: 500\nbreaker: { failures: 3, rest: 60000 }');
    const meddler = new Meddler();
    let now = Date.parse('2022-01-05T02:00:00.000Z');
    const hub = await hubForTest({ ...park, intercept: meddler.intercept, clock: () => new Date(now) });
    // On a busy machine the first reading of a book may take longer than the deadline of this test.
    for (let turn = 0; turn < 5 && (await hub.ask(document)).financing.nodes.length < whole.financing.nodes.length; turn++) now += 60_000;
    expectWhole(await load(hub, 1));
    meddler.let(partner, hanging);
    expectWithout(partner, await load(hub, 2));
    const asked = meddler.asked.get(partner);
    expectWithout(partner, await load(hub, 2));
    expect(meddler.asked.get(partner)).toBe(asked);
  });

  it('that dies while it is asked costs its own rows', async () => {
    const meddler = new Meddler();
    const hub = await hubForTest({ intercept: meddler.intercept });
    expectWhole(await load(hub, 1));
    meddler.let(partner, dying);
    expectWithout(partner, await load(hub, 2));
  });

  it('that is slow, but not too slow, costs nothing', async () => {
    const meddler = new Meddler();
    const hub = await hubForTest({ intercept: meddler.intercept });
    meddler.let(partner, slow(40));
    expectWhole(await load(hub, 2));
  });

  it('that is back after its rest has its rows again', async () => {
    let now = Date.parse('2022-01-05T02:00:00.000Z');
    const meddler = new Meddler();
    const hub = await hubForTest({ intercept: meddler.intercept, clock: () => new Date(now) });
    meddler.let(partner, dying);
    expectWithout(partner, await load(hub, 2));
    meddler.let(partner, undefined);
    expectWithout(partner, await load(hub, 1));
    now += 5_000;
    expectWhole(await load(hub, 2));
  });
});

describe('all six at once', () => {
  it('leave the park’s own money, and every other list', async () => {
    const meddler = new Meddler();
    const hub = await hubForTest({ intercept: meddler.intercept });
    for (const partner of partners) meddler.let(partner, dying);
    for (const { financing, tenants } of await load(hub, 2)) {
      expect(new Set(financing.nodes.map(({ provenance }) => provenance.sourceId))).toEqual(new Set(['park']));
      expect(financing.sources.filter(({ state }) => state === 'UNAVAILABLE').map(({ sourceId }) => sourceId)).toEqual([...partners]);
      expect(tenants).toEqual(whole.tenants);
    }
  });
});
