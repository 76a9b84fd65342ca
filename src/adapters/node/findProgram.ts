/** Finds programs on PATH, never in the working directory, nor among those that packages bring along. */
import { access, constants, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/** The absolute path of a program on PATH that does not lie in one of the folders, or undefined. */
export async function findProgram(
  name: string,
  environment: NodeJS.ProcessEnv = process.env,
  notFrom: readonly string[] = [],
): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const folders = (environment.PATH ?? environment.Path ?? '').split(path.delimiter);
  for (const folder of folders) {
    if (!path.isAbsolute(folder) || ofPackages.test(folder)) continue;
    const candidate = path.join(folder, file);
    if ((await isProgram(candidate)) && !(await isIn(notFrom, candidate))) return candidate;
  }
  return undefined;
}

// `npx` and `npm run` put it first on PATH, and a repository can bring it along.
const ofPackages = /[\\/]node_modules[\\/]\.bin[\\/]*$/;

async function isIn(folders: readonly string[], file: string): Promise<boolean> {
  const real = await realpath(file);
  for (const folder of folders) {
    const root = await realpath(folder).catch(() => folder);
    for (const each of [file, real]) {
      const relative = path.relative(root, each);
      if (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative))
        return true;
    }
  }
  return false;
}

/** Whether the path is a file that can be executed. */
export async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
