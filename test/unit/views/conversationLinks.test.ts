import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversation } from '../../../src/views/conversation.ts';
import { conversationLinks } from '../../../src/views/conversationLinks.ts';
import { exited, ok, SessionScript } from './sessionScript.ts';

function links(script: SessionScript, text?: string): readonly string[] {
  const agent = script.state.agents.get('a1');
  assert.ok(agent);
  const shown = text ?? conversation(script.state, agent);
  return conversationLinks(shown, script.state, agent).map(
    (link) =>
      `${shown.slice(link.offset, link.offset + link.length)} ${link.agent ? `agent ${link.agent.id}` : link.call.id}`,
  );
}

function script(): SessionScript {
  const session = new SessionScript().agent().run('Go').turn().text('- `read_file` `a` is my plan\n- b');
  session
    .turnBatch()
    .call('c1', 'read_file', { path: 'a' })
    .call('c2', 'terminal', { command: 'x\ny' }, 'b1', 1);
  session.call('c3', 'spawn_agent', { label: 'Ledger' }, 'b1', 2).turnEnd('tool_use');
  const rest = { model: 'm', permission: 'read-only', systemPrompt: '', tools: [] } as const;
  const parent = { agentId: 'a1', callId: 'c3' };
  session.add({ type: 'agent.created', agentId: 'a2', label: 'Ledger', ...rest, parent });
  session.settle('c1', ok('')).settle('c2', exited(3, 'ERROR')).run('Look', 'r2', 'a2');
  session.turn('t2').turnBatch('b2', 't2').call('c4', 'read_file', { path: 'a' }, 'b2');
  return session;
}

test('each call of a conversation is a link, and an agent in place of the call that started it', () => {
  assert.deepEqual(links(script()), [
    '`read_file` c1',
    '`terminal` c2',
    'Sub-agent agent a2',
    '`read_file` c4',
  ]);
});

test('lines that are older than the state are no links, and those after them still are', () => {
  const session = script();
  const agent = session.state.agents.get('a1');
  assert.ok(agent);
  const text = conversation(session.state, agent).replace('succeeded, 12 ms', 'running');
  assert.deepEqual(links(session, text), ['`read_file` c4']);
});
