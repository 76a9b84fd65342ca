import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { CallRequest } from '../../../src/core/calls.ts';
import type { Tool } from '../../../src/core/tools.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { startTestBatch, type TestBatch } from '../engine/testBatch.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { plainGit, repositoryBench } from './gitBench.ts';
import type { ToolBench } from './toolBench.ts';

const longestPauseMs = 4_000;

/** A clock on which pauses are over at once and deadlines never come. */
class ImpatientClock extends TestClock {
  override after(delayMs: number, callback: () => void): { dispose(): void } {
    const timer = super.after(delayMs, callback);
    if (delayMs > longestPauseMs) return timer;
    const soon = setImmediate(() => {
      timer.dispose();
      callback();
    });
    return { dispose: () => clearImmediate(soon) };
  }
}

/** The real tool in the repository, which tells of each attempt that has ended. */
function inRepository(tool: Tool, bench: ToolBench, outputs: string, ended: () => Promise<void>): Tool {
  const place = { cwd: bench.root, roots: [bench.root] };
  let attempts = 0;
  return {
    ...tool,
    effects: (input) => tool.effects(input, place),
    run: async (input, context) => {
      attempts += 1;
      const outputFile = path.join(outputs, `${tool.name}-${attempts}`);
      const result = await tool.run(input, { ...context, ...place, outputFile });
      await ended();
      return result;
    },
  };
}

async function runCalls(
  t: TestContext,
  bench: ToolBench,
  calls: readonly (readonly [tool: string, input: object])[],
  ended: () => Promise<void> = () => Promise.resolve(),
): Promise<TestBatch> {
  const outputs = await temporaryFolder(t);
  const names = [...new Set(calls.map(([name]) => name))];
  const tools = names.map((name) => inRepository(bench.tool(name), bench, outputs, ended));
  const requests = calls.map(([tool, value], index): CallRequest => ({
    id: `c${index}`,
    tool,
    input: { kind: 'parsed', value },
  }));
  const started = await startTestBatch({ tools, calls: requests, clock: new ImpatientClock() });
  await started.batch.ended;
  return started;
}

const locked: readonly [lock: string, tool: string, input: object][] = [
  ['index.lock', 'git_add', { paths: ['a.txt'] }],
  ['index.lock', 'git_commit', { message: 'x', all: true }],
  ['HEAD.lock', 'git_commit', { message: 'x', all: true }],
  ['index.lock', 'git_switch', { branch: 'other' }],
  ['index.lock', 'git_switch', { branch: 'new', create: true, startPoint: 'other' }],
  ['refs/heads/new.lock', 'git_switch', { branch: 'new', create: true }],
  ['index.lock', 'git_stash', { action: 'push' }],
  ['refs/stash.lock', 'git_stash', { action: 'push' }],
  ['index.lock', 'git_stash', { action: 'pop' }],
  ['refs/stash.lock', 'git_stash', { action: 'drop' }],
];

async function withLock(
  t: TestContext,
  lock: string,
  input: object,
): Promise<{ bench: ToolBench; file: string }> {
  const bench = await repositoryBench(t);
  plainGit(bench.root, 'branch', 'other');
  await writeFile(path.join(bench.root, 'a.txt'), 'two\n');
  if ('action' in input && input.action !== 'push') plainGit(bench.root, 'stash', 'push', '-q');
  const file = path.join(bench.root, '.git', lock);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, 'somebody');
  return { bench, file };
}

for (const [lock, name, input] of locked)
  test(`a lock that goes away is waited for: ${name} ${JSON.stringify(input)} at ${lock}`, async (t) => {
    const { bench, file } = await withLock(t, lock, input);
    let attempts = 0;
    const { outcome, session } = await runCalls(t, bench, [[name, input]], async () => {
      attempts += 1;
      if (attempts === 2) await rm(file);
    });
    assert.equal(outcome('c0').status, 'succeeded', JSON.stringify(outcome('c0')));
    assert.equal(attempts, 3);
    const errors = session.events.flatMap((event) =>
      event.type === 'call.attemptFailed' ? [event.error] : [],
    );
    assert.deepEqual(
      errors.map(({ kind }) => kind),
      ['busy', 'busy'],
    );
  });

test('a lock that stays is left where it is, however often it was met, and the person is told how to look', async (t) => {
  for (const [name, input] of [
    ['git_add', { paths: ['a.txt'] }],
    ['git_stash', { action: 'push' }],
  ] as const) {
    const { bench, file } = await withLock(t, 'index.lock', input);
    const { outcome, session } = await runCalls(t, bench, [[name, input]]);
    const settled = outcome('c0');
    assert.ok(settled.status === 'failed');
    assert.equal(settled.error.kind, 'busy');
    assert.match(settled.error.message, /Another git process.*the lock was left alone.*a person can/);
    assert.equal(await readFile(file, 'utf8'), 'somebody');
    assert.equal(session.events.filter(({ type }) => type === 'call.attemptFailed').length, 5);
  }
});

test('what a lock stopped halfway is not done again, and it says so', async (t) => {
  const { bench, file } = await withLock(t, 'HEAD.lock', { action: 'push' });
  const { outcome } = await runCalls(t, bench, [['git_stash', { action: 'push' }]]);
  const settled = outcome('c0');
  assert.ok(settled.status === 'failed');
  assert.equal(settled.error.kind, 'changed');
  assert.match(settled.error.message, /HEAD\.lock.*a part of it was done/);
  await rm(file);
  assert.equal(plainGit(bench.root, 'stash', 'list').trim().split('\n').length, 1);
});

test('another failure is no lock: it is not repeated', async (t) => {
  const bench = await repositoryBench(t);
  let attempts = 0;
  const { outcome } = await runCalls(t, bench, [['git_switch', { branch: 'nowhere' }]], async () => {
    attempts += 1;
    await Promise.resolve();
  });
  assert.equal(outcome('c0').status, 'failed');
  assert.equal(attempts, 1);
});

test('fourteen git_add beside seven git status all succeed, and stage everything', async (t) => {
  const bench = await repositoryBench(t);
  const names = Array.from({ length: 14 }, (_, index) => `new-${index}.txt`);
  for (const name of names) await writeFile(path.join(bench.root, name), name);
  const calls = names.flatMap((name, index): (readonly [string, object])[] => [
    ['git_add', { paths: [name] }],
    ...(index % 2 === 0 ? [['git', { args: ['status', '--short'] }] as const] : []),
  ]);
  const { outcomes } = await runCalls(t, bench, calls);
  assert.deepEqual(
    outcomes()
      .split('\n')
      .filter((line) => !line.endsWith(' succeeded')),
    [],
  );
  assert.equal(plainGit(bench.root, 'diff', '--cached', '--name-only').trim().split('\n').length, 14);
});

test('written, staged and committed in one batch, the commit holds what was written', async (t) => {
  const bench = await repositoryBench(t);
  const { outcomes } = await runCalls(t, bench, [
    ['write_file', { path: 'new.txt', content: 'x\n' }],
    ['git_add', { paths: ['new.txt'] }],
    ['git_commit', { message: 'second' }],
    ['git', { args: ['log', '-1', '--stat'] }],
  ]);
  assert.equal(outcomes(), 'c0 succeeded\nc1 succeeded\nc2 succeeded\nc3 succeeded');
  assert.equal(plainGit(bench.root, 'show', 'HEAD:new.txt'), 'x\n');
});
