/** The notes of the commands that ran when a session's program died. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { NotedProcess } from '../core/processPorts.ts';

/** What the notes of a folder name; one that can't be read is passed over. */
export async function leftProcesses(folder: string): Promise<readonly NotedProcess[]> {
  const left: NotedProcess[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => '');
    const identity = /^\d+$/.test(name) ? parsed(text) : undefined;
    if (identity?.pid === Number(name)) left.push(identity);
  }
  return left;
}

/** Takes all notes away. */
export async function forgetProcesses(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

function parsed(text: string): NotedProcess | undefined {
  try {
    const { pid, start, mark } = JSON.parse(text) as Readonly<Record<keyof NotedProcess, unknown>>;
    if (typeof pid !== 'number' || typeof start !== 'string') return undefined;
    return { pid, start, ...(typeof mark === 'string' && { mark }) };
  } catch {
    return undefined;
  }
}
