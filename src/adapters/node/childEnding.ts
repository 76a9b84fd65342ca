/** Waits for the end of a child process, and brings it about after an abort. */
import type { ChildProcess } from 'node:child_process';
import { untilDrained } from './pipeDrain.ts';
import { ProcessTree } from './processTree.ts';
import { endTree, type Timing } from './treeEnding.ts';

export interface Ending {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly wasKilled: boolean;
}

/** Settles when the child has exited and its pipes are read; after an abort, when all that it started is dead. */
export async function untilEnded(child: ChildProcess, signal: AbortSignal, timing: Timing): Promise<Ending> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) =>
    child.once('exit', (exitCode, endedBy) => resolve({ exitCode, signal: endedBy })),
  );
  const killing = killOnAbort(child, signal, closed, timing);
  const ending = await exited;
  killing.stopListening();
  await killing.isDone();
  await untilDrained(child, { closed, clock: timing.clock, wasKilled: killing.wasAsked() });
  return { ...ending, wasKilled: killing.wasAsked() };
}

interface Killing {
  wasAsked(): boolean;
  /** An abort after the exit is too late to have ended the process. */
  stopListening(): void;
  /** Settles at once where no abort came, else when all is dead. */
  isDone(): Promise<void>;
}

function killOnAbort(
  child: ChildProcess,
  signal: AbortSignal,
  closed: Promise<void>,
  timing: Timing,
): Killing {
  let done: Promise<void> | undefined;
  const onAbort = (): void => {
    if (child.pid !== undefined) done ??= endTree(new ProcessTree(child.pid), closed, timing);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  // The signal may have aborted while the process was being started.
  if (signal.aborted) onAbort();
  return {
    wasAsked: () => done !== undefined,
    stopListening: () => signal.removeEventListener('abort', onAbort),
    isDone: () => done ?? Promise.resolve(),
  };
}
