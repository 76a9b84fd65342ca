/** What an abort and a call that can't be stopped do to lanes and keys. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writes } from '../../../src/core/effects.ts';
import type { Recorder } from '../../../src/core/ports.ts';
import { Batch } from '../../../src/engine/batch.ts';
import { Lanes } from '../../../src/engine/lanes.ts';
import { Locks } from '../../../src/engine/locks.ts';
import { Stopping } from '../../../src/engine/stopping.ts';
import { call, done, settleDown, startTestBatch, tool, until } from './testBatch.ts';

const never = new AbortController().signal;
const key = writes('file:/w/a');

/** Whether a promise has settled so far. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let isOpen = true;
  void promise.then(
    () => (isOpen = false),
    () => (isOpen = false),
  );
  await settleDown();
  return isOpen;
}

test('an abort after the keys were given takes none of them back: the work may still go on', async () => {
  const locks = new Locks();
  const first = await locks.acquire('first', key, never);
  const stopping = new AbortController();
  const waiting = Promise.resolve(locks.acquire('second', key, stopping.signal));
  first.release();
  const second = await waiting;
  stopping.abort('stopped');
  const third = Promise.resolve(locks.acquire('third', key, never));
  assert.equal(await isPending(third), true);
  second.release();
  (await third).release();
});

test('who was refused a key that is not coming back leaves nothing behind that others would wait for', async () => {
  const locks = new Locks();
  const stuck = await locks.acquire('stuck', key, never);
  const refused = Promise.resolve(locks.acquire('refused', key, never));
  const refusal = assert.rejects(refused, /Call stuck was stopped/);
  stuck.abandon();
  await refusal;
  stuck.release();
  assert.equal(await isPending(Promise.resolve(locks.acquire('later', key, never))), false);
});

test('a key that was given up twice is free once', async () => {
  const locks = new Locks();
  const first = await locks.acquire('first', key, never);
  first.release();
  const second = await locks.acquire('second', key, never);
  first.release();
  const third = Promise.resolve(locks.acquire('third', key, never));
  assert.equal(await isPending(third), true);
  second.release();
  (await third).release();
});

test('work whose signal has aborted never starts, and is told so at once, though the lane is full', async () => {
  const lanes = new Lanes({ io: 1, process: 1, model: 1 });
  const gate = Promise.withResolvers<void>();
  const busy = lanes.run('io', never, () => gate.promise);
  let hasStarted = false;
  const late = lanes.run('io', AbortSignal.abort('stopped'), () => {
    hasStarted = true;
    return Promise.resolve();
  });
  await assert.rejects(late, (reason) => reason === 'stopped');
  gate.resolve();
  await busy;
  await settleDown();
  assert.equal(hasStarted, false);
});

test('work that breaks is told to who asked for it, and gives its slot up', async () => {
  const lanes = new Lanes({ io: 1, process: 1, model: 1 });
  const broken = lanes.run('io', never, () => Promise.reject(new Error('the disk is full')));
  await assert.rejects(broken, /the disk is full/);
  assert.equal(await lanes.run('io', never, () => Promise.resolve('next')), 'next');
});

test('a call whose lane is full of work that can not be stopped is told that this is for now', async () => {
  const lanes = new Lanes({ io: 1, process: 1, model: 1 });
  lanes.goAstray('io', new Promise(() => undefined));
  lanes.goAstray('io', new Promise(() => undefined));
  const { batch, outcome } = await startTestBatch({
    tools: [tool('a', () => done())],
    calls: [call('a')],
    lanes,
  });
  await batch.ended;
  const a = outcome('a');
  assert.equal(a.status === 'failed' && a.error.kind, 'busy');
});

test('2: one call that can not be stopped leaves a lane of one slot to the others', async () => {
  const lanes = new Lanes({ io: 1, process: 1, model: 1 });
  lanes.goAstray('io', new Promise(() => undefined));
  assert.equal(await lanes.run('io', never, () => Promise.resolve('next')), 'next');
});

test('a call that can not be saved gives its keys up before anybody is asked about it', async () => {
  const locks = new Locks();
  const write = tool('write', () => done(), { effectsAre: key });
  const { request, ports, session } = await startTestBatch({ tools: [write], calls: [], early: true, locks });
  const answered = Promise.withResolvers<undefined>();
  let isAsked = false;
  const recorder: Recorder = {
    state: session.log.state,
    refusesIntents: true,
    record: async (event, durability) => {
      if (event.type === 'call.settled') {
        isAsked = true;
        await answered.promise;
      }
      await session.log.record(event, durability);
    },
  };
  const batch = new Batch(request, { ...ports, recorder });
  batch.add({ ...call('a', 'write'), index: 0 });
  const ended = batch.start();
  await until(() => isAsked);
  const next = locks.acquire('next', key, new Stopping());
  assert.ok(!(next instanceof Promise), 'the next call gets them at once');
  answered.resolve(undefined);
  await ended;
});

test('a call that the host’s end keeps from starting gives its keys up', async () => {
  const locks = new Locks();
  const lanes = new Lanes({ io: 1, process: 1, model: 1 });
  const work = Promise.withResolvers<undefined>();
  void lanes.run('io', never, () => work.promise);
  const write = tool('write', () => done(), { effectsAre: key });
  const { batch } = await startTestBatch({ tools: [write], calls: [call('a', 'write')], locks, lanes });
  await settleDown();
  const next = locks.acquire('next', key, never);
  assert.ok(next instanceof Promise, 'it has the keys, and waits for its slot');
  batch.cancel('host');
  await batch.ended;
  assert.equal(await isPending(next), false);
  work.resolve(undefined);
});
