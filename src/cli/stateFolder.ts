/** The folder that sessions are kept in. */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type StateFolder = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Makes the folder where it is missing, for its owner alone, and finds out whether sessions can be kept in it. */
export async function makeStateFolder(stateDir: string): Promise<StateFolder> {
  try {
    const sessions = join(stateDir, 'sessions');
    await makeFolder(sessions);
    await access(sessions, constants.W_OK | constants.X_OK);
    return { ok: true };
  } catch (error) {
    const why = (error as Error).message;
    const message = `Sessions can't be kept in ${stateDir}: ${why}. Name another folder with --state-dir DIR.`;
    return { ok: false, message };
  }
}

// Not with mkdir's `recursive`: it never ends where nothing can be made in a folder that exists, as in /proc.
async function makeFolder(path: string): Promise<void> {
  const present = await stat(path).catch(() => undefined);
  if (present?.isDirectory()) return;
  if (present || dirname(path) === path) throw new Error(`${path} is no folder`);
  await makeFolder(dirname(path));
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    // Another program may have made it meanwhile.
    if (!(await stat(path).catch(() => undefined))?.isDirectory()) throw error;
  }
}
