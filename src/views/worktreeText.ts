/** What a person is told of worktrees. */
import type { Discarded, KnownWorktree } from '../core/worktrees.ts';
import { ageText } from './duration.ts';
import { oneLine } from './plainText.ts';

/** Where everything of a discarded worktree went. */
export function discardedText(
  label: string,
  { keptPatch, keptFolder, keptBranch }: Omit<Extract<Discarded, { kind: 'discarded' }>, 'kind'>,
): string {
  const kept = [
    ...(keptPatch === undefined ? [] : [`a patch holds what was in it`]),
    ...(keptFolder === undefined ? [] : [`its files are in ${keptFolder}`]),
    ...(keptBranch === undefined ? [] : [`its commits stay on the branch ${keptBranch}`]),
  ];
  return `The worktree of “${label}” is removed${kept.length > 0 ? `; ${kept.join(', ')}` : ''}.`;
}

/** One worktree in a list: how old it is, of which repository, on which branch. */
export function worktreeDescription(
  { createdAt, repository, worktree }: KnownWorktree,
  now: number,
): { readonly description: string; readonly detail: string } {
  const folder = oneLine(repository.split(/[\\/]/).at(-1) ?? repository, 40);
  return {
    description: `${folder}, ${ageText(now - createdAt)}`,
    detail: `${worktree.branch} in ${worktree.path}`,
  };
}
