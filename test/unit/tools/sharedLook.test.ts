import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SharedLook } from '../../../src/tools/sharedLook.ts';

/** Looks that end when they are told to, numbered as they begin. */
function looks(): { look: () => Promise<number>; begun: () => number; end: (number: number) => void } {
  const open: PromiseWithResolvers<number>[] = [];
  return {
    look: () => {
      const look = Promise.withResolvers<number>();
      open.push(look);
      return look.promise;
    },
    begun: () => open.length,
    end: (number) => open[number - 1]?.resolve(number),
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('who asks during a look shares the next with all who ask until that begins', async () => {
  const shared = new SharedLook<number>();
  const { look, begun, end } = looks();
  const early = [shared.ask('a', look), shared.ask('a', look)];
  await turn();
  const late = [shared.ask('a', look), shared.ask('a', look)];
  await turn();
  assert.equal(begun(), 1);
  end(1);
  await turn();
  assert.equal(begun(), 2);
  end(2);
  const answers = await Promise.allSettled([...early, ...late]);
  assert.deepEqual(
    answers.map((answer) => answer.status === 'fulfilled' && answer.value),
    [1, 1, 2, 2],
  );
});

test('other questions do not wait, and a look that failed does not answer the next one', async () => {
  const shared = new SharedLook<number>();
  const { look, begun } = looks();
  void shared.ask('a', look);
  void shared.ask('b', look);
  await turn();
  assert.equal(begun(), 2);
  await assert.rejects(
    shared.ask('c', () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(await shared.ask('c', () => Promise.resolve(7)), 7);
});
