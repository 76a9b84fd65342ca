/** Takes what is in a worktree over into the repository that it belongs to: as a patch, as changes, as a merge. */
import path from 'node:path';
import type { WorktreeProblem } from '../core/worktrees.ts';
import { readNames } from '../safety/gitNames.ts';
import { diffArguments, type WorktreeContent } from './worktreeContent.ts';
import { failure, mergeDriverProblem, type WorktreeGit } from './worktreeGit.ts';
import type { WorktreeRecord } from './worktreeRecords.ts';

export type Taken = { readonly ok: true; readonly text: string } | WorktreeProblem;

/** The worktree's git, and that of the repository's own working tree. */
export interface TwoGits {
  readonly worktree: WorktreeGit;
  readonly repository: WorktreeGit;
}

/** Writes all changes since the beginning into the file; an empty one where there are none. */
export async function writePatch(
  git: WorktreeGit,
  base: string,
  tree: string,
  file: string,
): Promise<WorktreeProblem | undefined> {
  const written = await git.run(diffArguments(base, tree, '--binary', '--full-index', `--output=${file}`));
  return written.ok ? undefined : written;
}

/** Changes the repository's working tree, or nothing where not all fits. */
export async function applyChanges(
  { worktree, repository }: TwoGits,
  { worktree: { base }, label }: WorktreeRecord,
  { tree }: WorktreeContent,
  patchFile: string,
): Promise<Taken> {
  const problem = await writePatch(worktree, base, tree, patchFile);
  if (problem) return problem;
  const applied = await repository.run(['apply', '--binary', '--whitespace=nowarn', patchFile]);
  if (applied.ok)
    return { ok: true, text: `The changes of ${label} stand in ${top(repository)}, uncommitted.` };
  // An attempt whose program died before it could note that it had applied them.
  const taken = await repository.run(['apply', '--check', '--reverse', '--binary', patchFile]);
  if (taken.ok) return { ok: true, text: `The changes of ${label} stand in ${top(repository)} already.` };
  return failure(
    'changed',
    `The changes of ${label} do not fit ${top(repository)} as it is now, so nothing was changed there. ${applied.error.message} Merge them instead, or take them over by hand from the diff.`,
  );
}

/** Merges into the branch that the repository has checked out, or leaves everything as it was. */
export async function mergeChanges(
  gits: TwoGits,
  record: WorktreeRecord,
  content: WorktreeContent,
): Promise<Taken> {
  const { repository } = gits;
  const drivers = await mergeDriverProblem(repository);
  if (drivers) return drivers;
  const open = await repository.ask(['rev-parse', '--quiet', '--verify', 'MERGE_HEAD']);
  if (!open.ok) return open;
  if (open.exitCode === 0)
    return failure('busy', `A merge is under way in ${top(repository)}. End that one first.`);
  const identity = await identityFor(repository);
  const tip = await commitAll(gits.worktree, record, content, identity);
  if (!tip.ok) return tip;
  const message = `Merge the work of agent ${record.label}`;
  // What git says is read where it refuses.
  const env = { ...identity, LC_ALL: 'C' };
  const merged = await repository.run(['merge', '--no-ff', '--no-edit', '-m', message, tip.text], env);
  if (merged.ok) return { ok: true, text: `The work of ${record.label} is merged in ${top(repository)}.` };
  return undoMerge(repository, record, merged);
}

/** The commit that holds everything: the newest one, or a further one with what is uncommitted. */
async function commitAll(
  git: WorktreeGit,
  { label }: WorktreeRecord,
  { tree, head, headTree }: WorktreeContent,
  identity: Readonly<Record<string, string>>,
): Promise<Taken> {
  if (tree === headTree) return { ok: true, text: head };
  const made = await git.run(
    ['commit-tree', tree, '-p', head, '-m', `Uncommitted work of agent ${label}`],
    identity,
  );
  return made.ok ? { ok: true, text: made.stdout.trim() } : made;
}

async function undoMerge(
  git: WorktreeGit,
  { label }: WorktreeRecord,
  { error }: WorktreeProblem,
): Promise<WorktreeProblem> {
  const names = await git.ask(['diff', '--no-ext-diff', '--no-textconv', '--name-only', '--diff-filter=U']);
  const conflicts = names.ok ? readNames(names.stdout) : [];
  const begun = await git.ask(['rev-parse', '--quiet', '--verify', 'MERGE_HEAD']);
  if (begun.ok && begun.exitCode === 0) {
    const undone = await git.run(['merge', '--abort']);
    if (!undone.ok)
      return failure(
        'exitCode',
        `The merge failed in ${top(git)} and could not be undone: ${undone.error.message}`,
      );
  }
  const inTheWay = conflicts.length > 0 ? undefined : changesInTheWay(error.message);
  if (inTheWay !== undefined) return failure('changed', inTheWay);
  const why =
    conflicts.length > 0 ? `both changed ${conflicts.join(', ')}` : error.message.replace(/\.$/, '');
  return failure(
    'changed',
    `The work of ${label} could not be merged, and ${top(git)} is as it was: ${why}. Merge its branch in a terminal to settle it by hand.`,
  );
}

/** What a person can do where git began nothing, because it would overwrite what is not committed. */
function changesInTheWay(said: string): string | undefined {
  const files = [...said.matchAll(/^\t(.+)$/gm)].flatMap(([, name = '']) => readNames(name));
  const names = files.length > 3 ? `${files.slice(0, 3).join(', ')}, …` : files.join(', ');
  const isOne = files.length === 1;
  if (files.length === 0) return undefined;
  if (said.includes('commit your changes or stash them'))
    return `${names} ${isOne ? 'has' : 'have'} changes of yours: commit or stash them, then merge again.`;
  if (said.includes('untracked working tree files') || said.includes('move or remove them'))
    return `${names} ${isOne ? 'is' : 'are'} there, and not in the repository: move or commit ${isOne ? 'it' : 'them'}, then merge again.`;
  return undefined;
}

/** Where nobody told git who they are, a commit still needs an author. */
async function identityFor(git: WorktreeGit): Promise<Readonly<Record<string, string>>> {
  const known = await git.ask(['var', 'GIT_COMMITTER_IDENT']);
  if (known.ok && known.exitCode === 0) return {};
  const [name, email] = ['AllSettled', 'allsettled@localhost.invalid'];
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}

function top(git: WorktreeGit): string {
  return path.basename(git.top ?? git.repository.cwd);
}
