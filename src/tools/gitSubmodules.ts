/** Keeps git from running what the config of a submodule names, where it looks into submodules. */
import path from 'node:path';
import { gitArguments } from '../safety/gitHardening.ts';
import { readNames } from '../safety/gitNames.ts';
import { ask, failed, type Failed, type GitCaller } from './askGit.ts';
import { lookAtRepository, type GitPorts, type SeenRepository } from './gitRepository.ts';

/**
 * Refuses a working tree in which a submodule's own config names filters or hooks: git runs itself in there, and what is
 * switched off here by name is not switched off there. Submodules of submodules count. `problemOf` may refuse one, too.
 */
export async function checkSubmodules(
  repository: Pick<SeenRepository, 'top' | 'switchedOff' | 'environment'>,
  context: GitCaller,
  ports: GitPorts,
  problemOf: (submodule: SeenRepository) => Promise<Failed | undefined> = () => Promise.resolve(undefined),
): Promise<Failed | undefined> {
  const { top, switchedOff, environment } = repository;
  if (top === undefined) return undefined;
  // A submodule has an index of its own.
  const inside = { ...environment, env: { ...environment.env, GIT_INDEX_FILE: undefined } };
  const listed = await listSubmodules(repository, context, ports);
  if (!listed.ok) return listed;
  for (const name of listed.names) {
    const folder = path.join(top, name);
    if (await isEmpty(folder, ports)) continue;
    const looked = await lookAtRepository(folder, context, ports);
    if (!looked.ok) return looked;
    const { filters, hooks = [] } = looked.repository.switchedOff;
    const [program] = [...filters, ...hooks];
    if (program !== undefined) return refused(name, program);
    const further = { top: folder, switchedOff, environment: inside };
    const problem =
      (await problemOf(looked.repository)) ?? (await checkSubmodules(further, context, ports, problemOf));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

type Listed = { readonly ok: true; readonly names: readonly string[] } | Failed;

async function listSubmodules(
  { top = '', switchedOff, environment }: Pick<SeenRepository, 'top' | 'switchedOff' | 'environment'>,
  context: GitCaller,
  ports: GitPorts,
): Promise<Listed> {
  const whole = gitArguments({ subcommand: ['ls-files', '--stage'], paths: [] }, switchedOff);
  if (!whole.ok) return whole;
  const entries: string[] = [];
  let rest = '';
  const onChunk = (stream: 'stdout' | 'stderr', chunk: string): void => {
    if (stream === 'stderr') return;
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    entries.push(...lines.flatMap((line) => /^160000 [^\t]*\t(.+)$/.exec(line)?.[1] ?? []));
  };
  const end = await ask(whole.args, top, context, ports, { ...environment, onChunk });
  if (end.kind !== 'exited' || end.exitCode !== 0) return failed(end, context);
  return { ok: true, names: readNames(entries.join('\n')) };
}

/** Whether the submodule's files were never fetched: git has nothing to look into there. */
async function isEmpty(folder: string, { files }: GitPorts): Promise<boolean> {
  const read = await files.readText(path.join(folder, '.git'), 0, new AbortController().signal);
  return !read.ok && read.error.kind === 'notFound';
}

function refused(name: string, program: string): Failed {
  const message =
    `The config of the submodule ${name} names a program (${program}) that git would run when it looks into the submodule, ` +
    'so this was not done. A person can do it in a terminal.';
  return { ok: false, error: { kind: 'refused', message } };
}
