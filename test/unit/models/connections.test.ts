/** What becomes of a connection after a whole message. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import * as sse from '../../fixtures/sseEvents.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { createAnthropicModel } from '../../../src/models/anthropic.ts';
import { readMessage } from '../../../src/models/anthropicStream.ts';
import { collect, hello, modelAt, never, serve } from './asking.ts';

const whole = sse.wholeMessage('end_turn', sse.textBlock(0, 'done'));

test('the next turn takes the connection of the last one', async (t) => {
  const server = await serve(t, () => ({ events: whole, keepsAlive: true }));
  const clock = new TestClock();
  const model = modelAt(server.url, { clock });
  for (let turn = 0; turn < 5; turn += 1) {
    assert.equal((await collect(model)).at(-1)?.type, 'ended');
    // The watch over the response ends with the response.
    while (clock.waiting > 0) await new Promise(setImmediate);
  }
  assert.equal(server.requests.length, 5);
  assert.equal(server.connectionCount(), 1);
});

test('a response that does not end after its message holds neither the turn nor its connection', async (t) => {
  const clock = new TestClock();
  const server = await serve(t, () => ({ events: whole, then: 'stall' }));
  assert.equal((await collect(modelAt(server.url, { clock }))).at(-1)?.type, 'ended');
  clock.advance(1000);
  await server.untilAlone();
  assert.equal(clock.waiting, 0);
});

test(
  'a reader that goes away in the middle of a message gives its connection up',
  { timeout: 20_000 },
  async (t) => {
    const events = whole.slice(0, 3);
    const server = await serve(t, () => ({ events, then: 'stall', keepsAlive: true }));
    for await (const event of modelAt(server.url).turn(hello, never)) if (event.type === 'delta') break;
    await server.untilAlone();
  },
);

test('a connection that breaks after a whole message breaks nothing else', async (t) => {
  const clock = new TestClock();
  const server = await serve(t, () => ({ events: whole, then: 'reset' }));
  assert.equal((await collect(modelAt(server.url, { clock }))).at(-1)?.type, 'ended');
  while (clock.waiting > 0) await new Promise(setImmediate);
});

/** A stream whose connection breaks where it is closed, or at the event that `next` gives. */
function breakingStream(events: readonly unknown[]): AsyncIterable<RawMessageStreamEvent> {
  const left = [...events] as RawMessageStreamEvent[];
  const broken = (): Promise<never> => Promise.reject(new Error('the connection broke'));
  const next = (): Promise<IteratorResult<RawMessageStreamEvent, undefined>> => {
    const value = left.shift();
    return value ? Promise.resolve({ done: false, value }) : broken();
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: broken }) };
}

test('what an odd event is told as does not depend on whether its connection can be closed', async () => {
  const reading = readMessage(breakingStream([{ type: 'message_start' }]));
  await assert.rejects(reading.next(), SyntaxError);
});

test('a whole message stands, whatever happens to its connection after it', async () => {
  const rests: Promise<void>[] = [];
  const watch = {
    pause: () => undefined,
    goOn: () => undefined,
    finish: (rest: Promise<void>) => void rests.push(rest),
  };
  const told: string[] = [];
  for await (const { type } of readMessage(breakingStream(whole), watch)) told.push(type);
  assert.equal(told.at(-1), 'ended');
  assert.equal(rests.length, 1);
  await rests[0];
});

test('a key and an address that were changed count from the next turn on', async (t) => {
  const first = await serve(t, () => ({ events: whole }));
  const second = await serve(t, () => ({ events: whole }));
  const access = { key: 'key-1', url: first.url };
  const model = createAnthropicModel({
    apiKey: () => Promise.resolve(access.key),
    baseUrl: () => access.url,
    maxTokens: () => 1000,
    clock: new TestClock(),
  });
  await collect(model);
  access.key = 'key-2';
  await collect(model);
  access.url = second.url;
  await collect(model);
  const keys = (server: typeof first): unknown[] =>
    server.requests.map(({ headers }) => headers.authorization);
  assert.deepEqual([keys(first), keys(second)], [['Bearer key-1', 'Bearer key-2'], ['Bearer key-2']]);
});
