/** Runs ripgrep and hands on the lines that it writes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { childEnvironment } from './environment.ts';
import type { ForeignFolders } from './foreignFolders.ts';
import { LineSplitter, type SplitLine } from './lineSplitter.ts';
import { ownEnvironment } from './ownEnvironment.ts';

const maxLineBytes = 8 * 1024 * 1024;
const maxErrorLineBytes = 64 * 1024;

export interface Ripgrep {
  /** Absolute. */
  readonly file: string;
  /** Folders into which nothing in ripgrep's environment leads. */
  readonly foreign: ForeignFolders;
}

export interface RipgrepRun {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly onLine: (line: SplitLine) => void;
  readonly onErrorLine: (line: string) => void;
}

/**
 * Settles when ripgrep has exited: by itself, or because the signal aborted. Settles with the error where it can't be started.
 * Never rejects.
 */
export async function runRipgrep(
  { file, foreign }: Ripgrep,
  { args, cwd, onLine, onErrorLine }: RipgrepRun,
  signal: AbortSignal,
): Promise<NodeJS.ErrnoException | undefined> {
  const env = await ownEnvironment(childEnvironment(process.env), cwd, foreign);
  if (signal.aborted) return undefined;
  const child = start(file, args, cwd, env);
  if (child instanceof Error) return child;
  return new Promise((resolve) => {
    // It starts no processes of its own, so killing it alone is enough.
    const kill = (): void => void child.kill('SIGKILL');
    const output = new LineSplitter(maxLineBytes, onLine);
    const errors = new LineSplitter(maxErrorLineBytes, ({ start: line }) => onErrorLine(line.toString()));
    // If too many files are open it has no streams.
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk));
    signal.addEventListener('abort', kill, { once: true });
    const settle = (error?: NodeJS.ErrnoException): void => {
      signal.removeEventListener('abort', kill);
      resolve(error);
    };
    child.once('error', settle);
    child.once('close', () => {
      errors.end();
      settle();
    });
  });
}

// Some failures are thrown, others are told by an event.
function start(
  file: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): ChildProcess | NodeJS.ErrnoException {
  try {
    return spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}
