/** What becomes of a connection after a whole message. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sse from '../../fixtures/sseEvents.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { createAnthropicModel } from '../../../src/models/anthropic.ts';
import { collect, modelAt, serve } from './asking.ts';

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
