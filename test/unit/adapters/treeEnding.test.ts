import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { endTree } from '../../../src/adapters/node/treeEnding.ts';
import { TestClock } from '../../fixtures/testClock.ts';

const never = new Promise<void>(() => undefined);

function startEnding(closed: Promise<void>, livesFor: number) {
  const clock = new TestClock();
  const story: string[] = [];
  let lives = livesFor;
  const tree = {
    askToEnd: () => void story.push('ask'),
    kill: () => void story.push('kill'),
    isAlive: () => (lives -= 1) >= 0,
  };
  void endTree(tree, closed, { clock, killGraceMs: 2000 }).then(() => story.push('over'));
  const after = async (ms: number): Promise<string> => {
    clock.advance(ms);
    await nextTurn();
    return story.join(' ');
  };
  return { after, clock };
}

test('the kill comes after the grace, and its end when nothing lives any more', async () => {
  const { after } = startEnding(never, 2);
  assert.equal(await after(1999), 'ask');
  assert.equal(await after(1), 'ask kill');
  assert.equal(await after(5), 'ask kill kill');
  assert.equal(await after(5), 'ask kill kill kill over');
});

test('after a clean end nobody waits for the grace, and what gave up the pipes is killed', async () => {
  const { after, clock } = startEnding(Promise.resolve(), 0);
  assert.equal(await after(0), 'ask kill over');
  assert.equal(clock.waiting, 0, 'no timer is left that would keep the program from ending');
});

test('what even the kill cannot end is waited for only so long', async () => {
  const { after } = startEnding(Promise.resolve(), Infinity);
  assert.equal(await after(0), 'ask kill');
  for (let ms = 0; ms < 995; ms += 5) assert.doesNotMatch(await after(5), /over/);
  assert.match(await after(5), /over$/);
});
