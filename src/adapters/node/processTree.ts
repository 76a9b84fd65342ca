/** Ends a process with all that it started. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LeftProcess } from '../../core/processPorts.ts';
import { holdsOutput, isTraced, type CommandTraces } from './commandTraces.ts';
import { listProcesses, listProcessesFrom, membersOf, type ProcessRow } from './linuxProcesses.ts';
import { windowsFolder } from './windowsFolder.ts';

const isWindows = process.platform === 'win32';
const isLinux = process.platform === 'linux';

/** Children lead a group and a session of their own where the system has groups. */
export const leadsOwnGroup = !isWindows;

export interface TreeOptions {
  /** The traces that tie a process to the root if it has cut every other tie. Absent: no traces are known. */
  readonly traces?: CommandTraces;
  /**
   * True for the root of another tree. Neither it nor what is in its session is of this one, since no process
   * can go over to a session that is there; so the many that run beside each other are not read for each.
   */
  readonly isOtherRoot?: (pid: number) => boolean;
  /** The root has ended, and its id may be another's: only what is traced is of the tree. */
  readonly isRootGone?: boolean;
  readonly list?: () => readonly ProcessRow[];
}

/**
 * The processes that a root has started: its group, on Linux also those that left the group, on Windows its
 * tree. On Linux a process that forked twice and opened a session is found by its traces. A process that has
 * cleared its environment and given up the output too is found only if it was seen before. On macOS a process
 * that left the group is not found.
 */
export class ProcessTree {
  private readonly rootPid: number;
  private readonly options: TreeOptions;
  private readonly sessions: Set<number>;

  constructor(rootPid: number, options: TreeOptions = {}) {
    this.rootPid = rootPid;
    this.options = options;
    this.sessions = new Set(options.isRootGone ? [] : [rootPid]);
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
    if (isWindows || (this.options.isRootGone && !isLinux)) return false;
    return isLinux ? this.members().size > 0 : send(-this.rootPid, 0);
  }

  /** The processes of it that live, as far as they can be told: none but on Linux. */
  left(): readonly LeftProcess[] {
    if (!isLinux) return [];
    const { traces, isOtherRoot } = this.options;
    const members = this.members(listProcessesFrom(this.rootPid, isOtherRoot));
    return [...members].map((pid) => ({
      pid,
      name: nameOf(pid),
      holdsOutput: traces !== undefined && holdsOutput(pid, traces),
    }));
  }

  private signal(signal: NodeJS.Signals): void {
    if (isWindows) return taskkill(this.rootPid);
    // Looked for first: the death of a parent cuts the tie to a child that left the group.
    const members = isLinux ? this.members() : [];
    if (!this.options.isRootGone) send(-this.rootPid, signal);
    for (const pid of members) send(pid, signal);
  }

  private members(rows = (this.options.list ?? listProcesses)()): ReadonlySet<number> {
    const { traces, isOtherRoot } = this.options;
    const isOfIt = (row: ProcessRow): boolean =>
      traces !== undefined && !isOtherRoot?.(row.session) && isTraced(row, traces);
    return membersOf(this.sessions, rows, isOfIt);
  }
}

function nameOf(pid: number): string {
  try {
    const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return path.basename(program) || readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return 'unknown';
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
