import assert from 'node:assert/strict';
import test from 'node:test';
import type { ApprovalRequest } from '../../../src/core/calls.ts';
import { togetherInDialog } from '../../../src/views/approvalTogether.ts';
import { waitingCalls, type WaitingCall } from '../../../src/views/waitingCalls.ts';
import { SessionScript } from './sessionScript.ts';

function waiting(...requests: readonly Partial<ApprovalRequest>[]): readonly WaitingCall[] {
  const script = new SessionScript().agent().run('Go').turn().turnBatch();
  for (const [index, request] of requests.entries()) {
    const callId = `c${index}`;
    const asked = {
      sessionId: script.id,
      callId,
      tool: 'terminal',
      subject: 'npm test',
      cwd: '/w',
      ...request,
    };
    script.call(callId, asked.tool, {}).add({ type: 'approval.requested', callId, request: asked });
  }
  return waitingCalls([script.state]);
}

test('commands that one dialog shows whole are allowed together, each with its folder', () => {
  const { calls, question, detail } = togetherInDialog(
    waiting({}, { subject: 'npm run build\necho done', cwd: '/w/api' }),
  );
  assert.equal(calls.length, 2);
  assert.equal(question, 'Allow these 2 commands, each once?');
  assert.equal(detail, '/w\nnpm test\n\n/w/api\nnpm run build\necho done');
});

test('an edit, and a command that is longer than the dialog, are not allowed by it, and are counted', () => {
  const long = Array.from({ length: 40 }, (_, index) => `echo ${index}`).join('\n');
  const { calls, question, detail } = togetherInDialog(
    waiting({ subject: long }, {}, { tool: 'write_file', subject: 'a.txt\ntext' }),
  );
  assert.deepEqual(
    calls.map(({ callId }) => callId),
    ['c1'],
  );
  assert.equal(question, 'Allow this command once?');
  assert.equal(
    detail,
    '/w\nnpm test\n\n2 more calls need a look of their own: an edit, or a command too long for this dialog.',
  );
});

test('what does not fit beside the others waits for its own look', () => {
  const nine = Array.from({ length: 9 }, () => 'echo x').join('\n');
  const { calls } = togetherInDialog(waiting({ subject: nine }, { subject: nine }, { subject: nine }, {}));
  assert.deepEqual(
    calls.map(({ callId }) => callId),
    ['c0', 'c1', 'c3'],
  );
});

test('nothing is allowed where nothing can be shown whole', () => {
  const none = togetherInDialog(waiting({ tool: 'write_file', subject: 'a.txt\ntext' }));
  assert.equal(
    none.question,
    '1 call needs a look of its own: an edit, or a command too long for this dialog.',
  );
  assert.equal(togetherInDialog([]).question, 'No call waits for your answer.');
});
