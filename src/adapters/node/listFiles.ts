/** Lists the files below a folder of the disk that match a glob. */
import { realpath, stat } from 'node:fs/promises';
import type { CallError } from '../../core/calls.ts';
import type { FileListing, ListOptions } from '../../core/filePorts.ts';
import { listMatching } from './listMatching.ts';
import { readError } from './readRegularFile.ts';
import { diskOf } from './walkDisk.ts';

export async function listFiles(
  folder: string,
  glob: string,
  limit: number,
  signal: AbortSignal,
  options: ListOptions = {},
): Promise<FileListing> {
  try {
    const problem = await folderProblem(folder);
    if (problem !== undefined) return { ok: false, error: problem };
    const root = await realpath(folder);
    const disk = diskOf(options.roots ?? [root]);
    return await listMatching({ ...options, disk, person: process.env, folder: root, glob, limit }, signal);
  } catch (error) {
    if (signal.aborted)
      return { ok: false, error: { kind: 'cancelled', message: `Listing ${folder} was stopped.` } };
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, error: { kind: 'io', message: `${folder} could not be listed: ${reason}` } };
  }
}

async function folderProblem(folder: string): Promise<CallError | undefined> {
  try {
    if ((await stat(folder)).isDirectory()) return undefined;
    return { kind: 'invalidInput', message: `${folder} is a file. Give the folder, or use read_file.` };
  } catch (error) {
    return readError(folder, error);
  }
}
