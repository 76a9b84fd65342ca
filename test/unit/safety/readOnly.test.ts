/** Under read-only nothing of a repository changes: not a byte, a mode or a time, by no tool and no argument. */
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { BatchCall, BatchFile } from '../../../src/formats/batchFile.ts';
import type { Runtime } from '../../../src/runtime/runtime.ts';
import { gitCommands } from '../../../src/safety/gitCommands.ts';
import { readingPrograms } from '../../../src/safety/readingPrograms.ts';
import { agentScripts, asksFor, says } from '../../fixtures/agentScripts.ts';
import { testRuntime } from '../runtime/testRuntime.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { withHome } from '../tools/gitBench.ts';
import { pictureOf } from './readOnly/picture.ts';
import { agentInputs, deniedLines, gitLines, programLines, toolInputs } from './readOnly/readingInputs.ts';
import { repositoryStates, type RepositoryState } from './readOnly/repositoryStates.ts';

const permission = 'read-only';

interface Scene {
  readonly folder: string;
  readonly cwd: string;
}

async function scene(t: TestContext, { make }: RepositoryState): Promise<Scene> {
  await withHome(
    t,
    '[user]\n\tname = Person\n\temail = p@example.invalid\n[protocol "file"]\n\tallow = always\n',
  );
  const folder = path.join(await temporaryFolder(t), 'root');
  await mkdir(folder);
  const below = await make(folder);
  return { folder, cwd: path.join(folder, below ?? '.') };
}

async function run(runtime: Runtime, cwd: string, calls: readonly BatchCall[]): Promise<readonly string[]> {
  const batch: BatchFile = { version: 1, calls };
  const { settled } = await runtime.runBatch({ batch, permission, cwd, roots: [cwd] });
  return (await settled).map(({ id, status, error }) => `${id} ${status} ${error?.message ?? ''}`);
}

function named(tool: string, inputs: readonly object[]): readonly BatchCall[] {
  return inputs.map((input, index) => ({ id: `${tool}-${index}`, tool, input }));
}

/** Of each subcommand the first lines of the table, which are those that look at the index and the files. */
function gitCallsOf(count: number): readonly BatchCall[] {
  return named(
    'git',
    Object.entries(gitLines).flatMap(([name, lines]) =>
      lines
        .slice(0, count)
        .map((line) => ({ args: [name, ...line.split(' ').filter((word) => word !== '')] })),
    ),
  );
}

const every = Infinity;

/** Fails with the entries that differ; where they do, the first call that changes something is looked for in halves. */
async function assertUnchanged(
  t: TestContext,
  state: RepositoryState,
  calls: readonly BatchCall[],
): Promise<void> {
  const runtime = testRuntime(t, await temporaryFolder(t));
  const changedBy = async (some: readonly BatchCall[]): Promise<readonly string[]> => {
    const { folder, cwd } = await scene(t, state);
    const before = await pictureOf(folder);
    await run(runtime, cwd, some);
    const after = await pictureOf(folder);
    return after.filter((line) => !before.includes(line));
  };
  let guilty = calls;
  if ((await changedBy(guilty)).length === 0) return;
  while (guilty.length > 1) {
    const half = guilty.slice(0, Math.ceil(guilty.length / 2));
    guilty = (await changedBy(half)).length > 0 ? half : guilty.slice(half.length);
  }
  assert.deepEqual(await changedBy(guilty), [], JSON.stringify(guilty));
  assert.fail('Only several calls together change something.');
}

for (const state of repositoryStates)
  test(`read-only: reading git leaves a repository as it is: ${state.what}`, { timeout: 300_000 }, (t) =>
    assertUnchanged(t, state, gitCallsOf(state.isTriedWithAll ? every : 2)),
  );

const [first, ...others] = repositoryStates;
const odd = others.find(({ what }) => what.includes('FIFO'));

for (const state of [first, odd])
  test(
    `read-only: every other tool leaves a repository as it is: ${state?.what}`,
    { timeout: 300_000 },
    async (t) => {
      assert.ok(state);
      const tools = Object.entries(toolInputs).flatMap(([tool, inputs]) => named(tool, inputs));
      await assertUnchanged(t, state, [...gitCallsOf(1).slice(0, 1), ...tools]);
    },
  );

test('read-only: every reading command leaves a repository as it is', { timeout: 300_000 }, async (t) => {
  assert.ok(odd);
  const table = await readFile(path.resolve(import.meta.dirname, '../../fixtures/realCommands.tsv'), 'utf8');
  const real = table.trimEnd().split('\n').slice(1);
  const lines = [
    ...Object.values(programLines).flat(),
    ...real.map((line) => line.split('\t')[1] ?? ''),
    ...deniedLines,
  ];
  await assertUnchanged(
    t,
    odd,
    named(
      'terminal',
      lines.map((command) => ({ command })),
    ),
  );
});

test(
  'W1, read-only: what starts and looks after agents leaves a repository as it is',
  { timeout: 300_000 },
  async (t) => {
    assert.ok(first);
    const { folder, cwd } = await scene(t, first);
    const calls = Object.entries(agentInputs).flatMap(([tool, inputs]) =>
      named(tool, inputs).map(({ id, input }) => [id, tool, input as object] as const),
    );
    const writes = asksFor(
      ['w', 'write_file', { path: 'x.md', content: 'x' }],
      ['g', 'git', { args: ['diff'] }],
      ['d', 'git', { args: ['describe', '--always', '--dirty'] }],
      ['s', 'spawn_agent', { prompt: 'Do below', label: 'b', isolation: 'worktree' }],
    );
    const scripts = await agentScripts(t, {
      root: [...calls.map((call) => asksFor(call)), says('Done.')],
      helper: [writes, says('Done.')],
      below: [says('Done.')],
    });
    const runtime = testRuntime(t, await temporaryFolder(t), scripts.server.url);
    const before = await pictureOf(folder);
    const agent = await runtime.startAgent({ prompt: 'Lead root', permission, cwd, roots: [cwd] });
    const { status } = await agent.ended;
    assert.equal(status, 'completed');
    assert.deepEqual(await pictureOf(folder), before);
  },
);

test('read-only: each tool, subcommand and program has its lines in the tables of this test', async (t) => {
  const runtime = testRuntime(t, await temporaryFolder(t));
  const tools = runtime.tools.map(({ name }) => name).filter((name) => name !== 'git' && name !== 'terminal');
  assert.deepEqual(tools.sort(), [...Object.keys(toolInputs), ...Object.keys(agentInputs)].sort());
  assert.deepEqual(Object.keys(gitLines).sort(), Object.keys(gitCommands).sort());
  assert.deepEqual(Object.keys(programLines).sort(), [...readingPrograms.keys()].sort());
});
