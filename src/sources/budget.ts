/** The time of one operation: how much is left, and the signal that ends its work when it is over or nobody waits any more. */

import { sharedController } from './abort.js';

/** An operation was ended before it was answered: its time is over, or its client has gone. No fault of any source. */
export class OperationStopped extends Error {
  constructor(
    readonly reason: 'TIME_BUDGET_EXCEEDED' | 'CLIENT_GONE',
    message: string,
  ) {
    super(message);
    this.name = 'OperationStopped';
  }
}

/** So much of a budget is kept back from the sources, for putting together what the others gave. */
const KEPT_BACK = 0.05;

/** The time budget of one operation. It runs from when it is made. */
export class TimeBudget {
  private readonly controller = sharedController();
  private readonly end: number;
  private readonly timer: NodeJS.Timeout;
  private readonly onGone = (): void => this.stop(new OperationStopped('CLIENT_GONE', 'The client has gone, and the operation was ended.'));

  /**
   * @param milliseconds how long the operation may take
   * @param gone aborted when nobody waits for the answer any more
   */
  constructor(
    private readonly milliseconds: number,
    private readonly gone?: AbortSignal,
  ) {
    this.end = performance.now() + milliseconds;
    this.timer = setTimeout(() => this.stop(this.over()), milliseconds).unref();
    if (gone?.aborted) this.onGone();
    else gone?.addEventListener('abort', this.onGone, { once: true });
  }

  /** Aborted, with an OperationStopped, when the work is to end. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /**
   * Milliseconds that one ask of a source may take from now: what is left, less what is kept back. Throws an OperationStopped
   * where nothing is: no source is to be blamed for having had no time.
   */
  forOneAsk(): number {
    const left = this.end - performance.now() - this.milliseconds * KEPT_BACK;
    if (left < 1) throw this.over();
    return left;
  }

  /** The operation is answered: its timer and its listener are let go. What is still under way for it is ended. */
  close(): void {
    clearTimeout(this.timer);
    this.gone?.removeEventListener('abort', this.onGone);
  }

  private over(): OperationStopped {
    return new OperationStopped(
      'TIME_BUDGET_EXCEEDED',
      `The operation was ended: it took longer than the ${this.milliseconds} ms that it may take. Ask for less at once.`,
    );
  }

  private stop(reason: OperationStopped): void {
    this.close();
    this.controller.abort(reason);
  }
}
