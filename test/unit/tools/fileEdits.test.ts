import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedLines, changedLinesText } from '../../../src/tools/changedLines.ts';
import { applyEdits, type Edit } from '../../../src/tools/fileEdits.ts';

function edit(text: string, ...pairs: readonly (readonly [string, string])[]): string {
  const edits = pairs.map(([oldText, newText]): Edit => ({ oldText, newText }));
  const edited = applyEdits(text, edits, 'a.txt');
  return edited.ok ? edited.text : `${edited.error.kind}: ${edited.error.message}`;
}

test('each edit is matched against the text as it was before all of them', () => {
  assert.equal(edit('one two', ['one', 'two'], ['two', 'three']), 'two three');
  assert.equal(edit('abc', ['c', 'C'], ['a', 'A']), 'AbC');
  assert.equal(edit('a$b', ['$', '$&$1']), 'a$&$1b');
});

test('what stands nowhere, or more than once, changes nothing and says what to do', () => {
  assert.match(
    edit('one', ['one', '1'], ['two', '2']),
    /^invalidInput: Edit 2 of 2: oldText does not stand in a\.txt\. .* Nothing was changed\.$/,
  );
  assert.match(
    edit('x\ny\nx\n', ['x', 'z']),
    /^invalidInput: oldText stands 2 times in a\.txt, first in lines 1, 3\. Give more/,
  );
  assert.match(edit('aaa', ['aa', 'b']), /^invalidInput: oldText stands 2 times/);
  assert.match(edit('one', ['', 'x']), /^invalidInput: oldText is empty/);
});

test('edits that overlap are refused, those that touch are not', () => {
  assert.match(edit('abcd', ['bcd', 'x'], ['ab', 'y']), /^invalidInput: Edits 2 and 1 overlap/);
  assert.equal(edit('abcd', ['cd', 'x'], ['ab', 'y']), 'yx');
});

test('edits that come to nothing are refused', () => {
  assert.match(edit('abc', ['b', 'b']), /^invalidInput: The edits would change nothing/);
});

test('in a file of CRLF lines an edit may be written with LF; in a mixed one it must be exact', () => {
  assert.equal(edit('a\r\nb\r\nc\r\n', ['a\nb', 'x\ny\nz']), 'x\r\ny\r\nz\r\nc\r\n');
  assert.equal(edit('a\r\nb\r\n', ['a\r\nb', 'x\r\ny']), 'x\r\ny\r\n');
  assert.match(edit('a\r\nb\nc', ['a\nb', 'x']), /does not stand/);
  assert.equal(edit('a\r\nb\nc', ['b\nc', 'x\ny']), 'a\r\nx\ny');
});

test('lines are counted as the fewest that were added and removed', () => {
  const counts = (before: string, after: string): string => changedLinesText(changedLines(before, after));
  assert.equal(counts('a\nb\nc\nd\ne\n', 'a\nB\nc\nD\ne\n'), '2 lines added, 2 removed');
  assert.equal(counts('', 'a\nb\n'), '2 lines added');
  assert.equal(counts('a\nb\n', 'b\n'), '1 line removed');
  assert.equal(counts('a\nb\nc\n', 'c\na\nb\n'), '1 line added, 1 removed');
  assert.equal(counts('a\n', 'a'), 'no line added or removed');
  const many = Array.from({ length: 5000 }, (_, index) => `${index}`);
  const others = many.map((line) => `other ${line}`);
  assert.equal(counts(many.join('\n'), others.join('\n')), '5000 lines added, 5000 removed');
});
