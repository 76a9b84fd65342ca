/** Gives a git that only reads an index of its own, where it would write to that of the repository. */
import path from 'node:path';
import type { Disk } from '../core/shell.ts';
import type { ToolContext, ToolResult } from '../core/tools.ts';
import { gitArguments, refreshesIndex } from '../safety/gitHardening.ts';
import { isSparseIndex, tailBytes } from '../safety/sparseIndex.ts';
import { ask, failed, type Failed } from './askGit.ts';
import type { GitPorts, SeenRepository } from './gitRepository.ts';
import { notCopied, takeApart } from './sparseFolders.ts';

export interface OwnIndexPorts extends GitPorts {
  readonly disk: Disk;
}

type Run = (repository: SeenRepository) => Promise<ToolResult>;

/**
 * Runs with the repository as it is, or with a copy of its index that is gone afterwards. The copy is made whole:
 * git touches the shared part of a split index with each read, and the trees of a sparse one to take them apart.
 */
export async function withOwnIndex(
  subcommand: readonly string[],
  seen: SeenRepository,
  context: ToolContext,
  ports: OwnIndexPorts,
  run: Run,
): Promise<ToolResult> {
  const { disk } = ports;
  // Git would make a whole index sparse in its memory, and touch the trees for that, too.
  const settings = [...(seen.switchedOff.settings ?? []), 'index.sparse=false'];
  const repository = { ...seen, switchedOff: { ...seen.switchedOff, settings } };
  const { gitDir } = repository.location;
  const { names, shared, isSparse } = await lookAtIndex(gitDir, disk);
  if (shared.length === 0 && !isSparse && !refreshesIndex(subcommand)) return run(repository);
  const folder = `${context.outputFile}.git`;
  const copied = ['HEAD', ...names.filter((name) => name === 'index'), ...shared];
  const files = copied.map((name) => path.join(gitDir, name));
  const copies = await disk.copy(files, folder);
  if (copies === undefined) return notCopied;
  try {
    const problem =
      (isSparse ? await takeApart(copies, repository, context, ports) : undefined) ??
      (shared.length > 0 ? await makeWhole(folder, repository, context, ports) : undefined);
    return (
      problem ?? (await run(withEnvironment(repository, { GIT_INDEX_FILE: path.join(folder, 'index') })))
    );
  } finally {
    await copies.dispose();
  }
}

interface SeenIndex {
  /** All that is in the folder. */
  readonly names: readonly string[];
  /** The shared parts of a split index. */
  readonly shared: readonly string[];
  readonly isSparse: boolean;
}

async function lookAtIndex(gitDir: string, disk: Disk): Promise<SeenIndex> {
  const names = (await disk.names(gitDir)) ?? [];
  const end = (await disk.tail(path.join(gitDir, 'index'), tailBytes)) ?? new Uint8Array();
  const shared = names.filter((name) => name.startsWith('sharedindex.'));
  return { names, shared, isSparse: isSparseIndex(end) };
}

/** Refuses a submodule whose index needs a copy: git goes into submodules by itself, without one. */
export async function submoduleIndexProblem(
  { location, cwd }: SeenRepository,
  disk: Disk,
): Promise<Failed | undefined> {
  const { shared, isSparse } = await lookAtIndex(location.gitDir, disk);
  if (shared.length === 0 && !isSparse) return undefined;
  const message =
    `The index of the submodule ${cwd} is ${isSparse ? 'sparse' : 'split'}, and git would write below its folder when it looks ` +
    'into it, so this was not done. Leave --dirty and --broken out.';
  return { ok: false, error: { kind: 'refused', message } };
}

async function makeWhole(
  folder: string,
  repository: SeenRepository,
  context: ToolContext,
  ports: GitPorts,
): Promise<Failed | undefined> {
  const { location, cwd, switchedOff } = repository;
  const { environment } = withEnvironment(repository, {
    GIT_DIR: folder,
    GIT_COMMON_DIR: location.commonDir,
    GIT_WORK_TREE: location.top ?? cwd,
  });
  const whole = gitArguments({ subcommand: ['update-index', '--no-split-index'], paths: [] }, switchedOff);
  if (!whole.ok) return whole;
  const args = ['-c', 'core.splitIndex=false', ...whole.args];
  const end = await ask(args, cwd, context, ports, environment);
  return end.kind === 'exited' && end.exitCode === 0 ? undefined : failed(end, context);
}

function withEnvironment(
  repository: SeenRepository,
  added: Readonly<Record<string, string>>,
): SeenRepository {
  const { environment } = repository;
  return { ...repository, environment: { ...environment, env: { ...environment.env, ...added } } };
}
