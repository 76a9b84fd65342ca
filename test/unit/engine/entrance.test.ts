import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reads, writes } from '../../../src/core/effects.ts';
import { Locks } from '../../../src/engine/locks.ts';
import { call, done, settleDown, startTestBatch, tool } from './testBatch.ts';

/** Tools that run until the test ends them, in the order in which they started. */
function held(): { readonly run: () => Promise<ReturnType<typeof done>>; readonly ends: (() => void)[] } {
  const ends: (() => void)[] = [];
  const run = (): Promise<ReturnType<typeof done>> =>
    new Promise((resolve) => ends.push(() => resolve(done())));
  return { run, ends };
}

const named = (count: number, toolName: string): ReturnType<typeof call>[] =>
  Array.from({ length: count }, (_, index) => call(`${toolName}${index}`, toolName));

test('a lane that has its fill does not keep the calls of another from starting', async () => {
  const { run } = held();
  let read = 0;
  const tools = [
    tool('slow', run, { lane: 'process' }),
    tool('read', () => {
      read += 1;
      return done();
    }),
  ];
  const calls = [...named(50, 'slow'), ...named(3, 'read')];
  const { batch } = await startTestBatch({ tools, calls, lanes: { process: 1 } });
  await settleDown();
  assert.equal(read, 3);
  batch.cancel('person');
});

test('as calls end, those in line start in order', async () => {
  const { run, ends } = held();
  const order: string[] = [];
  const slow = tool('slow', (_input, { callId }) => {
    order.push(callId);
    return run();
  });
  const { batch, outcomes } = await startTestBatch({
    tools: [slow],
    calls: named(9, 'slow'),
    lanes: { io: 2 },
  });
  await settleDown();
  for (let count = 0; count < 9; count += 1) {
    ends[count]?.();
    await settleDown();
  }
  await batch.ended;
  assert.deepEqual(
    order,
    named(9, 'slow').map(({ id }) => id),
  );
  assert.equal(outcomes().match(/succeeded/g)?.length, 9);
});

test('a call that waits between attempts leaves its room to those behind it', async () => {
  const tools = [
    tool('busy', () => ({ ok: false, error: { kind: 'busy', message: 'not now' } })),
    tool('read', () => done()),
  ];
  const { batch, session } = await startTestBatch({
    tools,
    calls: [...named(4, 'busy'), call('read')],
    lanes: { io: 1 },
  });
  await settleDown();
  await settleDown();
  assert.equal(session.log.state.calls.get('read')?.state.status, 'succeeded');
  batch.cancel('person');
  await batch.ended;
});

test('a call that waits for the keys of another agent leaves its room to those behind it', async () => {
  const { run } = held();
  const locks = new Locks();
  const first = await startTestBatch({
    tools: [tool('hold', run, { effectsAre: writes('file:/w/a') })],
    calls: [call('hold')],
    locks,
  });
  const tools = [tool('want', () => done(), { effectsAre: reads('file:/w/a') }), tool('read', () => done())];
  const second = await startTestBatch({
    tools,
    calls: [...named(4, 'want'), call('read')],
    lanes: { io: 1 },
    locks,
  });
  await settleDown();
  assert.equal(second.session.log.state.calls.get('read')?.state.status, 'succeeded');
  first.batch.cancel('person');
  second.batch.cancel('person');
});

test('cancelling a call that is still in line settles it at once', async () => {
  const { run } = held();
  const { batch, session } = await startTestBatch({
    tools: [tool('slow', run)],
    calls: named(9, 'slow'),
    lanes: { io: 1 },
  });
  await settleDown();
  batch.cancelCall('slow8', 'person');
  await settleDown();
  assert.equal(session.log.state.calls.get('slow8')?.state.status, 'cancelled');
  batch.cancel('person');
});

test('cancelling a batch settles those in line at once, also where more runs than the lane may still take', async () => {
  const { run } = held();
  const { batch, outcome, lanes, clock } = await startTestBatch({
    tools: [tool('slow', run)],
    calls: named(30, 'slow'),
    lanes: { io: 8 },
  });
  await settleDown();
  lanes.resize({ io: 1, process: 1, model: 1 });
  batch.cancel('person');
  await settleDown();
  assert.equal(outcome('slow29').status, 'cancelled');
  clock.advance(1000);
  await batch.ended;
});
