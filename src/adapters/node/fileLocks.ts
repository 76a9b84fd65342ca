/** Locks files among all programs of ours that share a state folder, from the last look at a file to its replacement. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { CallError } from '../../core/calls.ts';
import type { Clock } from '../../core/ports.ts';
import type { ProcessIdentity } from '../../core/processPorts.ts';

export interface FileLocks {
  /**
   * Does the work while no other holder has any of the canonical paths; the error says that one of them stayed taken.
   * Rejects as the work does, or with the signal's reason. Work under a lock may not ask for another one.
   */
  during<T>(paths: readonly string[], signal: AbortSignal, work: () => Promise<T>): Promise<T | FileIsTaken>;
}

/** The files were not free in time. */
export interface FileIsTaken {
  readonly ok: false;
  readonly error: CallError;
}

export interface FileLocksOptions {
  /** Absolute; made where it is missing, for its owner alone. */
  readonly folder: string;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs' | 'after'>;
  readonly findProcess: (pid: number) => Promise<ProcessIdentity | undefined>;
}

/** A program that has a file for longer than that hangs. */
const longestWaitMs = 15_000;
const firstPauseMs = 2;
const longestPauseMs = 50;

/**
 * Each request for a file makes a ticket of its own in the file's folder, then looks at all tickets there.
 * The request has the file when no other living program has a ticket there. Of two requests that see each
 * other at least one withdraws, the younger. A ticket bears its program's id and start, so that the next
 * program removes the ticket of a dead one. No ticket is ever removed by mistake, because none is used twice.
 */
export function createFileLocks(options: FileLocksOptions): FileLocks {
  let own: Promise<string> | undefined;
  const identity = (): Promise<string> =>
    (own ??= options.findProcess(process.pid).then((found) => identityText(found ?? { pid: process.pid })));
  return {
    async during(paths, signal, work) {
      const held: Ticket[] = [];
      try {
        // In one order, so that no two wait for each other.
        for (const file of paths.toSorted()) {
          const ticket = await take(file, await identity(), options, signal);
          if (ticket === 'taken') return isTaken(file);
          if (ticket !== 'noLocks') held.push(ticket);
        }
        return await work();
      } finally {
        for (const ticket of held) await withdraw(ticket);
      }
    },
  };
}

interface Ticket {
  readonly folder: string;
  /** When it was made, the program that made it, and a text that no other has. */
  readonly name: string;
}

/** `noLocks`: the state folder can't be written. A session that lives in memory alone goes on without. */
async function take(
  file: string,
  identity: string,
  options: FileLocksOptions,
  signal: AbortSignal,
): Promise<Ticket | 'taken' | 'noLocks'> {
  const { clock } = options;
  const folder = path.join(options.folder, createHash('sha256').update(file).digest('hex').slice(0, 32));
  const name = `${clock.now().toString().padStart(15, '0')}.${identity}.${randomUUID()}`;
  const ticket = { folder, name };
  const until = clock.monotonicMs() + longestWaitMs;
  let isMade = false;
  try {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      signal.throwIfAborted();
      if (!isMade && !(await make(ticket))) return 'noLocks';
      const others = await livingOthers(ticket, options);
      isMade = others.every((other) => other > name);
      if (others.length === 0) return ticket;
      if (!isMade) await withdraw(ticket);
      if (clock.monotonicMs() >= until) break;
      await pause(pauseMs * (0.5 + Math.random()), clock, signal);
    }
  } catch (error) {
    await withdraw(ticket);
    throw error;
  }
  await withdraw(ticket);
  return 'taken';
}

async function make({ folder, name }: Ticket): Promise<boolean> {
  for (let tries = 0; tries < mostTries; tries += 1)
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await (await open(path.join(folder, name), 'wx', 0o600)).close();
      return true;
    } catch (error) {
      // Another program that has just ended its work took the empty folder away.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return false;
    }
  return false;
}

const mostTries = 100;

async function livingOthers(
  { folder, name }: Ticket,
  { findProcess }: FileLocksOptions,
): Promise<readonly string[]> {
  const living: string[] = [];
  for (const other of await readdir(folder)) {
    if (other === name) continue;
    if (await isAlive(other, findProcess)) living.push(other);
    else await rm(path.join(folder, other), { force: true });
  }
  return living;
}

async function isAlive(name: string, findProcess: FileLocksOptions['findProcess']): Promise<boolean> {
  const [, pid, start] = name.split('.');
  if (!/^\d+$/.test(pid ?? '')) return false;
  const running = await findProcess(Number(pid));
  if (running === undefined) return false;
  // If a start is not known, the id alone counts.
  return start === noStart || running.start === undefined || start === hashOf(running.start);
}

const noStart = 'unknown';

function identityText({ pid, start }: ProcessIdentity): string {
  return `${pid}.${start === undefined ? noStart : hashOf(start)}`;
}

function hashOf(start: string): string {
  return createHash('sha256').update(start).digest('hex').slice(0, 16);
}

/** Never rejects. The last one takes the folder with it. */
async function withdraw({ folder, name }: Ticket): Promise<void> {
  await rm(path.join(folder, name), { force: true }).catch(() => undefined);
  await rmdir(folder).catch(() => undefined);
}

/** No event of every file system tells that a file of another program is gone, so it is looked for again. */
function pause(delayMs: number, clock: Pick<Clock, 'after'>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      timer.dispose();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.after(delayMs, end);
    signal.addEventListener('abort', end, { once: true });
  });
}

function isTaken(file: string): FileIsTaken {
  const message = `${file} is being written by another window or terminal for longer than ${longestWaitMs / 1000} s; nothing was changed. Try again.`;
  return { ok: false, error: { kind: 'busy', message } };
}
