/** Removes a worktree and its branch; what was not taken over is kept, and goes only where a person agreed. */
import { access, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Discarded, WorktreeProblem, WorktreeSummary } from '../core/worktrees.ts';
import { readNames } from '../safety/gitNames.ts';
import type { WorktreeContent } from './worktreeContent.ts';
import type { WorktreeGit } from './worktreeGit.ts';
import type { WorktreeRecord, WorktreeRecords } from './worktreeRecords.ts';
import { writePatch, type TwoGits } from './worktreeTaking.ts';

/** Everything that is known of what would go. */
export interface SeenWorktree {
  readonly ok: true;
  readonly gits: TwoGits;
  readonly content: WorktreeContent;
  readonly summary: WorktreeSummary;
}

export interface DiscardRequest {
  readonly record: WorktreeRecord;
  readonly seen: SeenWorktree | WorktreeProblem;
  readonly isConfirmed: boolean;
  /** A file or folder of that name in the records' `kept` is free. */
  readonly keptName: string;
}

export async function discardWorktree(request: DiscardRequest, records: WorktreeRecords): Promise<Discarded> {
  const { record, seen } = request;
  if (!(await exists(record.top))) {
    await records.remove(record);
    return { kind: 'discarded', ...(seen.ok ? {} : { keptBranch: record.worktree.branch }) };
  }
  return seen.ok ? discardSeen(request, seen, records) : moveAside(request, seen, records);
}

async function discardSeen(
  { record, isConfirmed, keptName }: DiscardRequest,
  { gits, content, summary }: SeenWorktree,
  records: WorktreeRecords,
): Promise<Discarded> {
  const { files, commits, repositories, isTaken, text } = summary;
  if (repositories.length > 0) return nestedRepositories(repositories);
  const ignored = await ignoredFiles(gits.worktree);
  if (!ignored.ok) return { kind: 'failed', error: ignored.error };
  const isLost = !isTaken && (files.length > 0 || commits > 0);
  if ((isLost || ignored.names.length > 0) && !isConfirmed)
    return { kind: 'needsConfirmation', text: textWith(isLost ? [text] : [], ignored.names) };
  const keptPatch = path.join(records.kept, `${keptName}.patch`);
  if (isLost) {
    await mkdir(records.kept, { recursive: true, mode: 0o700 });
    const problem = await writePatch(gits.worktree, record.worktree.base, content.tree, keptPatch);
    if (problem) return { kind: 'failed', error: problem.error };
  }
  const keptFolder = path.join(records.kept, `${keptName}-ignored`);
  await moveInto(keptFolder, record.top, ignored.names);
  const removed = await gits.repository.run(['worktree', 'remove', '--force', '--force', record.top]);
  if (!removed.ok) return { kind: 'failed', error: removed.error };
  const isBranchKept = !(await removeBranch(gits.repository, record, isTaken));
  await records.remove(record);
  return {
    kind: 'discarded',
    ...(isLost && { keptPatch }),
    ...(ignored.names.length > 0 && { keptFolder }),
    ...(isBranchKept && { keptBranch: record.worktree.branch }),
  };
}

/** No patch holds them, and nothing else has them; a folder of which all is ignored is one name. */
async function ignoredFiles(
  git: WorktreeGit,
): Promise<{ readonly ok: true; readonly names: readonly string[] } | WorktreeProblem> {
  const listed = await git.run(['ls-files', '--others', '--ignored', '--exclude-standard', '--directory']);
  if (!listed.ok) return listed;
  return { ok: true, names: readNames(listed.stdout) };
}

function textWith(parts: readonly string[], ignored: readonly string[]): string {
  if (ignored.length === 0) return parts.join('');
  const shown = ignored.slice(0, mostNamed).join(', ');
  const more = ignored.length > mostNamed ? ` and ${ignored.length - mostNamed} more` : '';
  return [...parts, `ignored by git: ${shown}${more}`].join('; ');
}

const mostNamed = 5;

async function moveInto(folder: string, top: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const kept = path.join(folder, name);
    await mkdir(path.dirname(kept), { recursive: true, mode: 0o700 });
    await rename(path.join(top, name), kept);
  }
}

/** Whether the branch is gone: not where it has commits that nothing else has. */
async function removeBranch(
  git: WorktreeGit,
  { worktree: { branch, base } }: WorktreeRecord,
  isTaken: boolean,
): Promise<boolean> {
  const own = await git.line('rev-list', '--count', `${base}..refs/heads/${branch}`);
  const isMerged = (await git.run(['merge-base', '--is-ancestor', `refs/heads/${branch}`, 'HEAD'])).ok;
  if (!own.ok || (Number(own.text) > 0 && !isMerged && !isTaken)) return !own.ok;
  return (await git.run(['branch', '-D', branch])).ok;
}

/** Git can't tell what is in it, so no patch can hold it: the files themselves are kept. */
async function moveAside(
  { record, isConfirmed, keptName }: DiscardRequest,
  { error }: WorktreeProblem,
  records: WorktreeRecords,
): Promise<Discarded> {
  const text = `what is in it can’t be told (${error.message}), so its files would be moved to ${records.kept}`;
  if (!isConfirmed) return { kind: 'needsConfirmation', text };
  const keptFolder = path.join(records.kept, keptName);
  await mkdir(records.kept, { recursive: true, mode: 0o700 });
  await rename(record.top, keptFolder);
  await records.remove(record);
  return { kind: 'discarded', keptFolder, keptBranch: record.worktree.branch };
}

function nestedRepositories(repositories: readonly string[]): Discarded {
  const message = `It holds repositories of their own (${repositories.join(', ')}), whose content no patch can keep. Move them away first.`;
  return { kind: 'failed', error: { kind: 'refused', message } };
}

async function exists(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  );
}
