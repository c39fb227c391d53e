/** Work that is given up when a signal comes, without leaving anything on a signal that lives longer than the work. */
import { setMaxListeners } from 'node:events';

/** A controller for what lives long: as many may listen to it as there is work under way, and Node is not to warn of them. */
export function sharedController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/** What the work gives, or the reason of the first signal that comes before it is done. The work itself goes on. */
export function unlessAborted<T>(work: Promise<T>, ...signals: readonly AbortSignal[]): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    // Listeners that are taken off one by one: to abort a controller of their own costs an exception for each work.
    const settle = (then: () => void): void => {
      for (const [index, signal] of signals.entries()) signal.removeEventListener('abort', listeners[index] as () => void);
      then();
    };
    const listeners = signals.map((signal) => () => settle(() => reject(signal.reason)));
    for (const [index, signal] of signals.entries()) signal.addEventListener('abort', listeners[index] as () => void);
    work.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    );
    // After what the work has given already.
    const aborted = signals.find((signal) => signal.aborted);
    if (aborted) queueMicrotask(() => settle(() => reject(aborted.reason)));
  });
}

/** Does work with a signal that comes with the given one, or after so many milliseconds with a TimeoutError. */
export async function withDeadline<T>(signal: AbortSignal, milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => controller.abort(new DOMException(`Not done within ${milliseconds} ms.`, 'TimeoutError')), milliseconds);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** What the work gives, or after so many milliseconds what there is instead. */
export async function within<T>(milliseconds: number, work: Promise<T>, instead: () => T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve, reject) => {
    timer = setTimeout(() => {
      try {
        resolve(instead());
      } catch (error) {
        reject(error);
      }
    }, milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
