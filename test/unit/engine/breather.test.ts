/** Long work on a batch leaves the event loop to others again and again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noEffects, type Effects } from '../../../src/core/effects.ts';
import { Breather } from '../../../src/engine/breather.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { call, done, settleDown, startTestBatch, tool, until } from './testBatch.ts';

/** A millisecond goes by with each look at it. */
class BusyClock extends TestClock {
  private looks = 0;

  override monotonicMs(): number {
    this.looks += 1;
    return super.monotonicMs() + this.looks;
  }
}

const count = 4000;
const calls = Array.from({ length: count }, (_, index) => call(`c${index}`, 'read'));

/** The most that a figure grew by from one turn of the event loop to the next, until it is whole. */
async function largestStretch(figure: () => number): Promise<number> {
  let largest = 0;
  for (let before = 0; before < count; await settleDown()) {
    const now = figure();
    largest = Math.max(largest, now - before);
    before = now;
  }
  return largest;
}

test('a pause is due after a while, anew after each, and lets others have their turn', async () => {
  const clock = new TestClock();
  const breather = new Breather(clock);
  assert.equal(breather.isDue, false);
  clock.advance(8);
  assert.equal(breather.isDue, true);
  let hadTurn = false;
  setImmediate(() => (hadTurn = true));
  await breather.pause();
  assert.equal(hadTurn, true);
  assert.equal(breather.isDue, false);
});

test('adding, checking and beginning thousands of calls each come in small stretches', async () => {
  let checked = 0;
  let begun = 0;
  const read = tool('read', () => ((begun += 1), done()), {
    effects: () => ((checked += 1), noEffects),
  });
  const { batch, session } = await startTestBatch({
    tools: [read],
    calls: [],
    early: true,
    clock: new BusyClock(),
    lanes: { io: count },
  });
  void batch.addAll(calls.map((each, index) => ({ ...each, index })));
  const added = await largestStretch(() => session.log.state.calls.size);
  void batch.start();
  const stretches = await Promise.allSettled([largestStretch(() => checked), largestStretch(() => begun)]);
  await batch.ended;
  for (const largest of [
    added,
    ...stretches.map((each) => (each.status === 'fulfilled' ? each.value : count)),
  ])
    assert.ok(largest < count / 4, `${largest} of ${count} at once`);
});

test('the effects of many calls are named at the same time, and not of all', async () => {
  const named: PromiseWithResolvers<Effects>[] = [];
  const read = tool('read', () => done(), {
    effects: () => {
      const one = Promise.withResolvers<Effects>();
      named.push(one);
      return one.promise;
    },
  });
  const { batch } = await startTestBatch({ tools: [read], calls: calls.slice(0, 100) });
  await until(() => named.length > 0);
  await settleDown();
  assert.equal(named.length, 64);
  for (const one of named.splice(0)) one.resolve(noEffects);
  await until(() => named.length === 36);
  for (const one of named) one.resolve(noEffects);
  await batch.ended;
});
