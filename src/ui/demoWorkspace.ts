/** Makes the demo's workspace: a copy of the bundled files in a temporary folder, as a git repository. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

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
export async function makeDemoWorkspace(source: string): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'allsettled-demo-')));
  await cp(source, folder, { recursive: true });
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  try {
    for (const args of [
      ['init', '--quiet'],
      ['add', '--all'],
      ['commit', '--quiet', '--message', 'Add the report'],
    ])
      await run('git', [...settings, ...args], { cwd: folder, env });
  } catch (error) {
    throw new Error('The demo needs git, and it could not be run. Install git and try again.', {
      cause: error,
    });
  }
  return folder;
}
