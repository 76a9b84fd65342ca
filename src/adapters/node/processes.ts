/** Runs commands as child processes, each with a group of its own. */
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Disposable } from '../../core/emitter.ts';
import type { SessionId } from '../../core/events.ts';
import type { Clock, ProcessEnd, ProcessOutput, Processes, ProcessSpec } from '../../core/ports.ts';
import { Capture } from './capture.ts';
import { untilEnded } from './childEnding.ts';
import { noteRunning } from './noteRunning.ts';
import { ProcessTree } from './processTree.ts';
import { OutputFile, type StreamName } from './outputFile.ts';
import { startProcess } from './startProcess.ts';

export interface ProcessesOptions {
  readonly clock: Clock;
  /** From the request to end to the kill. */
  readonly killGraceMs?: number;
  /** The most that is kept of one command's output in its file; read for each command. Absent: no cap. */
  readonly maxFileBytes?: () => number;
  /** The environment that children inherit from; this process's own where absent. */
  readonly baseEnv?: NodeJS.ProcessEnv;
  /** The folder for the notes of what a session runs; see noteRunning. Absent: nothing is noted. */
  readonly runningFolder?: (sessionId: SessionId) => string;
}

const nothing = outputOf(new Capture(), new Capture(), 1);

export function createProcesses(options: ProcessesOptions): Processes {
  const running = new Set<ChildProcess>();
  const timing = { clock: options.clock, killGraceMs: options.killGraceMs ?? 2000 };
  return {
    async run(spec) {
      if (spec.signal.aborted) return { kind: 'killed', output: nothing };
      const started = await startProcess(spec, options.baseEnv ?? process.env);
      if (!started.ok) return { kind: 'cannotStart', error: started.error };
      const { child } = started;
      running.add(child);
      const noted = noteChild(child, spec, options);
      const recording = recordOutput(child, spec, options.maxFileBytes?.() ?? Infinity);
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

interface Recording {
  finish(): Promise<ProcessOutput>;
}

function recordOutput(child: ChildProcess, spec: ProcessSpec, maxBytes: number): Recording {
  const captures = { stdout: new Capture(), stderr: new Capture() };
  const file = spec.outputFile === undefined ? undefined : new OutputFile(spec.outputFile, maxBytes);
  const show = (name: StreamName, text: string): void => {
    if (text !== '') spec.onChunk?.(name, text);
  };
  const record = (name: StreamName, source: Readable | null): void => {
    source?.on('data', (chunk: Buffer) => {
      file?.write(name, chunk, source);
      show(name, captures[name].push(chunk));
    });
    // A pipe that breaks has nothing more to say; how the process ended is told by its exit.
    source?.on('error', () => undefined);
  };
  record('stdout', child.stdout);
  record('stderr', child.stderr);
  return {
    async finish() {
      show('stdout', captures.stdout.end());
      show('stderr', captures.stderr.end());
      const kept = await file?.finish();
      return {
        ...outputOf(captures.stdout, captures.stderr, kept?.stderrLine ?? 1),
        ...(kept?.file === undefined ? {} : { file: kept.file }),
        ...(kept?.problem === undefined ? {} : { fileProblem: kept.problem }),
        ...(kept?.notKeptBytes ? { notKept: { bytes: kept.notKeptBytes, maxBytes } } : {}),
      };
    },
  };
}

function outputOf(stdout: Capture, stderr: Capture, stderrLine: number): ProcessOutput {
  return {
    stdout: { ...stdout.result(), firstLine: 1 },
    stderr: { ...stderr.result(), firstLine: stderrLine },
  };
}
