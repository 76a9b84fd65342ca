/** The processes of this machine, as others than their parents see them. */
import type { Clock } from '../../core/ports.ts';
import type { NotedProcess, ProcessIdentity, RunningProcesses } from '../../core/processPorts.ts';
import { findProcess } from './processIdentity.ts';
import { ProcessTree } from './processTree.ts';
import { endTree } from './treeEnding.ts';

/** `killGraceMs`: from the request to end to the kill. */
export function createRunningProcesses(clock: Clock, killGraceMs = 2000): RunningProcesses {
  return {
    find: findProcess,
    async end(wanted) {
      const isRootGone = !(await isStill(wanted));
      const tree = treeOf(wanted, isRootGone);
      if (isRootGone && !tree.isAlive()) return false;
      const watch = untilGone(wanted, clock);
      await endTree(tree, watch.gone, { clock, killGraceMs });
      watch.stop();
      return true;
    },
  };
}

/**
 * Returns the tree of a noted process. If that process is gone, the processes that it started are found by
 * its mark alone.
 */
function treeOf({ pid, start, mark }: NotedProcess, isRootGone: boolean): ProcessTree {
  if (process.platform !== 'linux' || mark === undefined) return new ProcessTree(pid, { isRootGone });
  const startTicks = Number(start?.split(' ')[1] ?? 0);
  return new ProcessTree(pid, { isRootGone, traces: { mark, outputs: new Set(), startTicks } });
}

/** One without a start could be anybody by now. */
async function isStill({ pid, start }: ProcessIdentity): Promise<boolean> {
  return start !== undefined && (await findProcess(pid))?.start === start;
}

// Nothing tells of the death of a process that is no child of ours.
const lookAgainMs = 20;

function untilGone(wanted: ProcessIdentity, clock: Clock): { readonly gone: Promise<void>; stop(): void } {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  let isStopped = false;
  const look = (): void => {
    void isStill(wanted).then((isThere) => {
      if (!isThere) resolve();
      else if (!isStopped) clock.after(lookAgainMs, look);
    });
  };
  look();
  return { gone, stop: () => void (isStopped = true) };
}
