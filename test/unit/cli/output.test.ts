/** How an ending is told: last, once, and in a person's words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentOutput } from '../../../src/cli/agentOutput.ts';
import { endingOnce, jsonOutput } from '../../../src/cli/output.ts';
import { noUsage } from '../../../src/core/agents.ts';
import { refused } from '../../../src/cli/results.ts';
import { SessionScript } from '../views/sessionScript.ts';

test('after the result nothing is told, not even another result', () => {
  const lines: string[] = [];
  const output = endingOnce(jsonOutput({ out: (text) => void lines.push(text), err: () => undefined }));
  const [event] = new SessionScript().events;
  assert.ok(event);
  output.event(event, undefined);
  output.end(refused('agent', []), undefined);
  output.event(event, undefined);
  output.end(refused('batch', []), undefined);
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { type: string; kind: string }).kind),
    ['agent', 'agent'],
  );
  assert.equal(lines[1], '{"type":"result","kind":"agent","problems":[]}\n');
});

for (const [status, terminationReason, message, expected] of [
  ['completed', 'endTurn', 'The model ended its turn.', 'Completed'],
  ['cancelled', 'cancelledByPerson', 'Stopped by the person.', 'Stopped by you'],
  ['cancelled', 'cancelledByParent', 'Stopped by the parent agent.', 'Stopped by its parent agent'],
  ['interrupted', 'maxTurns', 'It took too many turns.', 'Interrupted: It took too many turns.'],
  ['failed', 'authentication', 'Set another key.', 'Failed: Set another key.'],
] as const)
  test(`a person reads of a run that is ${status} (${terminationReason}): ${expected}`, () => {
    let told = '';
    const output = new AgentOutput({ out: () => undefined, err: (text) => void (told += text) });
    const ending = { status, terminationReason, message, stopReason: null, text: '', usage: noUsage };
    output.end({ type: 'result', kind: 'agent', sessionId: 's', agentId: 'a', ...ending }, undefined);
    assert.equal(told, `\n${expected}\n`);
  });
