/** What is left of hostile text in one line, and in many. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exactLine, exactLines, manyLines, middleCut, oneLine } from '../../../src/views/plainText.ts';

const sequences: readonly (readonly [string, string])[] = [
  ['a colour', '\u001b[31mred\u001b[0m'],
  ['a colour in its one-character form', '\u009b38;5;1mred\u009bm'],
  ['a title', '\u001b]0;title\u0007red'],
  ['a link', '\u001b]8;;https://example.com\u001b\\red\u001b]8;;\u001b\\'],
  ['a device string', '\u001bPq#0;2\u001b\\red'],
  ['another character set', '\u001b(Bred'],
  ['a saved cursor', '\u001b7red\u001b8'],
];

for (const [name, text] of sequences)
  test(`${name} leaves nothing of itself`, () => {
    assert.equal(oneLine(text), 'red');
    assert.equal(manyLines(text, 100), 'red');
  });

test('a sequence that does not end hides nothing of the text after it', () => {
  assert.equal(oneLine('\u001b]0;shown'), '0;shown');
  assert.equal(oneLine('end\u001b'), 'end');
});

test('the sequences of a long text do not use up its room', () => {
  assert.equal(oneLine('\u001b[38;5;196mx'.repeat(100), 20), `${'x'.repeat(19)}…`);
  assert.equal(manyLines('\u001b[31mx'.repeat(10), 12), 'x'.repeat(10));
});

test('of what will run, nothing is hidden', () => {
  const command = 'echo hi\u001b]0; ; rm -rf . ;\u0007\u009b;x\u202e\u007f';
  const shown = 'echo hi␛]0; ; rm -rf . ;␇⟨U+009B⟩;x⟨U+202E⟩␡';
  assert.equal(exactLine(command), shown);
  assert.equal(exactLines(command, 100), shown);
  assert.equal(exactLine('a\tb\nc'), 'a␉b␊c');
  assert.equal(exactLines('a\tb\nc', 100), 'a\tb\nc');
});

test('a long line keeps both its ends', () => {
  assert.equal(middleCut('src/views/some/folder/report.test.ts', 28), 'src/views/some…eport.test.ts');
  assert.equal(middleCut('src/report.ts', 28), 'src/report.ts');
});
