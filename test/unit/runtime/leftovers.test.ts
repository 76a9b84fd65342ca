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
  const ending = leftoverEndings(script.state).find(({ type }) => type === 'call.settled');
  const error = ending?.type === 'call.settled' && 'error' in ending.outcome && ending.outcome.error;
  assert.match(
    error ? error.message : '',
    /Its effect is unknown.* These tasks never began: tasks\[2\] \(waiting\), tasks\[3\] \(also waiting\)\.$/,
  );
});
