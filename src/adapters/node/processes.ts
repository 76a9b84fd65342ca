/** Runs commands as child processes, each with a group of its own. */
import type { ChildProcess } from 'node:child_process';
import type { Disposable } from '../../core/emitter.ts';
import type { SessionId } from '../../core/events.ts';
import { keyForms } from '../../core/keyMask.ts';
import type { Clock } from '../../core/ports.ts';
import type { ProcessEnd, ProcessOutput, Processes, ProcessSpec } from '../../core/processPorts.ts';
import { untilEnded } from './childEnding.ts';
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
  const running = new Set<ChildProcess>();
  const timing = { clock: options.clock, killGraceMs: options.killGraceMs ?? 2000 };
  return {
    async run(spec) {
      // Where the key can't be read no request can carry it either.
      const forms = keyForms(await options.apiKey?.().catch(() => undefined));
      if (spec.signal.aborted) return { kind: 'killed', output: nothing };
      const base = environmentWithoutKey(options.baseEnv ?? process.env, forms);
      const started = await startProcess(spec, base);
      if (!started.ok) return { kind: 'cannotStart', error: started.error };
      const { child } = started;
      running.add(child);
      const noted = noteChild(child, spec, options);
      const recording = recordOutput(child, spec, options.maxFileBytes?.() ?? Infinity, forms);
      const ending = await untilEnded(child, spec.signal, timing);
      running.delete(child);
      noted?.dispose();
      const output = await recording.finish();
      return describeEnd(ending, output);
    },
    killAll() {
      for (const { pid } of running) if (pid !== undefined) new ProcessTree(pid).kill();
    },
  };
}

function noteChild(
  { pid }: ChildProcess,
  { sessionId }: ProcessSpec,
  { runningFolder }: ProcessesOptions,
): Disposable | undefined {
  if (pid === undefined || sessionId === undefined || !runningFolder) return undefined;
  return noteRunning(runningFolder(sessionId), pid);
}

function describeEnd(ending: Awaited<ReturnType<typeof untilEnded>>, output: ProcessOutput): ProcessEnd {
  if (ending.wasKilled) return { kind: 'killed', output };
  if (ending.signal !== null) return { kind: 'signalled', signal: ending.signal, output };
  return { kind: 'exited', exitCode: ending.exitCode ?? 0, output };
}
