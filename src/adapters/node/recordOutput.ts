/** Takes in what a process writes: shows it, keeps head and tail, and writes all of it to its file. */
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ProcessOutput, ProcessSpec } from '../../core/ports.ts';
import { Capture } from './capture.ts';
import { OutputFile, type StreamName } from './outputFile.ts';

/** The output of a process that never ran. */
export const nothing = outputOf(new Capture(), new Capture(), 1);

export interface Recording {
  /** What came, when the process has ended and its file is written. Never rejects. */
  finish(): Promise<ProcessOutput>;
}

/** Begins at once; nothing that was written before is lost. */
export function recordOutput(
  child: Pick<ChildProcess, 'stdout' | 'stderr'>,
  spec: Pick<ProcessSpec, 'outputFile' | 'onChunk'>,
  maxBytes: number,
): Recording {
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
