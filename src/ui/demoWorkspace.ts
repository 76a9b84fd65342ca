/** Makes the demo's workspace: a copy of the bundled files in a temporary folder, as a git repository. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Host } from './host.ts';

const run = promisify(execFile);

/** Nothing of the person's own git configuration: no hooks, no signing, no name. */
const settings = [
  'user.name=AllSettled Demo',
  'user.email=demo@allsettled.invalid',
  'commit.gpgSign=false',
  'core.hooksPath=/dev/null',
  'core.autocrlf=false',
  'init.defaultBranch=main',
].flatMap((setting) => ['-c', setting]);

/** The absolute path of the new folder; the caller removes it. Rejects with a message for a person. */
export async function makeDemoWorkspace(source: string, findGit: Host['findGit']): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'allsettled-demo-')));
  await cp(source, folder, { recursive: true });
  try {
    const git = await findGit();
    if (git === undefined) throw new Error('There is no git on PATH outside of the workspace.');
    for (const args of [
      ['init', '--quiet'],
      ['add', '--all'],
      ['commit', '--quiet', '--message', 'Add the report'],
    ])
      await run(git.file, [...settings, ...args], { cwd: folder, env: { ...git.environment } });
  } catch (error) {
    throw new Error('The demo needs git, and it could not be run. Install git and try again.', {
      cause: error,
    });
  }
  return folder;
}
