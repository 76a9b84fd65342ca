/** How an interruption looks in the tree: a state of its own, from the session down to the call. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { agentList } from '../../../src/views/agentList.ts';
import { childRows, rowOf } from '../../../src/views/rows.ts';
import { sessionRow } from '../../../src/views/sessionRow.ts';
import { treeText } from '../../../src/views/treeText.ts';
import { ok, SessionScript } from './sessionScript.ts';

/** A turn of three calls, cut off in the middle. */
function cutOff(): SessionScript {
  const script = new SessionScript().agent().run('Go').turn().turnBatch();
  script.call('c1', 'read_file', { path: 'a' }, 'b1', 0).call('c2', 'terminal', { command: 'x' }, 'b1', 1);
  script.call('c3', 'terminal', { command: 'y' }, 'b1', 2).turnEnd('tool_use');
  const error = { kind: 'hostExit', message: 'unknown' } as const;
  script.start('c1').settle('c1', ok('x')).start('c2').settle('c2', { status: 'interrupted', error });
  return script.end({ status: 'interrupted', stopReason: null, terminationReason: 'hostExit' });
}

function looks(script: SessionScript): readonly string[] {
  const { state } = script;
  const rows = [sessionRow(state), rowOf(state, 's1/a1'), rowOf(state, 's1/a1/t1')];
  return rows.map((row) => `${row?.contextValue} ${row?.icon.name}`);
}

test('session, agent and turn are interrupted, with an icon and a colour of their own, and nothing spins', () => {
  const script = cutOff();
  assert.deepEqual(looks(script), [
    'session.interrupted.agent.interrupted debug-disconnect',
    'agent.interrupted debug-disconnect',
    'turn debug-disconnect',
  ]);
  assert.equal(sessionRow(script.state).icon.color, 'charts.purple');
  const row = rowOf(script.state, 's1/a1');
  assert.equal(row?.description, 'interrupted · the program was closed');
  const calls = childRows(script.state, 's1/a1/t1').map(({ icon }) => icon.name);
  assert.deepEqual(calls, ['pass', 'debug-disconnect', 'circle-outline']);
});

test('a run that goes on makes it work again, and a dismissed one rests', () => {
  const resumed = cutOff().run('', 'r2', 'a1', 'r1');
  assert.deepEqual(
    looks(resumed).map((look) => look.split(' ')[0]),
    ['session.working.agent.working', 'agent.working', 'turn.working'],
  );
  const dismissed = cutOff();
  dismissed.add({ type: 'run.dismissed', agentId: 'a1', runId: 'r1' });
  assert.deepEqual(looks(dismissed).slice(0, 2), [
    'session.ended.agent.ended archive',
    'agent.ended archive',
  ]);
  const row = rowOf(dismissed.state, 's1/a1');
  assert.equal(row?.description, 'dismissed · the program was closed');
  assert.equal(row?.icon.color, 'disabledForeground');
  assert.match(row?.tooltip ?? '', /^Agent: interrupted, dismissed\n/);
  assert.equal(sessionRow(dismissed.state).description, 'dismissed · the program was closed');
});

test('a batch whose host died is interrupted, though calls are left', () => {
  const script = new SessionScript('batch', 'checks').batch({ kind: 'api' }).call('c1', 'git', {});
  script.add({ type: 'batch.interrupted', batchId: 'b1' });
  const row = sessionRow(script.state);
  assert.equal(`${row.contextValue} ${row.icon.name}`, 'session.interrupted.batch debug-disconnect');
});

/** A session of parallel agents, of which the tasks stand as these endings say; an open one was never begun. */
function tasks(...statuses: readonly ('completed' | 'interrupted')[]): SessionScript {
  const script = new SessionScript('agents', 'checks.agents.json');
  const notes = statuses.map((_, index) => `task ${index}`);
  script.add({ type: 'tasks.queued', notes, maxConcurrency: 2, failFast: false });
  const rest = { model: 'm', permission: 'read-only', systemPrompt: '', tools: [] } as const;
  for (const [index, status] of statuses.entries()) {
    const agentId = `a${index}`;
    const note = `task ${index}`;
    script.add({ type: 'agent.created', agentId, label: note, ...rest, task: { index, note } });
    script
      .run('Go', `r${index}`, agentId)
      .end({ status, terminationReason: 'hostExit' }, `r${index}`, agentId);
  }
  return script;
}

test('a dismissed task is counted as such, and no more as interrupted', () => {
  const script = tasks('completed', 'interrupted', 'interrupted');
  script.add({ type: 'run.dismissed', agentId: 'a1', runId: 'r1' });
  const text = '1 of 3 completed · 1 interrupted · 1 dismissed';
  assert.equal(sessionRow(script.state).description, text);
});

test('a session whose root agent has ended says which of its sub-agents were interrupted', () => {
  const script = new SessionScript().agent().run('Go').turn().turnBatch();
  script.call('c1', 'spawn_agent', {}).call('c2', 'spawn_agent', {}).turnEnd('tool_use');
  const rest = { model: 'm', permission: 'read-only', systemPrompt: '', tools: [] } as const;
  for (const number of [1, 2]) {
    const [agentId, runId] = [`s${number}`, `q${number}`];
    const parent = { agentId: 'a1', callId: `c${number}` };
    script.add({ type: 'agent.created', agentId, label: 'Helper', ...rest, parent });
    script.run('Look', runId, agentId).end({ status: 'interrupted' }, runId, agentId);
  }
  const description = (): string => sessionRow(script.state).description.replace(/ · \d+ ms$/, '');
  assert.equal(description(), 'running · 2 sub-agents interrupted');
  script.end({});
  assert.equal(description(), 'completed · 2 sub-agents interrupted');
  script.add({ type: 'run.dismissed', agentId: 's1', runId: 'q1' });
  assert.equal(description(), 'completed · 1 sub-agent interrupted');
  script.add({ type: 'run.dismissed', agentId: 's2', runId: 'q2' });
  assert.equal(description(), 'completed');
});

test('an agent whose host ended while it asked a person waits for the answer, in its row, its session and the list', () => {
  const script = new SessionScript().agent().run('Go').turn().turnBatch().call('c1', 'terminal', {});
  const request = { sessionId: 's1', callId: 'c1', tool: 'terminal', subject: 'x', cwd: '/w' };
  script.add({ type: 'approval.requested', callId: 'c1', request });
  script.end({ status: 'interrupted', stopReason: null, terminationReason: 'hostExit' });
  const text = treeText(script.state, 0);
  assert.match(text, /^Find the slow query {2}waits for approval · the program was closed\n {2}Turn 1/);
  assert.match(agentList([script.state], 0)[0]?.description ?? '', /^waits for approval/);
  script.add({ type: 'run.dismissed', agentId: 'a1', runId: 'r1' });
  assert.match(treeText(script.state, 0), /^Find the slow query {2}dismissed/);
});

test('a batch whose host ended while it asked a person waits for the answer', () => {
  const script = new SessionScript('batch', 'x').batch({ kind: 'api' }).call('c1', 'terminal', {});
  const request = { sessionId: 's1', callId: 'c1', tool: 'terminal', subject: 'x', cwd: '/w' };
  script.add({ type: 'approval.requested', callId: 'c1', request });
  script.add({ type: 'batch.interrupted', batchId: 'b1' });
  const row = sessionRow(script.state);
  assert.match(row.description, /^waits for approval/);
  assert.equal(row.icon.name, 'question');
});
