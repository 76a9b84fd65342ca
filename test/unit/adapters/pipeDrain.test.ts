import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { untilDrained } from '../../../src/adapters/node/pipeDrain.ts';
import { TestClock } from '../../fixtures/testClock.ts';

const idleMs = 150;

function startDrain(wasKilled = false) {
  const stdout = new PassThrough();
  const heard: string[] = [];
  stdout.on('data', (chunk) => heard.push(String(chunk)));
  const clock = new TestClock();
  const child = { stdout, stderr: null } as unknown as ChildProcess;
  let isDrained = false;
  const closed = Promise.withResolvers<void>();
  void untilDrained(child, { closed: closed.promise, clock, wasKilled }).then(() => (isDrained = true));
  const lookAfter = async (ms: number, meanwhile?: () => void): Promise<boolean> => {
    clock.advance(ms);
    meanwhile?.();
    await nextTurn();
    await nextTurn();
    return isDrained;
  };
  return { stdout, closed, clock, lookAfter, heard };
}

test('data that waited while the program was busy is read before the pipe counts as quiet', async () => {
  const { stdout, lookAfter } = startDrain();
  assert.equal(await lookAfter(idleMs, () => stdout.write('late')), false);
  assert.equal(await lookAfter(idleMs), true);
});

test('a pipe that waits for its file is not quiet, however long that takes', async () => {
  const { stdout, lookAfter } = startDrain();
  stdout.pause();
  assert.equal(await lookAfter(10_000), false);
  stdout.resume();
  assert.equal(await lookAfter(idleMs), true);
});

test('a pipe that is never quiet is left after a while', async () => {
  const { stdout, lookAfter } = startDrain();
  for (let ms = 0; ms < 1900; ms += 100) assert.equal(await lookAfter(100, () => stdout.write('log')), false);
  assert.equal(await lookAfter(100, () => stdout.write('log')), true);
});

test('pipes that are at their end are not waited for', async () => {
  const { closed, clock, lookAfter } = startDrain();
  closed.resolve();
  assert.equal(await lookAfter(0), true);
  assert.equal(clock.waiting, 0);
});

test('what comes later is read, so that its writer goes on, and told to nobody', async () => {
  const { stdout, lookAfter, heard } = startDrain();
  stdout.write('in time');
  await lookAfter(idleMs);
  assert.equal(await lookAfter(idleMs), true);
  stdout.write('late');
  await lookAfter(0);
  assert.equal(stdout.readableLength, 0);
  assert.deepEqual(heard, ['in time']);
});

test('the pipes of what was killed are closed, whoever may still hold them', async () => {
  const { stdout, lookAfter } = startDrain(true);
  assert.equal(await lookAfter(2000), true);
  assert.equal(stdout.destroyed, true);
});
