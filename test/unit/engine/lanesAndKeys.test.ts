/** What an abort and a call that can't be stopped do to lanes and keys. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writes } from '../../../src/core/effects.ts';
import { Lanes } from '../../../src/engine/lanes.ts';
import { Locks } from '../../../src/engine/locks.ts';
import { settleDown } from './testBatch.ts';

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
