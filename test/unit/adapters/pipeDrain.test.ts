import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { untilDrained } from '../../../src/adapters/node/pipeDrain.ts';
import { TestClock } from '../../fixtures/testClock.ts';

const idleMs = 150;

function startDrain() {
  const stdout = new PassThrough().resume();
  const clock = new TestClock();
  const child = { stdout, stderr: null } as unknown as ChildProcess;
  let isDrained = false;
  const closed = new Promise<void>(() => undefined);
  void untilDrained(child, { closed, clock, wasKilled: false }).then(() => (isDrained = true));
  const lookAfter = async (ms: number, meanwhile?: () => void): Promise<boolean> => {
    clock.advance(ms);
    meanwhile?.();
    await nextTurn();
    await nextTurn();
    return isDrained;
  };
  return { stdout, lookAfter };
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
