/** What a later host says of calls that the dead one left under way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leftoverEndings } from '../../../src/runtime/leftovers.ts';
import { SessionScript } from '../views/sessionScript.ts';

test('a run_agents call that was cut off names the tasks that never began', () => {
  const script = new SessionScript().agent().run('Go').turn().turnBatch();
  script.call('c1', 'run_agents', {}).turnEnd('tool_use').start('c1');
  const notes = ['begun', 'skipped', 'waiting', 'also waiting'];
  script.add({ type: 'tasks.queued', callId: 'c1', notes, maxConcurrency: 1, failFast: false });
  script.add({
    type: 'agent.created',
    agentId: 'a2',
    label: 'begun',
    model: 'm',
    permission: 'read-only',
    systemPrompt: '',
    tools: [],
    parent: { agentId: 'a1', callId: 'c1' },
    task: { index: 0, note: 'begun' },
  });
  script.add({ type: 'task.skipped', callId: 'c1', index: 1, note: 'skipped', reason: 'No.' });
  assert.match(
    interruption(script),
    /Its effect is unknown.* These tasks never began: tasks\[2\] \(waiting\), tasks\[3\] \(also waiting\)\.$/,
  );
});

test('J1: a run_batch call that was cut off accounts for all its calls, also for those not on record', () => {
  const script = new SessionScript().agent().run('Go').turn().turnBatch();
  script.call('c1', 'run_batch', {}).turnEnd('tool_use').start('c1');
  script.add({
    type: 'batch.started',
    batchId: 'c1-batch',
    source: { kind: 'call', callId: 'c1' },
    ...{ permission: 'read-only', cwd: '/w', failFast: false, callCount: 9 },
  });
  assert.match(interruption(script), /None of its 9 calls had begun\.$/);
  script.call('c1/x', 'git', {}, 'c1-batch', 0).call('c1/y', 'git', {}, 'c1-batch', 1);
  script
    .start('c1/x')
    .settle('c1/x', { status: 'succeeded', output: { text: '', bytes: 0 } })
    .start('c1/y');
  assert.match(interruption(script), /Of its 9 calls 1 had ended, 1 ran and 7 had not begun\.$/);
});

/** Returns the message for the first call that was cut off. */
function interruption({ state }: SessionScript): string {
  const ending = leftoverEndings(state).find((event) => event.type === 'call.settled');
  return ending && 'error' in ending.outcome ? ending.outcome.error.message : '';
}
