/** The last line of a command that a person ends at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultSoFar } from '../../../src/cli/resultSoFar.ts';
import type { AgentResult } from '../../../src/views/agentResult.ts';
import { ok, SessionScript } from '../views/sessionScript.ts';

const person = { by: 'person' } as const;

test('of a batch it counts what has settled and what has not', () => {
  const script = new SessionScript('batch', 'x.batch.json')
    .batch({ kind: 'file', file: '/w/x.batch.json' })
    .call('a', 'read_file', { path: 'a' })
    .call('b', 'terminal', { command: 'sleep 60' })
    .settle('a', ok('text'))
    .start('b');
  const result = resultSoFar('batch', script.state, 0, person) as unknown as Record<string, unknown>;
  assert.deepEqual(
    [result['type'], result['kind'], result['total'], result['succeeded'], result['open']],
    ['result', 'batch', 2, 1, 1],
  );
});

test('of an agent it is a cancelled run with the text so far', () => {
  const script = new SessionScript()
    .agent()
    .run('Go')
    .turn()
    .text('First.')
    .turnEnd('tool_use')
    .turn('t2')
    .text('Second.', 0, 't2');
  const result = resultSoFar('agent', script.state, 0, person) as unknown as Record<string, unknown>;
  assert.deepEqual(
    [result['kind'], result['agentId'], result['status'], result['terminationReason'], result['text']],
    ['agent', 'a1', 'cancelled', 'cancelledByPerson', 'Second.'],
  );
  const host = { by: 'host', message: '' } as const;
  const { status, terminationReason } = resultSoFar('agent', script.state, 0, host) as AgentResult;
  assert.deepEqual([status, terminationReason], ['interrupted', 'hostExit'], 'X2: no person stopped it');
});

test('of parallel agents it has each task as it stands', () => {
  const script = new SessionScript('agents', 'x.agents.json');
  script.add({ type: 'tasks.queued', notes: ['a', 'b'], maxConcurrency: 1, failFast: false });
  script.add({
    type: 'agent.created',
    agentId: 'a1',
    label: 'a',
    model: 'm',
    permission: 'read-only',
    systemPrompt: '',
    tools: [],
    task: { index: 0, note: 'a' },
  });
  script.run('Go');
  const result = resultSoFar('agents', script.state, 0, person) as unknown as Record<string, unknown>;
  assert.deepEqual([result['kind'], result['total'], result['open']], ['agents', 2, 2]);
  assert.deepEqual(
    (result['tasks'] as readonly { status: string }[]).map(({ status }) => status),
    ['running', 'queued'],
  );
});

test('of a run that has ended it is its ending', () => {
  const script = new SessionScript().agent().run('Go').turn().text('Done.').turnEnd('end_turn').end({});
  const result = resultSoFar('agent', script.state, 0, person) as unknown as Record<string, unknown>;
  assert.equal(result['status'], 'completed');
});

test('of nothing it says that nothing had started', () => {
  for (const state of [undefined, new SessionScript('batch').state]) {
    const result = resultSoFar('batch', state, 0, person) as unknown as Record<string, unknown>;
    assert.deepEqual([result['kind'], result['total']], ['batch', 0]);
    assert.match(JSON.stringify(result['problems']), /before anything had started/);
  }
});
