import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noUsage } from '../../../src/core/agents.ts';
import type { EventBody, SessionEvent } from '../../../src/core/events.ts';
import { fold, reduce, startSession, UnexpectedEventError } from '../../../src/core/reduce.ts';

const started: EventBody = {
  type: 'session.started',
  kind: 'agent',
  title: 'test',
  roots: ['/w'],
  cwd: '/w',
  host: { name: 'test', version: '1', pid: 1 },
};
const batch: EventBody = {
  type: 'batch.started',
  batchId: 'b',
  source: { kind: 'api' },
  permission: 'read-only',
  cwd: '/w',
  failFast: false,
};
const queued: EventBody = {
  type: 'call.queued',
  callId: 'c',
  batchId: 'b',
  index: 0,
  tool: 'read_file',
  input: { kind: 'parsed', value: { path: 'a' } },
};
const settled: EventBody = {
  type: 'call.settled',
  callId: 'c',
  outcome: { status: 'succeeded', output: { text: 'x', bytes: 1 } },
  times: { startedAt: 5, durationMs: 1, attempts: 1 },
};

function numbered(...bodies: readonly EventBody[]): readonly SessionEvent[] {
  return bodies.map((body, index) => ({ v: 1, seq: index + 1, at: index * 10, sessionId: 's', ...body }));
}

test('a call goes through its states to its one outcome', () => {
  const request = { sessionId: 's', callId: 'c', tool: 'terminal', subject: 'ls', cwd: '/w' };
  const bodies: readonly EventBody[] = [
    started,
    batch,
    queued,
    { type: 'call.blocked', callId: 'c', waitsFor: ['other'] },
    { type: 'approval.requested', callId: 'c', request },
    { type: 'approval.answered', callId: 'c', answer: 'allowForSession' },
    { type: 'call.started', callId: 'c', attempt: 1 },
    { type: 'call.attemptFailed', callId: 'c', attempt: 1, error: { kind: 'busy', message: '' }, delayMs: 1 },
    { type: 'call.started', callId: 'c', attempt: 2 },
    settled,
  ];
  const seen: string[] = [];
  const [first, ...rest] = numbered(...bodies);
  assert.ok(first);
  const state = startSession(first);
  for (const event of rest) {
    reduce(state, event);
    seen.push(state.calls.get('c')?.state.status ?? '-');
  }
  assert.deepEqual(seen, [
    '-',
    'queued',
    'blocked',
    'awaitingApproval',
    'queued',
    'running',
    'running',
    'running',
    'succeeded',
  ]);
  assert.deepEqual([...state.allowed], ['["terminal","/w","ls"]']);
  assert.equal(state.calls.get('c')?.failedAttempts.length, 1);
  assert.equal(state.lastSeq, bodies.length);
});

test('nothing moves a settled call, and an ended run ends once', () => {
  const run: readonly EventBody[] = [
    {
      type: 'agent.created',
      agentId: 'a',
      label: 'a',
      model: 'm',
      permission: 'read-only',
      systemPrompt: '',
      tools: [],
    },
    { type: 'run.queued', agentId: 'a', runId: 'r', prompt: 'p' },
  ];
  const ended: EventBody = {
    type: 'run.ended',
    agentId: 'a',
    runId: 'r',
    ending: {
      status: 'completed',
      stopReason: 'end_turn',
      terminationReason: 'endTurn',
      message: '',
      usage: noUsage,
      text: 'x',
      lastActivity: '',
    },
  };
  assert.throws(() => fold(numbered(started, batch, queued, settled, settled)), UnexpectedEventError);
  assert.throws(
    () => fold(numbered(started, batch, queued, settled, { type: 'call.started', callId: 'c', attempt: 1 })),
    UnexpectedEventError,
  );
  assert.throws(() => fold(numbered(started, ...run, ended, ended)), UnexpectedEventError);
});

test('events that name what is not there are refused, events of unknown type are passed over', () => {
  assert.throws(() => fold(numbered(started, settled)), /Event 2 \(call\.settled\).*no call c/);
  assert.throws(() => fold(numbered(batch)), /a journal starts with session\.started/);
  const future = { type: 'call.teleported', callId: 'c' } as unknown as EventBody;
  assert.equal(fold(numbered(started, future))?.lastSeq, 2);
});

test('a further attempt of a turn begins with nothing of the one before', () => {
  const turn = (attempt: number): EventBody => ({
    type: 'turn.started',
    agentId: 'a',
    runId: 'r',
    turnId: 't',
    attempt,
    model: 'm',
  });
  const state = fold(
    numbered(
      started,
      {
        type: 'agent.created',
        agentId: 'a',
        label: 'a',
        model: 'm',
        permission: 'read-only',
        systemPrompt: '',
        tools: [],
      },
      { type: 'run.queued', agentId: 'a', runId: 'r', prompt: 'p' },
      turn(1),
      { type: 'block.received', agentId: 'a', turnId: 't', index: 0, block: { type: 'text', text: 'half' } },
      { type: 'turn.discarded', agentId: 'a', turnId: 't', reason: 'cut' },
      turn(2),
    ),
  );
  assert.equal(state?.turns.get('t')?.blocks.length, 0);
  assert.deepEqual(state?.agents.get('a')?.runs[0]?.turnIds, ['t']);
});
