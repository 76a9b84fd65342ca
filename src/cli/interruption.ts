/** Ctrl-C and its kin: the first one stops gracefully, the second one at once. */
import { exitCodes } from './exitCodes.ts';

export interface Interruption {
  /** Aborts when a person asks the program to stop. */
  readonly signal: AbortSignal;
  /** Stops gracefully, as the first Ctrl-C does. */
  stop(): void;
  /** Names what the last words are before an exit at once; a further Ctrl-C doesn't wait for them. It never rejects. */
  beforeExit(action: () => Promise<void>): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens for as long as the process lives. */
export function listenForInterruption(): Interruption {
  const stopping = new AbortController();
  let lastAction: () => Promise<void> = () => Promise.resolve();
  let isLeaving = false;
  const leave = (): void => process.exit(exitCodes.cancelled);
  for (const signal of signals)
    process.on(signal, () => {
      if (!stopping.signal.aborted) return stopping.abort();
      if (isLeaving) return leave();
      isLeaving = true;
      void lastAction().then(leave);
    });
  return {
    signal: stopping.signal,
    stop: () => stopping.abort(),
    beforeExit: (action) => (lastAction = action),
  };
}

/** Calls `stop` when the signal aborts, or now where it has aborted already. */
export function onceStopped(signal: AbortSignal, stop: () => void): void {
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
}
