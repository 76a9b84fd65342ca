import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
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

test('in a file of CRLF or mixed lines an edit may be written with LF, and the line ends stay', () => {
  assert.equal(edit('a\r\nb\r\nc\r\n', ['a\nb', 'x\ny\nz']), 'x\r\ny\r\nz\r\nc\r\n');
  assert.equal(edit('a\r\nb\r\n', ['a\r\nb', 'x\r\ny']), 'x\r\ny\r\n');
  assert.equal(edit('a\r\nb\nc', ['a\nb', 'x']), 'x\nc');
  assert.equal(edit('a\r\nb\nc', ['b\nc', 'x\ny']), 'a\r\nx\ny');
});

test('what does not stand there is told with what is alike, so that the next attempt can be right', () => {
  const text = 'function a() {\n\treturn 1;\n}\n';
  assert.match(
    edit(text, ['function a() {\n  return 1;\n}', 'x']),
    /^invalidInput: oldText does not stand in a\.txt\. Almost the same is there: line 2 begins with 1 tab where oldText has 2 blanks\. As JSON lines 1-3 are "function a\(\) \{\\n\\treturn 1;\\n\}"/,
  );
  assert.match(edit(text, ['return  1;', 'x']), /line 2, character 9, has nothing where oldText has 1 blank/);
  assert.match(
    edit(text, ['2\t\treturn 1;\n3\t}', 'x']),
    /oldText begins with a line number of read_file; leave the numbers and the tab after them out\./,
  );
  assert.match(
    edit(text, ['return 2;', 'x']),
    /Nothing like it is there\. It must match exactly, with blanks; read the lines/,
  );
  assert.equal(edit('a\nb\n', ['a\r\nb', 'x']), 'x\n');
  assert.match(edit('', ['a', 'x']), /^invalidInput: a\.txt is empty\. Use write_file\./);
});

test('two edits of the same text overlap', () => {
  assert.match(edit('abc', ['b', 'x'], ['b', 'y']), /^invalidInput: Edits 1 and 2 overlap/);
});

test('an edit that cuts a character in two is refused', () => {
  assert.match(edit('a😀b', ['\ud83d', 'x']), /^invalidInput: The edits would leave half a character/);
  assert.match(edit('ab', ['a', '\ude00']), /^invalidInput: The edits would leave half a character/);
  assert.equal(edit('a😀b', ['😀', 'x']), 'axb');
});

test('applying edits equals replacing the only place of each text by hand', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n', 'ä'), maxLength: 12 });
  const pairs = fc.array(
    fc.tuple(
      letters.filter((text) => text !== ''),
      letters,
    ),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(letters, pairs, (text, edits) => {
      const expected = byHand(text, edits);
      const edited = edit(text, ...edits);
      if (expected === undefined) assert.match(edited, /^invalidInput: /);
      else assert.equal(edited, expected);
    }),
    { numRuns: 2000, seed: 20261121 },
  );
});

test('in a file of CRLF lines alone, edits do what they do to its LF twin', () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 3 });
  const lines = fc.array(line, { minLength: 2, maxLength: 6 });
  const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
  fc.assert(
    fc.property(lines, lines, lines, (file, before, after) => {
      const [text, pair] = [file.join('\n'), [before.join('\n'), after.join('\n')] as const];
      const edited = edit(text, pair);
      if (edited.startsWith('invalidInput')) assert.match(edit(crlf(text), pair), /^invalidInput: /);
      else assert.equal(edit(crlf(text), pair), crlf(edited));
    }),
    { numRuns: 2000, seed: 20261121 },
  );
});

/** Undefined where the edits can't be made. */
function byHand(text: string, edits: readonly (readonly [string, string])[]): string | undefined {
  const taken = new Array<number>(text.length).fill(0);
  const pieces: string[] = [...text];
  for (const [oldText, newText] of edits) {
    const places = [...text].map((_, at) => at).filter((at) => text.startsWith(oldText, at));
    if (places.length !== 1) return undefined;
    const [start = 0] = places;
    for (let at = start; at < start + oldText.length; at += 1) {
      taken[at] = (taken[at] ?? 0) + 1;
      pieces[at] = at === start ? newText : '';
    }
  }
  const edited = pieces.join('');
  return taken.every((count) => count <= 1) && edited !== text ? edited : undefined;
}

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
