/** Git in a repository of 5,000 files: how wide the process lane should be, and whether writers collide. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { disk } from '../../../src/adapters/node/disk.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import type { CallRequest } from '../../../src/core/calls.ts';
import { reads, writes } from '../../../src/core/effects.ts';
import type { Tool } from '../../../src/core/tools.ts';
import { createGit } from '../../../src/tools/git.ts';
import PQueue from '../../../node_modules/p-queue/dist/index.js';
import { runCalls } from '../contestants/engine.ts';
import { inRounds, median, timed } from '../measure.ts';
import type { Row, Scenario, Table } from '../scenario.ts';

const run = promisify(execFile);
const files = 5000;
const calls = 14;
const readers = 7;
const widths = [1, 2, 4, 8, 16];
const processes = createProcesses({ clock: nodeClock });

export const scenario: Scenario = {
  about: 'git in a repository of 5,000 files',
  async measure(rounds) {
    const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'allsettled-bench-')));
    try {
      await makeRepository(folder);
      return [await statusTable(folder, rounds), await addTable(folder, rounds)];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function makeRepository(folder: string): Promise<void> {
  for (let index = 0; index < files; index += 1) {
    const place = path.join(folder, `folder-${Math.floor(index / 50)}`);
    if (index % 50 === 0) await mkdir(place);
    await writeFile(path.join(place, `file-${index}.txt`), `line ${index}\n`.repeat(20));
  }
  const git = (...args: string[]): Buffer => execFileSync('git', ['-C', folder, ...args], { stdio: 'pipe' });
  git('init', '--quiet');
  git('add', '.');
  git('-c', 'user.name=bench', '-c', 'user.email=bench@example.com', 'commit', '--quiet', '-m', 'All files');
}

async function statusTable(folder: string, rounds: number): Promise<Table> {
  const bare = widths.map((width) => ({
    name: `bare, ${width} at once`,
    measure: () => timed(() => bareStatus(folder, width)),
  }));
  const ours = widths.map((width) => ({
    name: `AllSettled engine, the same command, ${width} at once`,
    measure: () => timed(() => engineStatus(plainGit(), { value: '' }, folder, width)),
  }));
  const git = createGit(createFiles(), processes, { disk });
  const real = widths.map((width) => ({
    name: `AllSettled git tool, ${width} at once`,
    measure: () => timed(() => engineStatus(git, { args: ['status'] }, folder, width)),
  }));
  const entries = [...bare, ...ours, ...real];
  await inRounds(1, entries); // The file system's caches.
  const figures = await inRounds(rounds, entries);
  const best = Math.min(...bare.map(({ name }) => median(figures.get(name) ?? [])));
  const rows = [...figures].map(([name, ms]): Row => ({
    '': name,
    ms: median(ms),
    'against the best bare': median(ms) / best,
  }));
  return {
    title: `${calls} x git status, ${files} files`,
    rows,
    note: 'The git tool looks at the repository first: by itself where its config is plain, as here, else with two short gits.',
  };
}

async function bareStatus(cwd: string, concurrency: number): Promise<void> {
  const queue = new PQueue({ concurrency });
  await Promise.allSettled(
    Array.from({ length: calls }, () =>
      queue.add(() => run('git', ['--no-optional-locks', 'status'], { cwd })),
    ),
  );
}

async function engineStatus(tool: Tool, value: unknown, cwd: string, width: number): Promise<void> {
  const { state } = await runCalls([tool], numbered(tool, calls, value), { cwd, width });
  const failed = [...state.calls.values()].find((call) => call.state.status !== 'succeeded');
  if (failed) throw new Error(JSON.stringify(failed.state));
}

function numbered({ name: tool }: Tool, count: number, value: unknown): readonly CallRequest[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${tool}_${index}`,
    tool,
    input: { kind: 'parsed', value } as const,
  }));
}

/** `git status`, with no more than the engine around it. */
function plainGit(): Tool {
  return gitTool('status', () => ['--no-optional-locks', 'status'], reads);
}

function gitTool(
  name: string,
  argsOf: (input: unknown) => readonly string[],
  effect: typeof reads | typeof writes,
): Tool {
  return {
    name,
    description: name,
    inputSchema: {},
    lane: 'process',
    access: 'command',
    timeoutMs: 60_000,
    stops: 'kills',
    check: (input) => ({ ok: true, input }),
    effects: (_input, { cwd }) => effect(`git:${cwd}/.git:index`),
    subject: () => name,
    async run(input, { cwd, signal }) {
      const args = argsOf(input);
      const end = await processes.run({ command: { kind: 'program', file: 'git', args }, cwd, signal });
      if (end.kind === 'exited' && end.exitCode === 0)
        return { ok: true, output: { text: 'done', bytes: 4 } };
      const message =
        'output' in end && end.output.stderr.kept.isWhole ? end.output.stderr.kept.text : end.kind;
      return { ok: false, error: { kind: 'exitCode', message } };
    },
  };
}

async function addTable(folder: string, rounds: number): Promise<Table> {
  const figures = await inRounds(rounds, [
    { name: 'AllSettled engine, declared effects', measure: () => changed(folder, addInEngine) },
    { name: 'Promise.allSettled', measure: () => changed(folder, addBare) },
  ]);
  const rows = [...figures].map(([name, ends]): Row => ({
    '': name,
    'lock failures': `${median(ends.map(({ failures }) => failures))} of ${calls}`,
    'most in a round': Math.max(...ends.map(({ failures }) => failures)),
    ms: median(ends.map(({ ms }) => ms)),
  }));
  return { title: `${calls} x git add at once, beside ${readers} x git status`, rows };
}

interface Adding {
  readonly failures: number;
  readonly ms: number;
}

/** Gives each `git add` a changed file of its own. */
async function changed(folder: string, add: (folder: string) => Promise<number>): Promise<Adding> {
  for (let index = 0; index < calls; index += 1)
    await writeFile(path.join(folder, fileOf(index)), `${performance.now()}\n`);
  const startedAt = performance.now();
  const failures = await add(folder);
  return { failures, ms: performance.now() - startedAt };
}

function fileOf(index: number): string {
  return `folder-${index}/file-${index * 50}.txt`;
}

async function addInEngine(cwd: string): Promise<number> {
  const add = gitTool('add', (input) => ['add', '--', String(input)], writes);
  const status = plainGit();
  const adds = Array.from({ length: calls }, (_, index) => numbered(add, 1, fileOf(index)))
    .flat()
    .map((call, index) => ({ ...call, id: `add_${index}` }));
  const { state } = await runCalls([add, status], mixed(adds, numbered(status, readers, '')), { cwd });
  return [...state.calls.values()].filter((call) => call.state.status !== 'succeeded').length;
}

async function addBare(cwd: string): Promise<number> {
  const adds = Array.from(
    { length: calls },
    (_, index) => () => run('git', ['add', '--', fileOf(index)], { cwd }),
  );
  const looks = Array.from({ length: readers }, () => () => run('git', ['status'], { cwd }));
  const ends = await Promise.allSettled(mixed(adds, looks).map((start) => start()));
  return ends.filter(({ status }) => status === 'rejected').length;
}

/** Two of the first, then one of the second, and so on. */
function mixed<T>(first: readonly T[], second: readonly T[]): readonly T[] {
  return first.flatMap((item, index) => {
    const other = index % 2 === 1 ? second[(index - 1) / 2] : undefined;
    return other === undefined ? [item] : [item, other];
  });
}
