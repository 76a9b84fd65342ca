/** How the tasks of parallel agents show that no agent works on: under the note of each. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parentRowId } from '../../../src/views/parentRows.ts';
import { rowIdOf, targetOf } from '../../../src/views/rowIds.ts';
import { childRowIds, childRows } from '../../../src/views/rows.ts';
import { sessionRow } from '../../../src/views/sessionRow.ts';
import { rowIdsTouchedBy } from '../../../src/views/touchedRows.ts';
import { treeText } from '../../../src/views/treeText.ts';
import { ok, SessionScript } from './sessionScript.ts';

const created = { model: 'm', permission: 'read-only', systemPrompt: '', tools: [] } as const;

/** Four tasks, of which the third has begun, and the first was skipped. */
function tasks(): SessionScript {
  const script = new SessionScript('agents', 'checks.agents.json');
  const notes = ['one', 'two', 'three', 'four'];
  script.add({ type: 'tasks.queued', notes, maxConcurrency: 2, failFast: false, requests: [] });
  const task = { index: 2, note: 'three' };
  script.add({ type: 'agent.created', agentId: 'a3', label: 'three', ...created, task });
  script.run('Go', 'r1', 'a3');
  script.add({ type: 'task.skipped', index: 0, note: 'one', reason: 'two failed.' });
  return script;
}

test('each task stands under its note, also one that waits or was skipped; what is at work comes first', () => {
  assert.equal(
    treeText(tasks().state, 0),
    [
      'checks.agents.json  0 of 4 completed · 1 skipped · 3 open',
      '  three  running',
      '  one  skipped · two failed.',
      '  two  queued',
      '  four  queued',
    ].join('\n'),
  );
});

test('a session is open before the first of its tasks begins', () => {
  const script = new SessionScript('agents', 'checks');
  script.add({ type: 'tasks.queued', notes: ['one'], maxConcurrency: 1, failFast: false });
  assert.equal(sessionRow(script.state).isExpandable, true);
});

test('what had not begun when the program closed is not queued any more', () => {
  const script = tasks();
  script.add({ type: 'tasks.interrupted' });
  assert.equal(childRows(script.state, 's1')[2]?.description, 'not started');
});

test('a task that goes on with an earlier conversation shows how that one stands', () => {
  const script = tasks();
  const continues = { sessionId: 's0', agentId: 'a9', runId: 'r9' };
  script.add({ type: 'task.continued', index: 1, continues });
  const description = 'running · goes on with an earlier conversation';
  assert.equal(childRows(script.state, 's1')[2]?.description, description);
});

test('the tasks of a call hang under it, and are found again by their ids', () => {
  const script = new SessionScript().agent().run('Go').turn().turnBatch();
  script.call('c1', 'run_batch', {}).batch({ kind: 'call', callId: 'c1' }, 'b2');
  script.call('c1/x', 'run_agents', {}, 'b2').turnEnd('tool_use').start('c1/x');
  script.add({
    type: 'tasks.queued',
    callId: 'c1/x',
    notes: ['one', 'two'],
    maxConcurrency: 2,
    failFast: false,
  });
  const parent = { agentId: 'a1', callId: 'c1/x' };
  const task = { index: 0, note: 'one' };
  script.add({ type: 'agent.created', agentId: 'a2', label: 'one', ...created, parent, task });
  const skipped = { type: 'task.skipped', callId: 'c1/x', index: 1, note: 'two', reason: 'x' } as const;
  const touched = rowIdsTouchedBy(script.add(skipped), script.state);
  const { state } = script;
  const rowId = 's1/a1/t1/c1/x';
  const ids = childRowIds(state, rowId);
  assert.deepEqual(ids, ['s1/a2', 's1//task/1/c1/x']);
  assert.equal(touched[0], rowId);
  for (const id of ids) {
    const target = targetOf(state, id);
    assert.ok(target);
    assert.equal(rowIdOf(state, target), id);
    assert.equal(parentRowId(state, target), rowId);
  }
  assert.equal(childRows(state, rowId)[1]?.description, 'skipped · x');
  script.settle('c1/x', ok(''));
  assert.equal(targetOf(state, 's1//task/2/c1/x'), undefined);
  assert.equal(targetOf(state, 's1//task/0'), undefined);
});
