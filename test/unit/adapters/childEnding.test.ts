import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { untilEnded, type Ending } from '../../../src/adapters/node/childEnding.ts';
import { ProcessTree } from '../../../src/adapters/node/processTree.ts';
import { TestClock } from '../../fixtures/testClock.ts';

const killGraceMs = 500;
/** Larger than any that a system gives: signals to it reach nobody. */
const pidOfNobody = 2 ** 30;

function startChild(abort = new AbortController()) {
  const stdout = new PassThrough();
  const child = Object.assign(new EventEmitter(), { pid: pidOfNobody, stdout, stderr: null });
  const clock = new TestClock();
  let read = '';
  stdout.on('data', (chunk) => (read += String(chunk)));
  let ending: Ending | undefined;
  const options = {
    clock,
    killGraceMs,
    signal: abort.signal,
    leavesNothing: false,
    tree: new ProcessTree(pidOfNobody),
  };
  void untilEnded(child as unknown as ChildProcess, options).then((end) => (ending = end));
  /** How it has ended, after the time and all that the time brings about. */
  const endingAfter = async (ms: number): Promise<Ending | undefined> => {
    clock.advance(ms);
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    return ending;
  };
  return { abort, child, clock, stdout, endingAfter, read: () => read };
}

test('an abort after the exit has killed nothing', async () => {
  const { abort, child, clock, endingAfter } = startChild();
  child.emit('exit', 0, null);
  await nextTurn();
  abort.abort();
  child.emit('close');
  assert.deepEqual(await endingAfter(0), { exitCode: 0, signal: null, wasKilled: false });
  assert.equal(clock.waiting, 0);
});

test('an abort that came while the process was being started kills it', async () => {
  const abort = new AbortController();
  abort.abort();
  const { child, endingAfter } = startChild(abort);
  child.emit('exit', null, 'SIGTERM');
  child.emit('close');
  assert.equal((await endingAfter(0))?.wasKilled, true);
});

test('what is written between the exit and the kill of those that live on is read', async () => {
  const { abort, child, stdout, endingAfter, read } = startChild();
  abort.abort();
  child.emit('exit', 0, null);
  assert.equal(await endingAfter(0), undefined);
  assert.equal(await endingAfter(killGraceMs), undefined);
  // The pipes get all of their time from the kill on.
  assert.equal(await endingAfter(1999), undefined);
  stdout.write('last words');
  child.emit('close');
  assert.equal((await endingAfter(0))?.wasKilled, true);
  assert.equal(read(), 'last words');
});
