/** What is in a worktree, uncommitted and untracked files with it, as one tree of git's, without touching the worktree. */
import path from 'node:path';
import type { Disk } from '../core/shell.ts';
import type { ChangedFile, WorktreeProblem, WorktreeSummary } from '../core/worktrees.ts';
import { readNames } from '../safety/gitNames.ts';
import { failure, type WorktreeGit } from './worktreeGit.ts';

export interface WorktreeContent {
  readonly ok: true;
  /** Hash of the tree that holds everything but ignored files. */
  readonly tree: string;
  readonly head: string;
  readonly headTree: string;
}

/** `scratch` is a path for a passing folder with an index of our own: the worktree's is left alone. */
export async function contentOf(
  git: WorktreeGit,
  scratch: string,
  disk: Pick<Disk, 'copy'>,
): Promise<WorktreeContent | WorktreeProblem> {
  const head = await git.line('rev-parse', '--verify', 'HEAD^{commit}');
  if (!head.ok) return head;
  const headTree = await git.line('rev-parse', '--verify', 'HEAD^{tree}');
  if (!headTree.ok) return headTree;
  const tree = await treeOf(git, scratch, disk);
  if (!tree.ok) return tree;
  return { ok: true, tree: tree.text, head: head.text, headTree: headTree.text };
}

type Tree = { readonly ok: true; readonly text: string } | WorktreeProblem;

async function treeOf(git: WorktreeGit, scratch: string, disk: Pick<Disk, 'copy'>): Promise<Tree> {
  const index = await git.line('rev-parse', '--git-path', 'index');
  if (!index.ok) return index;
  // A copy knows which files have not changed; without one git reads them all.
  const from = path.resolve(git.repository.top ?? git.repository.cwd, index.text);
  const copied = await disk.copy([from], scratch);
  const copies = copied ?? (await disk.copy([], scratch));
  if (copies === undefined) return failure('io', `${scratch} could not be made.`);
  try {
    const env = { GIT_INDEX_FILE: path.join(scratch, path.basename(from)) };
    return await writeTree(git, env, copied !== undefined);
  } finally {
    await copies.dispose();
  }
}

async function writeTree(
  git: WorktreeGit,
  env: Readonly<Record<string, string>>,
  isCopied: boolean,
): Promise<Tree> {
  const read = isCopied ? undefined : await git.run(['read-tree', 'HEAD'], env);
  if (read && !read.ok) return read;
  const added = await git.run(['add', '--all', '--', '.'], env);
  if (!added.ok) return added;
  const written = await git.run(['write-tree'], env);
  return written.ok ? { ok: true, text: written.stdout.trim() } : written;
}

const diffOptions = ['--no-ext-diff', '--no-textconv', '--no-renames', '--ignore-submodules=none'];

/** The options and trees of a diff from the beginning of a worktree to its content. */
export function diffArguments(base: string, tree: string, ...options: readonly string[]): readonly string[] {
  return ['diff', ...diffOptions, ...options, base, tree, '--'];
}

/** Compares the content with the worktree's beginning. */
export async function summaryOf(
  git: WorktreeGit,
  base: string,
  { tree, head, headTree }: WorktreeContent,
  takenTree: string | undefined,
): Promise<WorktreeSummary | WorktreeProblem> {
  const raw = await git.run(diffArguments(base, tree, '--raw'));
  if (!raw.ok) return raw;
  const counts = await git.run(diffArguments(base, tree, '--numstat'));
  if (!counts.ok) return counts;
  const counted = await git.line('rev-list', '--count', `${base}..${head}`);
  if (!counted.ok) return counted;
  const { files, repositories } = readChanges(raw.stdout, counts.stdout);
  const commits = Number(counted.text);
  const text = summaryText(files, commits, tree !== headTree);
  return { ok: true, files, commits, repositories, isTaken: tree === takenTree, text };
}

function readChanges(raw: string, numstat: string): Pick<WorktreeSummary, 'files' | 'repositories'> {
  const lines = new Map(
    linesOf(numstat).flatMap((line): readonly (readonly [string, readonly string[]])[] => {
      const [, added = '', removed = '', name] = /^(\S+)\t(\S+)\t(.+)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, [added, removed]]];
    }),
  );
  const files: ChangedFile[] = [];
  const repositories: string[] = [];
  for (const line of linesOf(raw)) {
    const [, mode, letter = '', name = ''] = /^:\S+ (\S+) \S+ \S+ (\w)\S*\t(.+)$/.exec(line) ?? [];
    const [file = name] = readNames(name);
    const [added, removed] = lines.get(name) ?? [];
    const change = changes[letter] ?? 'changed';
    if (mode === gitlinkMode) repositories.push(file);
    files.push({ path: file, change, added: lineCount(added), removed: lineCount(removed) });
  }
  return { files, repositories };
}

function linesOf(listing: string): readonly string[] {
  return listing.split('\n').filter((line) => line !== '');
}

const gitlinkMode = '160000';
const changes: Readonly<Record<string, ChangedFile['change']>> = { A: 'added', D: 'deleted' };

function lineCount(text: string | undefined): number | undefined {
  return text === undefined || text === '-' ? undefined : Number(text);
}

function summaryText(files: readonly ChangedFile[], commits: number, isDirty: boolean): string {
  if (files.length === 0 && commits === 0) return 'no changes';
  const sum = (of: (file: ChangedFile) => number | undefined): number =>
    files.reduce((total, file) => total + (of(file) ?? 0), 0);
  const lines = `${counted(
    sum(({ added }) => added),
    'line',
  )} added, ${sum(({ removed }) => removed)} removed`;
  const where = [commits > 0 ? counted(commits, 'commit') : '', isDirty ? 'uncommitted changes' : ''];
  const places = where.filter((place) => place !== '').join(' and ');
  return `${counted(files.length, 'file')} changed, ${lines}${places === '' ? '' : `, in ${places}`}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
