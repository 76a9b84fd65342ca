/** Waits for the end of a child process, and brings it about after an abort. */
import type { ChildProcess } from 'node:child_process';
import { untilDrained } from './pipeDrain.ts';
import type { LeftRunning } from '../../core/processPorts.ts';
import type { ProcessTree } from './processTree.ts';
import { endTree, pause, type Timing } from './treeEnding.ts';

export interface Ending {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly wasKilled: boolean;
  readonly left?: LeftRunning;
}

export interface EndingOptions extends Timing {
  readonly signal: AbortSignal;
  /** After an end by itself nothing that runs on is looked for. */
  readonly leavesNothing: boolean;
  readonly tree: Pick<ProcessTree, 'askToEnd' | 'kill' | 'isAlive' | 'left'>;
}

/** Settles when the child has exited and its pipes are read; after an abort, when all that it started is dead. */
export async function untilEnded(child: ChildProcess, options: EndingOptions): Promise<Ending> {
  const { clock, signal } = options;
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<{ exitCode: number | null; signal: string | null }>((resolve) =>
    child.once('exit', (exitCode, endedBy) => resolve({ exitCode, signal: endedBy })),
  );
  const killing = killOnAbort(signal, () => endTree(options.tree, closed, options));
  const ending = await exited;
  killing.stopListening();
  await killing.isDone();
  const wasKilled = killing.wasAsked();
  const isOutputHeld = await untilDrained(child, { closed, clock, wasKilled });
  const isLookedFor = wasKilled || !options.leavesNothing;
  const left = isLookedFor ? await leftRunning(isOutputHeld && !wasKilled, options) : undefined;
  return { ...ending, wasKilled, ...(left && { left }) };
}

// Many a process is about to end when its parent does.
const lookAgainMs = 50;

async function leftRunning(
  isOutputHeld: boolean,
  { tree, clock }: EndingOptions,
): Promise<LeftRunning | undefined> {
  if (!isOutputHeld && tree.left().length > 0) await pause(clock, lookAgainMs);
  else if (!isOutputHeld) return undefined;
  const processes = tree.left();
  return isOutputHeld || processes.length > 0 ? { isOutputHeld, processes } : undefined;
}

interface Killing {
  wasAsked(): boolean;
  /** An abort after the exit is too late to have ended the process. */
  stopListening(): void;
  /** Settles at once where no abort came, else when all is dead. */
  isDone(): Promise<void>;
}

function killOnAbort(signal: AbortSignal, end: () => Promise<void>): Killing {
  let done: Promise<void> | undefined;
  const onAbort = (): void => {
    done ??= end();
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
