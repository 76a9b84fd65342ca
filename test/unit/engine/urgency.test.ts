import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallRequest } from '../../../src/core/calls.ts';
import { writes } from '../../../src/core/effects.ts';
import { call, done, settleDown, startTestBatch, tool } from './testBatch.ts';

const after = (...ids: readonly string[]): Partial<CallRequest> => ({
  after: ids.map((id) => ({ id, when: 'succeeded' })),
});

/** The order in which calls start in a lane of one slot. */
async function startedOf(calls: readonly CallRequest[]): Promise<string> {
  const order: string[] = [];
  const work = tool('work', async (_input, { callId }) => {
    order.push(callId);
    await settleDown();
    return done();
  });
  const { batch } = await startTestBatch({ tools: [work], calls, lanes: { io: 1 } });
  await batch.ended;
  return order.join(' ');
}

test('of what could start, the call with the longest chain behind it starts first', async () => {
  const calls = [
    call('alone', 'work'),
    call('a', 'work'),
    call('a2', 'work', after('a')),
    call('b', 'work'),
    call('b2', 'work', after('b')),
    call('b3', 'work', after('b2')),
  ];
  assert.equal(await startedOf(calls), 'b a b2 alone a2 b3');
});

test('of chains of the same length, the one with more behind it starts first', async () => {
  const calls = [
    call('a', 'work'),
    call('a2', 'work', after('a')),
    call('b', 'work'),
    call('b2', 'work', after('b')),
    call('b3', 'work', after('b')),
  ];
  assert.match(await startedOf(calls), /^b a /);
});

test('what a call lets go on takes its slot before what is less urgent, however much it waited for', async () => {
  const roots = ['r0', 'r1', 'r2', 'r3', 'r4', 'r5'];
  const calls = [
    ...roots.map((id) => call(id, 'work')),
    // The first that it looks at is the last to end.
    call('next', 'work', after(...roots.toReversed())),
    call('last', 'work', after('next')),
    ...Array.from({ length: 4 }, (_, index) => call(`alone${index}`, 'work')),
  ];
  assert.match(await startedOf(calls), /^r0 r1 r2 r3 r4 r5 next /);
});

test('calls that nothing waits for start as they were written', async () => {
  const calls = Array.from({ length: 9 }, (_, index) => call(`c${index}`, 'work'));
  assert.equal(await startedOf(calls), 'c0 c1 c2 c3 c4 c5 c6 c7 c8');
});

test('a tool is told whether other calls wait for this one', async () => {
  const awaited: string[] = [];
  const edit = tool(
    'edit',
    (_input, { callId, isAwaited }) => {
      if (isAwaited) awaited.push(callId);
      return Promise.resolve(done());
    },
    { access: 'write', effectsAre: writes('file:/w/a') },
  );
  const calls = [call('first', 'edit'), call('second', 'edit'), call('last', 'edit')];
  const { batch } = await startTestBatch({ tools: [edit], calls });
  await batch.ended;
  assert.deepEqual(awaited, ['first', 'second']);
});
