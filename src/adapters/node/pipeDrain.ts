/** Reads what is left in the pipes of a process that has exited, and then lets go of them. */
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Disposable } from '../../core/emitter.ts';
import type { Clock } from '../../core/ports.ts';

// A background process that inherited the pipes keeps them open for ever, so after the exit they get this
// long, anew with each chunk, and no longer than the second figure in all. After a kill they get all of
// that: whoever held them is about to die.
const idleMs = 150;
const atMostMs = 2000;

export interface DrainOptions {
  /** Settles when both pipes are at their end. */
  readonly closed: Promise<void>;
  readonly clock: Clock;
  readonly wasKilled: boolean;
}

/**
 * Settles when all that the process wrote was read: true if somebody still holds the pipes. What a background process writes
 * later is read and dropped.
 */
export async function untilDrained(child: ChildProcess, options: DrainOptions): Promise<boolean> {
  const pipes = [child.stdout, child.stderr].filter((pipe) => pipe !== null);
  const silence = new Silence(pipes, options.clock, options.wasKilled ? atMostMs : idleMs);
  const isHeld = await Promise.race([options.closed.then(() => false), silence.comes.then(() => true)]);
  silence.dispose();
  for (const pipe of pipes) letGo(pipe, options.wasKilled);
  return isHeld;
}

// A closed pipe would end a server that goes on in the background at the next line that it logs.
function letGo(pipe: Readable, wasKilled: boolean): void {
  pipe.removeAllListeners('data');
  if (wasKilled) pipe.destroy();
  else pipe.resume();
  // Nobody waits for it any more, neither does the exit of this program.
  if (pipe instanceof Socket) pipe.unref();
}

/** Waits until the pipes have been quiet for a while, or for as long as they get. */
class Silence {
  readonly comes: Promise<void>;
  private readonly pipes: readonly Readable[];
  private readonly clock: Clock;
  private readonly idleMs: number;
  private readonly limit: Disposable;
  private readonly arrive: () => void;
  private readonly onData = (): void => this.waitAnew();
  private idle: Disposable | undefined;
  private isOver = false;
  private isDisposed = false;
  private chunks = 0;

  constructor(pipes: readonly Readable[], clock: Clock, quietMs: number) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.comes = promise;
    this.arrive = resolve;
    this.pipes = pipes;
    this.clock = clock;
    this.idleMs = quietMs;
    this.limit = clock.after(atMostMs, () => {
      this.isOver = true;
      this.lookOnceMore();
    });
    for (const pipe of pipes) pipe.on('data', this.onData);
    this.waitAnew();
  }

  dispose(): void {
    this.isDisposed = true;
    this.idle?.dispose();
    this.limit.dispose();
    for (const pipe of this.pipes) pipe.off('data', this.onData);
  }

  private waitAnew(): void {
    this.chunks += 1;
    this.idle?.dispose();
    this.idle = this.clock.after(this.idleMs, () => this.lookOnceMore());
  }

  /** Timers come before reads when this program was busy, so one more look at the pipes is needed. */
  private lookOnceMore(): void {
    const before = this.chunks;
    setImmediate(() => {
      if (this.isDisposed) return;
      // Paused means that the file is behind, not that the pipe is empty.
      if (this.pipes.some((pipe) => pipe.isPaused())) this.waitAnew();
      else if (this.isOver || this.chunks === before) this.arrive();
    });
  }
}
