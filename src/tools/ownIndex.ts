/** Gives a git that only reads an index of its own, where it would write to that of the repository. */
import path from 'node:path';
import type { Disk } from '../core/shell.ts';
import type { ToolContext, ToolResult } from '../core/tools.ts';
import { gitArguments, refreshesIndex } from '../safety/gitHardening.ts';
import { ask, failed, type GitPorts, type SeenRepository } from './gitRepository.ts';

interface OwnIndexPorts extends GitPorts {
  readonly disk: Disk;
}

type Run = (repository: SeenRepository) => Promise<ToolResult>;

/**
 * Runs with the repository as it is, or with a copy of its index that is gone afterwards. Git touches the shared part of a split
 * index whenever it reads the index, so its copy is made whole.
 */
export async function withOwnIndex(
  subcommand: readonly string[],
  repository: SeenRepository,
  context: ToolContext,
  ports: OwnIndexPorts,
  run: Run,
): Promise<ToolResult> {
  const { gitDir } = repository.location;
  const names = (await ports.disk.names(gitDir)) ?? [];
  const shared = names.filter((name) => name.startsWith('sharedindex.'));
  const isNeeded = shared.length > 0 || refreshesIndex(subcommand);
  if (!isNeeded) return run(repository);
  const folder = `${context.outputFile}.git`;
  const copied = ['HEAD', ...names.filter((name) => name === 'index'), ...shared];
  const files = copied.map((name) => path.join(gitDir, name));
  const copies = await ports.disk.copy(files, folder);
  if (copies === undefined) return notCopied;
  try {
    const problem = shared.length > 0 ? await makeWhole(folder, repository, context, ports) : undefined;
    return (
      problem ?? (await run(withEnvironment(repository, { GIT_INDEX_FILE: path.join(folder, 'index') })))
    );
  } finally {
    await copies.dispose();
  }
}

async function makeWhole(
  folder: string,
  repository: SeenRepository,
  context: ToolContext,
  ports: GitPorts,
): Promise<ToolResult | undefined> {
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

const notCopied: ToolResult = {
  ok: false,
  error: {
    kind: 'io',
    message: 'git would write to the index here, and no copy of it could be made, so it did not run.',
  },
};
