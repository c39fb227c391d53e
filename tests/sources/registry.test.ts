import { describe, expect, it, vi } from 'vitest';
import { definitionOf } from '../../src/entities/definition.js';
import { Investment, Loan } from '../../src/entities/index.js';
import { RegisteredSource, SourceRegistry } from '../../src/sources/registry.js';
import { SourceError } from '../../src/sources/source.js';
import { declare, MemorySource } from './memorySource.js';

const memory = (id: string, entity = 'Loan') => new MemorySource(id, [], new Set([entity]));

/** A clock that is moved by hand. */
function handClock() {
  let now = Date.parse('2022-01-01T00:00:00Z');
  return { clock: () => new Date(now), pass: (milliseconds: number) => (now += milliseconds) };
}

async function refusal(asked: Promise<unknown>): Promise<SourceError> {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

describe('a registered source', () => {
  it('is opened when it is first asked, and once', async () => {
    const open = vi.fn(async () => memory('s'));
    const source = new RegisteredSource(declare(memory('s'), { open }), () => new Date());
    expect(open).not.toHaveBeenCalled();
    expect(await Promise.all([source.ask(async ({ id }) => id), source.ask(async ({ id }) => id)])).toEqual(['s', 's']);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('that cannot be opened is left alone for five seconds, then tried again', async () => {
    const { clock, pass } = handClock();
    const open = vi.fn(async (): Promise<MemorySource> => Promise.reject(new SourceError('s', 'UNREACHABLE', 'It is not there.')));
    const source = new RegisteredSource(declare(memory('s'), { open }), clock);
    const ask = () => source.ask(async ({ id }) => id);
    expect((await refusal(ask())).message).toBe('It is not there.');
    pass(4_999);
    expect((await refusal(ask())).reason).toBe('UNREACHABLE');
    expect(open).toHaveBeenCalledTimes(1);
    pass(1);
    await refusal(ask());
    expect(open).toHaveBeenCalledTimes(2);
    pass(5_000);
    open.mockResolvedValueOnce(memory('s'));
    expect(await ask()).toBe('s');
    expect(await ask()).toBe('s');
    expect(open).toHaveBeenCalledTimes(3);
  });

  it('that opens too late is in time for the next ask', async () => {
    let arrive: (source: MemorySource) => void = () => undefined;
    const open = vi.fn(() => new Promise<MemorySource>((resolve) => (arrive = resolve)));
    const source = new RegisteredSource(declare(memory('s'), { open, deadline: 30 }), () => new Date());
    expect((await refusal(source.ask(async ({ id }) => id))).reason).toBe('TIMED_OUT');
    arrive(memory('s'));
    expect(await source.ask(async ({ id }) => id)).toBe('s');
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('is told to stop when its time is over, and may be given more of it', async () => {
    const source = new RegisteredSource(declare(memory('s'), { deadline: 30 }), () => new Date());
    let seen: AbortSignal | undefined;
    const hanging = source.ask((_open, signal) => {
      seen = signal;
      return new Promise<never>(() => undefined);
    });
    expect(await refusal(hanging)).toMatchObject({ source: 's', reason: 'TIMED_OUT', message: 's did not answer within 30 ms.' });
    expect(seen?.aborted).toBe(true);
    const slow = () => new Promise<string>((resolve) => setTimeout(resolve, 60, 'late'));
    await refusal(source.ask(slow));
    expect(await source.ask(slow, 5_000)).toBe('late');
  });

  it('shows nothing of an error that is not for people, and keeps it as the cause', async () => {
    const source = new RegisteredSource(declare(memory('s')), () => new Date());
    const cause = new Error('SELECT * FROM "/srv/icbc/book.db"');
    const error = await refusal(source.ask(async () => Promise.reject(cause)));
    expect(error).toMatchObject({ reason: 'REFUSED', message: 's failed; the log has the cause.', cause });
  });

  it('is closed once it is open, and not waited for while it opens', async () => {
    const own = memory('s');
    const source = new RegisteredSource(declare(own), () => new Date());
    await source.close();
    expect(own.closed).toBe(0);
    await source.ask(async () => undefined);
    await source.close();
    expect(own.closed).toBe(1);

    let arrive: (source: MemorySource) => void = () => undefined;
    const late = memory('late');
    const opening = new RegisteredSource(declare(late, { open: () => new Promise((resolve) => (arrive = resolve)), deadline: 20 }), () => new Date());
    await refusal(opening.ask(async () => undefined));
    await opening.close();
    arrive(late);
    await vi.waitFor(() => expect(late.closed).toBe(1));
  });
});

describe('the registry', () => {
  it('knows which sources hold an entity', () => {
    const registry = new SourceRegistry([declare(memory('a')), declare(memory('b', 'Investment')), declare(memory('c'))], () => new Date());
    expect(registry.holding(definitionOf(Loan)).map((source) => source.id)).toEqual(['a', 'c']);
    expect(registry.holding(definitionOf(Investment)).map((source) => source.id)).toEqual(['b']);
    expect(registry.get('b')?.id).toBe('b');
    expect(registry.get('constructor')).toBeUndefined();
  });

  it('closes every source, though one of them could not be opened', async () => {
    const [good, other] = [memory('a'), memory('c')];
    const registry = new SourceRegistry(
      [declare(good), declare(memory('b'), { open: () => Promise.reject(new Error('no')) }), declare(other)],
      () => new Date(),
    );
    await Promise.allSettled(registry.all().map((source) => source.ask(async () => undefined)));
    await registry.close();
    expect([good.closed, other.closed]).toEqual([1, 1]);
  });
});
