/** The machine's clock. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';

test('23: a wait that is longer than a timer of Node can take is neither cut nor over at once', (t) => {
  const set: { readonly callback: () => void; readonly delayMs: number }[] = [];
  t.mock.method(globalThis, 'setTimeout', (callback: () => void, delayMs: number) =>
    set.push({ callback, delayMs }),
  );
  let calls = 0;
  nodeClock.after(2 ** 33, () => (calls += 1));
  for (let index = 0; index < set.length; index += 1) set[index]?.callback();
  assert.equal(
    set.reduce((sum, { delayMs }) => sum + delayMs, 0),
    2 ** 33,
  );
  assert.ok(set.every(({ delayMs }) => delayMs < 2 ** 31));
  assert.equal(calls, 1);
});
