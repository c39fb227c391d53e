import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Guard } from '../../src/sources/guard.js';
import { SourceError } from '../../src/sources/source.js';

/** A guard whose clock is moved by hand, apart from the machine's. */
function guarded(options: { atOnce?: number; failures?: number; rest?: number } = {}) {
  let now = Date.parse('2022-01-01T00:00:00Z');
  const guard = new Guard({ id: 's', atOnce: 8, failures: 3, rest: 5_000, ...options, clock: () => new Date(now) });
  return { guard, pass: (milliseconds: number) => (now += milliseconds) };
}

const refused = () => Promise.reject(new SourceError('s', 'UNREACHABLE', 'Nobody is there.'));
const hanging = () => new Promise<never>(() => undefined);

async function errorOf(work: Promise<unknown>): Promise<SourceError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

/** Fails so often in a row. */
async function fail(guard: Guard, times: number): Promise<void> {
  for (let turn = 0; turn < times; turn++) await errorOf(guard.run(refused, 1_000));
}

describe('the breaker', () => {
  it('opens after so many failures in a row, and then asks nothing', async () => {
    const { guard } = guarded();
    await fail(guard, 2);
    expect(guard.isResting).toBe(false);
    await fail(guard, 1);
    expect(guard.isResting).toBe(true);
    const work = vi.fn(async () => 'well');
    const error = await errorOf(guard.run(work, 1_000));
    expect(work).not.toHaveBeenCalled();
    expect(error).toMatchObject({ reason: 'UNREACHABLE', message: 'Nobody is there. It is left alone for a while and then tried again.' });
    expect(error.cause).toMatchObject({ message: 'Nobody is there.' });
  });

  it('counts failures in a row: an answer between them starts anew', async () => {
    const { guard } = guarded();
    await fail(guard, 2);
    await guard.run(async () => 'well', 1_000);
    await fail(guard, 2);
    expect(guard.isResting).toBe(false);
    await fail(guard, 1);
    expect(guard.isResting).toBe(true);
  });

  it('lets one ask through after its rest by the hub’s clock, and closes when that is answered', async () => {
    const { guard, pass } = guarded();
    await fail(guard, 3);
    const work = vi.fn(async () => 'well');
    pass(4_999);
    await errorOf(guard.run(work, 1_000));
    expect(work).not.toHaveBeenCalled();
    pass(1);
    expect(await guard.run(work, 1_000)).toBe('well');
    expect(guard.isResting).toBe(false);
    // It counts from nothing again.
    await fail(guard, 2);
    expect(guard.isResting).toBe(false);
  });

  it('rests again when the ask that was let through fails, once is enough', async () => {
    const { guard, pass } = guarded();
    await fail(guard, 3);
    pass(5_000);
    await fail(guard, 1);
    const work = vi.fn(async () => 'well');
    pass(4_999);
    await errorOf(guard.run(work, 1_000));
    expect(work).not.toHaveBeenCalled();
    pass(1);
    expect(await guard.run(work, 1_000)).toBe('well');
  });

  it('half open lets one ask through; those that come meanwhile wait for what becomes of it', async () => {
    const { guard, pass } = guarded();
    await fail(guard, 3);
    pass(5_000);
    let answer: (text: string) => void = () => undefined;
    const first = guard.run(() => new Promise<string>((resolve) => (answer = resolve)), 1_000);
    const work = vi.fn(async () => 'later');
    const others = [guard.run(work, 1_000), guard.run(work, 1_000)];
    await new Promise(setImmediate);
    expect(work).not.toHaveBeenCalled();
    answer('first');
    expect(await Promise.all([first, ...others])).toEqual(['first', 'later', 'later']);
  });

  it('half open fails those that wait when the ask that was let through fails', async () => {
    const { guard, pass } = guarded();
    await fail(guard, 3);
    pass(5_000);
    const work = vi.fn(async () => 'later');
    const first = errorOf(guard.run(refused, 1_000));
    const others = [guard.run(work, 1_000), guard.run(work, 1_000)].map(errorOf);
    await first;
    for (const other of others) expect((await other).message).toContain('left alone');
    expect(work).not.toHaveBeenCalled();
  });

  it('is not moved by the machine’s clock', async () => {
    const { guard, pass } = guarded();
    await fail(guard, 3);
    vi.useFakeTimers({ now: Date.now() + 86_400_000, toFake: ['Date'] });
    try {
      await errorOf(guard.run(async () => 'well', 1_000));
      vi.setSystemTime(0);
      pass(5_000);
      expect(await guard.run(async () => 'well', 1_000)).toBe('well');
    } finally {
      vi.useRealTimers();
    }
  });

  it('opens at once where one failure is enough', async () => {
    const { guard } = guarded();
    const opening = async () => {
      guard.giveUp();
      throw new SourceError('s', 'UNREACHABLE', 'It cannot be opened.');
    };
    await errorOf(guard.run(opening, 1_000));
    expect(guard.isResting).toBe(true);
  });

  it('does not count a book whose columns changed: the source answered', async () => {
    const { guard } = guarded({ failures: 1 });
    await errorOf(guard.run(() => Promise.reject(new SourceError('s', 'DRIFTED', 'A column is gone.')), 1_000));
    expect(guard.isResting).toBe(false);
  });
});

describe('the deadline', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('ends the wait for a source that hangs, tells it so, and counts as its failure', async () => {
    const { guard } = guarded({ failures: 1 });
    let signal: AbortSignal | undefined;
    const asked = errorOf(
      guard.run((given) => {
        signal = given;
        return hanging();
      }, 400),
    );
    await vi.advanceTimersByTimeAsync(399);
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await asked).toMatchObject({ reason: 'TIMED_OUT', message: 's did not answer within 400 ms.' });
    expect(signal?.aborted).toBe(true);
    expect(guard.isResting).toBe(true);
  });

  it('is not waited for once the breaker is open', async () => {
    const { guard } = guarded({ failures: 2 });
    const first = [guard.run(hanging, 400), guard.run(hanging, 400)].map(errorOf);
    await vi.advanceTimersByTimeAsync(400);
    await Promise.all(first);
    // No timer moves from here on.
    expect((await errorOf(guard.run(hanging, 400))).reason).toBe('TIMED_OUT');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('holds for the whole ask, the wait for a turn included', async () => {
    const { guard } = guarded({ atOnce: 1, failures: 100 });
    const work = vi.fn(hanging);
    const asks = [errorOf(guard.run(work, 400)), errorOf(guard.run(work, 390)), errorOf(guard.run(work, 390))];
    await vi.advanceTimersByTimeAsync(400);
    const errors = await Promise.all(asks);
    expect(errors.map(({ message }) => message)).toEqual([
      's did not answer within 400 ms.',
      's did not answer within 390 ms, most of which the ask waited for its turn.',
      's did not answer within 390 ms, most of which the ask waited for its turn.',
    ]);
    // Nobody wants what those in the queue would have got.
    await vi.advanceTimersByTimeAsync(1_000);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('of those that waited, until it was over or nearly so, is no failure of the source', async () => {
    const { guard } = guarded({ atOnce: 1, failures: 2 });
    const asks = Array.from({ length: 5 }, () => errorOf(guard.run(hanging, 400)));
    await vi.advanceTimersByTimeAsync(400);
    await Promise.all(asks);
    expect(guard.isResting).toBe(false);
  });
});

describe('the cap', () => {
  it.each([1, 2, 5])('lets %i asks run at once, and all of them in the end', async (atOnce) => {
    const { guard } = guarded({ atOnce });
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 2));
      running--;
      return 'well';
    };
    const answers = await Promise.all(Array.from({ length: 20 }, () => guard.run(work, 10_000)));
    expect(answers).toHaveLength(20);
    expect(most).toBe(atOnce);
  });

  it('gives the turn of a work that does not listen to the next when its deadline is over', async () => {
    const { guard } = guarded({ atOnce: 1, failures: 100 });
    const first = errorOf(guard.run(hanging, 20));
    const second = guard.run(async () => 'well', 5_000);
    await first;
    expect(await second).toBe('well');
  });

  it('refuses what would wait without end, and blames the source for nothing', async () => {
    const { guard } = guarded({ atOnce: 1, failures: 1 });
    const asks = Array.from({ length: 1_002 }, () => guard.run(() => new Promise((resolve) => setTimeout(resolve, 0, 'well')), 20_000));
    const outcomes = await Promise.allSettled(asks);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1_001);
    const [refusal] = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as SourceError] : []));
    expect(refusal).toMatchObject({ reason: 'REFUSED', message: expect.stringContaining('1000 asks wait for their turn already') });
    expect(guard.isResting).toBe(false);
  });
});

describe('what goes wrong', () => {
  it('is an error for people, with its cause kept', async () => {
    const { guard } = guarded();
    const cause = new Error('SELECT secret FROM dk_jj at 10.0.0.1');
    expect(await errorOf(guard.run(() => Promise.reject(cause), 1_000))).toMatchObject({
      reason: 'REFUSED',
      message: 's failed; the log has the cause.',
      cause,
    });
  });

  it('after the deadline is nobody’s concern', async () => {
    const { guard } = guarded();
    let reject: (error: Error) => void = () => undefined;
    const late = guard.run(() => new Promise((_resolve, fail) => (reject = fail)), 10);
    await errorOf(late);
    // An unhandled rejection would fail the run.
    reject(new Error('too late'));
    await new Promise(setImmediate);
  });
});
