/** What a parent is told of a run that ended, and which runs it is still to be told of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noUsage, type RunEnding } from '../../../src/core/agents.ts';
import { hasWorkBelow, owedNotifications } from '../../../src/agents/notifications.ts';
import { taskNotification } from '../../../src/agents/taskNotification.ts';
import { SessionScript } from '../views/sessionScript.ts';

const cut: RunEnding = {
  status: 'interrupted',
  stopReason: null,
  terminationReason: 'streamCut',
  message: 'The reply broke off.',
  usage: { ...noUsage, inputTokens: 7, outputTokens: 5 },
  text: 'Half & <half>',
  lastActivity: 'read_file: succeeded',
};
const agent = { id: 'agent-2', label: 'a "b"', parent: { agentId: 'agent-1', callId: 'c1' } };

test('a run that did not complete has a partial result, a last activity and what can be done, all escaped', () => {
  assert.equal(
    taskNotification({ agent, ending: cut, toolUses: 3, durationMs: 40 }, 'n0'),
    [
      '<task-notification nonce="n0">',
      '<task-id>agent-2</task-id>',
      '<tool-use-id>c1</tool-use-id>',
      '<output-file>none</output-file>',
      '<status>interrupted</status>',
      '<stop-reason>none</stop-reason>',
      '<termination-reason>streamCut</termination-reason>',
      '<summary>Agent &quot;a &quot;b&quot;&quot; did not complete, it is interrupted. The reply broke off.</summary>',
      '<partial-result>Half &amp; &lt;half&gt;</partial-result>',
      '<last-activity>read_file: succeeded</last-activity>',
      '<what-now>Its work is not done. resume_agent {&quot;agentId&quot;:&quot;agent-2&quot;} lets it go on where it stopped; ' +
        'spawn_agent starts afresh. Its transcript is its row in the AllSettled view.</what-now>',
      '<usage><total-tokens>12</total-tokens><tool-uses>3</tool-uses><duration-ms>40</duration-ms></usage>',
      '</task-notification>',
    ].join('\n'),
  );
});

test('a long answer is told by its beginning and its end, and says how much is missing', () => {
  const text = `begin ${'x'.repeat(100_000)} end`;
  const told = taskNotification(
    { agent, ending: { ...cut, status: 'completed', text }, toolUses: 0, durationMs: 0 },
    'n0',
  );
  assert.ok(told.length < 40_000);
  assert.match(
    told,
    /<result>begin x[^]*\[\.\.\. \d+ bytes left out; the output file has all \.\.\.\][^]*x end<\/result>/,
  );
});

test('a parent is owed a report of each ended run that no call awaits, until a message tells it', () => {
  const script = new SessionScript().agent().run('Why?');
  const child = { label: 'c', model: 'm', permission: 'read-only', systemPrompt: '', tools: [] } as const;
  const parent = { agentId: 'a1', callId: 'c1' };
  for (const agentId of ['a2', 'a3']) script.add({ type: 'agent.created', agentId, ...child, parent });
  script.run('Do.', 'r2', 'a2');
  script.add({ type: 'run.queued', agentId: 'a3', runId: 'r3', prompt: 'Do.', awaitedBy: 'c1' });
  assert.equal(hasWorkBelow(script.state, 'a1'), true);
  for (const [agentId, runId] of [
    ['a2', 'r2'],
    ['a3', 'r3'],
  ] as const)
    script.add({ type: 'run.ended', agentId, runId, ending: cut });
  assert.equal(hasWorkBelow(script.state, 'a1'), true);
  const owed = owedNotifications(script.state);
  assert.deepEqual(
    owed.map((event) => event.type === 'message.queued' && `${event.agentId} ${event.messageId}`),
    ['a1 r2-notification'],
  );
  for (const event of owed) script.add(event);
  assert.deepEqual(owedNotifications(script.state), []);
  assert.equal(hasWorkBelow(script.state, 'a1'), false);
});
