import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StopReason } from '../../../src/engine/outcomes.ts';
import { Stopping } from '../../../src/engine/stopping.ts';

const byPerson: StopReason = { kind: 'cancelled', by: 'person' };
const byHost: StopReason = { kind: 'cancelled', by: 'host' };

test('the first reason counts, for listeners and signal too, and each is told once', () => {
  const stopping = new Stopping();
  const told: unknown[] = [];
  stopping.addEventListener('abort', () => told.push(stopping.reason));
  stopping.signal.addEventListener('abort', () => told.push(stopping.signal.reason));
  stopping.abort(byPerson);
  stopping.abort(byHost);
  assert.deepEqual(told, [byPerson, byPerson]);
  assert.equal(stopping.reason, byPerson);
});

test('who was stopped before anybody asked for a signal has one that has aborted', () => {
  const stopping = new Stopping();
  stopping.throwIfAborted();
  stopping.abort(byPerson);
  assert.equal(stopping.signal.reason, byPerson);
  assert.throws(
    () => stopping.throwIfAborted(),
    (error) => error === byPerson,
  );
});

test('who no longer listens is not told', () => {
  const stopping = new Stopping();
  const listener = (): void => assert.fail('it was told');
  stopping.addEventListener('abort', listener);
  stopping.removeEventListener('abort', listener);
  stopping.abort(byPerson);
});
