/** Tells what a new worktree does not hold of what the repository's working tree would. */
import { readNames } from '../safety/gitNames.ts';
import { filteredNames, gitLines, someOf, type Asking } from '../tools/gitListing.ts';
import { WorktreeGit, type WorktreeGitPorts } from './worktreeGit.ts';

/** Sentences for the agent that will work in it; none if it holds everything, or that can't be told. */
export async function lacksOf(
  top: string,
  repository: string,
  ports: WorktreeGitPorts,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const roots = [top, repository];
  const opened = await WorktreeGit.open(top, roots, ports, signal);
  if (!opened.ok) return [];
  const asking: Asking = { repository: opened.git.repository, caller: { roots, signal, callId: '' }, ports };
  const listed = await gitLines(['ls-files', '--stage', '--full-name'], asking);
  if (!listed.ok) return [];
  const entries = listed.lines.map((line) => /^(\d+) [^\t]*\t(.+)$/.exec(line) ?? []);
  const namesOf = (isWanted: (mode: string) => boolean): readonly string[] =>
    readNames(entries.flatMap(([, mode = '', name = '']) => (isWanted(mode) ? [name] : [])).join('\n'));
  const submodules = namesOf((mode) => mode === '160000');
  const found = await filteredNames(
    namesOf((mode) => mode.startsWith('100')),
    asking,
  );
  const filtered = found.ok ? found.filtered.map(({ name }) => name) : [];
  const sentences: string[] = [];
  if (submodules.length > 0)
    sentences.push(
      `Its submodules are empty folders (${someOf(submodules)}): git submodule update fills them.`,
    );
  if (filtered.length > 0)
    sentences.push(
      `These files hold what git stores of them, such as pointers, because the filters of the repository's own config ` +
        `(${someOf([...new Set(asking.repository.switchedOff.filters)])}) were not run: ${someOf(filtered)}. Don't change or commit them.`,
    );
  return sentences;
}
