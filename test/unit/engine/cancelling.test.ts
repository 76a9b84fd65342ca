/** What a cancel meets, wherever the call stands. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writes } from '../../../src/core/effects.ts';
import type { ToolResult } from '../../../src/core/tools.ts';
import { Locks } from '../../../src/engine/locks.ts';
import { createRunBatch } from '../../../src/tools/runBatch.ts';
import { call, done, failed, settleDown, startTestBatch, tool, type TestBatch } from './testBatch.ts';

const good = tool('good', () => done());
const write = tool('write', () => done(), { effectsAre: writes('file:/w/a') });

/** A tool that ends when the test says so, and does not heed its signal. */
function gated(name = 'gated'): { readonly tool: ReturnType<typeof tool>; readonly end: () => void } {
  const gate = Promise.withResolvers<ToolResult>();
  return { tool: tool(name, () => gate.promise), end: () => gate.resolve(done()) };
}

function statusOf({ session }: TestBatch, id: string): string | undefined {
  return session.log.state.calls.get(id)?.state.status;
}

function settledTimes({ session }: TestBatch, id: string): number {
  return session.events.filter((event) => event.type === 'call.settled' && event.callId === id).length;
}

test('a call that waits for another is cancelled at once, and the other goes on', async () => {
  const { tool: slow, end } = gated('slow');
  const test = await startTestBatch({
    tools: [slow, good],
    calls: [call('slow'), call('good', 'good', { after: [{ id: 'slow', when: 'settled' }] })],
  });
  await settleDown();
  test.batch.cancelCall('good', 'person');
  await settleDown();
  assert.equal(statusOf(test, 'good'), 'cancelled');
  assert.equal(statusOf(test, 'slow'), 'running');
  end();
  await test.batch.ended;
  assert.equal(test.outcomes(), 'slow succeeded\ngood cancelled');
});

test('a call that waits for an approval is cancelled alone, its question is withdrawn, a late answer changes nothing', async () => {
  const answers: (() => void)[] = [];
  const signals: AbortSignal[] = [];
  const test = await startTestBatch({
    tools: [good],
    calls: [call('one', 'good'), call('two', 'good')],
    judge: () => ({ kind: 'ask' }),
    ask: (_request, signal) => {
      signals.push(signal);
      return new Promise((resolve) => answers.push(() => resolve('allowOnce')));
    },
  });
  await settleDown();
  test.batch.cancelCall('one', 'person');
  await settleDown();
  assert.equal(statusOf(test, 'one'), 'cancelled');
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, false],
  );
  for (const answer of answers) answer();
  await test.batch.ended;
  assert.equal(test.outcomes(), 'one cancelled\ntwo succeeded');
  assert.doesNotMatch(test.session.story(), /one call\.started/);
});

test('a call that waits for a slot is cancelled at once and never starts, and its place goes to the next', async () => {
  const { tool: slow, end } = gated('slow');
  const test = await startTestBatch({
    tools: [slow, good],
    calls: [call('slow'), call('one', 'good'), call('two', 'good')],
    lanes: { io: 1 },
  });
  await settleDown();
  test.batch.cancelCall('one', 'person');
  await settleDown();
  assert.equal(statusOf(test, 'one'), 'cancelled');
  end();
  await test.batch.ended;
  assert.equal(test.outcomes(), 'slow succeeded\none cancelled\ntwo succeeded');
  assert.doesNotMatch(test.session.story(), /one call\.started/);
});

test('a call that waits for a key is cancelled at once, and those behind it get the key', async () => {
  const { tool: slow, end } = gated('slow');
  const locks = new Locks();
  const holder = { ...slow, effects: () => writes('file:/w/a') };
  const first = await startTestBatch({ tools: [holder], calls: [call('slow')], locks });
  await settleDown();
  const second = await startTestBatch({ tools: [write], calls: [call('write')], locks });
  const third = await startTestBatch({ tools: [write], calls: [call('write')], locks });
  await settleDown();
  second.batch.cancelCall('write', 'person');
  await second.batch.ended;
  assert.equal(second.outcomes(), 'write cancelled');
  end();
  await Promise.allSettled([first.batch.ended, third.batch.ended]);
  assert.equal(`${first.outcomes()}\n${third.outcomes()}`, 'slow succeeded\nwrite succeeded');
});

test('a call that pauses before its next attempt is cancelled at once, with the attempts it had, and leaves no timer', async () => {
  const flaky = tool('flaky', () => failed());
  const test = await startTestBatch({ tools: [flaky], calls: [call('flaky', 'flaky', { retries: 3 })] });
  await settleDown();
  test.batch.cancelCall('flaky', 'person');
  await test.batch.ended;
  assert.equal(test.outcomes(), 'flaky cancelled');
  assert.equal(test.session.log.state.calls.get('flaky')?.failedAttempts.length, 1);
  assert.equal(test.clock.waiting, 0);
});

test('who is cancelled between the end of its pause and its next slot makes no further attempt', async () => {
  let attempts = 0;
  const flaky = tool('flaky', () => {
    attempts += 1;
    return failed();
  });
  const test = await startTestBatch({ tools: [flaky], calls: [call('flaky', 'flaky', { retries: 3 })] });
  await settleDown();
  test.clock.advance(10_000);
  test.batch.cancelCall('flaky', 'person');
  await test.batch.ended;
  assert.equal(attempts, 1);
  assert.equal(test.outcomes(), 'flaky cancelled');
});

test('a cancel after the outcome was decided, and before it is on disk, comes too late: there is one outcome', async () => {
  const disk = Promise.withResolvers<void>();
  const test = await startTestBatch({ tools: [good], calls: [call('good')], holdDurable: disk.promise });
  await settleDown();
  test.batch.cancelCall('good', 'person');
  test.batch.cancel('person');
  disk.resolve();
  await test.batch.ended;
  assert.equal(test.outcomes(), 'good succeeded');
  assert.equal(settledTimes(test, 'good'), 1);
});

for (const [order, steps] of [
  ['right before', ['cancel', 'end']],
  ['right after', ['end', 'cancel']],
] as const)
  test(`a cancel ${order} the tool ends, in the same tick, gives one outcome, and what was done is not denied`, async () => {
    const { tool: slow, end } = gated();
    const test = await startTestBatch({ tools: [slow], calls: [call('gated')] });
    await settleDown();
    for (const step of steps)
      if (step === 'end') end();
      else test.batch.cancelCall('gated', 'person');
    await test.batch.ended;
    assert.equal(test.outcomes(), 'gated succeeded');
    assert.equal(settledTimes(test, 'gated'), 1);
    assert.equal(test.clock.waiting, 0);
  });

test('a call that is cancelled while its intent is written never touches anything', async () => {
  const disk = Promise.withResolvers<void>();
  let runs = 0;
  const careful = tool('careful', () => ((runs += 1), done()), { effectsAre: writes('file:/w/a') });
  const test = await startTestBatch({
    tools: [careful],
    calls: [call('careful')],
    holdDurable: disk.promise,
  });
  await settleDown();
  test.batch.cancelCall('careful', 'person');
  disk.resolve();
  await test.batch.ended;
  assert.equal(test.outcomes(), 'careful cancelled');
  assert.equal(runs, 0);
});

test('a container that is cancelled by the person, by its parent or with its host hands on who it was', async () => {
  for (const by of ['person', 'parent', 'host'] as const) {
    const begun = Promise.withResolvers<void>();
    const heeds = tool('heeds', (_input, { signal }) => {
      begun.resolve();
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(failed())));
    });
    const calls = [{ id: 'a', tool: 'heeds', input: {} }];
    const test = await startTestBatch({
      tools: [heeds, createRunBatch([heeds])],
      calls: [call('outer', 'run_batch', { input: { kind: 'parsed', value: { calls } } })],
    });
    await begun.promise;
    test.batch.cancel(by);
    await test.batch.ended;
    const state = test.outcome('outer/a');
    assert.equal(state.status === 'cancelled' ? state.by : state.status, by === 'host' ? 'interrupted' : by);
  }
});

test('a container that is cancelled before it runs its calls starts none, and each has an outcome', async () => {
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const inner = createRunBatch([good]);
  const slowContainer = {
    ...inner,
    run: async (...[input, context]: Parameters<typeof inner.run>): Promise<ToolResult> => {
      begun.resolve();
      await gate.promise;
      return inner.run(input, context);
    },
  };
  const calls = [{ id: 'a', tool: 'good', input: {} }];
  const test = await startTestBatch({
    tools: [good, slowContainer],
    calls: [call('outer', 'run_batch', { input: { kind: 'parsed', value: { calls } } })],
  });
  await begun.promise;
  test.batch.cancel('person');
  gate.resolve();
  await test.batch.ended;
  assert.equal(test.outcome('outer').status, 'cancelled');
  assert.equal(test.outcome('outer/a').status, 'cancelled');
  assert.doesNotMatch(test.session.story(), /outer\/a call\.started/);
});

test('a container waits for its calls to stop, also for one that never does, and tells what each came to', async () => {
  const stuck = tool('stuck', () => new Promise<ToolResult>(() => undefined), { stops: 'kills' });
  const calls = [{ id: 'a', tool: 'stuck', input: {} }];
  const test = await startTestBatch({
    tools: [stuck, createRunBatch([stuck])],
    calls: [call('outer', 'run_batch', { input: { kind: 'parsed', value: { calls } } })],
  });
  await settleDown();
  test.batch.cancel('person');
  await settleDown();
  test.clock.advance(10_000);
  await test.batch.ended;
  const inner = test.outcome('outer/a');
  assert.equal(inner.status === 'cancelled' && inner.mayStillRun, true);
  const outer = test.outcome('outer');
  assert.ok(outer.status === 'cancelled');
  assert.equal(outer.mayStillRun, undefined);
  assert.match(outer.output?.text ?? '', /--- a \(stuck\) ---\n/);
});

test('a container that is cancelled at once is never started', async () => {
  const calls = [{ id: 'a', tool: 'good', input: {} }];
  const test = await startTestBatch({
    tools: [good, createRunBatch([good])],
    calls: [call('outer', 'run_batch', { input: { kind: 'parsed', value: { calls } } })],
  });
  test.batch.cancel('person');
  await test.batch.ended;
  assert.equal(test.outcomes(), 'outer cancelled');
  assert.doesNotMatch(test.session.story(), /call\.started/);
});

test('a cancel reaches the attempt under way, and none that had ended before', async () => {
  const signals: AbortSignal[] = [];
  const flaky = tool('flaky', (_input, { signal }) => {
    if (signals.push(signal) === 1) return failed();
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(failed())));
  });
  const test = await startTestBatch({ tools: [flaky], calls: [call('flaky', 'flaky', { retries: 1 })] });
  await settleDown();
  test.clock.advance(10_000);
  await settleDown();
  test.batch.cancelCall('flaky', 'person');
  await test.batch.ended;
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [false, true],
  );
});

test('a call that is cancelled before it asks for a key that is taken does not wait for it', async () => {
  const { tool: slow, end } = gated('slow');
  const locks = new Locks();
  const holder = { ...slow, effects: () => writes('file:/w/a') };
  const first = await startTestBatch({ tools: [holder], calls: [call('slow')], locks });
  await settleDown();
  const second = await startTestBatch({ tools: [write], calls: [call('write')], locks });
  second.batch.cancel('person');
  await second.batch.ended;
  assert.equal(second.outcomes(), 'write cancelled');
  end();
  await first.batch.ended;
});

test('a call that is cancelled before it begins to wait for another does not wait', async () => {
  const { tool: slow, end } = gated('slow');
  const test = await startTestBatch({
    tools: [slow, good],
    calls: [call('slow'), call('good', 'good', { after: [{ id: 'slow', when: 'settled' }] })],
  });
  test.batch.cancelCall('good', 'person');
  await settleDown();
  assert.equal(statusOf(test, 'good'), 'cancelled');
  end();
  await test.batch.ended;
  assert.equal(test.outcomes(), 'slow succeeded\ngood cancelled');
});

test('what is added to a batch that was cancelled twice ends as the first who cancelled it', async () => {
  const { batch, outcome } = await startTestBatch({
    tools: [tool('a', () => done())],
    calls: [],
    early: true,
  });
  batch.cancel('person');
  batch.cancel('parent');
  batch.add({ ...call('a'), index: 0 });
  await batch.start();
  const a = outcome('a');
  assert.equal(a.status === 'cancelled' && a.by, 'person');
});
