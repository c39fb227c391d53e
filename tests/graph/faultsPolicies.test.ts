/** What source.yml says of faults, seen through the graph and over HTTP: `policy`, `atOnce`, `breaker`. */
import { describe, expect, it } from 'vitest';
import { startTestServer } from '../server/testServer.js';
import { declareInPark, dying, hanging, hubForTest, Meddler, parkForTest, type partners, slow } from './faultyPark.js';

interface Report {
  readonly sourceId: string;
  readonly state: string;
  readonly asOf: string | null;
  readonly message: string | null;
}

const startOf2022 = Date.parse('2022-01-05T02:00:00.000Z');
const loansOf = (source: string) =>
  `{ loans(first: 1000, where: { sourceId: { eq: "${source}" } }) { nodes { number amount provenance { how asOf } } totalCount totals { sum { amount } } sources { sourceId state asOf message } } }`;

/** A hub of which one source has these fields in its source.yml, with a clock that is moved by hand. */
async function hubWhere(partner: (typeof partners)[number], fields: string) {
  const park = await parkForTest();
  await declareInPark(park, partner, fields);
  const meddler = new Meddler();
  let now = startOf2022;
  const hub = await hubForTest({ ...park, intercept: meddler.intercept, clock: () => new Date(now) });
  return { park, hub, meddler, pass: (milliseconds: number) => (now += milliseconds) };
}

describe('stale', () => {
  it.each(['icbc', 'spdb', 'bocom'] as const)('answers for %s from its last good copy, with its age', async (partner) => {
    const { hub, meddler, pass } = await hubWhere(partner, 'policy: stale');
    const good = (await hub.ask(loansOf(partner))).loans;
    expect(good.nodes.length).toBeGreaterThan(10);
    // `parkhub sources`, serving, or time takes the copy.
    expect((await hub.hub.sourceStatuses()).every(({ state }) => state === 'LIVE' || state === 'MIRRORED')).toBe(true);
    meddler.let(partner, dying);
    pass(3_600_000);
    const { nodes, totalCount, totals, sources } = (await hub.ask(loansOf(partner))).loans;
    expect(nodes.map(({ number, amount }: { number: string; amount: string }) => [number, amount])).toEqual(
      good.nodes.map(({ number, amount }: { number: string; amount: string }) => [number, amount]),
    );
    expect({ totalCount, totals }).toEqual({ totalCount: good.totalCount, totals: good.totals });
    const asOf = partner === 'bocom' ? '2021-12-31T15:59:59.999Z' : new Date(startOf2022).toISOString();
    expect(new Set(nodes.map(({ provenance }: { provenance: object }) => JSON.stringify(provenance)))).toEqual(
      new Set([JSON.stringify({ how: 'LAST_GOOD_COPY', asOf })]),
    );
    expect(sources).toEqual([{ sourceId: partner, state: 'STALE', asOf, message: `${partner} failed; the log has the cause.` }]);
    expect((await hub.hub.sourceStatuses()).find(({ id }) => id === partner)).toMatchObject({ state: 'STALE', asOf });
    meddler.let(partner, undefined);
    pass(5_000);
    expect((await hub.ask(loansOf(partner))).loans.sources[0].state).toBe(partner === 'bocom' ? 'MIRRORED' : 'LIVE');
  });

  it('keeps its copy over a restart of the hub, and a source that never answered has none', async () => {
    const park = await parkForTest();
    await declareInPark(park, 'icbc', 'policy: stale');
    await declareInPark(park, 'spdb', 'policy: stale');
    const meddler = new Meddler();
    const hub = await hubForTest({ ...park, intercept: meddler.intercept });
    meddler.let('spdb', dying);
    await hub.hub.sourceStatuses();
    const again = await hubForTest({ ...park, store: hub.store, intercept: meddler.intercept });
    meddler.let('icbc', dying);
    const { loans } = await again.ask('{ loans(first: 1000) { nodes { provenance { sourceId how } } sources { sourceId state } } }');
    expect(loans.sources).toEqual([
      { sourceId: 'bocom', state: 'MIRRORED' },
      { sourceId: 'icbc', state: 'STALE' },
      { sourceId: 'spdb', state: 'UNAVAILABLE' },
    ]);
    const copied = loans.nodes.filter(({ provenance }: { provenance: { how: string } }) => provenance.how === 'LAST_GOOD_COPY');
    expect(new Set(copied.map(({ provenance }: { provenance: { sourceId: string } }) => provenance.sourceId))).toEqual(new Set(['icbc']));
  });

  it('gives a link its row of the copy', async () => {
    const { hub, meddler } = await hubWhere('icbc', 'policy: stale');
    await hub.hub.sourceStatuses();
    meddler.let('icbc', dying);
    const { loans } = await hub.ask('{ loans(where: { sourceId: { eq: "icbc" } }) { nodes { productCode product { code } } } }');
    for (const { productCode, product } of loans.nodes) expect(product).toEqual(productCode === null ? null : { code: productCode });
  });
});

describe('fail', () => {
  it('makes an error of each list that the source is asked for, and of nothing beside it', async () => {
    const { hub, meddler } = await hubWhere('icbc', 'policy: fail');
    meddler.let('icbc', dying);
    const server = await startTestServer(hub.hub);
    const { status, body } = await server.ask(
      '{ loans { nodes { number } sources { state } } investments(first: 2) { nodes { number } } tenants(first: 2) { nodes { uscc loans { totalCount } } } others: loans(where: { sourceId: { eq: "bocom" } }) { totalCount } }',
    );
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      loans: null,
      investments: { nodes: [expect.anything(), expect.anything()] },
      tenants: {
        nodes: [
          { uscc: expect.any(String), loans: null },
          { uscc: expect.any(String), loans: null },
        ],
      },
      others: { totalCount: expect.any(Number) },
    });
    expect(body.errors?.length).toBeGreaterThanOrEqual(3);
    for (const { message, path, extensions } of body.errors ?? []) {
      expect(extensions).toEqual({ code: 'SOURCE_UNAVAILABLE', source: 'icbc', reason: 'REFUSED' });
      expect(message).toBe('icbc failed; the log has the cause.');
      expect(path).toContain('loans');
    }
    expect(body.extensions).toEqual({ sources: [{ sourceId: 'icbc', state: 'UNAVAILABLE', asOf: null, message: 'icbc failed; the log has the cause.' }] });
  });

  it('is no error while the source answers', async () => {
    const { hub } = await hubWhere('icbc', 'policy: fail');
    expect((await hub.ask('{ loans { totalCount } }')).loans.totalCount).toBeGreaterThan(20);
  });
});

describe('extensions.sources', () => {
  it('names what did not answer, whether the document asks for reports or not', async () => {
    const { hub, meddler } = await hubWhere('spdb', 'policy: partial');
    meddler.let('spdb', dying);
    const server = await startTestServer(hub.hub);
    const { body } = await server.ask('{ financing { totalCount } tenants(first: 3) { nodes { loans { totalCount } } } }');
    expect(body.errors).toBeUndefined();
    expect(body.extensions).toEqual({ sources: [{ sourceId: 'spdb', state: 'UNAVAILABLE', asOf: null, message: expect.stringContaining('spdb failed') }] });
  });

  it('names a last good copy with its age', async () => {
    const { hub, meddler } = await hubWhere('icbc', 'policy: stale');
    await hub.hub.sourceStatuses();
    meddler.let('icbc', dying);
    const server = await startTestServer(hub.hub);
    const { body } = await server.ask('{ loans { totalCount } }');
    const [report, ...others] = (body.extensions as { sources: Report[] }).sources;
    expect(others).toEqual([]);
    expect(report).toMatchObject({ sourceId: 'icbc', state: 'STALE', asOf: '2022-01-05T02:00:00.000Z' });
  });

  it('is not there where every source answered, or none was asked', async () => {
    const { hub } = await hubWhere('icbc', 'policy: partial');
    const server = await startTestServer(hub.hub);
    expect((await server.ask('{ loans { totalCount } }')).body).not.toHaveProperty('extensions');
    expect((await server.ask('{ __typename }')).body).not.toHaveProperty('extensions');
    expect((await server.ask('{ nothing }')).body).not.toHaveProperty('extensions');
  });

  it('holds the reports of its own operation and of no other that runs at the same time', async () => {
    const { hub, meddler } = await hubWhere('spdb', 'policy: partial');
    meddler.let('spdb', dying);
    const server = await startTestServer(hub.hub);
    const asks = Array.from({ length: 10 }, (_, index) => server.ask(index % 2 === 0 ? '{ loans { totalCount } }' : '{ investments { totalCount } }'));
    for (const [index, { body }] of (await Promise.all(asks)).entries()) expect('extensions' in body).toBe(index % 2 === 0);
  });
});

describe('atOnce', () => {
  it('is the most that runs on the source at once, however many ask', async () => {
    const { hub, meddler } = await hubWhere('icbc', 'atOnce: 2');
    await hub.ask(loansOf('icbc'));
    let running = 0;
    let most = 0;
    meddler.let('icbc', async (work) => {
      most = Math.max(most, ++running);
      try {
        return await slow(5)(work);
      } finally {
        running--;
      }
    });
    const answers = await Promise.all(Array.from({ length: 10 }, () => hub.ask(loansOf('icbc'))));
    for (const { loans } of answers) expect(loans.sources[0].state).toBe('LIVE');
    expect(most).toBe(2);
  });
});

describe('a source that hangs', () => {
  /** Counts both sides, takes the keys of one, reads the page, then each tenant's loans: four steps, each of which concerns the bank. */
  const steps = `{
    tenants(where: { stage: { in: [INCUBATOR, ACCELERATOR] }, loans: { some: { status: { eq: ACTIVE } } } }) {
      nodes { name loans { nodes { number provenance { sourceId how } } sources { sourceId state } } }
      sources { sourceId state message }
    }
  }`;
  interface Answer {
    readonly nodes: readonly {
      readonly loans: {
        readonly nodes: readonly { readonly provenance: { readonly sourceId: string; readonly how: string } }[];
        readonly sources: readonly object[];
      };
    }[];
    readonly sources: readonly { readonly sourceId: string; readonly state: string; readonly message: string | null }[];
  }

  it('is waited for once in an operation, however many of its steps concern it', async () => {
    const { hub, meddler } = await hubWhere('icbc', 'deadline: 300\nbreaker: { failures: 1000, rest: 5000 }');
    await hub.ask(steps);
    meddler.let('icbc', hanging);
    const before = meddler.asked.get('icbc') ?? 0;
    const { nodes, sources }: Answer = (await hub.ask(steps)).tenants;
    expect((meddler.asked.get('icbc') ?? 0) - before).toBe(1);
    expect(nodes.length).toBeGreaterThan(0);
    expect(sources).toContainEqual({ sourceId: 'icbc', state: 'UNAVAILABLE', message: 'icbc did not answer within 300 ms.' });
    for (const { loans } of nodes) {
      expect(loans.sources).toContainEqual({ sourceId: 'icbc', state: 'UNAVAILABLE' });
      expect(new Set(loans.nodes.map(({ provenance }) => provenance.sourceId))).not.toContain('icbc');
    }
    // The next operation waits anew.
    await hub.ask(steps);
    expect((meddler.asked.get('icbc') ?? 0) - before).toBe(2);
  });

  it('has its last good copy answer every further step at once, under stale', async () => {
    const { hub, meddler } = await hubWhere('icbc', 'policy: stale\ndeadline: 300\nbreaker: { failures: 1000, rest: 5000 }');
    const whole: Answer = (await hub.ask(steps)).tenants;
    await hub.hub.sourceStatuses();
    meddler.let('icbc', hanging);
    const before = meddler.asked.get('icbc') ?? 0;
    const { nodes, sources }: Answer = (await hub.ask(steps)).tenants;
    expect((meddler.asked.get('icbc') ?? 0) - before).toBe(1);
    expect(sources.find(({ sourceId }) => sourceId === 'icbc')?.state).toBe('STALE');
    const numbers = (answer: Answer['nodes']): string[] =>
      answer.flatMap(({ loans }) => loans.nodes.map((loan) => (loan as unknown as { number: string }).number));
    expect(numbers(nodes)).toEqual(numbers(whole.nodes));
    const ofIcbc = nodes.flatMap(({ loans }) => loans.nodes).filter(({ provenance }) => provenance.sourceId === 'icbc');
    expect(ofIcbc.length).toBeGreaterThan(0);
    expect(new Set(ofIcbc.map(({ provenance }) => provenance.how))).toEqual(new Set(['LAST_GOOD_COPY']));
  });
});

describe('breaker', () => {
  it('leaves the source alone after so many failures, for so long, and names that', async () => {
    const { hub, meddler, pass } = await hubWhere('icbc', 'deadline: 100\nbreaker: { failures: 2, rest: 20000 }');
    const count = '{ loans(where: { sourceId: { eq: "icbc" } }) { totalCount sources { state message } } }';
    meddler.let('icbc', hanging);
    await hub.ask(count);
    await hub.ask(count);
    expect(meddler.asked.get('icbc')).toBe(2);
    expect((await hub.ask(count)).loans.sources).toEqual([
      { state: 'UNAVAILABLE', message: 'icbc did not answer within 100 ms. It is left alone for a while and then tried again.' },
    ]);
    pass(19_999);
    await hub.ask(count);
    expect(meddler.asked.get('icbc')).toBe(2);
    pass(1);
    await hub.ask(count);
    expect(meddler.asked.get('icbc')).toBe(3);
  });
});
