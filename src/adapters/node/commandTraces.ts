/** Traces that tie a process on Linux to the command that started it, also after it has left the command's session. */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { startTicksOf, type ProcessRow } from './linuxProcesses.ts';

/** The marks of all commands that a process is in, the innermost last: a command can run AllSettled. */
const markVariable = 'ALLSETTLED_COMMANDS';

export interface CommandTraces {
  /** Stands in the environment that the command's processes inherit. */
  readonly mark: string;
  /** The names by which the kernel shows its output pipes. */
  readonly outputs: ReadonlySet<string>;
  /** Nothing that started earlier is of the command. */
  readonly startTicks: number;
}

export function newMark(): string {
  return randomUUID();
}

/** The variable to add for a command whose host has this environment. */
export function markedBy(mark: string, host: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  if (process.platform !== 'linux') return {};
  const outer = host[markVariable];
  return { [markVariable]: outer === undefined ? mark : `${outer}:${mark}` };
}

/** Reads the traces of a process that was just started. */
export function tracesOf(pid: number, mark: string): CommandTraces {
  const outputs = outputsOf(pid);
  return { mark, outputs: new Set(outputs), startTicks: startTicksOf(pid) ?? 0 };
}

/** True for a process that has the mark in its environment, or one of the outputs as its own. */
export function isTraced({ pid, startTicks }: ProcessRow, traces: CommandTraces): boolean {
  return startTicks >= traces.startTicks && (hasMark(pid, traces.mark) || holdsOutput(pid, traces));
}

export function holdsOutput(pid: number, { outputs }: CommandTraces): boolean {
  return outputs.size > 0 && outputsOf(pid).some((name) => outputs.has(name));
}

function hasMark(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
  } catch {
    return false; // It ended, or belongs to another user.
  }
}

/** Standard output and standard error, as far as they are pipes or sockets. */
function outputsOf(pid: number): readonly string[] {
  return [1, 2].flatMap((descriptor) => {
    try {
      const name = readlinkSync(`/proc/${pid}/fd/${descriptor}`);
      return /^(?:socket|pipe):/.test(name) ? [name] : [];
    } catch {
      return [];
    }
  });
}
