/** Waits for a promise, or for an abort. */
import type { StopSignal } from './stopping.ts';

/** Settles as `promise` does, unless the signal aborts first: then it rejects with the signal's reason. */
export function orStopped<T>(promise: Promise<T>, signal: StopSignal): Promise<T> {
  const { promise: first, resolve, reject } = Promise.withResolvers<T>();
  const stop = (): void => reject(signal.reason);
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  return first;
}
