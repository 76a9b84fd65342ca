/** Programs that are killed at random moments; `npm run bench -- kills --rounds 200` does many more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killRounds } from '../../fixtures/kills/killRounds.ts';

test(
  'J1, Z2: after a kill at a random moment all that was asked for is settled, open or named, and nothing ran twice',
  { timeout: 300_000 },
  async (t) => {
    const killed = await killRounds(t, 8, 9);
    for (const { scene, round, killAfterMs, violations } of killed)
      assert.deepEqual(violations, [], `round ${round}, ${scene}, killed after ${killAfterMs} ms`);
    assert.deepEqual(
      killed.map(({ scene }) => scene),
      ['batch', 'tasks', 'turn', 'revert', 'batch', 'tasks', 'turn', 'revert'],
    );
  },
);
