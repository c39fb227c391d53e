/**
 * What keeps a source's fault from costing more than its own rows: a deadline, a circuit breaker, and a cap on what runs
 * at once.
 *
 * An ask first waits for its turn (the cap), then for what the breaker says, then runs. The deadline counts from the
 * start, waiting included: no answer waits longer for a source than its deadline. Only an ask that ran and failed counts
 * against the source, never one that spent its time waiting. When the deadline is over, the work is told so by its signal and its
 * turn is given to the next, for a work that does not listen would keep its turn for ever; what keeps such works from
 * piling up is the breaker. An ask takes no longer than what is left of its operation's time, and ends with the operation;
 * neither counts against the source.
 *
 * After so many failures in a row the breaker opens: asks fail at once, without the source being asked. When it has
 * rested, one ask is let through; those that come meanwhile wait for what becomes of it.
 */
import {
  BrokenCircuitError,
  type BulkheadPolicy,
  BulkheadRejectedError,
  bulkhead,
  type CircuitBreakerPolicy,
  CircuitState,
  circuitBreaker,
  handleWhen,
  type IBackoff,
  type IBreaker,
} from 'cockatiel';
import { OperationStopped, type TimeBudget } from './budget.js';
import { SourceError } from './source.js';

/** How much a source may cost, and how patient the hub is with it. */
export interface GuardOptions {
  /** The id of the source. */
  readonly id: string;
  /** Asks that run at once; more wait for their turn. */
  readonly atOnce: number;
  /** Failures in a row after which it is left alone. */
  readonly failures: number;
  /** How long it is left alone, in milliseconds. */
  readonly rest: number;
  readonly clock: () => Date;
}

/** Asks that may wait for their turn; more are refused, so that a flood costs no memory without end. */
const MOST_WAITING = 1_000;

/** The guard of one source. */
export class Guard {
  private readonly cap: BulkheadPolicy;
  private readonly breaker: CircuitBreakerPolicy;
  private readonly failures: Failures;
  private lastFault?: SourceError;

  constructor(private readonly options: GuardOptions) {
    this.cap = bulkhead(options.atOnce, MOST_WAITING);
    this.failures = new Failures(options.failures);
    this.breaker = circuitBreaker(handleWhen(isFault), { breaker: this.failures, halfOpenAfter: restFor(options) });
  }

  /** Whether the source is left alone: asks fail at once until it has rested. */
  get isResting(): boolean {
    return this.breaker.state !== CircuitState.Closed;
  }

  /** The failure that is under way is enough to leave the source alone, whatever came before it. */
  giveUp(): void {
    this.failures.enough = true;
  }

  /**
   * Does the work within the deadline (in milliseconds), and within what is left of the operation's time. Throws a
   * SourceError for whatever goes wrong, and an OperationStopped when the operation is over.
   */
  async run<T>(work: (signal: AbortSignal) => Promise<T>, patience: number, budget?: TimeBudget): Promise<T> {
    const { id } = this.options;
    budget?.signal.throwIfAborted();
    const left = budget?.forOneAsk() ?? patience;
    const deadline = Math.min(patience, Math.ceil(left));
    const controller = new AbortController();
    let onStop: (() => void) | undefined;
    const start = performance.now();
    let began: number | undefined;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        const waited = (began ?? performance.now()) - start;
        const error = waited >= deadline / 2 ? new LateTurn(id, deadline) : deadline < patience ? new OutOfTime(id, deadline) : tookTooLong(id, deadline);
        controller.abort(error);
        reject(error);
      }, deadline);
      onStop = () => {
        reject(budget?.signal.reason);
        controller.abort(budget?.signal.reason);
      };
      budget?.signal.addEventListener('abort', onStop, { once: true });
    });
    const turn = this.cap.execute(() => {
      controller.signal.throwIfAborted();
      return this.breaker.execute(async () => {
        began = performance.now();
        try {
          // The race is for sources that cannot be stopped: the answer goes on without them.
          return await Promise.race([work(controller.signal), late]);
        } catch (error) {
          const fault = this.sourceError(error);
          if (fault instanceof SourceError && isFault(fault)) this.lastFault = fault;
          throw fault;
        }
      });
    });
    try {
      return await Promise.race([turn, late]);
    } catch (error) {
      throw this.sourceError(error);
    } finally {
      clearTimeout(timer);
      if (onStop) budget?.signal.removeEventListener('abort', onStop);
    }
  }

  private sourceError(error: unknown): SourceError | OperationStopped {
    const { id } = this.options;
    if (error instanceof SourceError || error instanceof OperationStopped) return error;
    if (error instanceof BulkheadRejectedError)
      return new SourceError(id, 'REFUSED', `${id} is not asked: ${MOST_WAITING} asks wait for their turn already. Ask again later.`);
    if (error instanceof BrokenCircuitError) {
      const { reason = 'UNREACHABLE', message = `${id} failed.` } = this.lastFault ?? {};
      return new SourceError(id, reason, `${message} It is left alone for a while and then tried again.`, { cause: this.lastFault });
    }
    return new SourceError(id, 'REFUSED', `${id} failed; the log has the cause.`, { cause: error });
  }
}

/** An ask's deadline was over before its turn came, or soon after: the source had no time to answer it. */
class LateTurn extends SourceError {
  constructor(source: string, deadline: number) {
    super(source, 'TIMED_OUT', `${source} did not answer within ${deadline} ms, most of which the ask waited for its turn.`);
  }
}

/** An ask's deadline was over that was shorter than the source's own, for its operation had no more time. */
class OutOfTime extends SourceError {
  constructor(source: string, deadline: number) {
    super(source, 'TIMED_OUT', `${source} did not answer within ${deadline} ms, which was all that was left of the operation's time.`);
  }
}

function tookTooLong(source: string, deadline: number): SourceError {
  return new SourceError(source, 'TIMED_OUT', `${source} did not answer within ${deadline} ms.`);
}

/** A book whose columns changed, or that is still being read, is no failure of the source: it answered. */
function isFault(error: unknown): boolean {
  return error instanceof SourceError && error.reason !== 'DRIFTED' && error.reason !== 'UNREAD' && !(error instanceof LateTurn || error instanceof OutOfTime);
}

/** Opens the circuit after so many failures in a row, or at once where one is enough. */
class Failures implements IBreaker {
  /** How many in a row so far. */
  state = 0;
  enough = false;

  constructor(private readonly most: number) {}

  success(): void {
    this.state = 0;
    this.enough = false;
  }

  failure(): boolean {
    this.state += 1;
    const opens = this.enough || this.state >= this.most;
    this.enough = false;
    return opens;
  }
}

/**
 * The rest of an opened circuit by the hub's own clock. The library compares the time since it opened, by the machine's
 * clock, with a duration that it asks for anew each time: one that never ends until the rest is over by ours, and then
 * none, however the machine's clock was set meanwhile.
 */
function restFor({ rest, clock }: GuardOptions): IBackoff<unknown> {
  const begin = (): IBackoff<unknown> => {
    const since = clock().getTime();
    return {
      get duration() {
        return clock().getTime() - since < rest ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      },
      next: begin,
    };
  };
  return begin();
}
