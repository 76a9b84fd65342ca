/** Who may write a session: one program at a time, known by its process id and the start of that process. */
import { randomUUID } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessIdentity, RunningProcesses } from '../core/processPorts.ts';

/** `theirs`: another program that still runs has it. */
export type Ownership =
  | { readonly kind: 'ours'; readonly release: () => void }
  | { readonly kind: 'theirs'; readonly owner: ProcessIdentity };

/**
 * Takes a session whose owner is gone or gave it up; a live owner's never. `folder` is made where it is missing.
 *
 * Each owner writes a file of the next number and none is ever removed, so that of several who find the same owner dead only
 * one can make the next file: there is no moment at which a lock is taken away that somebody has just got. The state folder
 * is one machine's: a process of another machine, or of another container, that shares it looks dead.
 */
export async function takeSession(
  folder: string,
  us: ProcessIdentity,
  processes: Pick<RunningProcesses, 'find'>,
): Promise<Ownership> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (;;) {
    const latest = await latestOwner(folder);
    if (latest.owner && (await isRunning(latest.owner, processes)))
      return { kind: 'theirs', owner: latest.owner };
    const file = join(folder, String(latest.number + 1));
    if (await makeOnce(file, JSON.stringify(us))) return { kind: 'ours', release: () => giveUp(file) };
  }
}

/** The program that has the session and still runs; this one too. */
export async function ownerOf(
  folder: string,
  processes: Pick<RunningProcesses, 'find'>,
): Promise<ProcessIdentity | undefined> {
  const { owner } = await latestOwner(folder);
  return owner && (await isRunning(owner, processes)) ? owner : undefined;
}

/** Where a start is not known, whoever has the id counts: better a session that can't be taken than two writers. */
async function isRunning(
  owner: ProcessIdentity,
  processes: Pick<RunningProcesses, 'find'>,
): Promise<boolean> {
  const running = await processes.find(owner.pid);
  if (!running) return false;
  return owner.start === undefined || running.start === undefined || owner.start === running.start;
}

async function latestOwner(
  folder: string,
): Promise<{ readonly number: number; readonly owner?: ProcessIdentity }> {
  const names = await readdir(folder).catch(() => []);
  const number = Math.max(0, ...names.filter((name) => /^\d+$/.test(name)).map(Number));
  const owner = number === 0 ? undefined : await readOwner(join(folder, String(number)));
  return { number, ...(owner && { owner }) };
}

/** How long a file may be unreadable because it is just being written, where it can't be made at one stroke. */
const longestWritingMs = 10_000;

async function readOwner(file: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(file, 'utf8');
  if (text === givenUp) return undefined;
  const owner = parsed(text);
  if (owner) return owner;
  const { mtimeMs } = await stat(file);
  return Date.now() - mtimeMs < longestWritingMs ? { pid: process.pid } : undefined;
}

function parsed(text: string): ProcessIdentity | undefined {
  try {
    const { pid, start } = JSON.parse(text) as { readonly pid?: unknown; readonly start?: unknown };
    if (typeof pid !== 'number') return undefined;
    return { pid, ...(typeof start === 'string' && { start }) };
  } catch {
    return undefined;
  }
}

/** Makes a file with its content at one stroke; false where somebody else was first. */
async function makeOnce(file: string, content: string): Promise<boolean> {
  const unfinished = `${file}.${randomUUID()}`;
  try {
    await writeFile(unfinished, content, { mode: 0o600 });
    await link(unfinished, file).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      // A file system without hard links.
      await writeFile(file, content, { mode: 0o600, flag: 'wx' });
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
}

const givenUp = 'given up';

/** At once, because a program may be about to end; where it fails, the end of the process gives it up all the same. */
function giveUp(file: string): void {
  try {
    writeFileSync(`${file}.given-up`, givenUp, { mode: 0o600 });
    renameSync(`${file}.given-up`, file);
  } catch {
    // The folder may be gone with its session.
  }
}
