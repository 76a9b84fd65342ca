import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { spawnEndings } from '../../../src/runtime/interruptedSpawns.ts';
import { memorySession, type MemorySession } from '../../fixtures/memorySession.ts';

/** A session whose host died while a call of that tool ran. */
async function cutOff(tool: string, input: unknown = {}): Promise<MemorySession> {
  const session = await memorySession(nodeClock);
  const { log } = session;
  const source = { kind: 'turn', agentId: 'agent-1', turnId: 't' } as const;
  const batch = { batchId: 'b', source, permission: 'unlimited', cwd: '/w', failFast: false } as const;
  await createAgent(session, 'agent-1');
  await log.record({ type: 'run.queued', agentId: 'agent-1', runId: 'r', prompt: 'Go' }, 'durable');
  const turn = { agentId: 'agent-1', runId: 'r', turnId: 't', attempt: 1, model: 'm' };
  await log.record({ type: 'turn.started', ...turn }, 'durable');
  await log.record({ type: 'batch.started', ...batch }, 'durable');
  const parsed = { kind: 'parsed', value: input } as const;
  await log.record(
    { type: 'call.queued', callId: 'c', batchId: 'b', index: 0, tool, input: parsed },
    'durable',
  );
  await log.record({ type: 'call.started', callId: 'c', attempt: 1 }, 'durable');
  return session;
}

async function createAgent({ log }: MemorySession, agentId: string, callId?: string): Promise<void> {
  const about = { label: 'x', model: 'm', permission: 'read-only', systemPrompt: '', tools: [] } as const;
  const parent = callId === undefined ? {} : { parent: { agentId: 'agent-1', callId } };
  await log.record({ type: 'agent.created', agentId, ...about, ...parent }, 'durable');
}

async function takeOver({ log }: MemorySession): Promise<string> {
  for (const event of spawnEndings(log.state).events) await log.record(event, 'durable');
  return log.state.calls.get('c')?.state.status ?? '';
}

test('a call that had made no agent is queued again', async () => {
  const session = await cutOff('spawn_agent');
  assert.equal(await takeOver(session), 'queued');
  assert.equal(session.log.state.calls.get('c')?.failedAttempts.length, 1);
});

test('a call whose agent had not begun is queued again', async () => {
  const session = await cutOff('spawn_agent', { isolation: 'worktree' });
  await createAgent(session, 'agent-2', 'c');
  assert.equal(await takeOver(session), 'queued');
});

test('a call whose agent had begun stays as it is', async () => {
  const session = await cutOff('spawn_agent');
  await createAgent(session, 'agent-2', 'c');
  const run = { agentId: 'agent-2', runId: 'r2', prompt: 'Go' };
  await session.log.record({ type: 'run.queued', ...run }, 'durable');
  assert.equal(await takeOver(session), 'running');
});

test('a call that may have left a worktree, and one of another tool, stay as they are', async () => {
  assert.equal(await takeOver(await cutOff('spawn_agent', { isolation: 'worktree' })), 'running');
  const quoted = JSON.stringify({ isolation: 'worktree' });
  for (const odd of [quoted, { input: quoted }])
    assert.equal(await takeOver(await cutOff('spawn_agent', odd)), 'running');
  assert.equal(await takeOver(await cutOff('run_agents')), 'running');
});
