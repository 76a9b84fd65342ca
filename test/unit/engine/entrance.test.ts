import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reads, writes } from '../../../src/core/effects.ts';
import { Entrance } from '../../../src/engine/entrance.ts';
import { laneNames, Lanes } from '../../../src/engine/lanes.ts';
import { Locks } from '../../../src/engine/locks.ts';
import { Stopping } from '../../../src/engine/stopping.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { call, done, failed, settleDown, startTestBatch, tool, until } from './testBatch.ts';

/** An entrance whose lanes have room for two each, and who has begun. */
function doors(): { readonly entrance: Entrance<string>; readonly begun: string[] } {
  const begun: string[] = [];
  const entrance = new Entrance<string>({
    clock: new TestClock(),
    room: () => 2,
    begin: (item) => void begun.push(item),
    hasBegun: (item) => item.startsWith('early'),
  });
  return { entrance, begun };
}

test('as many begin as there is room for, and those that begin elsewhere take none', () => {
  const { entrance, begun } = doors();
  for (const item of ['a', 'early1', 'b', 'early2', 'c', 'd']) entrance.add('io', item);
  assert.deepEqual(begun, ['a', 'b']);
  entrance.stepOut('io');
  assert.deepEqual(begun, ['a', 'b', 'c']);
});

test('who comes back takes its room again, though it is taken: nobody begins in its stead', () => {
  const { entrance, begun } = doors();
  for (const item of ['a', 'b', 'c', 'd']) entrance.add('io', item);
  entrance.stepOut('io');
  entrance.stepIn('io');
  entrance.stepOut('io');
  assert.deepEqual(begun, ['a', 'b', 'c']);
  entrance.stepOut('io');
  assert.deepEqual(begun, ['a', 'b', 'c', 'd']);
});

test('everybody is let in at once where they were stopped, in every lane', async () => {
  const { entrance, begun } = doors();
  for (const lane of laneNames)
    for (const item of ['a', 'b', 'c', 'd']) entrance.add(lane, `${lane} ${item}`);
  assert.equal(begun.length, 6);
  await entrance.admitAll();
  assert.equal(begun.length, 12);
});

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

for (const why of ['pause between attempts', 'key of another agent'] as const)
  test(`a call that comes back from a ${why} takes its place before the next agent’s, and nobody else does`, async () => {
    const order: string[] = [];
    const ends = new Map<string, () => void>();
    const work = tool('work', (_input, { callId }) => {
      order.push(callId);
      return new Promise((resolve) => ends.set(callId, () => resolve(done())));
    });
    let isFirst = true;
    const aside = tool(
      'aside',
      (_input, { callId }) => {
        if (why === 'pause between attempts' && isFirst) {
          isFirst = false;
          return { ok: false, error: { kind: 'busy', message: 'not now' } };
        }
        order.push(callId);
        return done();
      },
      { effectsAre: reads('file:/w/a') },
    );
    const lanes = new Lanes({ io: 1, process: 1, model: 1 });
    const locks = new Locks();
    const holder =
      why === 'key of another agent'
        ? locks.acquire('holder', writes('file:/w/a'), new Stopping())
        : undefined;
    assert.ok(!(holder instanceof Promise));
    const tools = [work, aside];
    const calls = [call('back', 'aside'), ...named(5, 'work')];
    const first = await startTestBatch({ tools, calls, lanes, locks });
    await until(() => order.length === 1);
    holder?.release();
    first.clock.advance(1000);
    await settleDown();
    ends.get('work0')?.();
    await until(() => order.length === 2);
    const second = await startTestBatch({ tools, calls: [call('other', 'work')], lanes, locks });
    ends.get('work1')?.();
    await until(() => order.length === 4);
    assert.deepEqual(order, ['work0', 'work1', 'back', 'other']);
    first.batch.cancel('person');
    second.batch.cancel('person');
  });

test('a batch that stops at a failure settles those in line at once, also where more runs than the lane may still take', async () => {
  const { run } = held();
  const failing = Promise.withResolvers<ReturnType<typeof failed>>();
  const tools = [tool('slow', run), tool('bad', () => failing.promise, { lane: 'none' })];
  const { batch, session, clock, lanes } = await startTestBatch({
    tools,
    calls: [...named(30, 'slow'), call('bad')],
    lanes: { io: 8 },
    failFast: true,
  });
  await settleDown();
  lanes.resize({ io: 1, process: 1, model: 1 });
  failing.resolve(failed());
  await until(() => session.log.state.calls.get('slow29')?.state.status === 'skipped');
  assert.equal(session.log.state.calls.get('slow0')?.state.status, 'running');
  batch.cancel('person');
  await settleDown();
  clock.advance(1000);
  await batch.ended;
});
