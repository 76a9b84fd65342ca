/** Runs a program and tells its memory and its end; on Linux, which tells of each process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { delay } from './measure.ts';

const lookEveryMs = 10;

export interface ProgramRun {
  /** The peaks of the program and of all that it started of our own, together. */
  readonly peakMegabytes: number;
  readonly resultMs: number;
  /** From the result to the exit. */
  readonly exitMs: number;
}

/** The result is there when `isResult` holds of what the program has written. Rejects if there is none. */
export async function measureProgram(
  args: readonly string[],
  cwd: string,
  isResult: (stdout: string) => boolean,
): Promise<ProgramRun> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  let resultAt = Number.NaN;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (Number.isNaN(resultAt) && isResult(stdout)) resultAt = performance.now();
  });
  const peaks = new Map<number, number>();
  const ended = once(child, 'close').then(() => performance.now());
  let isRunning = true;
  void ended.then(() => (isRunning = false)); // Never rejects: `close` always comes.
  while (isRunning) {
    await look(child.pid ?? 0, peaks);
    await Promise.race([ended, delay(lookEveryMs)]);
  }
  if (Number.isNaN(resultAt)) throw new Error(`The program gave no result: ${stdout.slice(-500)}`);
  const kilobytes = [...peaks.values()].reduce((sum, peak) => sum + peak, 0);
  return {
    peakMegabytes: kilobytes / 1024,
    resultMs: resultAt - startedAt,
    exitMs: (await ended) - resultAt,
  };
}

/** Notes the peak so far of the process and of those of its children that run our own programs. */
async function look(pid: number, peaks: Map<number, number>, parentLine = ''): Promise<void> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const peak = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  const isOurs = (await readlink(`/proc/${pid}/exe`).catch(() => '')) === process.execPath;
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  // A child that has its parent's command line is about to become another program, and shares its memory until then.
  if (!isOurs || line === parentLine) return;
  peaks.set(pid, Math.max(peak, peaks.get(pid) ?? 0));
  for (const thread of await readdir(`/proc/${pid}/task`).catch(() => [])) {
    const children = await readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '');
    for (const child of children.split(' ')) if (child.trim() !== '') await look(Number(child), peaks, line);
  }
}
