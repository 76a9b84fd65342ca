import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { IdleWatchdog } from '../../../src/models/idleWatchdog.ts';
import { QuietPhases } from '../../../src/models/quietPhases.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { TestClock } from '../../fixtures/testClock.ts';

function watched(): { readonly clock: TestClock; readonly watchdog: IdleWatchdog } {
  const clock = new TestClock();
  return { clock, watchdog: new IdleWatchdog(clock) };
}

test('a request gets its whole time anew with each sign of life', () => {
  const { clock, watchdog } = watched();
  for (let sign = 0; sign < 5; sign += 1) {
    watchdog.allow(100);
    clock.advance(99);
    assert.ok(!watchdog.signal.aborted);
  }
  clock.advance(1);
  assert.ok(watchdog.signal.aborted);
  assert.equal(clock.waiting, 0);
});

test('a timer that fires before the time is over waits for the rest of it', () => {
  const { clock, watchdog } = watched();
  watchdog.allow(100);
  clock.advance(50);
  watchdog.allow(100);
  clock.advance(99);
  assert.ok(!watchdog.signal.aborted);
  clock.advance(1);
  assert.ok(watchdog.signal.aborted);
});

test('no timer waits while the time is the reader’s', () => {
  const { clock, watchdog } = watched();
  watchdog.allow(100);
  watchdog.pause();
  clock.advance(100);
  assert.equal(clock.waiting, 0);
});

test('the time that its reader takes is not counted', () => {
  const { clock, watchdog } = watched();
  watchdog.allow(100);
  watchdog.pause();
  clock.advance(1_000_000);
  assert.ok(!watchdog.signal.aborted);
  watchdog.allow(100);
  clock.advance(100);
  assert.ok(watchdog.signal.aborted);
});

test('a shorter time counts at once', () => {
  const { clock, watchdog } = watched();
  watchdog.allow(1000);
  watchdog.allow(10);
  clock.advance(10);
  assert.ok(watchdog.signal.aborted);
});

test('a thousand signs of life take one timer', () => {
  const { clock, watchdog } = watched();
  for (let sign = 0; sign < 1000; sign += 1) watchdog.allow(100);
  assert.equal(clock.delays.length, 1);
  watchdog.stop();
  assert.equal(clock.waiting, 0);
});

test('a message may be silent for longer before its first block, inside thinking and inside the input of a call', () => {
  const phases = new QuietPhases({ longMs: 9, usualMs: 2 });
  const events = sse.wholeMessage(
    'tool_use',
    sse.thinkingBlock(0, 'sig', 'hm'),
    sse.textBlock(1, 'so'),
    sse.toolUseBlock(2, 'c1', 'look', '{}'),
  );
  const limits = [...events].map((event) => phases.limitAfter(event as unknown as RawMessageStreamEvent));
  const thinking = [9, 9, 9, 2];
  const text = [2, 2, 2];
  const call = [9, 9, 2];
  assert.deepEqual(limits, [9, ...thinking, ...text, ...call, 2, 2]);
});
