/** Runs the CLI as the process that it is. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));

export interface CliRun {
  readonly child: ChildProcess;
  readonly ended: Promise<CliEnd>;
  /** Settles when the output so far holds a text; rejects when the process ends without it. */
  untilPrinted(text: string): Promise<void>;
}

export interface CliEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the CLI in a folder, with a state folder below it and no API key. */
export function startCli(folder: string, ...args: readonly string[]): CliRun {
  return start(folder, args, undefined);
}

/** As `startCli`, with an API key. */
export function startCliWithKey(folder: string, ...args: readonly string[]): CliRun {
  return start(folder, args, 'test-key');
}

/** As `startCliWithKey`, where no file can get longer than that: past it, a write ends as on a full disk. */
export function startLimitedCli(
  folder: string,
  maxFileKilobytes: number,
  ...args: readonly string[]
): CliRun {
  const limited: [string, ...string[]] = [
    'bash',
    '-c',
    `ulimit -f ${maxFileKilobytes} && exec "$@"`,
    'bash',
    process.execPath,
  ];
  return start(folder, args, 'test-key', limited);
}

function start(
  folder: string,
  args: readonly string[],
  apiKey: string | undefined,
  [program, ...before]: readonly [string, ...string[]] = [process.execPath],
): CliRun {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    XDG_DATA_HOME: `${folder}/data`,
    LOCALAPPDATA: `${folder}/data`,
  };
  // A shell names here what it has started, and `nohup npm test` must not look like `nohup allsettled`.
  delete env['_'];
  if (apiKey === undefined) delete env['ANTHROPIC_API_KEY'];
  else env['ANTHROPIC_API_KEY'] = apiKey;
  const child = spawn(program, [...before, main, ...args], { cwd: folder, env });
  const text = { stdout: '', stderr: '' };
  const waiting: (() => void)[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text.stdout += chunk;
    for (const look of [...waiting]) look();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
  return {
    child,
    ended: once(child, 'close').then(([exitCode]) => ({ exitCode: exitCode as number | null, ...text })),
    untilPrinted: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => text.stdout.includes(wanted) && resolve();
        waiting.push(look);
        look();
        child.once('close', () =>
          reject(new Error(`Never printed: ${wanted}\n${text.stdout}${text.stderr}`)),
        );
      }),
  };
}

/** Runs the CLI to its end. */
export function cli(folder: string, ...args: readonly string[]): Promise<CliEnd> {
  return startCli(folder, ...args).ended;
}

/** The lines of `--json` output. */
export function jsonLines(stdout: string): readonly Readonly<Record<string, unknown>>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Settles when a file is there. Watching begins before the first look, so that no change is missed. */
export async function untilFile(folder: string, name: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => existsSync(join(folder, name)) && resolve();
  const watcher = watch(folder, look);
  look();
  await promise;
  watcher.close();
}
