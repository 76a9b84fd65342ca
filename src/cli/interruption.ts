/** The causes that end the program before its work has ended: a person's Ctrl-C, or something else. */
import { exitCodes, type ExitCode } from './exitCodes.ts';
import { ignoresHangup } from './hangup.ts';

/** `host`: no person asked for it, so what is cut off is interrupted and can be resumed. */
export type StopCause = { readonly by: 'person' } | { readonly by: 'host'; readonly message: string };

export interface Interruption {
  /** Aborts with a StopCause when the program is to end. */
  readonly signal: AbortSignal;
  /** Stops gracefully; the first cause counts. */
  stop(cause: StopCause): void;
  /** Names what the last words are before an exit at once; a further signal doesn't wait for them. It never rejects. */
  beforeExit(action: () => Promise<void>): void;
}

const causes: Readonly<Record<'SIGINT' | 'SIGTERM' | 'SIGQUIT' | 'SIGHUP', StopCause>> = {
  SIGINT: { by: 'person' },
  SIGTERM: { by: 'host', message: 'Ended by SIGTERM.' },
  SIGQUIT: { by: 'host', message: 'Ended by SIGQUIT.' },
  SIGHUP: { by: 'host', message: 'Ended by SIGHUP: the terminal was closed.' },
};

/** The cause where the output can't be written any more. */
export function outputLost(reason: string): Extract<StopCause, { by: 'host' }> {
  return { by: 'host', message: `The output can't be written: ${reason}.` };
}

/** Listens for as long as the process lives. The first signal stops gracefully, the second one at once. */
export function listenForInterruption(): Interruption {
  const stopping = new AbortController();
  let lastAction: () => Promise<void> = () => Promise.resolve();
  let isLeaving = false;
  const stop = (cause: StopCause): void => {
    if (!stopping.signal.aborted) stopping.abort(cause);
  };
  const leave = (): void => process.exit(exitCodeOf(causeOf(stopping.signal)));
  const hear = (cause: StopCause): void => {
    if (!stopping.signal.aborted) return stop(cause);
    if (isLeaving) return leave();
    isLeaving = true;
    void lastAction().then(leave);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGQUIT'] as const)
    process.on(signal, () => hear(causes[signal]));
  process.on('SIGHUP', ignoresHangup() ? () => undefined : () => hear(causes.SIGHUP));
  return { signal: stopping.signal, stop, beforeExit: (action) => (lastAction = action) };
}

/** Why the program is to end; undefined while it is not. */
export function causeOf(signal: AbortSignal): StopCause | undefined {
  return signal.aborted ? (signal.reason as StopCause) : undefined;
}

/** Calls `stop` once with the cause, or now where the signal has aborted already. */
export function onceStopped(signal: AbortSignal, stop: (cause: StopCause) => void): void {
  const tell = (): void => stop(signal.reason as StopCause);
  if (signal.aborted) tell();
  else signal.addEventListener('abort', tell, { once: true });
}

/** Calls `stop` once a person asks the program to end. For any other cause the program itself closes all sessions. */
export function onceStoppedByPerson(signal: AbortSignal, stop: () => void): void {
  onceStopped(signal, ({ by }) => by === 'person' && stop());
}

function exitCodeOf(cause: StopCause | undefined): ExitCode {
  return cause?.by === 'host' ? exitCodes.unfinished : exitCodes.cancelled;
}
