import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IntendedEdit } from '../../../src/core/calls.ts';
import { settleByHash } from '../../../src/store/settleByHash.ts';
import { textHash } from '../../../src/store/textHash.ts';

const [before, after] = [textHash('before'), textHash('after')];
const edit: IntendedEdit = { path: '/w/a.txt', before, after, text: 'Changed a.txt.', bytes: 5 };

test('the file’s hash says what became of an interrupted edit', () => {
  const succeeded = {
    kind: 'succeeded',
    outcome: {
      status: 'succeeded',
      output: { text: 'Changed a.txt.', bytes: 5, seen: { path: '/w/a.txt', hash: after } },
    },
  };
  assert.deepEqual(settleByHash(edit, after), succeeded);
  assert.deepEqual(settleByHash(edit, before), { kind: 'notHappened' });
  assert.deepEqual(settleByHash(edit, textHash('a person’s')), { kind: 'unknown' });
  assert.deepEqual(settleByHash(edit, null), { kind: 'unknown' });
  assert.deepEqual(settleByHash(edit, undefined), { kind: 'unknown' });
});

test('a file that was to be made and is not there was not made', () => {
  assert.deepEqual(settleByHash({ ...edit, before: null }, null), { kind: 'notHappened' });
  assert.deepEqual(settleByHash({ ...edit, before: null }, undefined), { kind: 'unknown' });
});

test('a call that had not journalled an intent wrote nothing', () => {
  assert.deepEqual(settleByHash(undefined, before), { kind: 'notHappened' });
});

test('a file that was to be deleted is gone, still there, or another', () => {
  const deletion: IntendedEdit = { ...edit, after: null };
  const output = { text: 'Changed a.txt.', bytes: 5, gone: { path: '/w/a.txt' } };
  assert.deepEqual(settleByHash(deletion, null), {
    kind: 'succeeded',
    outcome: { status: 'succeeded', output },
  });
  assert.deepEqual(settleByHash(deletion, before), { kind: 'notHappened' });
  assert.deepEqual(settleByHash(deletion, after), { kind: 'unknown' });
  assert.deepEqual(settleByHash(deletion, undefined), { kind: 'unknown' });
});

test('a file was moved if it is where it was to go and no longer where it was', () => {
  const move: IntendedEdit = { ...edit, path: '/w/b.txt', before: null, movedFrom: '/w/a.txt' };
  const output = { text: 'Changed a.txt.', bytes: 5, gone: { path: '/w/a.txt', movedTo: '/w/b.txt' } };
  assert.deepEqual(settleByHash(move, after, null), {
    kind: 'succeeded',
    outcome: { status: 'succeeded', output },
  });
  assert.deepEqual(settleByHash(move, null, after), { kind: 'notHappened' });
  // Both names, neither, other texts, and what can't be read.
  assert.deepEqual(settleByHash(move, after, after), { kind: 'unknown' });
  assert.deepEqual(settleByHash(move, null, null), { kind: 'unknown' });
  assert.deepEqual(settleByHash(move, before, null), { kind: 'unknown' });
  assert.deepEqual(settleByHash(move, null, before), { kind: 'unknown' });
  assert.deepEqual(settleByHash(move, after, undefined), { kind: 'unknown' });
});
