/** Tells whether a git command changed anything before it gave up. */
import { createHash } from 'node:crypto';
import { gitArguments } from '../safety/gitHardening.ts';
import { ask, type GitCaller } from './askGit.ts';
import { type GitPorts, type SeenRepository } from './gitRepository.ts';

/** What git says of the working tree, the index, the branches and the stash, as one word to compare. */
export async function gitSnapshot(
  { branches = [] }: { readonly branches?: readonly string[] },
  { cwd, switchedOff, environment }: SeenRepository,
  context: GitCaller,
  ports: GitPorts,
): Promise<string> {
  const hash = createHash('sha256');
  const onChunk = (_stream: string, chunk: string): unknown => hash.update(chunk);
  const refs = ['refs/stash', ...branches.map((name) => `refs/heads/${name}`)];
  const questions = [
    ['status', '--porcelain=v2', '--branch', '--untracked-files=all', '--ignore-submodules=dirty'],
    ['for-each-ref', '--format=%(refname) %(objectname)', ...refs],
  ];
  for (const subcommand of questions) {
    const whole = gitArguments({ subcommand, paths: [] }, switchedOff);
    if (whole.ok) await ask(whole.args, cwd, context, ports, { ...environment, onChunk });
    hash.update('\0');
  }
  return hash.digest('hex');
}
