/** Ends a tree of processes: a request, a grace, a kill, and the wait for their death. */
import type { Disposable } from '../../core/emitter.ts';
import type { Clock } from '../../core/ports.ts';
import type { ProcessTree } from './processTree.ts';

export interface Timing {
  readonly clock: Clock;
  /** From the request to end to the kill. */
  readonly killGraceMs: number;
}

// Nothing tells of the death of a process that is no child of ours, so we look again; one that even the
// kill can't end hangs in the kernel, and is not waited for.
const lookAgainMs = 5;
const lookAtMostMs = 1000;

/** Settles when nothing of the tree lives any more. `closed` settles when its root has ended and nobody holds its pipes. */
export async function endTree(
  tree: Pick<ProcessTree, 'askToEnd' | 'kill' | 'isAlive'>,
  closed: Promise<void>,
  { clock, killGraceMs }: Timing,
): Promise<void> {
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

/** Settles after the time, or when `unless` has settled before. */
export async function pause(clock: Clock, ms: number, unless?: Promise<void>): Promise<void> {
  let timer: Disposable | undefined;
  const over = new Promise<void>((resolve) => (timer = clock.after(ms, resolve)));
  await (unless === undefined ? over : Promise.race([over, unless]));
  timer?.dispose();
}
