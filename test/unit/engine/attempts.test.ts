/** The attempts of one call: their deadlines, the pauses between them, and the time that is told of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToolResult } from '../../../src/core/tools.ts';
import { createRunBatch } from '../../../src/tools/runBatch.ts';
import { call, done, failed, settleDown, startTestBatch, tool, type TestBatch } from './testBatch.ts';

const stuck = (): Promise<ToolResult> => new Promise(() => undefined);

function deadlineOf({ outcome }: TestBatch, id: string): string | undefined {
  const state = outcome(id);
  return state.status === 'timedOut' ? /\d+ ms/.exec(state.error.message)?.[0] : undefined;
}

test('the deadline is the call’s own, else the one that its input asks for, else the tool’s', async () => {
  const asks = tool('asks', stuck, { timeoutOf: () => 300 });
  const test = await startTestBatch({
    tools: [asks, tool('plain', stuck)],
    calls: [call('own', 'asks', { timeoutMs: 200 }), call('asks'), call('plain')],
  });
  await settleDown();
  test.clock.advance(1000);
  await settleDown();
  test.clock.advance(10);
  await test.batch.ended;
  assert.deepEqual(
    ['own', 'asks', 'plain'].map((id) => deadlineOf(test, id)),
    ['200 ms', '300 ms', '1000 ms'],
  );
});

test('each attempt has the whole deadline', async () => {
  let attempts = 0;
  const slow = tool('slow', (_input, { signal }) => {
    attempts += 1;
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(failed())));
  });
  const test = await startTestBatch({
    tools: [slow],
    calls: [call('slow', 'slow', { timeoutMs: 500, retries: 1 })],
  });
  await settleDown();
  test.clock.advance(500);
  await settleDown();
  test.clock.advance(250);
  await settleDown();
  assert.equal(attempts, 2);
  test.clock.advance(499);
  await settleDown();
  assert.equal(test.session.log.state.calls.get('slow')?.state.status, 'running');
  test.clock.advance(1);
  await test.batch.ended;
  assert.equal(test.outcomes(), 'slow timedOut');
});

test('a container has no deadline', async () => {
  const gate = Promise.withResolvers<ToolResult>();
  const slow = tool('slow', () => gate.promise, { timeoutMs: Infinity });
  const calls = [{ id: 'a', tool: 'slow', input: {} }];
  const { batch, clock, outcomes } = await startTestBatch({
    tools: [slow, createRunBatch([slow])],
    calls: [call('outer', 'run_batch', { input: { kind: 'parsed', value: { calls } } })],
  });
  await settleDown();
  assert.equal(clock.waiting, 0);
  gate.resolve(done());
  await batch.ended;
  assert.equal(outcomes(), 'outer succeeded');
});

test('a call that waits for a person has all of its deadline left when it starts', async () => {
  const answered = Promise.withResolvers<'allowOnce'>();
  const gate = Promise.withResolvers<ToolResult>();
  const test = await startTestBatch({
    tools: [tool('slow', () => gate.promise)],
    calls: [call('slow', 'slow', { timeoutMs: 500 })],
    judge: () => ({ kind: 'ask' }),
    ask: () => answered.promise,
  });
  await settleDown();
  test.clock.advance(10_000);
  answered.resolve('allowOnce');
  await settleDown();
  test.clock.advance(499);
  gate.resolve(done());
  await test.batch.ended;
  assert.equal(test.outcomes(), 'slow succeeded');
});

test('a command gets the time that it takes to kill it, a tool in this process next to none', async () => {
  const test = await startTestBatch({
    tools: [tool('command', stuck, { stops: 'kills' }), tool('ours', stuck)],
    calls: [call('command'), call('ours')],
  });
  await settleDown();
  test.clock.advance(1000);
  await settleDown();
  test.clock.advance(10);
  await settleDown();
  const statuses = (): unknown => [...test.session.log.state.calls.values()].map(({ state }) => state.status);
  assert.deepEqual(statuses(), ['running', 'timedOut']);
  test.clock.advance(10_000);
  await test.batch.ended;
  assert.deepEqual(statuses(), ['timedOut', 'timedOut']);
});

test('pauses grow, and every one is told with the failure before it', async () => {
  const test = await startTestBatch({
    tools: [tool('flaky', () => failed())],
    calls: [call('flaky', 'flaky', { retries: 4 })],
  });
  for (let count = 0; count < 4; count += 1) {
    await settleDown();
    test.clock.advance(10_000);
  }
  await test.batch.ended;
  const pauses = test.session.events.flatMap((event) =>
    event.type === 'call.attemptFailed' ? [event.delayMs] : [],
  );
  const longest = [250, 500, 1000, 2000];
  assert.equal(pauses.length, longest.length);
  for (const [index, longestMs] of longest.entries())
    assert.ok((pauses[index] ?? 0) >= longestMs / 2 && (pauses[index] ?? 0) <= longestMs, String(pauses));
});

test('a call’s time runs from its first attempt, on a clock that nobody sets', async () => {
  let attempts = 0;
  const flaky = tool('flaky', () => (++attempts < 2 ? failed() : done()));
  const test = await startTestBatch({ tools: [flaky], calls: [call('flaky', 'flaky', { retries: 1 })] });
  const { clock } = test;
  const startedAt = clock.now();
  await settleDown();
  clock.now = () => startedAt - 3_600_000; // Somebody sets the machine's clock back.
  clock.advance(1000);
  await test.batch.ended;
  const state = test.session.log.state.calls.get('flaky')?.state;
  assert.ok(state?.status === 'succeeded');
  assert.deepEqual([state.startedAt, state.durationMs, state.attempts], [startedAt, 1000, 2]);
});

test('an ended call leaves no timer behind, however it ended', async () => {
  const heeds = tool('heeds', (_input, { signal }) => {
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(failed())));
  });
  const slowToName = tool('slowToName', () => done(), {
    effects: () => Promise.resolve({ kind: 'known', reads: [], writes: [] }),
  });
  const test = await startTestBatch({
    tools: [tool('good', () => done()), tool('bad', () => failed()), heeds, slowToName],
    calls: [call('good'), call('bad'), call('heeds'), call('slowToName')],
  });
  await settleDown();
  test.clock.advance(1000);
  await test.batch.ended;
  assert.equal(test.outcomes(), 'good succeeded\nbad failed\nheeds timedOut\nslowToName succeeded');
  assert.equal(test.clock.waiting, 0);
});

test('a tool that throws is told as broken, with what it threw', async () => {
  const cycle: Record<string, unknown> = { code: 7 };
  cycle['self'] = cycle;
  const thrown: readonly (readonly [unknown, RegExp])[] = [
    [new Error('an error'), /: an error$/],
    ['a string', /: a string$/],
    [undefined, /: it threw undefined$/],
    [cycle, /: it threw .*code: 7/],
  ];
  for (const [value, said] of thrown) {
    const broken = tool('broken', () => Promise.reject(value));
    const { batch, outcome } = await startTestBatch({ tools: [broken], calls: [call('broken')] });
    await batch.ended;
    const state = outcome('broken');
    assert.ok(state.status === 'failed');
    assert.match(state.error.message, /^The tool broken broke: /);
    assert.match(state.error.message, said);
  }
});

for (const [kind, retries, expected] of [
  ['invalidInput', 2, 1],
  ['outsideWorkspace', 2, 1],
  ['refused', 2, 1],
  ['badResult', 2, 1],
  ['exitCode', 2, 3],
  ['io', 2, 3],
  ['connection', undefined, 3],
  ['busy', undefined, 3],
  ['io', undefined, 1],
  ['exitCode', undefined, 1],
] as const)
  test(`${kind} is met with ${expected === 1 ? 'no further attempt' : 'two further attempts'} where ${retries ? `${retries} are` : 'nothing is'} asked for`, async () => {
    let attempts = 0;
    const flaky = tool('flaky', () => {
      attempts += 1;
      return { ok: false, error: { kind, message: 'no' } };
    });
    const policy = retries === undefined ? {} : { retries };
    const test = await startTestBatch({ tools: [flaky], calls: [call('flaky', 'flaky', policy)] });
    for (let count = 0; count < 4; count += 1) {
      await settleDown();
      test.clock.advance(10_000);
    }
    await test.batch.ended;
    assert.equal(attempts, expected);
  });

test('a call that ran into its deadline is repeated where retries were asked for, and not otherwise', async () => {
  const attempts: string[] = [];
  const slow = tool('slow', (_input, { callId, signal }) => {
    attempts.push(callId);
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(failed())));
  });
  const test = await startTestBatch({
    tools: [slow],
    calls: [call('asked', 'slow', { retries: 1 }), call('plain', 'slow')],
  });
  for (let count = 0; count < 4; count += 1) {
    await settleDown();
    test.clock.advance(1000);
  }
  await test.batch.ended;
  assert.deepEqual(attempts.toSorted(), ['asked', 'asked', 'plain']);
});
