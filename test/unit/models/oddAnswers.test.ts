/** Answers that are rare, and what is made of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APIConnectionTimeoutError } from '@anthropic-ai/sdk';
import { ModelError, type Message } from '../../../src/core/models.ts';
import { toModelError } from '../../../src/models/anthropicErrors.ts';
import { toAnthropicRequest } from '../../../src/models/anthropicRequest.ts';
import { retryAfterMs } from '../../../src/models/retryAfter.ts';
import { collectUntilError, hello, modelAt, serve } from './asking.ts';

test('a server that does not answer in time has stalled', () => {
  const error = toModelError(new APIConnectionTimeoutError(), { baseUrl: 'https://api.test' }, 0);
  assert.ok(error instanceof ModelError);
  assert.equal(error.kind, 'stalled');
});

for (const status of [408, 409])
  test(`${status} is the server's fault, which a further request can mend`, async (t) => {
    const server = await serve(t, () => ({
      status,
      body: { type: 'error', error: { type: 'x', message: '' } },
    }));
    const { error } = await collectUntilError(modelAt(server.url));
    assert.ok(error instanceof ModelError);
    assert.equal(error.kind, 'server');
  });

for (const [header, value] of [
  ['retry-after-ms', '-5'],
  ['retry-after-ms', ''],
  ['retry-after', ''],
  ['retry-after', 'soon'],
] as const)
  test(`${header} "${value}" asks for nothing`, () => {
    assert.equal(retryAfterMs(new Headers({ [header]: value }), 0), undefined);
  });

test('no wait is negative', () => {
  for (const value of ['-5', new Date(0).toUTCString()])
    assert.ok((retryAfterMs(new Headers({ 'retry-after': value }), Date.now()) ?? 0) >= 0);
});

const thinking = { type: 'thinking', thinking: 'hm', signature: 'sig' } as const;

function sent(...said: readonly Message[]): unknown {
  const request = { ...hello, messages: [...hello.messages, ...said] };
  const { messages } = toAnthropicRequest(request, { maxTokens: 1, thinking: 'off' });
  return messages.map(({ role, content }) =>
    `${role}: ${JSON.stringify(content)}`.replaceAll(/,"cache_control.*?}/g, ''),
  );
}

test('a paused turn is sent back without the blanks and the thinking that it ends with', () => {
  const content = [{ type: 'text', text: 'First, \n' } as const, thinking];
  assert.deepEqual(sent({ role: 'assistant', content }), [
    'user: [{"type":"text","text":"hello"}]',
    'assistant: [{"type":"text","text":"First,"}]',
  ]);
});

test('a paused turn that has nothing but thinking is not sent back', () => {
  assert.deepEqual(sent({ role: 'assistant', content: [thinking] }), [
    'user: [{"type":"text","text":"hello"}]',
  ]);
});
