/** How a turn is stopped: by its signal, or because nothing comes any more. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as sse from '../../fixtures/sseEvents.ts';
import { collect, collectUntilError, hello, modelAt, never, serve, withoutUsage } from './asking.ts';
import { TestClock } from '../../fixtures/testClock.ts';

const begun = [
  sse.messageStart(),
  sse.blockStart(0, { type: 'text', text: '' }),
  sse.blockDelta(0, { type: 'text_delta', text: 'so far' }),
];

void suite('an abort', () => {
  test('in the middle of the stream throws the reason', async (t) => {
    const server = await serve(t, () => ({ events: begun, then: 'stall' }));
    const controller = new AbortController();
    const turn = withoutUsage(modelAt(server.url).turn(hello, controller.signal));
    assert.equal((await turn.next()).done, false);
    const next = turn.next();
    const reason = new Error('stopped by a person');
    controller.abort(reason);
    await assert.rejects(next, reason);
  });

  test('before the answer throws the reason', async (t) => {
    const controller = new AbortController();
    const reason = new Error('stopped by a person');
    const server = await serve(t, () => {
      controller.abort(reason);
      return { events: [], then: 'stall' };
    });
    await assert.rejects(collect(modelAt(server.url), hello, controller.signal), reason);
  });

  test('before the request throws the reason and asks nothing', async (t) => {
    const server = await serve(t, () => ({ events: [] }));
    const reason = new Error('stopped by a person');
    await assert.rejects(collect(modelAt(server.url), hello, AbortSignal.abort(reason)), reason);
    assert.equal(server.requests.length, 0);
  });
});

void suite('a request without life', () => {
  test('is given up when the stream has stalled, though pings came', async (t) => {
    const clock = new TestClock();
    const server = await serve(t, () => ({ events: [...begun, sse.ping, sse.ping], then: 'stall' }));
    const quiet = { longMs: 60_000, usualMs: 5000 };
    const turn = withoutUsage(modelAt(server.url, { clock, quiet }).turn(hello, never));
    await turn.next();
    const next = turn.next();
    clock.advance(4999);
    assert.equal(clock.waiting, 1);
    clock.advance(1);
    await assert.rejects(next, { name: 'ModelError', kind: 'stalled', message: /127\.0\.0\.1.*nothing/ });
    assert.equal(clock.waiting, 0);
  });

  test('is given up when no answer begins', async (t) => {
    const clock = new TestClock();
    const server = await serve(t, () => {
      clock.advance(300_000);
      return { events: [], then: 'stall' };
    });
    const { error } = await collectUntilError(modelAt(server.url, { clock }));
    assert.equal((error as { kind?: string }).kind, 'stalled');
  });

  test('is given up when its thinking is silent for too long', async (t) => {
    const clock = new TestClock();
    const server = await serve(t, () => ({
      events: [sse.messageStart(), ...sse.thinkingBlock(0, 'sig', 'hm').slice(0, 2)],
      then: 'stall',
    }));
    const quiet = { longMs: 60_000, usualMs: 5000 };
    const turn = withoutUsage(modelAt(server.url, { clock, quiet }).turn(hello, never));
    await turn.next();
    const next = turn.next();
    clock.advance(59_999);
    assert.equal(clock.waiting, 1);
    clock.advance(1);
    await assert.rejects(next, { name: 'ModelError', kind: 'stalled' });
  });

  test('is not timed while its reader takes its time', async (t) => {
    const clock = new TestClock();
    const server = await serve(t, () => ({
      events: sse.wholeMessage('end_turn', sse.textBlock(0, 'a', 'b')),
    }));
    const seen: string[] = [];
    for await (const event of withoutUsage(modelAt(server.url, { clock }).turn(hello, never))) {
      clock.advance(1_000_000);
      seen.push(event.type);
    }
    assert.deepEqual(seen, ['delta', 'delta', 'block', 'ended']);
  });

  test('leaves no timer behind when its reader goes away', async (t) => {
    const clock = new TestClock();
    const server = await serve(t, () => ({ events: begun, then: 'stall' }));
    for await (const event of withoutUsage(modelAt(server.url, { clock }).turn(hello, never))) {
      assert.equal(event.type, 'delta');
      break;
    }
    assert.equal(clock.waiting, 0);
  });

  test('leaves no timer behind when it fails', async (t) => {
    const clock = new TestClock();
    const server = await serve(t, () => ({ status: 500 }));
    await collectUntilError(modelAt(server.url, { clock }));
    assert.equal(clock.waiting, 0);
  });
});
