/** Runs a program to its end. */
import { spawn } from 'node:child_process';

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Whether its output is shown as it comes; it is kept in any case. */
  readonly isShown?: boolean;
}

export interface ProgramEnd {
  /** 1 where a signal ended it or it could not start. */
  readonly exitCode: number;
  /** Standard output and errors, in the order in which they came. */
  readonly output: string;
}

/**
 * Settles when the program has ended and its output is complete; never rejects. The program ends with this process.
 */
export function runProgram(
  file: string,
  args: readonly string[],
  { cwd, env, isShown = false }: ProgramOptions = {},
): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    // npm and code are scripts on Windows, which only a shell starts.
    const isScript = process.platform === 'win32' && /^npm$|\.cmd$/.test(file);
    const child = spawn(isScript ? `"${file}"` : file, isScript ? args.map((arg) => `"${arg}"`) : args, {
      cwd,
      env,
      shell: isScript,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (stream: NodeJS.WriteStream) => (chunk: string) => {
      output += chunk;
      if (isShown) stream.write(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', take(process.stdout));
    child.stderr.setEncoding('utf8').on('data', take(process.stderr));
    const end = () => void child.kill();
    process.on('exit', end);
    child.on('error', (error) => resolve({ exitCode: 1, output: `${output}${error.message}\n` }));
    child.on('close', (code) => {
      process.off('exit', end);
      resolve({ exitCode: code ?? 1, output });
    });
  });
}
