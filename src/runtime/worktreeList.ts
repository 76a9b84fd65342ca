/** Changes git's list of worktrees, one change at a time. */
import PQueue from 'p-queue';
import type { Clock } from '../core/ports.ts';
import { backoffDelays } from '../engine/backoff.ts';
import { delay } from '../models/delay.ts';
import type { Answer, WorktreeGit } from './worktreeGit.ts';

export interface NewWorktree {
  readonly branch: string;
  readonly top: string;
  readonly base: string;
}

/**
 * Git writes the files of a worktree one after the other and without a lock, and dies where it reads those of another
 * that is half made: two changes at once can fail both.
 */
export class WorktreeList {
  private readonly clock: Clock;
  private readonly queue = new PQueue({ concurrency: 1 });

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Runs a change after all that were asked for before it. */
  inTurn<T>(change: () => Promise<T>): Promise<T> {
    return this.queue.add(change);
  }

  /** Makes the worktree with its branch. What another program is just making is waited for, a few times. */
  add(git: WorktreeGit, worktree: NewWorktree, signal: AbortSignal): Promise<Answer> {
    return this.inTurn(async () => {
      const pauses = backoffDelays({ firstMs: 50, longestMs: 1000 });
      let added = await addOnce(git, worktree);
      for (let retries = 0; retries < mostRetries && isHalfMade(added); retries++) {
        await delay(this.clock, pauses.next(), signal);
        added = await addOnce(git, worktree);
      }
      return added;
    });
  }
}

const mostRetries = 5;

async function addOnce(git: WorktreeGit, { branch, top, base }: NewWorktree): Promise<Answer> {
  const added = await git.run(['worktree', 'add', '--no-track', '-b', branch, top, base]);
  // It makes the branch first, and leaves it where it then dies.
  if (isHalfMade(added)) await git.ask(['update-ref', '-d', `refs/heads/${branch}`, base]);
  return added;
}

/** Git 2.39 to 2.51: "failed to read .git/worktrees/NAME/commondir: Success". */
function isHalfMade(added: Answer): boolean {
  return !added.ok && /failed to read .*[/\\]commondir/.test(added.error.message);
}
