/** What is resumed, and what a dismissal ends. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noUsage } from '../../../src/core/agents.ts';
import type { EventBody } from '../../../src/core/events.ts';
import {
  dismissInterruption,
  resumeSession,
  type ResumableSession,
} from '../../../src/runtime/resumeSession.ts';
import { hasInterruption, isUnresolved } from '../../../src/core/unresolved.ts';
import { memorySession } from '../../fixtures/memorySession.ts';
import { TestClock } from '../../fixtures/testClock.ts';

function agent(agentId: string, status: 'completed' | 'interrupted', parent?: string): readonly EventBody[] {
  const runId = `${agentId}-run-1`;
  const terminationReason = status === 'completed' ? 'endTurn' : 'hostExit';
  const rest = { stopReason: null, message: '', usage: noUsage, text: '', lastActivity: '' };
  return [
    {
      type: 'agent.created',
      agentId,
      label: agentId,
      model: 'm',
      permission: 'read-only',
      systemPrompt: '',
      tools: [],
      ...(parent !== undefined && { parent: { agentId: parent, callId: 'c' } }),
    },
    { type: 'run.queued', agentId, runId, prompt: 'Why?' },
    { type: 'run.ended', agentId, runId, ending: { status, terminationReason, ...rest } },
  ];
}

const mail: EventBody = {
  type: 'message.queued',
  agentId: 'root',
  messageId: 'm1',
  kind: 'notification',
  text: 'The child has ended.',
};

const batch: readonly EventBody[] = [
  {
    type: 'batch.started',
    batchId: 'b1',
    source: { kind: 'api' },
    permission: 'read-only',
    cwd: '/w',
    failFast: false,
  },
  {
    type: 'call.queued',
    callId: 'open',
    batchId: 'b1',
    index: 0,
    tool: 'git',
    input: { kind: 'parsed', value: {} },
  },
  { type: 'batch.interrupted', batchId: 'b1' },
];

async function sessionWith(...events: readonly EventBody[]) {
  const { log } = await memorySession(new TestClock());
  for (const event of events) await log.record(event, 'buffered');
  const resumed: string[] = [];
  const session: ResumableSession = {
    recorder: log,
    startRun: (agentId, prompt) => {
      resumed.push(`${agentId} "${prompt}"`);
      const ended = Promise.reject(new Error('not asked for'));
      ended.catch(() => undefined);
      return Promise.resolve({ sessionId: 's', agentId, runId: 'r', ended });
    },
    wake: (agentId) => void resumed.push(`woken ${agentId}`),
    untilIdle: () => Promise.resolve(),
    resumeBatch: (batchId) => Promise.resolve(void resumed.push(batchId)),
  };
  return { session, resumed, state: log.state };
}

test('a session resumes its root agent without a word of its own, and leaves the sub-agents to it', async () => {
  const { session, resumed } = await sessionWith(
    ...agent('root', 'interrupted'),
    ...agent('child', 'interrupted', 'root'),
  );
  await (
    await resumeSession(session)
  ).settled;
  assert.deepEqual(resumed, ['root ""']);
});

test('all of a session is resumed with its sub-agents, each before the agent that started it', async () => {
  const { session, resumed } = await sessionWith(
    ...agent('root', 'interrupted'),
    ...agent('child', 'interrupted', 'root'),
    ...agent('done', 'completed', 'root'),
    ...agent('grandchild', 'interrupted', 'child'),
  );
  await resumeSession(session, undefined, undefined, true);
  assert.deepEqual(resumed, ['grandchild ""', 'child ""', 'root ""']);
});

test('where the root has ended well, its interrupted sub-agents are resumed', async () => {
  const { session, resumed } = await sessionWith(
    ...agent('root', 'completed'),
    ...agent('a', 'interrupted', 'root'),
    ...agent('b', 'completed', 'root'),
    ...agent('c', 'interrupted', 'root'),
  );
  await resumeSession(session);
  assert.deepEqual(resumed, ['a ""', 'c ""']);
});

test('one agent is resumed alone; one that completed, or is not there, is refused', async () => {
  const { session, resumed } = await sessionWith(
    ...agent('root', 'interrupted'),
    ...agent('done', 'completed'),
  );
  await resumeSession(session, 'root');
  assert.deepEqual(resumed, ['root ""']);
  await assert.rejects(resumeSession(session, 'done'), /has completed its work/);
  await assert.rejects(resumeSession(session, 'nobody'), /no such agent/);
});

test('a batch is resumed as a whole; where nothing was interrupted, that is said', async () => {
  const { session, resumed } = await sessionWith(...batch);
  await resumeSession(session);
  assert.deepEqual(resumed, ['b1']);
  const ended = await sessionWith(...agent('done', 'completed'));
  await assert.rejects(resumeSession(ended.session), /Nothing of this session was interrupted/);
});

test('a dismissal ends what had not started, and calls for attention no more', async () => {
  const turn: readonly EventBody[] = [
    { type: 'turn.started', agentId: 'root', runId: 'root-run-1', turnId: 't', attempt: 1, model: 'm' },
    {
      ...(batch[0] as EventBody & { type: 'batch.started' }),
      batchId: 'b2',
      source: { kind: 'turn', agentId: 'root', turnId: 't' },
    },
    { ...(batch[1] as EventBody & { type: 'call.queued' }), batchId: 'b2', callId: 'ofTurn' },
  ];
  const [created, queued, ended] = agent('root', 'interrupted') as [EventBody, EventBody, EventBody];
  const { session, state } = await sessionWith(created, queued, ...turn, ended, ...batch);
  assert.equal(hasInterruption(state), true);
  await dismissInterruption(session);
  assert.equal(hasInterruption(state), false);
  const calls = [...state.calls.values()].map(({ id, state: { status } }) => `${id} ${status}`);
  assert.deepEqual(calls, ['ofTurn cancelled', 'open cancelled']);
});

test('a parent whose host died before it could be woken is resumed, unless its child goes on and will wake it', async () => {
  const parent = await sessionWith(
    ...agent('root', 'completed'),
    ...agent('child', 'completed', 'root'),
    mail,
  );
  assert.equal(isUnresolved(parent.state), true);
  await resumeSession(parent.session);
  await resumeSession(parent.session, 'root');
  assert.deepEqual(parent.resumed, ['root ""', 'root ""']);
  const both = await sessionWith(
    ...agent('root', 'completed'),
    ...agent('child', 'interrupted', 'root'),
    mail,
  );
  await resumeSession(both.session);
  assert.deepEqual(both.resumed, ['child ""']);
});

test('who started a dismissed agent is woken to hear of it; a session that is dismissed wakes nobody and rests', async () => {
  const family = [...agent('root', 'completed'), ...agent('child', 'interrupted', 'root'), mail];
  const one = await sessionWith(...family);
  await dismissInterruption(one.session, 'child');
  assert.deepEqual(one.resumed, ['woken root']);
  const all = await sessionWith(...family);
  await dismissInterruption(all.session);
  assert.deepEqual(all.resumed, []);
  assert.equal(isUnresolved(all.state), false);
});
