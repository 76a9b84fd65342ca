/** What a person is told of worktrees. */
import type { Worktree } from '../core/agents.ts';
import type { Discarded, KnownWorktree, WorktreeSummary } from '../core/worktrees.ts';
import { ageText } from './duration.ts';
import { oneLine } from './plainText.ts';
import { joined } from './row.ts';

/** Where everything of a discarded worktree went. */
export function discardedText(
  label: string,
  { keptPatch, keptFolder, keptBranch }: Omit<Extract<Discarded, { kind: 'discarded' }>, 'kind'>,
): string {
  const kept = [
    ...(keptPatch === undefined ? [] : [`a patch holds what was in it`]),
    ...(keptFolder === undefined ? [] : [`files that no patch holds are in ${oneLine(keptFolder, 300)}`]),
    ...(keptBranch === undefined ? [] : [`its commits stay on the branch ${oneLine(keptBranch, 200)}`]),
  ];
  return `The worktree of “${label}” is removed${kept.length > 0 ? `; ${kept.join(', ')}` : ''}.`;
}

/**
 * What was in a worktree when its agent ended, without what only the parent agent needs; empty where that is not known.
 * The runtime's `changesOf` writes what it is made of.
 */
export function changesText(changes: string | undefined, { path, branch }: Worktree): string {
  if (changes === undefined) return '';
  if (changes === `Its worktree, on branch ${branch}, is gone.`) return 'gone';
  const start = `In its worktree ${path}, on branch ${branch}: `;
  const told = changes.startsWith(start) ? changes.slice(start.length) : changes;
  return told.replace(/\.( A person can view, apply, merge or discard them\.)?$/, '');
}

/** One worktree in a list: how old it is, of which repository, on which branch, and what is in it as far as that is known. */
export function worktreeDescription(
  { createdAt, repository, worktree }: KnownWorktree,
  now: number,
  summary?: Pick<WorktreeSummary, 'text' | 'isTaken'>,
): { readonly description: string; readonly detail: string } {
  const folder = oneLine(repository.split(/[\\/]/).at(-1) ?? repository, 40);
  return {
    description: joined(
      `${folder}, ${ageText(now - createdAt)}`,
      summary && oneLine(summary.text.split(',', 1)[0] ?? '', 80),
      summary?.isTaken ? 'merged or applied' : '',
    ),
    detail: oneLine(`${worktree.branch} in ${worktree.path}`, 300),
  };
}
