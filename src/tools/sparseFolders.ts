/** Takes the folders of a sparse index apart in a copy of it, without letting git do that. */
import type { Copies } from '../core/shell.ts';
import type { ToolContext } from '../core/tools.ts';
import { gitArguments } from '../safety/gitHardening.ts';
import { readIndex, readTree, treesOf, wholeIndex, type TreeFile } from '../safety/sparseIndex.ts';
import { ask, failed, type Failed } from './askGit.ts';
import type { GitPorts, SeenRepository } from './gitRepository.ts';

/** Gives the copied index an entry for each file. */
export async function takeApart(
  copies: Copies,
  repository: SeenRepository,
  context: ToolContext,
  ports: GitPorts,
): Promise<Failed | undefined> {
  const index = readIndex(Buffer.from(await copies.read('index')));
  if (index === undefined) return notCopied;
  const filesOf = new Map<string, readonly TreeFile[]>();
  for (const tree of treesOf(index)) {
    const listed = await listTree(tree, repository, context, ports);
    if (!Array.isArray(listed)) return listed;
    filesOf.set(tree, listed);
  }
  await copies.replace('index', wholeIndex(index, filesOf));
  return undefined;
}

async function listTree(
  tree: string,
  { cwd, switchedOff, environment }: SeenRepository,
  context: ToolContext,
  ports: GitPorts,
): Promise<TreeFile[] | Failed> {
  const whole = gitArguments({ subcommand: ['ls-tree', '-r', '--full-tree', tree], paths: [] }, switchedOff);
  if (!whole.ok) return whole;
  let listing = '';
  const onChunk = (stream: 'stdout' | 'stderr', chunk: string): void => {
    if (stream === 'stdout') listing += chunk;
  };
  const end = await ask(whole.args, cwd, context, ports, { ...environment, onChunk });
  if (end.kind !== 'exited' || end.exitCode !== 0) return failed(end, context);
  // A name that is no text can't be written as it is.
  return listing.includes('\ufffd') ? notCopied : readTree(listing);
}

/** No copy of the index could be made, so that git is not run. */
export const notCopied: Failed = {
  ok: false,
  error: {
    kind: 'io',
    message: 'git would write to the index here, and no copy of it could be made, so it did not run.',
  },
};
