/** Peak memory and the end of small programs that run one call, and what reading ranges of a large file blocks. */
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { createReadFile } from '../../../src/tools/readFile.ts';
import { asModule, buildHelper, common, copyGrammars } from '../../host/build.ts';
import { runCalls } from '../contestants/engine.ts';
import { judgements } from '../judgements.ts';
import { inRounds, median } from '../measure.ts';
import { measureProgram, type ProgramRun } from '../programMemory.ts';
import type { Row, Scenario, Table } from '../scenario.ts';

const readFileCall = { id: 'a', tool: 'read_file', input: { path: 'a.txt' } };
const readingCommand = terminal('grep -rn foo a.txt | head -20');
const gigabyte = 2 ** 30;

export const scenario: Scenario = {
  about: 'memory and exit of one call, judging command lines, and ranges of a large file',
  async measure(rounds) {
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'allsettled-bench-')));
    try {
      await writeFile(path.join(folder, 'a.txt'), 'foo\n');
      await bundle(folder);
      return [
        await programTable(folder, rounds),
        await judgementTable(folder, rounds),
        await rangeTable(folder, rounds),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function terminal(command: string): object {
  return { id: 'a', tool: 'terminal', input: { command } };
}

/** As dist/ has them: the sources themselves would bring the compiler's memory. */
async function bundle(folder: string): Promise<void> {
  const build = (entryPoint: string, outfile: string): Promise<unknown> =>
    esbuild.build({ ...common, ...asModule, entryPoints: [entryPoint], outfile: path.join(folder, outfile) });
  await build('src/cli/main.ts', 'cli.mjs');
  await build('test/bench/memoryHost.ts', 'host.mjs');
  await buildHelper('grammarHelper', folder);
  await copyGrammars(folder);
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }');
}

async function programTable(folder: string, rounds: number): Promise<Table> {
  const cli = (call: object) => () => inTerminal(folder, call);
  const host = (call: object, ...args: readonly string[]) => {
    const program = [path.join(folder, 'host.mjs'), folder, JSON.stringify([call]), ...args];
    return () => measureProgram(program, folder, (stdout) => stdout.includes('result\n'));
  };
  const figures = await inRounds(rounds, [
    { name: terminalBase, measure: cli(readFileCall) },
    { name: 'terminal, a reading command', measure: cli(readingCommand) },
    { name: hostBase, measure: host(readFileCall) },
    { name: 'editor’s host and helper, a reading command', measure: host(readingCommand, '--helper') },
    { name: 'terminal, 1 GiB in lines', measure: cli(terminal(`yes abcdefghijklmn | head -c ${gigabyte}`)) },
    {
      name: 'terminal, 1 GiB in one line',
      measure: cli(terminal(`head -c ${gigabyte} /dev/zero | tr '\\0' a`)),
    },
  ]);
  return {
    title: 'One call in a program of its own',
    rows: [...figures].map(([name, runs]) => rowOf(name, runs, figures)),
    note:
      'Peaks of all processes of our own. At most: 30 MB above read_file in a terminal, 120 MB in an editor’s host; ' +
      '150 MB in all for 1 GiB.',
  };
}

const terminalBase = 'terminal, read_file';
const hostBase = 'editor’s host, read_file';

function rowOf(
  name: string,
  runs: readonly ProgramRun[],
  figures: ReadonlyMap<string, readonly ProgramRun[]>,
): Row {
  const peakOf = (of: readonly ProgramRun[]): number => median(of.map(({ peakMegabytes }) => peakMegabytes));
  const base = figures.get(name.startsWith('terminal') ? terminalBase : hostBase) ?? [];
  return {
    '': name,
    'peak, MB': peakOf(runs),
    'above read_file, MB': peakOf(runs) - peakOf(base),
    'result, s': median(runs.map(({ resultMs }) => resultMs / 1000)),
    'exit after it, s': median(runs.map(({ exitMs }) => exitMs / 1000)),
  };
}

async function inTerminal(folder: string, call: object): Promise<ProgramRun> {
  const stateDir = await mkdtemp(path.join(folder, 'state-'));
  await writeFile(path.join(folder, 'x.batch.json'), JSON.stringify({ version: 1, calls: [call] }));
  const args = [
    'cli.mjs',
    'run',
    'x.batch.json',
    '--json',
    '--permission',
    'unlimited',
    '--state-dir',
    stateDir,
  ];
  try {
    return await measureProgram(args, folder, (stdout) => stdout.includes('"type":"result"'));
  } finally {
    await rm(stateDir, { recursive: true, force: true });
  }
}

async function judgementTable(folder: string, rounds: number): Promise<Table> {
  const figures = await inRounds(rounds, [
    { name: 'a judgement', measure: () => judgements(folder, judgedTimes) },
  ]);
  const rows = [...figures].map(([name, runs]): Row => ({
    '': name,
    'median, ms': median(runs.map(median)),
    'longest, ms': median(runs.map((taken) => Math.max(...taken))),
  }));
  return {
    title: 'Judging command lines in an editor’s host, its helper being up',
    rows,
    note: 'At most: 60 ms.',
  };
}

const judgedTimes = 10;
const reads = 100;
const linesOfRange = 50;

async function rangeTable(folder: string, rounds: number): Promise<Table> {
  const lines = Array.from(
    { length: 160_000 },
    (_, index) => `${index} the quick brown fox jumps over the lazy dog, ä`,
  );
  await writeFile(path.join(folder, 'large.txt'), lines.join('\n'));
  const figures = await inRounds(rounds, [{ name: `${reads} reads`, measure: () => readRanges(folder) }]);
  const rows = [...figures].map(([name, runs]): Row => ({
    '': name,
    'in sum, ms': median(runs.map(({ sumMs }) => sumMs)),
    'longest at once, ms': median(runs.map(({ longestMs }) => longestMs)),
  }));
  return {
    title: `Ranges of ${linesOfRange} lines of one file of 9 MB, at once`,
    rows,
    note: 'Processor time of the main thread, in sum and between two turns of its loop. At most: 1000 ms and 50 ms.',
  };
}

async function readRanges(folder: string): Promise<LoopTime> {
  const calls = Array.from({ length: reads }, (_, index) => ({
    id: `call_${index}`,
    tool: 'read_file',
    input: {
      kind: 'parsed',
      value: { path: 'large.txt', startLine: 1 + index * 1000, endLine: index * 1000 + linesOfRange },
    } as const,
  }));
  const tool = createReadFile(createFiles());
  return loopTimeOf(async () => {
    const { state } = await runCalls([tool], calls, { cwd: folder });
    const failed = [...state.calls.values()].find((call) => call.state.status !== 'succeeded');
    if (failed) throw new Error(JSON.stringify(failed.state));
  });
}

interface LoopTime {
  readonly sumMs: number;
  readonly longestMs: number;
}

/** Processor time, because on a busy machine a wait for a processor looks like a block. */
async function loopTimeOf(work: () => Promise<void>): Promise<LoopTime> {
  const startedAt = threadMs();
  let isOver = false;
  let [longestMs, lastAt] = [0, startedAt];
  const turn = (): void => {
    const now = threadMs();
    longestMs = Math.max(longestMs, now - lastAt);
    lastAt = now;
    if (!isOver) setImmediate(turn);
  };
  turn();
  await work();
  isOver = true;
  return { sumMs: threadMs() - startedAt, longestMs };
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
