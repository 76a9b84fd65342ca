/** Tells a process from every other that has had its id: by the time when it started. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../../core/processPorts.ts';
import { childEnvironment } from './environment.ts';
import { parseStat } from './linuxProcesses.ts';
import { powerShellFile } from './windowsFolder.ts';

/**
 * The process that runs under an id now; undefined where none does. Linux tells the start in clock ticks since the boot, which
 * is named too; macOS and the BSDs to the second, through `ps`; Windows through PowerShell, which takes about half a
 * second. Where neither can be asked, the process has no start, and nobody can tell it from a later one.
 */
export async function findProcess(pid: number): Promise<ProcessIdentity | undefined> {
  if (process.platform === 'linux') return onLinux(pid);
  if (!isAlive(pid)) return undefined;
  return process.platform === 'win32' ? withStart(pid, await startFromPowerShell(pid)) : findWithPs(pid);
}

/** As findProcess, at once; without a start where only another program could tell it. */
export function findProcessNow(pid: number): ProcessIdentity | undefined {
  if (process.platform === 'linux') return onLinux(pid);
  return isAlive(pid) ? { pid } : undefined;
}

/** As findProcess, with the program that every Unix has. */
export async function findWithPs(pid: number): Promise<ProcessIdentity | undefined> {
  const env = childEnvironment(process.env, [], { LC_ALL: 'C', TZ: 'UTC' });
  const shown = await output('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], env);
  if (shown === undefined) return isAlive(pid) ? { pid } : undefined;
  const [state = '', ...start] = shown.trim().split(/\s+/);
  return state === '' || state.startsWith('Z') ? undefined : withStart(pid, start.join(' '));
}

let bootId: string | undefined;

function onLinux(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    if (!parseStat(stat)) return undefined;
    // Counted in fields after the name, which can hold spaces: the start is the 22nd of all.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return withStart(pid, `${bootId} ${ticks}`);
  } catch {
    return isAlive(pid) ? { pid } : undefined;
  }
}

function startFromPowerShell(pid: number): Promise<string | undefined> {
  const script = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
  return output(
    powerShellFile(process.env),
    ['-NoProfile', '-NonInteractive', '-Command', script],
    childEnvironment(process.env),
  );
}

const longestAnswerMs = 5000;

/** What the program prints; undefined where it can't be asked, empty where it found nothing. */
function output(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(file, args, { env, timeout: longestAnswerMs, windowsHide: true }, (error, stdout) =>
      resolve(error && typeof error.code !== 'number' ? undefined : stdout.trim()),
    );
  });
}

function withStart(pid: number, start: string | undefined): ProcessIdentity {
  return start ? { pid, start } : { pid };
}

/** A process that we may not signal is alive all the same. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
