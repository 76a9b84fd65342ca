/** What a streamed message becomes, over real HTTP. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ModelEvent } from '../../../src/core/models.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { collect, hello, modelAt, never, serve } from './asking.ts';

const usage = { inputTokens: 10, outputTokens: 20, cacheReadTokens: 0, cacheWriteTokens: 0 };

function blocks(events: readonly ModelEvent[]): unknown[] {
  return events.flatMap((event) => (event.type === 'block' ? [event.block] : []));
}

void suite('a streamed message', () => {
  test('shows text while it grows, then the whole block, then the end', async (t) => {
    const server = await serve(t, () => ({
      events: sse.wholeMessage('end_turn', sse.textBlock(0, 'Hel', 'lo ✓')),
    }));
    assert.deepEqual(await collect(modelAt(server.url)), [
      { type: 'delta', index: 0, block: 'text', delta: 'Hel' },
      { type: 'delta', index: 0, block: 'text', delta: 'lo ✓' },
      { type: 'block', index: 0, block: { type: 'text', text: 'Hello ✓' } },
      { type: 'ended', stopReason: 'end_turn', usage },
    ]);
  });

  test('keeps thinking with its signature, and redacted thinking as it is', async (t) => {
    const server = await serve(t, () => ({
      events: sse.wholeMessage(
        'end_turn',
        sse.thinkingBlock(0, 'signed', 'first ', 'second'),
        [sse.blockStart(1, { type: 'redacted_thinking', data: 'opaque' }), sse.blockStop(1)],
        sse.textBlock(2, 'done'),
      ),
    }));
    assert.deepEqual((await collect(modelAt(server.url))).slice(0, 4), [
      { type: 'delta', index: 0, block: 'thinking', delta: 'first ' },
      { type: 'delta', index: 0, block: 'thinking', delta: 'second' },
      {
        type: 'block',
        index: 0,
        block: { type: 'thinking', thinking: 'first second', signature: 'signed' },
      },
      { type: 'block', index: 1, block: { type: 'redacted_thinking', data: 'opaque' } },
    ]);
  });

  test('fails only the call whose JSON is invalid or was cut', async (t) => {
    const server = await serve(t, () => ({
      events: sse.wholeMessage(
        'tool_use',
        sse.toolUseBlock(0, 'a', 'read_file', '{"path":', '"x.ts"}'),
        sse.toolUseBlock(1, 'b', 'read_file', '{"path": nope}'),
        sse.toolUseBlock(2, 'c', 'read_file', '{"path":"y', '.ts"'),
        sse.toolUseBlock(3, 'd', 'list_files'),
        sse.toolUseBlock(4, 'e', 'list_files', '[1]'),
      ),
    }));
    const events = await collect(modelAt(server.url));
    const inputs = blocks(events).map((block) => (block as { input: Record<string, unknown> }).input);
    assert.deepEqual(inputs[0], { kind: 'parsed', value: { path: 'x.ts' } });
    assert.equal(inputs[1]?.kind, 'unparsable');
    assert.equal(inputs[1].raw, '{"path": nope}');
    assert.match(String(inputs[1].problem), /JSON/);
    assert.equal(inputs[2]?.kind, 'unparsable');
    assert.equal(inputs[2].raw, '{"path":"y.ts"');
    assert.deepEqual(inputs[3], { kind: 'parsed', value: {} });
    assert.deepEqual(inputs[4], { kind: 'parsed', value: [1] });
    assert.deepEqual(events.at(-1), { type: 'ended', stopReason: 'tool_use', usage });
  });

  test('passes over blocks and events of unknown type', async (t) => {
    const server = await serve(t, () => ({
      events: [
        sse.messageStart(),
        { type: 'something_new' },
        sse.blockStart(0, { type: 'hologram', light: 1 }),
        sse.blockDelta(0, { type: 'light_delta', light: 2 }),
        sse.blockStop(0),
        ...sse.textBlock(1, 'seen'),
        ...sse.messageEnd('end_turn'),
      ],
    }));
    const events = await collect(modelAt(server.url));
    assert.deepEqual(blocks(events), [{ type: 'text', text: 'seen' }]);
    assert.equal(events.at(-1)?.type, 'ended');
  });

  test('takes the last count of each kind of token', async (t) => {
    const start = { input_tokens: 5, output_tokens: 1, cache_read_input_tokens: 70 };
    const end = { input_tokens: null, output_tokens: 9, cache_creation_input_tokens: 30 };
    const server = await serve(t, () => ({
      events: [
        sse.messageStart(start),
        sse.messageDelta(null, { output_tokens: 4 }),
        sse.messageDelta('end_turn', end),
        sse.messageStop,
      ],
    }));
    assert.deepEqual(await collect(modelAt(server.url)), [
      {
        type: 'ended',
        stopReason: 'end_turn',
        usage: { inputTokens: 5, outputTokens: 9, cacheReadTokens: 70, cacheWriteTokens: 30 },
      },
    ]);
  });

  test('has no stop reason where the API gave none', async (t) => {
    for (const end of [[sse.messageDelta(null), sse.messageStop], [sse.messageStop]]) {
      const server = await serve(t, () => ({
        events: [sse.messageStart(), ...sse.textBlock(0, 'hm'), ...end],
      }));
      const last = (await collect(modelAt(server.url))).at(-1);
      assert.equal(last?.type === 'ended' && last.stopReason, null);
    }
  });
});

void suite('a message that was cut', () => {
  const begun = [
    sse.messageStart(),
    ...sse.textBlock(0, 'whole'),
    sse.blockStart(1, { type: 'text', text: '' }),
  ];
  const whole = { type: 'block', index: 0, block: { type: 'text', text: 'whole' } };
  const shown = { type: 'delta', index: 0, block: 'text', delta: 'whole' };

  test('ends without an end, with the blocks that were whole', async (t) => {
    const server = await serve(t, () => ({ events: begun }));
    assert.deepEqual(await collect(modelAt(server.url)), [shown, whole]);
  });

  test('ends without an end where the stop reason came but not message_stop', async (t) => {
    const server = await serve(t, () => ({
      events: [sse.messageStart(), ...sse.textBlock(0, 'whole'), sse.messageDelta('end_turn')],
    }));
    assert.deepEqual(await collect(modelAt(server.url)), [shown, whole]);
  });

  test('ends without an end where a block was left open', async (t) => {
    const server = await serve(t, () => ({ events: [...begun, ...sse.messageEnd('end_turn')] }));
    assert.deepEqual(await collect(modelAt(server.url)), [shown, whole]);
  });

  test('ends without an end where the connection broke in the middle of an event', async (t) => {
    const half = 'event: content_block_delta\ndata: {"type":"content_block_delta","index":1,"del';
    const server = await serve(t, () => ({ events: [...begun, half], then: 'cut' }));
    assert.deepEqual(await collect(modelAt(server.url)), [shown, whole]);
  });

  test('ends without an end where the response ended in the middle of an event', async (t) => {
    const half = 'event: message_stop\ndata: {"type":"mess';
    const server = await serve(t, () => ({ events: [...begun, half] }));
    assert.deepEqual(await collect(modelAt(server.url)), [shown, whole]);
  });
});

test('a message without a beginning has no end: what came is not the whole of it', async (t) => {
  const server = await serve(t, () => ({
    events: sse.wholeMessage('end_turn', sse.textBlock(0, 'the rest')).slice(1),
  }));
  const events = await collect(modelAt(server.url));
  assert.deepEqual(
    events.map(({ type }) => type),
    ['delta', 'block'],
  );
});

test('a request is asked once, whatever comes back', async (t) => {
  const server = await serve(t, () => ({ status: 529, body: sse.errorBody('overloaded_error', 'busy') }));
  await assert.rejects(collect(modelAt(server.url), hello), { kind: 'overloaded' });
  assert.equal(server.requests.length, 1);
});

test('a turn tells its tokens as soon as the API does, so that a cut one is counted', async (t) => {
  const server = await serve(t, () => ({
    events: [sse.messageStart(), sse.messageDelta('end_turn')],
  }));
  const counts: number[] = [];
  for await (const event of modelAt(server.url).turn(hello, never))
    if (event.type === 'usage') counts.push(event.usage.outputTokens);
  assert.deepEqual(counts, [1, 20]);
});
