import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EditedFile, SideOfEdit } from '../../../src/core/calls.ts';
import { editDiffs, isNothingKept } from '../../../src/views/editDiffs.ts';

const text = (value: string): SideOfEdit => ({ kind: 'text', text: value });
const noFile: SideOfEdit = { kind: 'noFile' };
const notKept: SideOfEdit = { kind: 'notKept', hash: 'h' };

function file(before: SideOfEdit, after: SideOfEdit, rest: Partial<EditedFile> = {}): EditedFile {
  return { path: '/w/src/a.ts', before, after, isAsLeft: true, ...rest };
}

test('the title of a diff says what was done, by whom, and whether the file has changed since', () => {
  const titles = editDiffs(
    [
      file(text('a'), text('b')),
      file(noFile, text('b')),
      file(text('a'), noFile, { isAsLeft: false }),
      file(text('a'), text('b'), { isAsLeft: false }),
      file(text('a'), text('a'), { movedFrom: 'C:\\w\\old.ts' }),
    ],
    'Reviewer',
  ).map(({ title }) => title);
  assert.deepEqual(titles, [
    'a.ts (edited by Reviewer)',
    'a.ts (new file by Reviewer)',
    'a.ts (deleted by Reviewer)',
    'a.ts (edited by Reviewer; changed since)',
    'old.ts → a.ts (renamed by Reviewer)',
  ]);
});

test('a side that is not kept says why, and an edit without any side is told apart', () => {
  const [diff] = editDiffs([file(notKept, text('b'))], 'Reviewer');
  assert.match(diff?.before ?? '', /^This side of the edit is not kept: the file was too large, no text, or/);
  assert.equal(isNothingKept([file(notKept, text('b'))]), false);
  assert.equal(isNothingKept([file(notKept, notKept)]), true);
});
