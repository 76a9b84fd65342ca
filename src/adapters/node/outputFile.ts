/** Keeps the output of a process in one file, up to a cap: stdout, and below a heading stderr. */
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { countLineEnds } from '../../core/shorten.ts';
import { stderrHeading } from '../../core/terminalLines.ts';

export type StreamName = 'stdout' | 'stderr';

/** What the file holds in the end; no path where nothing was written. */
export interface KeptOutput {
  readonly file?: string;
  readonly problem?: string;
  /** Bytes that are not in it: they came when it was full, or could not be written. */
  readonly notKeptBytes: number;
  /** The line of the file that stderr begins at, counted from 1. */
  readonly stderrLine: number;
}

/**
 * Files are made at the first byte, for their owner alone. A source is paused while its file is behind, so
 * memory stays bounded; when the file is full, or after a write error, the source flows on and `finish` tells it.
 */
export class OutputFile {
  private readonly path: string;
  private readonly maxBytes: number;
  private readonly writers = new Map<StreamName, WriteStream>();
  private problem: string | undefined;
  private receivedBytes = 0;
  private writtenBytes = 0;
  private linesOfStdout = 0;

  constructor(path: string, maxBytes: number) {
    this.path = path;
    this.maxBytes = maxBytes;
  }

  write(stream: StreamName, chunk: Buffer, source: Readable): void {
    this.receivedBytes += chunk.length;
    if (this.problem !== undefined) return;
    const kept = chunk.subarray(0, this.maxBytes - this.writtenBytes);
    this.writtenBytes += kept.length;
    if (kept.length === 0) return;
    if (stream === 'stdout') this.linesOfStdout += countLineEnds(kept);
    const writer = this.writers.get(stream) ?? this.open(stream, source);
    if (writer.write(kept)) return;
    source.pause();
    writer.once('drain', () => source.resume());
  }

  /** Closes the files and joins them. Never rejects. */
  async finish(): Promise<KeptOutput> {
    for (const writer of this.writers.values()) await this.close(writer);
    if (this.writers.has('stderr') && this.problem === undefined) await this.appendStderr();
    if (this.problem !== undefined) await this.removeStderr();
    // After a problem stderr is in no file, or not to its end.
    const writtenBytes =
      this.problem === undefined ? this.writtenBytes : (this.writers.get('stdout')?.bytesWritten ?? 0);
    return {
      ...(writtenBytes === 0 ? {} : { file: this.path }),
      ...(this.problem === undefined ? {} : { problem: this.problem }),
      notKeptBytes: this.receivedBytes - writtenBytes,
      stderrLine: this.linesOfStdout + countLineEnds(Buffer.from(this.heading())) + 1,
    };
  }

  private open(stream: StreamName, source: Readable): WriteStream {
    const writer = createWriteStream(this.pathOf(stream), { flags: 'w', mode: 0o600 });
    writer.on('error', (error) => {
      this.problem ??= error.message;
      source.resume();
    });
    this.writers.set(stream, writer);
    return writer;
  }

  private async close(writer: WriteStream): Promise<void> {
    writer.end();
    if (writer.closed) return;
    // `close` follows `error` as well, so this always settles.
    await once(writer, 'close').catch(() => undefined);
  }

  private async appendStderr(): Promise<void> {
    try {
      const whole = createWriteStream(this.path, { flags: 'a', mode: 0o600 });
      whole.write(this.heading());
      await pipeline(createReadStream(this.pathOf('stderr')), whole);
      await this.removeStderr();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  private async removeStderr(): Promise<void> {
    // On a disk that is full it is better gone; where it can't be removed, nothing depends on it.
    await rm(this.pathOf('stderr'), { force: true }).catch(() => undefined);
  }

  private heading(): string {
    return `${this.writers.has('stdout') ? '\n' : ''}${stderrHeading}\n`;
  }

  private pathOf(stream: StreamName): string {
    return stream === 'stdout' ? this.path : `${this.path}.stderr`;
  }
}
