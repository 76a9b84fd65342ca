/** What the sum of all runners counts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addCounts, countsText, readCounts, runnerCounts } from '../../host/counts.ts';

test('the last line of counts stands for the whole output', () => {
  const output = '│ 3 passed, 0 failed\nExit code:   0\n8 passed, 1 failed\nSee the log.\n';
  assert.deepEqual(readCounts(output), { passed: 8, failed: 1 });
});

test('counts inside a sentence are not counts', () => {
  assert.equal(readCounts('13 of 14 passed, 1 failed\nso: 2 passed, 0 failed\n'), undefined);
});

test('lines that end as Windows ends them count', () => {
  assert.deepEqual(readCounts('2 passed, 0 failed\r\n'), { passed: 2, failed: 0 });
});

test('a runner that says nothing is a failure', () => {
  assert.deepEqual(runnerCounts('', 0), { passed: 0, failed: 1 });
});

test('a runner that ran nothing is a failure', () => {
  assert.deepEqual(runnerCounts('0 passed, 0 failed\n', 0), { passed: 0, failed: 1 });
});

test('a runner that ends with an error code after its tests passed is a failure', () => {
  assert.deepEqual(runnerCounts('5 passed, 0 failed\n', 1), { passed: 5, failed: 1 });
});

test('failures that a runner counts are not counted again for its exit code', () => {
  assert.deepEqual(runnerCounts('5 passed, 2 failed\n', 1), { passed: 5, failed: 2 });
});

test('the sum reads as its parts do', () => {
  const sum = addCounts({ passed: 1, failed: 2 }, { passed: 10, failed: 20 });
  assert.deepEqual(readCounts(countsText(sum)), { passed: 11, failed: 22 });
});
