import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffDelays } from '../../../src/engine/backoff.ts';

function delays(random: () => number): number[] {
  const pauses = backoffDelays({ firstMs: 1000, longestMs: 5000, random });
  return Array.from({ length: 5 }, () => pauses.next());
}

test('pauses double up to the longest', () => {
  assert.deepEqual(
    delays(() => 1),
    [1000, 2000, 4000, 5000, 5000],
  );
});

test('chance takes up to half of a pause away, of the longest too', () => {
  assert.deepEqual(
    delays(() => 0),
    [500, 1000, 2000, 2500, 2500],
  );
  const drawn = [0, 0.25, 0.5, 0.75, 0];
  assert.deepEqual(
    delays(() => drawn.shift() ?? 0),
    [500, 1250, 3000, 4375, 2500],
  );
});
