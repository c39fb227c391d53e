/** The time of an operation: what is left of it bounds every ask of a source, and its end ends their work. */
import { appendFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OperationStopped, TimeBudget } from '../../src/sources/budget.js';
import { Guard } from '../../src/sources/guard.js';
import { type Answering, type Source, SourceError } from '../../src/sources/source.js';
import { hubForTest, parkForTest, serve } from '../graph/faultyPark.js';
import { handMadeHub } from './handMadeHub.js';
import { startTestServer } from './testServer.js';

/** A park whose operations have so many milliseconds. */
async function parkWithBudget(milliseconds: number) {
  const park = await parkForTest();
  await appendFile(join(park.parkFolder, 'park.yml'), `\nlimits:\n  timeBudget: ${milliseconds}\n`);
  return park;
}

/** Puts something before the rows of one source, and notes the signals that its asks came with. */
function meddling(id: string, before: (signal: AbortSignal) => Promise<void>) {
  const signals: AbortSignal[] = [];
  const intercept = (source: Source): Source => {
    if (source.id !== id) return source;
    const rows: Answering['rows'] = async (ask, signal) => {
      signals.push(signal);
      await before(signal);
      return source.rows(ask, signal);
    };
    return new Proxy(source, {
      get: (target, name) => {
        if (name === 'rows') return rows;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  return { intercept, signals };
}

const forever = (): Promise<void> => new Promise(() => {});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect.unreachable('It did not come to that.');
}

const guardOf = (failures = 2): Guard => new Guard({ id: 'icbc', atOnce: 2, failures, rest: 60_000, clock: () => new Date() });

describe('an ask within a budget', () => {
  it('is ended with the operation, its work is told so, and its turn is free', async () => {
    const gone = new AbortController();
    const budget = new TimeBudget(60_000, gone.signal);
    const guard = new Guard({ id: 'icbc', atOnce: 1, failures: 1, rest: 60_000, clock: () => new Date() });
    let told: AbortSignal | undefined;
    const deaf = (signal: AbortSignal): Promise<void> => {
      told = signal;
      return forever();
    };
    const asked = guard.run(deaf, 60_000, budget);
    const refused = expect(asked).rejects.toMatchObject({ name: 'OperationStopped', reason: 'CLIENT_GONE' });
    await until(() => told !== undefined);
    gone.abort();
    await refused;
    expect(told?.reason).toBeInstanceOf(OperationStopped);
    expect(guard.isResting).toBe(false);
    expect(await guard.run(async () => 'next', 1_000)).toBe('next');
  });

  it('never begins when the operation is over', async () => {
    const gone = new AbortController();
    gone.abort();
    let began = false;
    const asked = guardOf().run(
      async () => {
        began = true;
      },
      1_000,
      new TimeBudget(60_000, gone.signal),
    );
    await expect(asked).rejects.toThrow(OperationStopped);
    expect(began).toBe(false);
  });

  it('takes no longer than what is left, and that is no fault of the source', async () => {
    const guard = guardOf(1);
    const asked = guard.run(forever, 60_000, new TimeBudget(200));
    await expect(asked).rejects.toThrow(/^icbc did not answer within \d+ ms, which was all that was left of the operation's time\.$/);
    expect(guard.isResting).toBe(false);
  });

  it("keeps to the source's own deadline where that is shorter, and then it is the source's fault", async () => {
    const guard = guardOf(1);
    const asked = guard.run(forever, 50, new TimeBudget(60_000));
    await expect(asked).rejects.toThrow('icbc did not answer within 50 ms.');
    await expect(asked).rejects.toThrow(SourceError);
    expect(guard.isResting).toBe(true);
  });

  it('leaves nothing on the signal when it is done, however many there are', async () => {
    const gone = new AbortController();
    const budget = new TimeBudget(60_000, gone.signal);
    const warnings: Error[] = [];
    const note = (warning: Error): number => warnings.push(warning);
    process.on('warning', note);
    onTestFinished(() => void process.off('warning', note));
    const guard = new Guard({ id: 'icbc', atOnce: 100, failures: 2, rest: 1, clock: () => new Date() });
    await Promise.all(Array.from({ length: 50 }, () => guard.run(async () => 1, 1_000, budget)));
    await new Promise(setImmediate);
    expect(warnings).toEqual([]);
    budget.close();
  });
});

const question = '{ loans { nodes { number } sources { sourceId state message } } tenants(first: 1) { nodes { name } } }';

describe('an operation whose time is nearly over', () => {
  it('goes without the source that still has not answered, and says so; the rest is there', async () => {
    const { intercept, signals } = meddling('icbc', forever);
    const { hub } = await hubForTest({ ...(await parkWithBudget(2_000)), intercept });
    await hub.sourceStatuses();
    const server = await startTestServer(hub);
    const { status, body } = await server.ask(question);
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
    const { loans, tenants } = body.data as {
      loans: { nodes: unknown[]; sources: { sourceId: string; state: string; message: string }[] };
      tenants: { nodes: unknown[] };
    };
    expect(tenants.nodes).toHaveLength(1);
    expect(loans.nodes.length).toBeGreaterThan(10);
    const icbc = loans.sources.find(({ sourceId }) => sourceId === 'icbc');
    expect(icbc?.state).toBe('UNAVAILABLE');
    expect(icbc?.message).toMatch(/all that was left of the operation's time/);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});

describe('an operation whose time is over', () => {
  it('because a bank hangs says so over HTTP where something was still to be read, with what was there beside it; its asks are ended', async () => {
    let ended = 0;
    const hanging = await serve((request) => void request.socket.on('close', () => ended++));
    const { hub } = await hubForTest({ ...(await parkWithBudget(1_500)), variables: { SPDB_API_URL: hanging } });
    const server = await startTestServer(hub);
    const start = performance.now();
    // The products are asked for when the loans are there, and then the time is over.
    const { status, body } = await server.ask('{ tenant(uscc: "91410771MA476B5N3R") { name loans { nodes { number product { name } } } } }');
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(status).toBe(200);
    const company = body.data?.tenant as { name: string; loans: { nodes: { number: string; product: null }[] } } | undefined;
    const loans = company?.loans.nodes ?? [];
    expect(company?.name).toMatch(/有限公司$/);
    expect(loans.length).toBeGreaterThan(0);
    expect(body.errors).toEqual(
      loans.map((_node, index) => ({
        message: 'The operation was ended: it took longer than the 1500 ms that it may take. Ask for less at once.',
        locations: expect.anything(),
        path: ['tenant', 'loans', 'nodes', index, 'product'],
        extensions: { code: 'TIME_BUDGET_EXCEEDED' },
      })),
    );
    expect(body.extensions?.sources).toMatchObject([{ sourceId: 'spdb', state: 'UNAVAILABLE' }]);
    await until(() => ended > 0);
    // The hub is none the worse: without the bank that hangs it answers at once.
    expect((await server.ask('{ tenants(first: 1) { totalCount } }')).body.errors).toBeUndefined();
  });

  it('is an error with a code of its own at what was still to be read; what was there stays', async () => {
    const failing = (): unknown => new OperationStopped('TIME_BUDGET_EXCEEDED', 'It took too long.');
    const server = await startTestServer(handMadeHub({ failing }));
    const { status, body } = await server.ask('{ greeting failing }');
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { greeting: '你好', failing: null },
      errors: [{ message: 'It took too long.', locations: [{ line: 1, column: 12 }], path: ['failing'], extensions: { code: 'TIME_BUDGET_EXCEEDED' } }],
    });
    expect(server.logged).toEqual([]);
  });

  it('asks nothing more, and says how long it may take', async () => {
    const budget = new TimeBudget(100);
    await new Promise((resolve) => setTimeout(resolve, 130));
    const asked = guardOf().run(async () => 1, 1_000, budget);
    await expect(asked).rejects.toThrow('The operation was ended: it took longer than the 100 ms that it may take. Ask for less at once.');
  });
});

describe('an operation whose client has gone', () => {
  it('is ended: the asks under way are told so, no more follow, and no source is blamed', async () => {
    const { intercept, signals } = meddling(
      'icbc',
      (signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const { hub } = await hubForTest({ intercept });
    const server = await startTestServer(hub);
    const client = new AbortController();
    const asked = fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ loans { nodes { number patentPledges { nodes { id } } } } }' }),
      signal: client.signal,
    });
    const gone = expect(asked).rejects.toThrow();
    await until(() => signals.length === 1);
    client.abort();
    await gone;
    await until(() => signals[0]?.aborted === true);
    expect(signals[0]?.reason).toMatchObject({ name: 'OperationStopped', reason: 'CLIENT_GONE' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(signals).toHaveLength(1);
    expect(server.logged.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  // A reading of the whole book is another matter: operations share it, and it ends by its own deadline.
  it("has its request to a partner's API ended there", async () => {
    let ended = false;
    let came = false;
    const api = createServer((_request, response) => {
      came = true;
      response.on('close', () => {
        ended = true;
      });
    });
    await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      api.closeAllConnections();
      api.close();
    });
    const { hub } = await hubForTest({ variables: { SPDB_API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}` } });
    const server = await startTestServer(hub);
    const client = new AbortController();
    const body = JSON.stringify({ query: '{ tenants(first: 3) { nodes { loans { nodes { number } } } } }' });
    const asked = fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: client.signal });
    const gone = expect(asked).rejects.toThrow();
    await until(() => came);
    expect(ended).toBe(false);
    client.abort();
    await gone;
    await until(() => ended);
  });
});
