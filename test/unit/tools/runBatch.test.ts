/** run_batch: what it takes, what it declares, and that each call's policy is its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reads, unknownEffects, writes } from '../../../src/core/effects.ts';
import type { ToolResult } from '../../../src/core/tools.ts';
import { createRunBatch } from '../../../src/tools/runBatch.ts';
import { call, done, failed, settleDown, startTestBatch, tool, type TestBatch } from '../engine/testBatch.ts';

const tools = [
  tool('good', () => done()),
  tool('bad', () => failed()),
  tool('stuck', () => new Promise<ToolResult>(() => undefined)),
  tool('read', () => done(), { effectsAre: reads('file:/w/r') }),
  tool('write', () => done(), { effectsAre: writes('file:/w/w') }),
  tool('command', () => done(), { effectsAre: unknownEffects }),
  tool('picky', () => done(), {
    check: () => ({ ok: false, problems: [{ path: [], message: 'no' }] }),
    effectsAre: unknownEffects,
  }),
];
const runBatch = createRunBatch(tools);
const place = { cwd: '/w', roots: ['/w'] };

function inner(id: string, toolName: string, rest: object = {}): object {
  return { id, tool: toolName, input: {}, ...rest };
}

function run(calls: readonly object[], rest: object = {}): Promise<TestBatch> {
  const value = { calls, ...rest };
  return startTestBatch({
    tools: [...tools, runBatch],
    calls: [call('outer', 'run_batch', { input: { kind: 'parsed', value } })],
    lanes: { io: 2 },
  });
}

function statuses({ session }: TestBatch): string {
  return [...session.log.state.calls].map(([id, { state }]) => `${id} ${state.status}`).join('\n');
}

for (const [what, policy, rest] of [
  ['failFast', {}, { failFast: true }],
  ['onFailure abort', { onFailure: 'abort' }, {}],
] as const)
  test(`${what}: once a call has failed nothing more of the batch starts, and each names the cause`, async () => {
    const later = inner('later', 'good', { after: [{ id: 'bad', when: 'settled' }] });
    const test = await run([inner('bad', 'bad', policy), later], rest);
    await test.batch.ended;
    assert.equal(statuses(test), 'outer failed\nouter/bad failed\nouter/later skipped');
    const state = test.outcome('outer/later');
    assert.equal(state.status === 'skipped' && state.because, 'outer/bad');
  });

test('a deadline and retries of a call inside count for it alone', async () => {
  const test = await run([
    inner('slow', 'stuck', { timeoutMs: 50 }),
    inner('again', 'bad', { retries: 1, after: [{ id: 'slow', when: 'settled' }] }),
    inner('once', 'bad'),
  ]);
  for (const ms of [50, 10, 10_000]) {
    await settleDown();
    test.clock.advance(ms);
  }
  await test.batch.ended;
  const slow = test.outcome('outer/slow');
  assert.match(slow.status === 'timedOut' ? slow.error.message : slow.status, /deadline of 50 ms/);
  const failedAttempts = (id: string): number | undefined =>
    test.session.log.state.calls.get(id)?.failedAttempts.length;
  assert.deepEqual(['outer/again', 'outer/once'].map(failedAttempts), [1, 0]);
});

test('1 to 200 calls are taken, with ids that can stand in an id', () => {
  const many = (count: number): object[] =>
    Array.from({ length: count }, (_, place) => inner(`c${place}`, 'good'));
  const isTaken = (calls: readonly object[]): boolean => runBatch.check({ calls }).ok;
  assert.deepEqual(
    [0, 1, 200, 201].map((count) => isTaken(many(count))),
    [false, true, true, false],
  );
  const ids = ['a/b', '', 'x'.repeat(64), 'x'.repeat(65)];
  assert.deepEqual(
    ids.map((id) => isTaken([inner(id, 'good')])),
    [false, false, true, false],
  );
});

test('it declares what all of its calls read and write together, and nothing of those that will not run', async () => {
  const effectsOf = async (...names: readonly string[]): Promise<unknown> => {
    const checked = runBatch.check({ calls: names.map((name, place) => inner(`c${place}`, name)) });
    assert.ok(checked.ok);
    return runBatch.effects(checked.input, place);
  };
  assert.deepEqual(await effectsOf('read', 'write', 'picky', 'nobody'), {
    kind: 'known',
    reads: ['file:/w/r'],
    writes: ['file:/w/w'],
  });
  assert.deepEqual(await effectsOf('read', 'command'), unknownEffects);
});

test('part 2 i: a batch in a batch is refused alone, and its input is on record as it was', async () => {
  const nested = { calls: [inner('x', 'good')] };
  const test = await run([inner('again', 'run_batch', { input: nested }), inner('beside', 'good')]);
  await test.batch.ended;
  assert.equal(statuses(test), 'outer failed\nouter/again failed\nouter/beside succeeded');
  const again = test.outcome('outer/again');
  assert.deepEqual(again.status === 'failed' && again.error, {
    kind: 'refused',
    message:
      "A run_batch can't hold another run_batch, so this call did not run. Put its calls into the outer one.",
  });
  const { input } = test.session.log.state.calls.get('outer/again') ?? {};
  assert.deepEqual(input, { kind: 'parsed', value: nested });
});
