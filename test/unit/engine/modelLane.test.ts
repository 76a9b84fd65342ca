/** The model lane: when it pauses, how it narrows and widens. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lanes } from '../../../src/engine/lanes.ts';
import { ModelLane, type ModelAnswer, type ModelLaneResult } from '../../../src/engine/modelLane.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { settleDown } from './testBatch.ts';

const answered: ModelAnswer = { kind: 'answered' };
const refused: ModelAnswer = { kind: 'refused' };

interface Sent {
  answer(answer: ModelAnswer): Promise<void>;
}

function start(width: number) {
  const clock = new TestClock();
  const lanes = new Lanes({ io: 1, process: 1, model: width });
  const lane = new ModelLane(lanes, clock);
  const sent: Sent[] = [];
  const held: number[] = [];
  const ask = (signal = new AbortController().signal): Promise<ModelLaneResult<ModelAnswer>> =>
    lane.run({
      signal,
      longestWaitMs: 60_000,
      onHeld: (waitMs) => void held.push(waitMs),
      answerOf: (answer) => answer,
      work: () => {
        const { promise, resolve } = Promise.withResolvers<ModelAnswer>();
        sent.push({
          answer: async (answer) => {
            resolve(answer);
            await settleDown();
          },
        });
        return promise;
      },
    });
  const askMany = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) void ask();
    await settleDown();
  };
  return { clock, lanes, lane, sent, held, ask, askMany };
}

test('a burst of refusals halves the lane once, and never below one', async () => {
  const { sent, askMany } = start(8);
  await askMany(20);
  assert.equal(sent.length, 8);
  for (const request of sent.slice(0, 4)) await request.answer(refused);
  assert.equal(sent.length, 8); // Half of the lane is still busy.
  for (const request of sent.slice(4, 8)) await request.answer(refused);
  assert.equal(sent.length, 12);
  for (let index = 8; index < 15; index += 1) await sent[index]?.answer(refused);
  assert.equal(sent.length, 16);
});

test('a lane that was refused by many widens at once to just below that, then slowly, up to the setting', async () => {
  const { sent, askMany, lanes } = start(4);
  await askMany(40);
  for (const request of [...sent]) await request.answer(refused);
  const inFlight = (): number => sent.length - done;
  let done = 4;
  const answer = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) await sent[done++]?.answer(answered);
  };
  assert.equal(inFlight(), 2);
  await answer(1);
  assert.equal(inFlight(), 3);
  await answer(2);
  assert.equal(inFlight(), 3);
  await answer(1);
  assert.equal(inFlight(), 4);
  await answer(12);
  assert.equal(inFlight(), 4);
  lanes.resize({ io: 1, process: 1, model: 2 });
  await answer(4);
  assert.equal(inFlight(), 2);
});

test('a single refusal among many answers halves the lane for a moment', async () => {
  const { sent, askMany } = start(8);
  await askMany(60);
  let done = 0;
  const answer = async (what: ModelAnswer, count = 1): Promise<void> => {
    for (let index = 0; index < count; index += 1) await sent[done++]?.answer(what);
  };
  const inFlight = (): number => sent.length - done;
  await answer(answered, 16);
  await answer(refused);
  // Nothing takes the place of what was refused, until answers show that the API is not crowded.
  assert.equal(inFlight(), 7);
  await answer(answered);
  assert.equal(inFlight(), 6);
  await answer(answered);
  assert.equal(inFlight(), 8);
});

test('a wider setting counts at once where the API has refused nothing', async () => {
  const { sent, askMany, lanes } = start(2);
  await askMany(20);
  for (let index = 0; index < 4; index += 1) await sent[index]?.answer(answered);
  lanes.resize({ io: 1, process: 1, model: 8 });
  await settleDown();
  assert.equal(sent.length - 4, 8);
});

test('while the API asks to wait no request leaves, whoever sends it', async () => {
  const { sent, held, askMany, clock } = start(2);
  await askMany(3);
  await sent[0]?.answer({ kind: 'refused', retryAfterMs: 7000 });
  await sent[1]?.answer(answered);
  assert.deepEqual(held, [7000]);
  await askMany(1);
  assert.deepEqual(held, [7000, 7000]);
  clock.advance(6999);
  await settleDown();
  assert.equal(sent.length, 2);
  clock.advance(1);
  await settleDown();
  assert.equal(sent.length, 3);
  await sent[2]?.answer(answered);
  assert.equal(sent.length, 4);
});

test('a later end of the pause counts, an earlier one does not', async () => {
  const { sent, held, askMany, clock } = start(3);
  await askMany(4);
  await sent[0]?.answer({ kind: 'refused', retryAfterMs: 3000 });
  await sent[1]?.answer({ kind: 'refused', retryAfterMs: 5000 });
  await sent[2]?.answer({ kind: 'refused', retryAfterMs: 1000 });
  assert.deepEqual(held, [3000, 5000]);
  clock.advance(4999);
  await settleDown();
  assert.equal(sent.length, 3);
  clock.advance(1);
  await settleDown();
  assert.equal(sent.length, 4);
});

test('a pause that is longer than may be waited for is told at once, and nothing is sent', async () => {
  const { sent, ask, clock } = start(1);
  void ask();
  await settleDown();
  const queued = ask();
  await sent[0]?.answer({ kind: 'refused', retryAfterMs: 3_600_000 });
  assert.deepEqual(await queued, { kind: 'heldTooLong', waitMs: 3_600_000 });
  clock.advance(1000);
  assert.deepEqual(await ask(), { kind: 'heldTooLong', waitMs: 3_599_000 });
  assert.equal(sent.length, 1);
});

test('who is stopped while a pause holds it leaves at once, with the reason', async () => {
  const { sent, ask } = start(1);
  void ask();
  await settleDown();
  await sent[0]?.answer({ kind: 'refused', retryAfterMs: 7000 });
  const stopping = new AbortController();
  const held = ask(stopping.signal);
  stopping.abort('person');
  await assert.rejects(held, (reason) => reason === 'person');
});

for (const [what, aheadMs] of [
  ['back by an hour', -3_600_000],
  ['ahead by an hour', 3_600_000],
] as const)
  test(`23: a pause ends after its length, also if the wall clock is set ${what} meanwhile`, async () => {
    const { sent, held, ask, askMany, clock } = start(1);
    await askMany(1);
    await sent[0]?.answer({ kind: 'refused', retryAfterMs: 4000 });
    await askMany(1);
    clock.advance(3000);
    clock.setWallClock(aheadMs);
    const late = ask();
    await settleDown();
    assert.deepEqual(held, [4000, 1000]);
    clock.advance(999);
    await settleDown();
    assert.equal(sent.length, 1);
    clock.advance(1);
    await settleDown();
    assert.equal(sent.length, 2);
    await sent[1]?.answer(answered);
    await sent[2]?.answer(answered);
    assert.equal((await late).kind, 'sent');
  });

test('another account knows nothing of the pause and the width', async () => {
  const { sent, askMany, lane, clock } = start(4);
  await askMany(20);
  await sent[0]?.answer({ kind: 'refused', retryAfterMs: 7000 });
  lane.release();
  await settleDown();
  assert.equal(clock.waiting, 0);
  assert.equal(sent.length, 5);
});

test('what another account was refused before says nothing of the present one', async () => {
  const { sent, askMany, lane } = start(4);
  await askMany(20);
  lane.release();
  await sent[0]?.answer(refused);
  assert.equal(sent.length, 5);
});

test('who was stopped is told so, also where the pause would have been too long', async () => {
  const { sent, ask } = start(1);
  void ask();
  await settleDown();
  await sent[0]?.answer({ kind: 'refused', retryAfterMs: 3_600_000 });
  await assert.rejects(ask(AbortSignal.abort('person')), (reason) => reason === 'person');
});

test('who has left is told of no further pause', async () => {
  const { sent, held, ask, askMany } = start(2);
  await askMany(2);
  await sent[0]?.answer({ kind: 'refused', retryAfterMs: 3000 });
  const stopping = new AbortController();
  const gone = ask(stopping.signal);
  stopping.abort('person');
  await assert.rejects(gone, (reason) => reason === 'person');
  assert.deepEqual(held, [3000]);
  await sent[1]?.answer({ kind: 'refused', retryAfterMs: 5000 });
  assert.deepEqual(held, [3000]);
});

test('who is on its way is not told of a pause: it is not held', async () => {
  const { sent, held, askMany } = start(2);
  await askMany(2);
  await sent[0]?.answer({ kind: 'refused', retryAfterMs: 3000 });
  assert.deepEqual(held, []);
});

test('a wait of nothing pauses nobody', async () => {
  const { sent, askMany, clock } = start(2);
  await askMany(3);
  await sent[0]?.answer({ kind: 'refused', retryAfterMs: 0 });
  await sent[1]?.answer(answered);
  assert.equal(sent.length, 3);
  assert.equal(clock.waiting, 0);
});
