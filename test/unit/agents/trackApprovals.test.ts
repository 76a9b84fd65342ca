import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalAnswer, ApprovalRequest } from '../../../src/core/calls.ts';
import { trackApprovals } from '../../../src/agents/trackApprovals.ts';
import { memorySession } from '../../fixtures/memorySession.ts';
import { TestClock } from '../../fixtures/testClock.ts';
import { queueRun } from './testLoop.ts';

const never = new AbortController().signal;

function request(callId: string): ApprovalRequest {
  return { sessionId: 'session-1', callId, tool: 'terminal', subject: 'ls', cwd: '/w' };
}

test('a run waits from the first open question to the last answer, and says so once each', async () => {
  const session = await memorySession(new TestClock());
  await queueRun(session.log, 'a');
  const open: ((answer: ApprovalAnswer) => void)[] = [];
  const tracked = trackApprovals(
    { ask: () => new Promise((resolve) => open.push(resolve)) },
    { agentId: 'a', runId: 'a-run-1' },
    session.log,
  );
  const answers = [tracked.ask(request('c1'), never), tracked.ask(request('c2'), never)];
  open[0]?.('deny');
  await answers[0];
  assert.equal(session.log.state.agents.get('a')?.runs[0]?.state.status, 'waiting');
  open[1]?.('allowOnce');
  await answers[1];
  assert.equal(session.log.state.agents.get('a')?.runs[0]?.state.status, 'running');
  assert.deepEqual(session.story().split('\n').slice(2), ['a-run-1 run.waiting', 'a-run-1 run.continued']);
});
