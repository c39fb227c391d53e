import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnauthenticatedError } from '../../src/access/refusal.js';
import { publicViewer, type Viewer } from '../../src/access/viewer.js';
import { addressKey, Rates } from '../../src/server/rate.js';
import { handMadeHub } from './handMadeHub.js';
import { startTestServer } from './testServer.js';

/** A clock that a test moves, in milliseconds. */
function movedClock() {
  const clock = { time: 1_000_000, now: () => clock.time };
  return clock;
}

const isIn = (entered: ReturnType<Rates['enter']>): boolean => 'leave' in entered;

describe('the rate of a viewer', () => {
  it('is a burst of ten seconds, and then what is earned', () => {
    const clock = movedClock();
    const rates = new Rates({ perMinute: 60, atOnce: 0, now: clock.now });
    const taken = (): number => Array.from({ length: 100 }, () => rates.enter('a')).filter(isIn).length;
    expect(taken()).toBe(10);
    expect(rates.enter('a')).toEqual({ refused: { limit: 'rate', bound: 60, retryAfter: 1 } });
    clock.time += 3_000;
    expect(taken()).toBe(3);
    clock.time += 3_600_000;
    expect(taken()).toBe(10);
  });

  it('is its own', () => {
    const clock = movedClock();
    const rates = new Rates({ perMinute: 6, atOnce: 0, now: clock.now });
    expect([rates.enter('a'), rates.enter('a'), rates.enter('b')].map(isIn)).toEqual([true, false, true]);
    expect(rates.enter('a')).toEqual({ refused: { limit: 'rate', bound: 6, retryAfter: 10 } });
  });

  it('earns nothing by a clock that is set back', () => {
    const clock = movedClock();
    const rates = new Rates({ perMinute: 6, atOnce: 0, now: clock.now });
    rates.enter('a');
    clock.time -= 3_600_000;
    expect(isIn(rates.enter('a'))).toBe(false);
  });

  it('lets in after the seconds that it names, and never more than is earned', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.array(fc.nat(20_000), { maxLength: 60 }), (perMinute, pauses) => {
        const clock = movedClock();
        const rates = new Rates({ perMinute, atOnce: 0, now: clock.now });
        const start = clock.time;
        let taken = 0;
        for (const pause of pauses) {
          clock.time += pause;
          const entered = rates.enter('a');
          if (isIn(entered)) taken++;
          else if ('refused' in entered) {
            clock.time += entered.refused.retryAfter * 1_000;
            expect(isIn(rates.enter('a'))).toBe(true);
            taken++;
          }
        }
        const burst = Math.max(1, perMinute / 6);
        expect(taken).toBeLessThanOrEqual(burst + ((clock.time - start) * perMinute) / 60_000 + 1e-6);
      }),
    );
  });

  it('remembers ten thousand viewers, and forgets first who asked least lately', () => {
    const clock = movedClock();
    const rates = new Rates({ perMinute: 6, atOnce: 0, now: clock.now });
    rates.enter('first');
    for (let index = 0; index < 9_999; index++) rates.enter(`v${index}`);
    expect(isIn(rates.enter('first'))).toBe(false);
    for (let index = 0; index < 10_000; index++) rates.enter(`w${index}`);
    expect(isIn(rates.enter('first'))).toBe(true);
  });
});

describe('what a viewer asks at once', () => {
  it('is bounded until one is over, which counts once', () => {
    const rates = new Rates({ perMinute: 0, atOnce: 2 });
    const [one, two] = [rates.enter('a'), rates.enter('a')];
    expect(rates.enter('a')).toEqual({ refused: { limit: 'atOnce', bound: 2, retryAfter: 1 } });
    expect(isIn(rates.enter('b'))).toBe(true);
    if ('leave' in one) {
      one.leave();
      one.leave();
    }
    expect([rates.enter('a'), rates.enter('a')].map(isIn)).toEqual([true, false]);
    expect(isIn(two)).toBe(true);
  });
});

describe('an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s counts as %s', (address, key) => expect(addressKey(address)).toBe(key));
});

describe('over HTTP', () => {
  const named = (name: string, kind = 'BANK'): Record<string, string> => ({ authorization: `${kind} ${name}` });
  const authenticate = async (authorization: string | undefined): Promise<Viewer> => {
    const [kind, name = 'anonymous'] = (authorization ?? 'PUBLIC').split(' ');
    if (kind === 'BAD') throw new UnauthenticatedError('it is none of ours');
    return kind === 'BANK' ? { kind, source: name, name, via: 'test' } : { ...publicViewer, name };
  };

  it('one that asks too often gets 429, when to come again, and no answer; another is answered', async () => {
    const server = await startTestServer(handMadeHub({ authenticate }), '', { settings: { rate: 12 } });
    const ask = (headers: Record<string, string>) => server.ask('{ greeting }', {}, headers);
    expect([(await ask(named('icbc'))).status, (await ask(named('icbc'))).status]).toEqual([200, 200]);
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...named('icbc') },
      body: '{"query":"{ greeting }"}',
    });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'rate: expected at most 12 operations a minute of one viewer, but got: more. Ask again in 5 s.',
          extensions: { code: 'RATE_LIMITED', limit: 'rate', bound: 12, retryAfter: 5 },
        },
      ],
    });
    expect((await ask(named('bocom'))).status).toBe(200);
    // The public counts by its address, whatever name it goes by.
    expect([(await ask({})).status, (await ask(named('someone', 'PUBLIC'))).status, (await ask({})).status]).toEqual([200, 200, 429]);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  it('tokens that are refused count for their address', async () => {
    const server = await startTestServer(handMadeHub({ authenticate }), '', { settings: { rate: 12 } });
    const statuses: number[] = [];
    for (let index = 0; index < 4; index++) statuses.push((await server.ask('{ greeting }', {}, named(`guess${index}`, 'BAD'))).status);
    expect(statuses).toEqual([401, 401, 429, 429]);
    expect((await server.ask('{ greeting }', {}, named('icbc'))).status).toBe(200);
    // One line for each that was looked at, none for the others.
    expect(server.logged.map(({ reason }) => reason)).toEqual(['it is none of ours', 'it is none of ours']);
  });

  it('an address that a proxy in front names is believed from that proxy only', async () => {
    const ask = async (proxies: string[]) => {
      const server = await startTestServer(handMadeHub(), '', { settings: { rate: 6, proxies } });
      const from = async (address: string) => (await server.ask('{ greeting }', {}, { 'x-forwarded-for': address })).status;
      return [await from('192.0.2.1'), await from('192.0.2.2'), await from('192.0.2.1')];
    };
    expect(await ask([])).toEqual([200, 429, 429]);
    expect(await ask(['127.0.0.1'])).toEqual([200, 200, 429]);
    expect(await ask(['10.0.0.0/8'])).toEqual([200, 429, 429]);
  });

  it('what runs at once is bounded, and may be asked when it is over', async () => {
    const finish: ((text: string) => void)[] = [];
    const slow = (): Promise<string> => new Promise((resolve) => finish.push(resolve));
    const server = await startTestServer(handMadeHub({ slow, authenticate }), '', { settings: { atOnce: 2 } });
    const running = [server.ask('{ slow }', {}, named('icbc')), server.ask('{ slow }', {}, named('icbc'))];
    await until(() => finish.length === 2);
    const refused = await server.ask('{ greeting }', {}, named('icbc'));
    expect([refused.status, refused.body.errors?.[0]?.extensions.limit]).toEqual([429, 'atOnce']);
    expect((await server.ask('{ greeting }', {}, named('bocom'))).status).toBe(200);
    for (const end of finish) end('done');
    await Promise.all(running);
    await until(async () => (await server.ask('{ greeting }', {}, named('icbc'))).status === 200);
  });
});

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect.unreachable('It did not come to that.');
}
