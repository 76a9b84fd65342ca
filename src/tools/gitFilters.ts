/** Tells by git's own attributes which files would need a filter that is switched off here. */
import { readNames } from '../safety/gitNames.ts';
import type { Failed } from './askGit.ts';
import { filteredNames, gitLines, someOf, type Asking, type Filtered, type Lines } from './gitListing.ts';

/** Content that goes from the working tree into the repository or back. */
export type MovedContent =
  /** What differs in the working tree from what is staged; all of it where no paths are named. */
  | { readonly from: 'tree'; readonly paths?: readonly string[]; readonly untracked: boolean }
  /** What differs between two commits, or between a commit and the working tree. */
  | { readonly from: 'commits'; readonly commits: readonly string[] }
  /** All files of a commit. */
  | { readonly from: 'whole'; readonly commit: string };

/** Refuses to move a file that goes through a filter of the repository's own config. */
export async function filterProblem(
  moved: readonly MovedContent[],
  asking: Asking,
): Promise<Failed | undefined> {
  const [filter] = asking.repository.switchedOff.filters;
  if (filter === undefined) return undefined;
  const found: Filtered[] = [];
  for (const each of moved) {
    const listed = await namesOf(each, asking);
    if (!listed.ok) return listed;
    // Other attributes would count for what is checked out with them.
    if (each.from !== 'tree' && listed.lines.some((name) => /(^|\/)\.gitattributes$/.test(name)))
      return refused(filter, 'that .gitattributes can give to any file here');
    // A checkout goes by the attributes that are staged.
    for (const source of each.from === 'tree' ? [[]] : [[], ['--cached']]) {
      const some = await filteredNames(listed.lines, asking, source);
      if (!some.ok) return some;
      found.push(...some.filtered);
    }
  }
  const [first] = found;
  return first && refused(first.filter, `for ${someOf(namesIn(found))}`);
}

/** The line that says which changed files are shown without their filter; undefined if there are none. */
export async function filterNote(asking: Asking): Promise<string | undefined> {
  if (asking.repository.switchedOff.filters.length === 0) return undefined;
  const listed = await namesInTree({ from: 'tree', untracked: false }, asking);
  const found = listed.ok ? await filteredNames(listed.lines, asking) : listed;
  if (!found.ok || found.filtered.length === 0) return undefined;
  return noteOf(found.filtered);
}

function noteOf(filtered: readonly Filtered[]): string {
  const filters = [...new Set(filtered.map(({ filter }) => filter))];
  return (
    `[the filters of the repository's own config are not run here (${someOf(filters)}), so these can look changed ` +
    `though they are not, and show what is stored against what is in the file: ${someOf(namesIn(filtered))}]`
  );
}

function namesIn(filtered: readonly Filtered[]): readonly string[] {
  return [...new Set(filtered.map(({ name }) => name))];
}

function namesOf(moved: MovedContent, asking: Asking): Promise<Lines> {
  switch (moved.from) {
    case 'tree':
      return namesInTree(moved, asking);
    case 'commits':
      return namesThatDiffer(moved.commits, asking);
    case 'whole':
      return namesInCommit(moved.commit, asking);
  }
}

/** Changed files that are there; what is deleted needs no filter. */
async function namesInTree(
  { paths = [':/'], untracked }: Extract<MovedContent, { from: 'tree' }>,
  asking: Asking,
): Promise<Lines> {
  const which = ['--modified', '--deleted', ...(untracked ? ['--others', '--exclude-standard'] : [])];
  const listed = await gitLines(['ls-files', '-t', '--full-name', ...which, '--', ...paths], asking);
  if (!listed.ok) return listed;
  const entries = listed.lines.map((line) => ({
    tag: line.slice(0, 1),
    name: readNames(line.slice(2))[0] ?? '',
  }));
  const deleted = new Set(entries.filter(({ tag }) => tag === 'R').map(({ name }) => name));
  return { ok: true, lines: entries.map(({ name }) => name).filter((name) => !deleted.has(name)) };
}

const exactly = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-renames',
  '--no-relative',
  '--ignore-submodules=dirty',
];

/** If there is no commit yet to start from, all files of the other one differ. */
async function namesThatDiffer(commits: readonly string[], asking: Asking): Promise<Lines> {
  const [from = '', to] = commits;
  if (!(await exists(from, asking))) return to === undefined ? none : namesInCommit(to, asking);
  if (to !== undefined && !(await exists(to, asking))) return none;
  return named(await gitLines(['diff', '--name-only', ...exactly, ...commits, '--'], asking));
}

async function namesInCommit(commit: string, asking: Asking): Promise<Lines> {
  if (!(await exists(commit, asking))) return none;
  return named(await gitLines(['ls-tree', '-r', '--name-only', '--full-tree', commit], asking));
}

/** Of a commit that does not exist nothing is moved, and git itself says so. */
const none: Lines = { ok: true, lines: [] };

async function exists(commit: string, asking: Asking): Promise<boolean> {
  return (await gitLines(['rev-parse', '--verify', '--quiet', `${commit}^{commit}`], asking)).ok;
}

function named(listed: Lines): Lines {
  return listed.ok ? { ok: true, lines: readNames(listed.lines.join('\n')) } : listed;
}

function refused(filter: string, which: string): Failed {
  const message =
    `The repository's own config names a filter (${filter}) ${which}, which is a program that is not run here, and without ` +
    'it other content would be stored. Nothing was changed. Leave these files out, or say in your reply what should be ' +
    'done, so that a person can do it, or use terminal.';
  return { ok: false, error: { kind: 'refused', message } };
}
