/** Waits for the end of a child process, and brings it about after an abort. */
import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../../core/ports.ts';
import type { Disposable } from '../../core/emitter.ts';
import { endGroup, killGroup } from './killGroup.ts';

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

// A daemon that inherited the pipes keeps them open for ever, so after the exit they get this long, anew
// with each chunk, and no longer than the second figure in all. After a kill they get all of that: whoever
// held them is about to die.
const drainIdleMs = 150;
const drainAtMostMs = 2000;

/** Settles when the child has exited and its pipes are read; after an abort, when its whole group is dead. */
export async function untilEnded(child: ChildProcess, signal: AbortSignal, timing: Timing): Promise<Ending> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) =>
    child.once('exit', (exitCode, endedBy) => resolve({ exitCode, signal: endedBy })),
  );
  const killing = killOnAbort(child, signal, closed, timing);
  const ending = await exited;
  killing.stopListening();
  await killing.isDone();
  await drain(child, closed, timing.clock, killing.wasAsked() ? drainAtMostMs : drainIdleMs);
  return { ...ending, wasKilled: killing.wasAsked() };
}

interface Killing {
  wasAsked(): boolean;
  /** An abort after the exit is too late to have ended the process. */
  stopListening(): void;
  /** Settles at once where no abort came, else when the whole group was killed. */
  isDone(): Promise<void>;
}

function killOnAbort(
  child: ChildProcess,
  signal: AbortSignal,
  closed: Promise<void>,
  timing: Timing,
): Killing {
  let done: Promise<void> | undefined;
  const kill = async (): Promise<void> => {
    endGroup(child);
    let grace: Disposable | undefined;
    const graceOver = new Promise<void>((resolve) => {
      grace = timing.clock.after(timing.killGraceMs, resolve);
    });
    await Promise.race([closed, graceOver]);
    grace?.dispose();
    // Also after a clean end: the group can hold a process that gave up its pipes.
    killGroup(child);
  };
  const onAbort = (): void => {
    done ??= kill();
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

async function drain(
  child: ChildProcess,
  closed: Promise<void>,
  clock: Clock,
  idleMs: number,
): Promise<void> {
  let idle: Disposable | undefined;
  let limit: Disposable | undefined;
  const quiet = new Promise<void>((resolve) => {
    limit = clock.after(drainAtMostMs, resolve);
    const waitAnew = (): void => {
      idle?.dispose();
      idle = clock.after(idleMs, () => {
        // Paused means that the file is behind, not that the pipe is empty.
        if (child.stdout?.isPaused() || child.stderr?.isPaused()) waitAnew();
        else resolve();
      });
    };
    waitAnew();
    child.stdout?.on('data', waitAnew);
    child.stderr?.on('data', waitAnew);
  });
  await Promise.race([closed, quiet]);
  idle?.dispose();
  limit?.dispose();
  child.stdout?.destroy();
  child.stderr?.destroy();
}
