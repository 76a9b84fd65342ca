/** How an interruption looks in the tree: a state of its own, from the session down to the call. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { childRows, rowOf } from '../../../src/views/rows.ts';
import { sessionRow } from '../../../src/views/sessionRow.ts';
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
    'session.agent.interrupted debug-disconnect',
    'agent.interrupted debug-disconnect',
    'turn debug-disconnect',
  ]);
  assert.equal(sessionRow(script.state).icon.color, 'charts.purple');
  const row = rowOf(script.state, 's1/a1');
  assert.equal(row?.description, 'interrupted · the program was closed · model-1');
  const calls = childRows(script.state, 's1/a1/t1').map(({ icon }) => icon.name);
  assert.deepEqual(calls, ['pass', 'debug-disconnect', 'circle-outline']);
});

test('a run that goes on makes it work again, and a dismissed one rests', () => {
  const resumed = cutOff().run('', 'r2', 'a1', 'r1');
  assert.deepEqual(
    looks(resumed).map((look) => look.split(' ')[0]),
    ['session.agent.working', 'agent.working', 'turn.working'],
  );
  const dismissed = cutOff();
  dismissed.add({ type: 'run.dismissed', agentId: 'a1', runId: 'r1' });
  assert.deepEqual(looks(dismissed).slice(0, 2), [
    'session.agent.ended comment-discussion',
    'agent.ended debug-disconnect',
  ]);
});

test('a batch whose host died is interrupted, though calls are left', () => {
  const script = new SessionScript('batch', 'checks').batch({ kind: 'api' }).call('c1', 'git', {});
  script.add({ type: 'batch.interrupted', batchId: 'b1' });
  const row = sessionRow(script.state);
  assert.equal(`${row.contextValue} ${row.icon.name}`, 'session.batch.interrupted debug-disconnect');
});
