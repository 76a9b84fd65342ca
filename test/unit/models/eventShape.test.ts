import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModelError } from '../../../src/core/models.ts';
import * as sse from '../../fixtures/sseEvents.ts';
import { collectUntilError, modelAt, serve } from './asking.ts';

const broken: readonly (readonly [string, sse.SseEvent])[] = [
  ['a message_start without a message', { type: 'message_start' }],
  ['a content_block_start without a block', { type: 'content_block_start', index: 1 }],
  ['a call without an id', sse.blockStart(1, { type: 'tool_use', name: 'look', input: {} })],
  ['a call with an empty id', sse.blockStart(1, { type: 'tool_use', id: '', name: 'look', input: {} })],
  ['a call without a name', sse.blockStart(1, { type: 'tool_use', id: 'c', input: {} })],
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
