/** Ctrl-C and its kin: the first one stops gracefully, the second one at once. */
import { exitCodes } from './exitCodes.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborts `stopping` at the first signal and ends the process at the second. */
export function listenForInterruption(stopping: AbortController): void {
  for (const signal of signals)
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(exitCodes.cancelled);
      stopping.abort();
    });
}

/** Calls `stop` when the signal aborts, or now where it has aborted already. */
export function onceStopped(signal: AbortSignal, stop: () => void): void {
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
}
