import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModelError } from '../../../src/core/models.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { collect, collectUntilError, modelAt, serve } from './asking.ts';

const broken: readonly (readonly [string, sse.SseEvent])[] = [
  ['a message_start without a message', { type: 'message_start' }],
  ['a content_block_start without a block', { type: 'content_block_start', index: 1 }],
  ['a content_block_delta without a delta', { type: 'content_block_delta', index: 0 }],
  ['a message_delta without a delta', { type: 'message_delta', usage: {} }],
];

for (const [name, event] of broken)
  test(`${name} is told as a reply that is not the API's`, async (t) => {
    const server = await serve(t, () => ({
      events: [
        sse.messageStart(),
        sse.blockStart(0, { type: 'text', text: '' }),
        event,
        ...sse.messageEnd('end_turn'),
      ],
    }));
    const { error } = await collectUntilError(modelAt(server.url));
    assert.ok(error instanceof ModelError, String(error));
    assert.equal(error.kind, 'connection');
    assert.match(error.message, /not the Messages API's format/);
  });

test('part 2 j: a call without an id or a name is no reason to void its turn', async (t) => {
  const calls: readonly Readonly<Record<string, unknown>>[] = [
    { name: 'look' },
    { id: '', name: 'look' },
    { id: null, name: 'look' },
    { id: 5, name: 'look' },
    { id: 'c' },
  ];
  const server = await serve(t, () => ({
    events: sse.wholeMessage(
      'tool_use',
      ...calls.map((call, index) => [
        sse.blockStart(index, { type: 'tool_use', input: { path: 'a' }, ...call }),
        sse.blockStop(index),
      ]),
    ),
  }));
  const events = await collect(modelAt(server.url));
  const told = events.flatMap((event) =>
    event.type === 'block' && event.block.type === 'tool_use' ? event.block : [],
  );
  const input = { kind: 'parsed', value: { path: 'a' } };
  assert.deepEqual(
    told.map(({ id, name, input: given }) => [id, name, given]),
    [
      ['', 'look', input],
      ['', 'look', input],
      ['', 'look', input],
      ['5', 'look', input],
      ['c', '', input],
    ],
  );
});
