/** How sub-agents show: below the call that started them, and in the conversation of who was told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversation } from '../../../src/views/conversation.ts';
import { childRowIds } from '../../../src/views/rows.ts';
import { rowIdsTouchedBy } from '../../../src/views/touchedRows.ts';
import { ok, SessionScript } from './sessionScript.ts';

function family(): SessionScript {
  const script = new SessionScript().agent().run('Why?').turn().turnBatch();
  script.call('c1', 'spawn_agent', { label: 'helper', prompt: 'Look.' }).turnEnd('tool_use').start('c1');
  script.settle('c1', ok('agent-2 has started'));
  script.add({
    type: 'agent.created',
    agentId: 'a2',
    label: 'helper',
    model: 'm',
    permission: 'read-only',
    systemPrompt: '',
    tools: [],
    parent: { agentId: 'a1', callId: 'c1' },
    isBackground: true,
  });
  return script.run('Look.', 'r2', 'a2');
}

test('a sub-agent is shown in the row of its call, and touches that row and all above', () => {
  const script = family();
  const { state } = script;
  assert.deepEqual(childRowIds(state, 's1'), ['s1/a1/t1']);
  assert.deepEqual(childRowIds(state, 's1/a1/t1'), ['s1/a1/t1/c1']);
  const created = script.events.find(({ type, ...rest }) => type === 'agent.created' && 'parent' in rest);
  assert.ok(created);
  assert.deepEqual(rowIdsTouchedBy(created, state), ['s1/a1/t1/c1', 's1/a1/t1', 's1']);
});

test('a conversation shows who reported, what the parent said, and a run that needs no words', () => {
  const script = family();
  const message = { type: 'message.queued', agentId: 'a1' } as const;
  script.add({
    ...message,
    messageId: 'm1',
    kind: 'notification',
    text: '<x>',
    about: { agentId: 'a2', runId: 'r2' },
  });
  script.add({ ...message, messageId: 'm2', kind: 'parent', text: 'And *b*?' });
  script.add({ type: 'message.placed', agentId: 'a1', messageIds: ['m1', 'm2'], turnId: 't2' });
  script.turn('t2').end({ status: 'interrupted', message: 'Cut.' }).run('', 'r3', 'a1', 'r1');
  const [agent] = script.state.agents.values();
  assert.ok(agent);
  const text = conversation(script.state, agent);
  assert.match(
    text,
    /\*Report of its sub-agent helper: running\*\n\n\*From its parent agent:\*\n\n> And \\?\*b/,
  );
  assert.match(text, /### Turn 2/);
  assert.match(text, /## Goes on\n/);
  assert.doesNotMatch(text, /<x>/);
});
