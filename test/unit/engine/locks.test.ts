import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reads, unknownEffects, writes, type Effects } from '../../../src/core/effects.ts';
import { AbandonedLockError, Locks, type Lock } from '../../../src/engine/locks.ts';
import { settleDown } from './testBatch.ts';

const never = new AbortController().signal;

/** Claims by name, and which of them are held. */
class Claims {
  readonly held: string[] = [];
  readonly refused: string[] = [];
  private readonly locks = new Locks();
  private readonly granted = new Map<string, Lock>();

  async claim(name: string, effects: Effects, signal = never): Promise<void> {
    const acquire = async (): Promise<Lock> => this.locks.acquire(name, effects, signal);
    void acquire().then(
      (lock) => {
        this.held.push(name);
        this.granted.set(name, lock);
      },
      (error: unknown) => void this.refused.push(`${name}: ${describe(error)}`),
    );
    await settleDown();
  }

  async release(name: string): Promise<void> {
    this.held.splice(this.held.indexOf(name), 1);
    this.granted.get(name)?.release();
    await settleDown();
  }

  async abandon(name: string): Promise<void> {
    this.granted.get(name)?.abandon();
    await settleDown();
  }
}

function describe(error: unknown): string {
  return error instanceof AbandonedLockError ? `held by ${error.holder}` : String(error);
}

test('readers share a key, a writer has it alone', async () => {
  const claims = new Claims();
  await claims.claim('r1', reads('file:/w/a'));
  await claims.claim('r2', reads('tree:/w'));
  await claims.claim('w', writes('file:/w/a'));
  assert.deepEqual(claims.held, ['r1', 'r2']);
  await claims.release('r1');
  assert.deepEqual(claims.held, ['r2']);
  await claims.release('r2');
  assert.deepEqual(claims.held, ['w']);
});

test('first come, first served: a later reader does not overtake a writer that waits', async () => {
  const claims = new Claims();
  await claims.claim('r1', reads('file:/w/a'));
  await claims.claim('w', writes('file:/w/a'));
  await claims.claim('r2', reads('file:/w/a'));
  await claims.claim('other', writes('file:/w/b'));
  assert.deepEqual(claims.held, ['r1', 'other']);
  await claims.release('r1');
  assert.deepEqual(claims.held, ['other', 'w']);
  await claims.release('w');
  assert.deepEqual(claims.held, ['other', 'r2']);
});

test('all keys are taken at once, so two calls that want the same two never block each other', async () => {
  const claims = new Claims();
  await claims.claim('ab', writes('file:/w/a', 'file:/w/b'));
  await claims.claim('ba', writes('file:/w/b', 'file:/w/a'));
  await claims.claim('b', writes('file:/w/b'));
  assert.deepEqual(claims.held, ['ab']);
  await claims.release('ab');
  assert.deepEqual(claims.held, ['ba']);
  await claims.release('ba');
  assert.deepEqual(claims.held, ['b']);
});

test('a claim that is withdrawn lets those behind it go on', async () => {
  const claims = new Claims();
  const stop = new AbortController();
  await claims.claim('r1', reads('file:/w/a'));
  await claims.claim('w', writes('file:/w/a'), stop.signal);
  await claims.claim('r2', reads('file:/w/a'));
  stop.abort('stopped');
  await settleDown();
  assert.deepEqual(claims.held, ['r1', 'r2']);
  assert.deepEqual(claims.refused, ['w: stopped']);
});

test('a lock that was abandoned refuses who waits and who comes, naming its holder, until it is released', async () => {
  const claims = new Claims();
  await claims.claim('stuck', writes('file:/w/a'));
  await claims.claim('waits', reads('file:/w/a'));
  await claims.abandon('stuck');
  await claims.claim('comes', writes('tree:/w'));
  await claims.claim('elsewhere', writes('file:/x'));
  assert.deepEqual(claims.refused, ['waits: held by stuck', 'comes: held by stuck']);
  await claims.release('stuck');
  await claims.claim('later', reads('file:/w/a'));
  assert.deepEqual(claims.held, ['elsewhere', 'later']);
});

test('unknown effects take no lock', async () => {
  const claims = new Claims();
  await claims.claim('w', writes('tree:/'));
  await claims.claim('command', unknownEffects);
  assert.deepEqual(claims.held, ['w', 'command']);
});
