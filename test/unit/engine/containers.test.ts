/** Calls that hold calls: run_batch over the real engine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalAnswer, CallRequest } from '../../../src/core/calls.ts';
import { reads, writes } from '../../../src/core/effects.ts';
import type { Tool, ToolResult } from '../../../src/core/tools.ts';
import { createRunBatch } from '../../../src/tools/runBatch.ts';
import type { MemorySession } from '../../fixtures/memorySession.ts';
import { call, done, failed, settleDown, startTestBatch, tool, until } from './testBatch.ts';

const look = tool('look', () => done('seen'), { effectsAre: reads('file:/w/a') });
const bad = tool('bad', () => failed('no'));

function runBatch(calls: readonly unknown[], rest: object = {}): CallRequest {
  return call('outer', 'run_batch', { input: { kind: 'parsed', value: { calls, ...rest } } });
}

function inner(id: string, toolName: string, rest: object = {}): object {
  return { id, tool: toolName, input: {}, ...rest };
}

function withContainer(...tools: readonly Tool[]): readonly Tool[] {
  return [...tools, createRunBatch(tools)];
}

test('each inner call is a call of its own, and the container tells the outcome of every one', async () => {
  const { batch, outcome, session } = await startTestBatch({
    tools: withContainer(look, bad),
    calls: [
      runBatch([
        inner('a', 'look'),
        inner('b', 'bad'),
        inner('c', 'look', { after: ['b'] }),
        inner('d', 'look', { after: [{ id: 'b', when: 'settled' }] }),
        inner('e', 'nothing'),
        inner('f', 'run_batch'),
      ]),
    ],
  });
  await batch.ended;
  const statuses = [...session.log.state.calls].map(([id, { state }]) => `${id} ${state.status}`);
  assert.deepEqual(statuses, [
    'outer failed',
    'outer/a succeeded',
    'outer/b failed',
    'outer/c skipped',
    'outer/d succeeded',
    'outer/e failed',
    'outer/f failed',
  ]);
  const state = outcome('outer');
  assert.ok(state.status === 'failed');
  assert.match(state.error.message, /^2 of 6 calls succeeded; failed: outer\/b .*; skipped: outer\/c/);
  assert.match(state.output?.text ?? '', /--- a \(look\) ---\nseen\n\n--- b \(bad\) ---\nfailed: no/);
});

test('a container holds no slot, so its calls run in a lane of one', async () => {
  const { batch, outcomes } = await startTestBatch({
    tools: withContainer(look),
    calls: [runBatch([inner('a', 'look'), inner('b', 'look')]), call('beside', 'look')],
    lanes: { io: 1 },
  });
  await batch.ended;
  assert.equal(outcomes(), 'outer succeeded\nbeside succeeded');
});

test('a container holds no lock, and its calls wait for those around it', async () => {
  const gate = Promise.withResolvers<ToolResult>();
  const write = tool('write', () => gate.promise, { effectsAre: writes('file:/w/a') });
  const { batch, session, outcomes } = await startTestBatch({
    tools: withContainer(look, write),
    calls: [call('write'), runBatch([inner('a', 'look')]), call('after', 'look')],
  });
  await settleDown();
  assert.equal(session.log.state.calls.get('outer')?.state.status, 'blocked');
  gate.resolve(done());
  await batch.ended;
  assert.equal(outcomes(), 'write succeeded\nouter succeeded\nafter succeeded');
});

test('nothing that needs approval slips through inside a batch', async () => {
  const asked: string[] = [];
  const { batch, session } = await startTestBatch({
    tools: withContainer(look, bad),
    calls: [runBatch([inner('a', 'bad'), inner('b', 'look')])],
    judge: (name) => ({ kind: name === 'bad' ? 'ask' : 'allow' }),
    ask: ({ callId }): Promise<ApprovalAnswer> => {
      asked.push(callId);
      return Promise.resolve('deny');
    },
  });
  await batch.ended;
  assert.deepEqual(asked, ['outer/a']);
  assert.equal(session.log.state.calls.get('outer/a')?.state.status, 'denied');
  assert.equal(session.log.state.calls.get('outer/b')?.state.status, 'succeeded');
});

test('cancelling the container cancels its calls, and every one has an outcome', async () => {
  const stuck = tool('stuck', () => new Promise<ToolResult>(() => undefined));
  const { batch, clock, session } = await startTestBatch({
    tools: withContainer(look, stuck),
    calls: [runBatch([inner('a', 'stuck'), inner('b', 'look', { after: ['a'] })])],
  });
  await settleDown();
  batch.cancelCall('outer', 'person');
  await settleDown();
  clock.advance(10);
  await batch.ended;
  const statuses = [...session.log.state.calls].map(([id, { state }]) => `${id} ${state.status}`);
  assert.deepEqual(statuses, ['outer cancelled', 'outer/a cancelled', 'outer/b cancelled']);
});

function statusesIn({ log }: MemorySession): readonly string[] {
  return [...log.state.calls].map(([id, { state }]) => `${id} ${state.status}`);
}

test('X4: the deadline of a container ends its calls, and the container has timed out', async () => {
  const endless = tool('endless', (_input, { signal }) => untilAborted(signal), { stops: 'kills' });
  const { batch, clock, session } = await startTestBatch({
    tools: withContainer(look, endless),
    calls: [{ ...runBatch([inner('a', 'look'), inner('b', 'endless')]), timeoutMs: 900 }],
  });
  await settleDown();
  clock.advance(899);
  await settleDown();
  assert.deepEqual(statusesIn(session), ['outer running', 'outer/a succeeded', 'outer/b running']);
  clock.advance(1);
  await batch.ended;
  assert.deepEqual(statusesIn(session), ['outer timedOut', 'outer/a succeeded', 'outer/b cancelled']);
});

test('X4: a deadline of a container reaches calls in a queue, behind another call and before a person', async () => {
  const endless = tool('endless', (_input, { signal }) => untilAborted(signal), { stops: 'kills' });
  const asked = tool('asked', () => done());
  const { batch, clock, session } = await startTestBatch({
    tools: withContainer(endless, asked),
    calls: [
      {
        ...runBatch([
          inner('a', 'endless'),
          inner('b', 'endless'),
          inner('c', 'endless', { after: ['a'] }),
          inner('d', 'asked'),
        ]),
        timeoutMs: 50,
      },
    ],
    lanes: { io: 1 },
    judge: (name) => ({ kind: name === 'asked' ? 'ask' : 'allow' }),
    ask: (_request, signal) => rejectedOnAbort(signal),
  });
  await settleDown();
  clock.advance(50);
  await batch.ended;
  assert.deepEqual(statusesIn(session), [
    'outer timedOut',
    'outer/a cancelled',
    'outer/b cancelled',
    'outer/c cancelled',
    'outer/d cancelled',
  ]);
});

test('X5: a further attempt of a container runs again what had failed and what was skipped for it, nothing else', async () => {
  const runs: string[] = [];
  const count = (name: string, failures: number): Tool =>
    tool(
      name,
      () => (runs.push(name), runs.filter((run) => run === name).length > failures ? done() : failed()),
    );
  const { batch, clock, outcome, session } = await startTestBatch({
    tools: withContainer(count('good', 0), count('twice', 2), count('then', 0)),
    calls: [
      {
        ...runBatch([inner('a', 'good'), inner('b', 'twice'), inner('c', 'then', { after: ['b'] })]),
        retries: 2,
      },
    ],
  });
  for (const attempt of [1, 2]) {
    await until(() => session.log.state.calls.get('outer')?.failedAttempts.length === attempt);
    clock.advance(10_000);
  }
  await batch.ended;
  // Others wait for the second call, so it comes first.
  assert.deepEqual(runs, ['twice', 'good', 'twice', 'twice', 'then']);
  assert.deepEqual(statusesIn(session), [
    'outer succeeded',
    'outer/a succeeded',
    'outer/b succeeded',
    'outer/c succeeded',
  ]);
  const attempts = ['outer', 'outer/a', 'outer/b', 'outer/c'].map((id) => {
    const state = session.log.state.calls.get(id)?.state;
    return state && 'attempts' in state ? state.attempts : undefined;
  });
  assert.deepEqual(attempts, [3, 1, 3, 1]);
  assert.match(outcome('outer').status, /succeeded/);
});

test('X5: a container that timed out runs again what its deadline had stopped', async () => {
  let runs = 0;
  const slowOnce = tool(
    'slowOnce',
    (_input, { signal }) => ((runs += 1), runs > 1 ? done() : untilAborted(signal)),
    {
      stops: 'kills',
    },
  );
  const { batch, clock, session } = await startTestBatch({
    tools: withContainer(slowOnce),
    calls: [{ ...runBatch([inner('a', 'slowOnce')]), timeoutMs: 900, retries: 1 }],
  });
  await settleDown();
  clock.advance(900);
  await until(() => session.log.state.calls.get('outer')?.failedAttempts.length === 1);
  clock.advance(10_000);
  await batch.ended;
  assert.deepEqual(statusesIn(session), ['outer succeeded', 'outer/a succeeded']);
});

test('X5: a container is not attempted again for what a person denied or for a wrong input', async () => {
  const denied = tool('denied', () => done());
  let questions = 0;
  const { batch, outcome } = await startTestBatch({
    tools: withContainer(denied, look),
    calls: [{ ...runBatch([inner('a', 'denied'), inner('b', 'nothing'), inner('c', 'look')]), retries: 2 }],
    judge: (name) => ({ kind: name === 'denied' ? 'ask' : 'allow' }),
    ask: () => ((questions += 1), Promise.resolve<ApprovalAnswer>('deny')),
  });
  await batch.ended;
  const state = outcome('outer');
  assert.equal(questions, 1);
  assert.equal(state.status === 'failed' && 'attempts' in state && state.attempts, 1);
});

function untilAborted(signal: AbortSignal): Promise<ToolResult> {
  const { promise, resolve } = Promise.withResolvers<ToolResult>();
  signal.addEventListener('abort', () => resolve(failed('stopped')), { once: true });
  return promise;
}

function rejectedOnAbort(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', leave, { once: true });
  return promise;
}
