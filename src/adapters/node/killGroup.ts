/** Ends a process with all that it started. */
import { spawn, type ChildProcess } from 'node:child_process';

const isWindows = process.platform === 'win32';

/** Children lead a group of their own where the system has groups. */
export const leadsOwnGroup = !isWindows;

/** Asks the group to end; Windows has no such request, there it ends at once. */
export function endGroup(child: ChildProcess): void {
  if (isWindows) taskkill(child);
  else signalGroup(child, 'SIGTERM');
}

/** Ends the group without asking. */
export function killGroup(child: ChildProcess): void {
  if (isWindows) taskkill(child);
  else signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already (ESRCH), or what is left of it belongs to another user (EPERM).
  }
}

function taskkill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const killer = spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], {
    stdio: 'ignore',
    windowsHide: true,
  });
  killer.on('error', () => child.kill());
}
