import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noUsage } from '../../../src/core/agents.ts';
import type { EventBody, SessionEvent } from '../../../src/core/events.ts';
import { UnexpectedEventError } from '../../../src/core/drafts.ts';
import { fold, reduce, startSession } from '../../../src/core/reduce.ts';

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

const agent: EventBody = {
  type: 'agent.created',
  agentId: 'a',
  label: 'a',
  model: 'm',
  permission: 'read-only',
  systemPrompt: '',
  tools: [],
};

function messageQueued(messageId: string): EventBody {
  return { type: 'message.queued', agentId: 'a', messageId, kind: 'notification', text: 'done' };
}

function delivered(how: 'accepted' | 'waited', ...messageIds: readonly string[]): EventBody {
  return { type: 'message.delivered', agentId: 'a', messageIds, how };
}

function placed(turnId: string, ...messageIds: readonly string[]): EventBody {
  return { type: 'message.placed', agentId: 'a', messageIds, turnId };
}

test('a message is queued, placed before a turn and accepted, or told by a call and never placed', () => {
  const messages = [messageQueued('m1'), messageQueued('m2'), messageQueued('m3')];
  const state = fold(
    numbered(
      started,
      agent,
      ...messages,
      placed('t', 'm1', 'm2'),
      delivered('accepted', 'm1'),
      delivered('waited', 'm3'),
    ),
  );
  assert.deepEqual(
    state?.agents.get('a')?.messages.map((message) => [message.id, message.queuedAt, message.state]),
    [
      ['m1', 20, { status: 'accepted', turnId: 't' }],
      ['m2', 30, { status: 'placed', turnId: 't' }],
      ['m3', 40, { status: 'waited' }],
    ],
  );
});

test('a message never stands in the history twice, and is delivered once', () => {
  const before = [started, agent, messageQueued('m')];
  const wrong: readonly (readonly EventBody[])[] = [
    [messageQueued('m')],
    [placed('t', 'm'), placed('u', 'm')],
    [delivered('waited', 'm'), placed('t', 'm')],
    [placed('t', 'm'), delivered('waited', 'm')],
    [delivered('accepted', 'm')],
    [placed('t', 'm'), delivered('accepted', 'm'), delivered('accepted', 'm')],
    [placed('t', 'other')],
  ];
  for (const bodies of wrong)
    assert.throws(() => fold(numbered(...before, ...bodies)), UnexpectedEventError, JSON.stringify(bodies));
});

test('an interrupted call can be queued again, and its attempts go on counting; no other call can', () => {
  const interrupted: EventBody = {
    type: 'call.settled',
    callId: 'c',
    outcome: { status: 'interrupted', error: { kind: 'hostExit', message: '' } },
    times: { startedAt: 5, durationMs: 1, attempts: 1 },
  };
  const requeued: EventBody = { type: 'call.requeued', callId: 'c' };
  const state = fold(
    numbered(started, batch, queued, interrupted, requeued, {
      type: 'call.started',
      callId: 'c',
      attempt: 2,
    }),
  );
  const call = state?.calls.get('c');
  assert.equal(call?.state.status === 'running' && call.state.attempt, 2);
  assert.deepEqual(
    call?.failedAttempts.map(({ attempt, error: { kind } }) => `${attempt} ${kind}`),
    ['1 hostExit'],
  );
  assert.throws(() => fold(numbered(started, batch, queued, settled, requeued)), UnexpectedEventError);
  assert.throws(() => fold(numbered(started, batch, queued, requeued)), UnexpectedEventError);
});

test('what an agent was created for, its compaction, dismissed runs and skipped tasks stay in the state', () => {
  const state = fold(
    numbered(
      { ...started, nonce: 'n0' },
      {
        ...agent,
        isBackground: true,
        parent: { agentId: 'p', callId: 'c' },
        deliverables: ['/w/a'],
      },
      { type: 'run.queued', agentId: 'a', runId: 'r', prompt: 'p', awaitedBy: 'c' },
      { type: 'run.dismissed', agentId: 'a', runId: 'r' },
      { type: 'history.compacted', agentId: 'a', beforeTurnId: 't', summary: 's' },
      { type: 'task.skipped', index: 1, note: 'n', reason: 'fail-fast' },
    ),
  );
  const created = state?.agents.get('a');
  assert.equal(state?.nonce, 'n0');
  assert.deepEqual([created?.isBackground, created?.deliverables], [true, ['/w/a']]);
  assert.deepEqual([created?.runs[0]?.isDismissed, created?.runs[0]?.awaitedBy], [true, 'c']);
  assert.deepEqual(created?.compacted, { beforeTurnId: 't', summary: 's' });
  assert.deepEqual(state?.skippedTasks, [{ index: 1, note: 'n', reason: 'fail-fast' }]);
});

test('a batch whose host died is interrupted until it is resumed or dismissed', () => {
  const [first, ...rest] = numbered(
    started,
    batch,
    { type: 'batch.interrupted', batchId: 'b' },
    { type: 'batch.resumed', batchId: 'b' },
    { type: 'batch.interrupted', batchId: 'b' },
    { type: 'batch.dismissed', batchId: 'b' },
  );
  assert.ok(first);
  const state = startSession(first);
  const seen = rest.map((event) => {
    reduce(state, event);
    return state.batches.get('b')?.cutOff;
  });
  assert.deepEqual(seen, [undefined, 'interrupted', undefined, 'interrupted', 'dismissed']);
});
