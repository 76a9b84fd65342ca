/** Waits for the end of a child process, and brings it about after an abort. */
import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../../core/ports.ts';
import type { Disposable } from '../../core/emitter.ts';
import { untilDrained } from './pipeDrain.ts';
import { ProcessTree } from './processTree.ts';

export interface Ending {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly wasKilled: boolean;
}

export interface Timing {
  readonly clock: Clock;
  readonly killGraceMs: number;
}

// Nothing tells of the death of a process that is no child of ours, so we look again; one that even the
// kill can't end hangs in the kernel, and is not waited for.
const lookAgainMs = 5;
const lookAtMostMs = 1000;

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
    if (child.pid !== undefined) done ??= kill(new ProcessTree(child.pid), closed, timing);
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

async function kill(tree: ProcessTree, closed: Promise<void>, timing: Timing): Promise<void> {
  const { clock, killGraceMs } = timing;
  tree.askToEnd();
  await pause(clock, killGraceMs, closed);
  // Also after a clean end: somebody may have given up the pipes and live on.
  tree.kill();
  const giveUpAt = clock.monotonicMs() + lookAtMostMs;
  while (tree.isAlive() && clock.monotonicMs() < giveUpAt) {
    await pause(clock, lookAgainMs);
    tree.kill();
  }
}

/** Settles after the time; `unless` this settled before. */
async function pause(clock: Clock, ms: number, unless?: Promise<void>): Promise<void> {
  let timer: Disposable | undefined;
  const over = new Promise<void>((resolve) => (timer = clock.after(ms, resolve)));
  await (unless === undefined ? over : Promise.race([over, unless]));
  timer?.dispose();
}
