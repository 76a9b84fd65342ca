/** Takes in what a process writes: shows it, keeps head and tail, and writes all of it to its file. */
import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { KeyMask } from '../../core/keyMask.ts';
import type { ProcessOutput, ProcessSpec } from '../../core/processPorts.ts';
import { Capture } from './capture.ts';
import { OutputFile, type StreamName } from './outputFile.ts';

/** The output of a process that never ran. */
export const nothing = outputOf(new Capture(), new Capture(), 1);

export interface Recording {
  /** What came, when the process has ended and its file is written. Never rejects. */
  finish(): Promise<ProcessOutput>;
}

/** Begins at once; nothing that was written before is lost. The forms of the API key are masked before anyone sees them. */
export function recordOutput(
  child: Pick<ChildProcess, 'stdout' | 'stderr'>,
  spec: Pick<ProcessSpec, 'outputFile' | 'onChunk'>,
  maxBytes: number,
  keyForms: readonly string[] = [],
): Recording {
  const captures = { stdout: new Capture(), stderr: new Capture() };
  const file = spec.outputFile === undefined ? undefined : new OutputFile(spec.outputFile, maxBytes);
  const show = (name: StreamName, text: string): void => {
    if (text !== '') spec.onChunk?.(name, text);
  };
  const take = (name: StreamName, chunk: Buffer, source: Readable | null): void => {
    if (chunk.length === 0) return;
    if (source) file?.write(name, chunk, source);
    show(name, captures[name].push(chunk));
  };
  const masks = { stdout: new ByteMask(keyForms), stderr: new ByteMask(keyForms) };
  const record = (name: StreamName, source: Readable | null): void => {
    source?.on('data', (chunk: Buffer) => take(name, masks[name].push(chunk), source));
    // A pipe that breaks has nothing more to say; how the process ended is told by its exit.
    source?.on('error', () => undefined);
  };
  record('stdout', child.stdout);
  record('stderr', child.stderr);
  return {
    async finish() {
      take('stdout', masks.stdout.end(), child.stdout);
      take('stderr', masks.stderr.end(), child.stderr);
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

/** Masks the key in bytes, of which each is taken for a character of its own: a key has none that needs more. */
class ByteMask {
  private readonly mask: KeyMask | undefined;

  constructor(keyForms: readonly string[]) {
    this.mask = keyForms.length > 0 ? new KeyMask(keyForms) : undefined;
  }

  push(chunk: Buffer): Buffer {
    return this.mask ? Buffer.from(this.mask.push(chunk.toString('latin1')), 'latin1') : chunk;
  }

  end(): Buffer {
    return Buffer.from(this.mask?.end() ?? '', 'latin1');
  }
}

function outputOf(stdout: Capture, stderr: Capture, stderrLine: number): ProcessOutput {
  return {
    stdout: { ...stdout.result(), firstLine: 1 },
    stderr: { ...stderr.result(), firstLine: stderrLine },
  };
}
