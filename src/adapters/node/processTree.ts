/** Ends a process with all that it started. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { listProcesses, membersOf, type ProcessRow } from './linuxProcesses.ts';
import { windowsFolder } from './windowsFolder.ts';

const isWindows = process.platform === 'win32';
const isLinux = process.platform === 'linux';

/** Children lead a group and a session of their own where the system has groups. */
export const leadsOwnGroup = !isWindows;

/**
 * What a process started: its group, on Linux also descendants that left it (`setsid`), on Windows its tree.
 * A process that cut every tie before it was first looked for (a daemon that forked twice) is not found;
 * on macOS one that left the group is not.
 */
export class ProcessTree {
  private readonly rootPid: number;
  private readonly list: () => readonly ProcessRow[];
  private readonly sessions: Set<number>;

  constructor(rootPid: number, list = listProcesses) {
    this.rootPid = rootPid;
    this.list = list;
    this.sessions = new Set([rootPid]);
  }

  /** Asks all of it to end; Windows has no such request, there it ends at once. */
  askToEnd(): void {
    this.signal('SIGTERM');
  }

  /** Ends it without asking. */
  kill(): void {
    this.signal('SIGKILL');
  }

  /** Whether anything of it that can be found still lives. */
  isAlive(): boolean {
    if (isWindows) return false;
    return isLinux ? this.members().size > 0 : send(-this.rootPid, 0);
  }

  private signal(signal: NodeJS.Signals): void {
    if (isWindows) return taskkill(this.rootPid);
    // Looked for first: the death of a parent cuts the tie to a child that left the group.
    const members = isLinux ? this.members() : [];
    send(-this.rootPid, signal);
    for (const pid of members) send(pid, signal);
  }

  private members(): ReadonlySet<number> {
    return membersOf(this.sessions, this.list());
  }
}

/** Whether there was somebody to send it to. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // It is gone already (ESRCH), or belongs to another user (EPERM).
  }
}

function taskkill(pid: number): void {
  // By a bare name Windows would look in the working directory first.
  const file = path.win32.join(windowsFolder(process.env), 'System32', 'taskkill.exe');
  const killer = spawn(file, ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
  killer.on('error', () => send(pid, 'SIGKILL'));
}
