/** Finds programs on PATH, never in the working directory, in a workspace, nor among those that packages bring along. */
import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import { foreignFolders, type ForeignFolders } from './foreignFolders.ts';

/** The absolute path of a program on PATH that does not lie in one of the folders, or undefined. */
export async function findProgram(
  name: string,
  environment: NodeJS.ProcessEnv = process.env,
  notFrom: readonly string[] | ForeignFolders = [],
): Promise<string | undefined> {
  const foreign = 'reach' in notFrom ? notFrom : await foreignFolders(notFrom);
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of programFolders(environment.PATH ?? environment.Path)) {
    const candidate = path.join(folder, file);
    if ((await isProgram(candidate)) && !(await foreign.reach(candidate))) return candidate;
  }
  return undefined;
}

/** The folders of a PATH that mean the same from everywhere, and in which no package puts its programs. */
export function programFolders(searchPath = ''): readonly string[] {
  const folders = searchPath.split(path.delimiter);
  return folders.filter((folder) => path.isAbsolute(folder) && !ofPackages.test(folder));
}

// `npx` and `npm run` put it first on PATH, and a repository can bring it along.
const ofPackages = /[\\/]node_modules[\\/]\.bin[\\/]*$/;

/** Whether the path is a file that can be executed. */
export async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
