import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SessionScript } from './sessionScript.ts';
import { addressPart, conversationName, documentName, idOfAddress } from '../../../src/views/documentName.ts';

const names: readonly (readonly [string, string, string])[] = [
  ['slashes and a way up', '../../etc/passwd', '.. .. etc passwd'],
  ['an override', 'a\u202egpj.exe', 'a U 202E gpj.exe'],
  ['a filler that counts as a letter', 'a\u3164b', 'a U 3164 b'],
  ['a device path', '\\\\?\\C:\\x', 'C x'],
  ['a stream', 'a.txt:hidden', 'a.txt hidden'],
  ['dots alone', '..', 'conversation'],
  ['nothing', ' \n\t ', 'conversation'],
  ['NUL', 'a\u0000', 'a'],
  ['markup', '<img src=x> [a](command:b) $(error)', 'img src x a command b error'],
  ['letters of two halves at the end', '𝐀'.repeat(50), '𝐀'.repeat(40)],
];

for (const [name, text, expected] of names)
  test(`of ${name}, a document's name keeps the visible words`, () => {
    assert.equal(documentName(text, 'conversation'), expected);
  });

test('every id is found again by its address', () => {
  for (const id of ['toolu_01', 'a/b', '"quoted"', 'half \ud800', '\ude00', '%2f', 'ü 日本', '']) {
    const part = addressPart(id);
    assert.doesNotMatch(part, /\//);
    assert.ok(part.isWellFormed());
    assert.equal(idOfAddress(part), id);
  }
  assert.equal(addressPart('toolu_01'), 'toolu_01');
});

test('the tab of a sub-agent or a task says whose it is', () => {
  const script = new SessionScript('agent', 'Review all').agent(
    'a1',
    'Review with twelve reviewers of all the code',
  );
  const rest = { model: 'm', permission: 'read-only', systemPrompt: '', tools: [] } as const;
  const parent = { agentId: 'a1', callId: 'c1' };
  script.add({ type: 'agent.created', agentId: 'a2', label: 'Tax', ...rest, parent });
  const tasks = new SessionScript('agents', 'all.agents.json');
  const task = { index: 0, note: 'Tax' };
  tasks.add({ type: 'agent.created', agentId: 'a1', label: 'Tax', ...rest, task });
  const nameOf = ({ state }: SessionScript, agentId: string): string => {
    const agent = state.agents.get(agentId);
    assert.ok(agent);
    return conversationName(state, agent);
  };
  assert.equal(nameOf(script, 'a1'), 'Review with twelve reviewers of all the');
  assert.equal(nameOf(script, 'a2'), 'Tax of Review with twelve revie');
  assert.equal(nameOf(tasks, 'a1'), 'Tax of all.agents.json');
});
