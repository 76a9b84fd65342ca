/** How the rows of parallel and background agents show that some of them ended well: their counts, their order, their fold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEnding } from '../../../src/core/agents.ts';
import { conversation } from '../../../src/views/conversation.ts';
import { childRows, rowOf } from '../../../src/views/rows.ts';
import { treeText } from '../../../src/views/treeText.ts';
import { ok, SessionScript } from './sessionScript.ts';

const created = { model: 'm', permission: 'read-only', systemPrompt: '', tools: [] } as const;

/** A call of run_agents whose tasks end as said; one without an ending goes on. */
function tasks(endings: readonly (RunEnding['status'] | undefined)[]): SessionScript {
  const script = new SessionScript().agent().run('Review').turn().turnBatch();
  script
    .call('c1', 'run_agents', { tasks: endings.map(() => ({})) })
    .turnEnd('tool_use')
    .start('c1');
  const notes = endings.map((_, index) => `Task ${index + 1}`);
  script.add({ type: 'tasks.queued', callId: 'c1', notes, maxConcurrency: 12, failFast: false });
  for (const [index, status] of endings.entries()) {
    const [agentId, runId] = [`k${index}`, `q${index}`];
    const task = { index, note: `Task ${index + 1}` };
    const parent = { agentId: 'a1', callId: 'c1' };
    script.add({ type: 'agent.created', agentId, label: task.note, ...created, parent, task });
    script.run('Look', runId, agentId);
    if (status) script.end({ status }, runId, agentId);
  }
  return script;
}

const twelve: readonly (RunEnding['status'] | undefined)[] = [
  ...Array.from({ length: 9 }, () => 'completed' as const),
  'failed',
  undefined,
  'incomplete',
];

test('the row of a call that runs agents counts how they ended, while it goes on', () => {
  const row = rowOf(tasks(twelve).state, 's1/a1/t1/c1');
  assert.equal(row?.label, 'run_agents');
  assert.equal(row?.description, '9 of 12 completed · 1 incomplete · 1 failed · 1 open');
  assert.equal(row?.icon.name, 'loading~spin');
});

test('9 of 12 is not shown as a failure, though the outcome of the call is one', () => {
  const script = tasks(twelve.map((status) => status ?? 'interrupted'));
  const message = '9 of 12 completed, 1 incomplete, 1 interrupted, 1 failed; tasks[9] (Task 10): failed';
  const error = { kind: 'agentNotCompleted', message } as const;
  script.settle('c1', { status: 'failed', error, output: { text: 'all', bytes: 3 } });
  const { state } = script;
  const row = rowOf(state, 's1/a1/t1/c1');
  assert.match(
    row?.description ?? '',
    /^9 of 12 completed · 1 incomplete · 1 interrupted · 1 failed · 12 tasks/,
  );
  assert.equal(row?.icon.name, 'warning');
  assert.equal(rowOf(state, 's1/a1/t1')?.description, '0 of 1 · 1 done in part');
  const root = state.agents.get('a1');
  assert.ok(root);
  assert.match(
    conversation(state, root),
    /### Turn 1: 0 of 1 succeeded, 1 done in part\n\n- `run_agents` `12 tasks` 9 of 12 completed, 1 incomplete/,
  );
  assert.equal(state.calls.get('c1')?.state.status, 'failed');
});

test('a call of which no task completed has failed', () => {
  const script = tasks(['failed', 'failed']);
  const error = { kind: 'agentNotCompleted', message: '0 of 2 completed, 2 failed' } as const;
  script.settle('c1', { status: 'failed', error });
  const row = rowOf(script.state, 's1/a1/t1/c1');
  assert.equal(row?.icon.name, 'error');
  assert.match(row?.description ?? '', /^failed · 0 of 2 completed · 2 failed/);
});

test('a batch in a turn of which some calls succeeded is done in part', () => {
  const script = new SessionScript().agent().run('Go').turn().turnBatch().call('c1', 'run_batch', {});
  script.turnEnd('tool_use').start('c1').batch({ kind: 'call', callId: 'c1' }, 'b2');
  script.call('c1/x', 'git', {}, 'b2').call('c1/y', 'git', {}, 'b2', 1);
  const error = { kind: 'innerCalls', message: '1 of 2 calls succeeded; failed: y' } as const;
  script.settle('c1/x', ok('')).settle('c1/y', { status: 'failed', error: { kind: 'io', message: 'x' } });
  script.settle('c1', { status: 'failed', error });
  const row = rowOf(script.state, 's1/a1/t1/c1');
  assert.equal(`${row?.icon.name} ${row?.description}`, 'warning 1 of 2 · 1 failed · 12 ms');
});

test('agents that failed or wait for a person come first, then what is at work; all are folded', () => {
  const script = tasks([
    'completed',
    undefined,
    'completed',
    'failed',
    undefined,
    'interrupted',
    'cancelled',
  ]);
  script.turn('t9', 'q4', 'k4').batch({ kind: 'turn', agentId: 'k4', turnId: 't9' }, 'b9');
  script.call('c9', 'terminal', { command: 'make' }, 'b9');
  const request = { sessionId: 's1', callId: 'c9', tool: 'terminal', subject: 'make', cwd: '/w' };
  script.add({ type: 'approval.requested', callId: 'c9', request });
  script.add({ type: 'run.waiting', agentId: 'k4', runId: 'q4', waitingFor: 'approval' });
  const rows = childRows(script.state, 's1/a1/t1/c1');
  assert.deepEqual(
    rows.map(({ label, icon }) => `${label} ${icon.name}`),
    [
      'Task 5 question',
      'Task 4 error',
      'Task 6 debug-disconnect',
      'Task 2 loading~spin',
      'Task 1 pass',
      'Task 3 pass',
      'Task 7 debug-stop',
    ],
  );
  assert.ok(rows.every(({ startsClosed }) => startsClosed));
});

test('a background agent is shown in place of the call that started it: at work, though the call succeeded', () => {
  const script = new SessionScript().agent().run('Why?').turn().turnBatch();
  script.call('c1', 'spawn_agent', { label: 'Ledger', prompt: 'Look.' });
  script.call('c2', 'read_file', { path: 'a' }, 'b1', 1).turnEnd('tool_use').start('c1');
  const parent = { agentId: 'a1', callId: 'c1' };
  script.add({
    type: 'agent.created',
    agentId: 'a2',
    label: 'Ledger',
    ...created,
    parent,
    isBackground: true,
  });
  script.run('Look.', 'r2', 'a2').settle('c1', ok('agent-2 has started')).turn('t2', 'r2', 'a2');
  script.batch({ kind: 'turn', agentId: 'a2', turnId: 't2' }, 'b2');
  script.call('c3', 'read_file', { path: 'src/ledger.ts' }, 'b2').start('c3');
  assert.equal(
    treeText(script.state, 0).split('\n').slice(1, 4).join('\n'),
    [
      '  Turn 1  1 of 2 · 1 unfinished',
      '    Ledger  running · read_file src/ledger.ts',
      '      Turn 1  0 of 1 · 1 unfinished · the model is writing',
    ].join('\n'),
  );
  const row = rowOf(script.state, 's1/a1/t1/c1');
  assert.equal(`${row?.icon.name} ${row?.contextValue}`, 'loading~spin agent.working.call');
  const root = script.state.agents.get('a1');
  assert.ok(root);
  assert.match(
    conversation(script.state, root),
    /\n- Sub-agent `Ledger` running in the background: .*read_file/,
  );
  script.end({}, 'r2', 'a2');
  assert.match(conversation(script.state, root), /\n- Sub-agent `Ledger` completed, \d+ ms\n/);
});

test('a session of one answer is one row', () => {
  const script = new SessionScript().agent().run('What is this?').turn().text('A tool.').turnEnd('end_turn');
  assert.equal(treeText(script.end({}).state, 0), 'Find the slow query  completed · 50 ms');
});
