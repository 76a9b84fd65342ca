import assert from 'node:assert/strict';
import test from 'node:test';
import type { CallPolicy, Outcome } from '../../../src/core/calls.ts';
import type { Call } from '../../../src/core/states.ts';
import { deniedByAnswer, deniedByPermission, stoppedOutcome } from '../../../src/engine/outcomes.ts';
import { conversation } from '../../../src/views/conversation.ts';
import { callProblem } from '../../../src/views/personText.ts';
import { resultDocument } from '../../../src/views/resultDocument.ts';
import { childRows } from '../../../src/views/rows.ts';
import { ok, SessionScript } from './sessionScript.ts';

function ended(outcome: Outcome | undefined): SessionScript {
  if (!outcome) throw new Error('This answer lets the call run.');
  const script = new SessionScript().agent().run('Go').turn().turnBatch();
  return script.call('c1', 'terminal', { command: 'x' }).settle('c1', outcome);
}

function problemOf(outcome: Outcome | undefined, policy: CallPolicy = {}): string | undefined {
  const call = ended(outcome).state.calls.get('c1') as Call;
  return callProblem({ ...call, policy });
}

test('a person is told what they did themselves', () => {
  assert.equal(problemOf(deniedByAnswer('deny')), 'You denied this call.');
  const stopped = stoppedOutcome({ kind: 'cancelled', by: 'person' }, undefined, false);
  assert.equal(problemOf(stopped), 'You stopped it.');
});

test('a permission that denies is told apart from a question that nobody could answer', () => {
  const denied = deniedByPermission('terminal is not allowed under the permission read-only; use git.');
  assert.equal(problemOf(denied), 'Not run: the permission does not allow terminal.');
  assert.equal(
    problemOf(deniedByAnswer('nobodyThere')),
    "Not run: it needs a person's approval, and nobody can be asked here.",
  );
});

test('a call that others stopped names them', () => {
  const of = (by: 'parent' | 'discardedTurn'): string | undefined =>
    problemOf(stoppedOutcome({ kind: 'cancelled', by }, undefined, false));
  assert.equal(of('parent'), 'Stopped with the agent or call that asked for it.');
  assert.equal(of('discardedTurn'), 'Stopped, because the reply that asked for it is not used.');
});

test("what the host's end cut off is of unknown effect, and what it kept from starting never ran", () => {
  assert.match(
    problemOf(stoppedOutcome({ kind: 'cancelled', by: 'host' }, undefined, false)) ?? '',
    /^The program closed before this call ended\. What it did is not known/,
  );
  const error = { kind: 'cancelled', message: 'for the model' } as const;
  assert.match(problemOf({ status: 'cancelled', by: 'host', error }) ?? '', /^Never started/);
});

test('a deadline is named where the call has one of its own', () => {
  const late = stoppedOutcome({ kind: 'deadline', timeoutMs: 2000 }, undefined, false);
  assert.equal(problemOf(late), 'Stopped at its deadline.');
  assert.equal(problemOf(late, { timeoutMs: 2000 }), 'Stopped at its deadline of 2.0 s.');
});

test('an exit code is called one', () => {
  const error = { kind: 'exitCode', message: 'exit 3: no such column' } as const;
  assert.equal(problemOf({ status: 'failed', error }), 'exit code 3: no such column');
});

test('a call that succeeded has no problem', () => {
  assert.equal(problemOf(ok('fine')), undefined);
});

test('row, result and conversation tell a person what a person has to know, not what the model is told', () => {
  const script = ended(deniedByAnswer('deny'));
  const { state } = script;
  const call = state.calls.get('c1') as Call;
  const agent = state.agents.get('a1');
  assert.match(childRows(state, 's1/a1/t1')[0]?.tooltip ?? '', /\nYou denied this call\.$/);
  assert.match(resultDocument(call), /\n--- What happened ---\nYou denied this call\.\n\n/);
  assert.match(
    agent ? conversation(state, agent) : '',
    /\n- `terminal` `x` denied: You denied this call\.\n$/,
  );
});
