/** Finds programs on PATH, never in the working directory. */
import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';

/** The absolute path of a program on PATH, or undefined. */
export async function findProgram(
  name: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const folders = (environment.PATH ?? environment.Path ?? '').split(path.delimiter);
  for (const folder of folders) {
    if (!path.isAbsolute(folder)) continue;
    const candidate = path.join(folder, file);
    if (await isProgram(candidate)) return candidate;
  }
  return undefined;
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
