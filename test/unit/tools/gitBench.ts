/** A real repository in a temporary workspace, with the real tools on it. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../temporaryFolder.ts';
import { toolBench, type ToolBench } from './toolBench.ts';

/** Git as a person would run it, without what the machine's own config says. */
export function plainGit(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', [...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Test',
      GIT_AUTHOR_EMAIL: 'test@example.invalid',
      GIT_COMMITTER_NAME: 'Test',
      GIT_COMMITTER_EMAIL: 'test@example.invalid',
      // Some rows set up what git itself would refuse by now.
      GIT_ALLOW_PROTOCOL: 'file:ext',
    },
  });
}

export async function makeRepository(folder: string): Promise<void> {
  plainGit(folder, 'init', '-q', '-b', 'main');
  await writeFile(path.join(folder, 'a.txt'), 'one\n');
  await writeFile(path.join(folder, 'b.txt'), 'one\n');
  plainGit(folder, 'add', '.');
  plainGit(folder, 'commit', '-q', '-m', 'first');
}

const homeBefore = process.env.HOME;

/** A home folder for the tools' git, in which the person's name stands. */
export async function withHome(
  t: TestContext,
  config = '[user]\n\tname = Person\n\temail = person@example.invalid\n',
): Promise<string> {
  const home = await temporaryFolder(t);
  await writeFile(path.join(home, '.gitconfig'), config);
  process.env.HOME = home;
  t.after(() => {
    if (homeBefore === undefined) delete process.env.HOME;
    else process.env.HOME = homeBefore;
  });
  return home;
}

export async function repositoryBench(t: TestContext): Promise<ToolBench> {
  await withHome(t);
  const bench = await toolBench(t);
  await makeRepository(bench.root);
  return bench;
}
