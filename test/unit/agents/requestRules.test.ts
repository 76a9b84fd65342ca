/** No request that the API would refuse is sent, whatever happened before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { messagesOf } from '../../../src/agents/history.ts';
import { toAnthropicRequest } from '../../../src/models/anthropicRequest.ts';
import { brokenRules } from './apiRules.ts';
import { randomHistory } from './randomHistory.ts';

test('every history becomes a request that the API takes', () => {
  fc.assert(
    fc.property(randomHistory, ({ state, resumes }) => {
      const request = toAnthropicRequest(
        { agentId: 'a1', model: 'm', system: 'Be brief.', messages: messagesOf(state, 'a1'), tools: [] },
        { maxTokens: 1000, thinking: 'off' },
      );
      assert.deepEqual(brokenRules(request, resumes), []);
    }),
    { numRuns: 2000 },
  );
});
