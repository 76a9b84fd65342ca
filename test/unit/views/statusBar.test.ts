import assert from 'node:assert/strict';
import test from 'node:test';
import { statusBarView } from '../../../src/views/statusBar.ts';
import { exited, ok, SessionScript } from './sessionScript.ts';

const now = 2_000_000;

function batch(id = 's1'): SessionScript {
  return new SessionScript('batch', 'x', id)
    .batch({ kind: 'api' })
    .call('c1', 'git', {})
    .call('c2', 'terminal', { command: 'x' });
}

test('at rest it is only a name', () => {
  assert.equal(statusBarView([], now).text, '$(checklist) AllSettled');
  assert.equal(
    statusBarView([batch().settle('c1', ok('')).settle('c2', ok('')).state], now).text,
    '$(checklist) AllSettled',
  );
});

test('while a batch runs it counts what has settled, and what failed', () => {
  const view = statusBarView([batch().settle('c2', exited(3, '')).state], now);
  assert.equal(view.text, '$(loading~spin) AllSettled: 1 of 2 calls · 1 failed');
  assert.equal(view.background, 'none');
});

test('an agent that has asked for nothing yet is running', () => {
  assert.equal(
    statusBarView([new SessionScript().agent().run('Go').state], now).text,
    '$(loading~spin) AllSettled: running',
  );
});

test('a call that waits for the person comes before all that runs', () => {
  const waiting = batch('s2');
  const request = { sessionId: 's1', callId: 'c2', tool: 'terminal', subject: 'x', cwd: '/w' };
  waiting.add({ type: 'approval.requested', callId: 'c2', request });
  const view = statusBarView([batch().state, waiting.state], now);
  assert.equal(view.text, '$(question) AllSettled: 1 call to approve');
  assert.equal(view.background, 'warning');
  assert.equal(view.opens, 'questions');
  assert.equal(statusBarView([batch().state], now).opens, 'agents');
  const beside = statusBarView([cutOff('s3').state, waiting.state], now);
  assert.equal(beside.text, '$(question) AllSettled: 1 call to approve · 1 interrupted');
});

test('how the newest session ended is shown until another starts', () => {
  const failed = batch('s1').settle('c1', ok('')).settle('c2', exited(3, '')).state;
  assert.equal(statusBarView([failed], now).text, '$(error) AllSettled: 1 call failed');
  assert.equal(statusBarView([failed], now).background, 'error');
  const later = new SessionScript('agent', 'later', 's2').agent().run('Go').end({}).state;
  assert.equal(
    statusBarView([failed, { ...later, lastAt: failed.lastAt + 1 }], now).text,
    '$(checklist) AllSettled',
  );
});

test('an interrupted run is told apart from a failed one', () => {
  const script = new SessionScript().agent().run('Go');
  script.end({ status: 'interrupted', stopReason: null, terminationReason: 'streamCut' });
  const view = statusBarView([script.state], now);
  assert.equal(view.text, '$(debug-disconnect) AllSettled: 1 interrupted');
  assert.equal(view.background, 'warning');
});

function cutOff(id: string): SessionScript {
  const script = new SessionScript('agent', 'x', id).agent().run('Go');
  return script.end({ status: 'interrupted', stopReason: null, terminationReason: 'hostExit' });
}

test('what was interrupted is counted until each is resumed or dismissed, whatever came later', () => {
  const dismissed = cutOff('s1');
  const resumed = cutOff('s2');
  const later = new SessionScript('agent', 'later', 's4').agent().run('Go').end({});
  const batchLeft = batch('s3');
  batchLeft.add({ type: 'batch.interrupted', batchId: 'b1' });
  const text = (): string =>
    statusBarView([dismissed.state, resumed.state, batchLeft.state, later.state], now).text;
  assert.equal(text(), '$(debug-disconnect) AllSettled: 3 interrupted');
  dismissed.add({ type: 'run.dismissed', agentId: 'a1', runId: 'r1' });
  assert.equal(text(), '$(debug-disconnect) AllSettled: 2 interrupted');
  batchLeft.add({ type: 'batch.dismissed', batchId: 'b1' });
  assert.equal(text(), '$(debug-disconnect) AllSettled: 1 interrupted');
  resumed.run('', 'r2', 'a1', 'r1').end({}, 'r2');
  assert.equal(text(), '$(checklist) AllSettled');
});

test('beside work that goes on, what was interrupted still warns', () => {
  const view = statusBarView([batch('s1').settle('c1', ok('')).state, cutOff('s2').state], now);
  assert.equal(view.text, '$(loading~spin) AllSettled: 1 of 2 calls · 1 interrupted');
  assert.equal(view.background, 'warning');
});

test('an agent that completed although a call failed has not failed', () => {
  const script = new SessionScript().agent().run('Go').turn().turnBatch().call('c1', 'git', {});
  script.settle('c1', exited(1, '')).end({});
  assert.equal(statusBarView([script.state], now).text, '$(checklist) AllSettled');
});

function waitingRun(waitingFor: 'rateLimit' | 'retry', until: number, waitMs?: number): SessionScript {
  const script = new SessionScript('agent', 'x', waitingFor).agent().run('Go');
  script.add({
    type: 'run.waiting',
    agentId: 'a1',
    runId: 'r1',
    waitingFor,
    until,
    ...(waitMs && { waitMs }),
  });
  return script;
}

test('a wait that the API asked for is shown with its time left, and counts down', () => {
  const waiting = waitingRun('rateLimit', now + 41_001).state;
  const view = statusBarView([waiting], now);
  assert.equal(view.text, '$(loading~spin) AllSettled: running · the API is busy, 42 s left');
  assert.equal(view.countsDown, true);
  const over = statusBarView([waiting], now + 41_001);
  assert.equal(over.text, '$(loading~spin) AllSettled: running');
  assert.equal(over.countsDown, false);
});

test('23: a wait is shown no longer than it was asked for, also after the clock was set back', () => {
  const waiting = waitingRun('rateLimit', now + 3_604_000, 4000).state;
  assert.match(statusBarView([waiting], now).text, /the API is busy, 4 s left$/);
});

test('of several waits the one that ends last is shown; one after a failure is no rate limit', () => {
  const waits = [waitingRun('rateLimit', now + 3000).state, waitingRun('retry', now + 65_000).state];
  assert.equal(
    statusBarView(waits, now).text,
    '$(loading~spin) AllSettled: 2 sessions · running · asks again in 1 min 05 s',
  );
});

test('what a closed window left with a question is to be answered, and not counted as interrupted', () => {
  const asking = new SessionScript().agent().run('Go').turn().turnBatch().call('c1', 'terminal', {});
  const request = { sessionId: 's1', callId: 'c1', tool: 'terminal', subject: 'x', cwd: '/w' };
  asking.add({ type: 'approval.requested', callId: 'c1', request });
  asking.end({ status: 'interrupted', stopReason: null, terminationReason: 'hostExit' });
  assert.equal(statusBarView([asking.state], now).text, '$(question) AllSettled: 1 call to approve');
  const left = batch('s2');
  left.add({ type: 'approval.requested', callId: 'c1', request: { ...request, sessionId: 's2' } });
  left.add({ type: 'batch.interrupted', batchId: 'b1' });
  assert.equal(statusBarView([left.state], now).text, '$(question) AllSettled: 1 call to approve');
});
