import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeStatuses, type CallState } from '../../../src/core/calls.ts';
import { countOutcomes, countsText, summaryText } from '../../../src/views/counts.ts';

/** Counting looks at nothing but the status and the mark of a settled call. */
function calls(...statuses: readonly CallState['status'][]): readonly { readonly state: CallState }[] {
  return statuses.map((status) => ({
    state: { status, durationMs: 0, attempts: 0 } as unknown as CallState,
  }));
}

test('one failure among 14 calls is told in both phrases', () => {
  const counts = countOutcomes([...calls(...Array<'succeeded'>(13).fill('succeeded')), ...calls('failed')]);
  assert.equal(countsText(counts), '13 of 14 · 1 failed');
  assert.equal(summaryText(counts), '13 of 14 succeeded, 1 failed');
});

test('calls that all succeeded need no further word', () => {
  assert.equal(countsText(countOutcomes(calls('succeeded', 'succeeded'))), '2 of 2');
  assert.equal(summaryText(countOutcomes(calls('succeeded', 'succeeded'))), '2 of 2 succeeded');
});

test('every outcome is counted apart, and what has not ended is open', () => {
  const counts = countOutcomes(calls(...outcomeStatuses, 'queued', 'blocked', 'awaitingApproval', 'running'));
  assert.deepEqual(counts, {
    total: 11,
    succeeded: 1,
    failed: 1,
    timedOut: 1,
    denied: 1,
    skipped: 1,
    cancelled: 1,
    interrupted: 1,
    open: 4,
  });
  assert.equal(
    summaryText(counts),
    '1 of 11 succeeded, 1 failed, 1 timed out, 1 denied, 1 skipped, 1 cancelled, 1 interrupted, 4 unfinished',
  );
});

test('of what has not ended, that which waits for a person is told apart', () => {
  const counts = countOutcomes(calls('succeeded', 'running', 'awaitingApproval', 'awaitingApproval'));
  assert.equal(countsText(counts, { asking: 2 }), '1 of 4 · 1 unfinished · 2 to approve');
  assert.equal(summaryText(counts, { asking: 3 }), '1 of 4 succeeded, 3 to approve');
});

test('J1: calls that were asked for and are not on record are part of the total, and are named', () => {
  const counts = countOutcomes(calls('succeeded', 'queued'), { open: 0, missing: 7 });
  assert.deepEqual([counts.total, counts.open, counts.missing], [9, 1, 7]);
  assert.equal(countsText(counts), '1 of 9 · 1 unfinished · 7 not on record');
  assert.equal(summaryText(counts), '1 of 9 succeeded, 1 unfinished, 7 not on record');
});
