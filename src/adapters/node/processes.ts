/** Runs commands as child processes, each with a group of its own. */
import type { ChildProcess } from 'node:child_process';
import type { Disposable } from '../../core/emitter.ts';
import type { SessionId } from '../../core/events.ts';
import { keyForms } from '../../core/keyMask.ts';
import type { Clock } from '../../core/ports.ts';
import type { ProcessEnd, ProcessOutput, Processes, ProcessSpec } from '../../core/processPorts.ts';
import { untilEnded, type Ending } from './childEnding.ts';
import { newMark, tracesOf } from './commandTraces.ts';
import { environmentWithoutKey } from './environment.ts';
import { noteRunning } from './noteRunning.ts';
import { ProcessTree } from './processTree.ts';
import { nothing, recordOutput } from './recordOutput.ts';
import { startProcess } from './startProcess.ts';

export interface ProcessesOptions {
  readonly clock: Clock;
  /** From the request to end to the kill. */
  readonly killGraceMs?: number;
  /** The most that is kept of one command's output in its file; read for each command. Absent: no cap. */
  readonly maxFileBytes?: () => number;
  /** The environment that children inherit from; this process's own where absent. */
  readonly baseEnv?: NodeJS.ProcessEnv;
  /** The API key, which no child gets and which is masked in what they write. */
  readonly apiKey?: () => Promise<string | undefined>;
  /** The folder for the notes of what a session runs; see noteRunning. Absent: nothing is noted. */
  readonly runningFolder?: (sessionId: SessionId) => string;
}

export function createProcesses(options: ProcessesOptions): Processes {
  const running = new Map<number, ProcessTree>();
  const timing = { clock: options.clock, killGraceMs: options.killGraceMs ?? 2000 };
  return {
    async run(spec) {
      // Where the key can't be read no request can carry it either.
      const forms = keyForms(await options.apiKey?.().catch(() => undefined));
      if (spec.signal.aborted) return { kind: 'killed', output: nothing };
      const base = environmentWithoutKey(options.baseEnv ?? process.env, forms);
      const mark = newMark();
      const started = await startProcess(spec, base, mark);
      if (!started.ok) return { kind: 'cannotStart', error: started.error };
      const { child } = started;
      // A child that has no id was never started.
      const { pid = nobody } = child;
      const tree = treeOf(pid, mark, (other) => other !== pid && running.has(other));
      running.set(pid, tree);
      const noted = noteChild(child, spec, mark, options);
      const recording = recordOutput(child, spec, options.maxFileBytes?.() ?? Infinity, forms);
      const ending = await untilEnded(child, {
        ...timing,
        signal: spec.signal,
        leavesNothing: spec.leavesNothing ?? spec.command.kind === 'program',
        tree,
      });
      if (running.get(pid) === tree) running.delete(pid);
      noted?.dispose();
      const output = await recording.finish();
      return describeEnd(ending, output);
    },
    killAll() {
      for (const tree of running.values()) tree.kill();
    },
  };
}

function treeOf(pid: number, mark: string, isOtherRoot: (pid: number) => boolean): ProcessTree {
  if (process.platform !== 'linux') return new ProcessTree(pid);
  return new ProcessTree(pid, { traces: tracesOf(pid, mark), isOtherRoot });
}

/** Larger than any id that a system gives. */
const nobody = 2 ** 30;

function noteChild(
  { pid }: ChildProcess,
  { sessionId }: ProcessSpec,
  mark: string,
  { runningFolder }: ProcessesOptions,
): Disposable | undefined {
  if (pid === undefined || sessionId === undefined || !runningFolder) return undefined;
  return noteRunning(runningFolder(sessionId), pid, mark);
}

function describeEnd({ left, ...ending }: Ending, output: ProcessOutput): ProcessEnd {
  const ended = { output, ...(left && { left }) };
  if (ending.wasKilled) return { kind: 'killed', ...ended };
  if (ending.signal !== null) return { kind: 'signalled', signal: ending.signal, ...ended };
  return { kind: 'exited', exitCode: ending.exitCode ?? 0, ...ended };
}
