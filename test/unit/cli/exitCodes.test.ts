import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentExitCode, agentsExitCode, batchExitCode, unsavedExitCode } from '../../../src/cli/exitCodes.ts';
import { countTasks, type TaskCounts } from '../../../src/core/taskCounts.ts';
import { countOutcomes, type OutcomeCounts } from '../../../src/views/counts.ts';

function counts(some: Partial<OutcomeCounts>): OutcomeCounts {
  const total = Object.values(some).reduce((sum, count) => sum + count, 0);
  return { ...countOutcomes([]), ...some, total };
}

test('a batch is good only when every call succeeded', () => {
  assert.equal(batchExitCode(counts({ succeeded: 2 }), undefined), 0);
  for (const outcome of ['failed', 'timedOut', 'denied', 'skipped'] as const)
    assert.equal(batchExitCode(counts({ succeeded: 1, [outcome]: 1 }), undefined), 1, outcome);
  assert.equal(batchExitCode(counts({ interrupted: 1 }), undefined), 3);
  assert.equal(batchExitCode(counts({ open: 1 }), undefined), 3);
  assert.equal(batchExitCode(counts({ cancelled: 1 }), undefined), 130);
});

test('a batch with an interrupted call is interrupted, also where that made others skip', () => {
  assert.equal(batchExitCode(counts({ succeeded: 1, interrupted: 1, skipped: 2 }), undefined), 3);
  assert.equal(batchExitCode(counts({ open: 1, skipped: 2 }), undefined), 3);
  assert.equal(batchExitCode(counts({ interrupted: 1, cancelled: 1 }), undefined), 3);
  assert.equal(batchExitCode(counts({ cancelled: 1, skipped: 1 }), undefined), 1);
  assert.equal(batchExitCode(counts({ failed: 1, interrupted: 1, skipped: 1 }), undefined), 1);
});

test('a batch that a person stopped says so, also where something failed before', () => {
  assert.equal(batchExitCode(counts({ failed: 1, cancelled: 1 }), 'person'), 130);
  assert.equal(batchExitCode(counts({ failed: 1, cancelled: 1 }), undefined), 1);
  assert.equal(batchExitCode(counts({ succeeded: 3 }), 'person'), 0);
});

test('what was ended by something else is interrupted, not cancelled, also where something failed before (X2)', () => {
  assert.equal(batchExitCode(counts({ failed: 1, interrupted: 1 }), 'host'), 3);
  assert.equal(batchExitCode(counts({ succeeded: 1, open: 1 }), 'host'), 3);
  assert.equal(batchExitCode(counts({ succeeded: 1, failed: 1 }), 'host'), 1);
  assert.equal(batchExitCode(counts({ succeeded: 1 }), 'host'), 0);
  assert.equal(agentsExitCode(tasks({ failed: 1, interrupted: 1 }), 'host'), 3);
  assert.equal(agentsExitCode(tasks({ completed: 1, open: 1 }), 'host'), 3);
});

test('an agent is good only when it completed', () => {
  assert.deepEqual(
    (['completed', 'incomplete', 'interrupted', 'failed', 'cancelled'] as const).map(agentExitCode),
    [0, 3, 3, 1, 130],
  );
});

function tasks(some: Partial<TaskCounts>): TaskCounts {
  const total = Object.values(some).reduce((sum, count) => sum + count, 0);
  return { ...countTasks([]), ...some, total };
}

test('parallel agents are good only when every task completed', () => {
  assert.equal(agentsExitCode(tasks({ completed: 3 }), 'person'), 0);
  assert.equal(agentsExitCode(tasks({ completed: 1, failed: 1, interrupted: 1 }), undefined), 1);
  assert.equal(agentsExitCode(tasks({ completed: 1, interrupted: 1, skipped: 4 }), undefined), 3);
  assert.equal(agentsExitCode(tasks({ completed: 1, incomplete: 1 }), undefined), 3);
  assert.equal(agentsExitCode(tasks({ completed: 1, skipped: 1 }), undefined), 1);
  assert.equal(agentsExitCode(tasks({ completed: 1, cancelled: 1 }), undefined), 130);
  assert.equal(agentsExitCode(tasks({ failed: 1, cancelled: 1, skipped: 5 }), 'person'), 130);
});

test('a session that could not be saved is never good, and nobody cancelled it', () => {
  assert.deepEqual(([0, 1, 3, 130] as const).map(unsavedExitCode), [3, 1, 3, 3]);
});
