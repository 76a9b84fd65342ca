/** Calls that hold calls: run_batch over the real engine. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalAnswer, CallRequest } from '../../../src/core/calls.ts';
import { reads, writes } from '../../../src/core/effects.ts';
import type { Tool, ToolResult } from '../../../src/core/tools.ts';
import { createRunBatch } from '../../../src/tools/runBatch.ts';
import { call, done, failed, settleDown, startTestBatch, tool } from './testBatch.ts';

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
