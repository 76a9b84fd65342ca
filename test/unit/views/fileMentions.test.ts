import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileMentions } from '../../../src/views/fileMentions.ts';

/** What each mention covers, and where it leads. */
function found(text: string): readonly string[] {
  return fileMentions(text).map(({ offset, length, path, line, column }) =>
    [text.slice(offset, offset + length), path, line, column]
      .filter((part) => part !== undefined)
      .join(' | '),
  );
}

const mentions: Readonly<Record<string, readonly string[]>> = {
  'see src/invoice.ts:15 and b.ts.': ['src/invoice.ts:15 | src/invoice.ts | 15', 'b.ts | b.ts'],
  'a.c:2:11: error: y': ['a.c:2:11 | a.c | 2 | 11'],
  "src/a.ts(1,7): error TS2322: Type 'x'": ['src/a.ts(1,7) | src/a.ts | 1 | 7'],
  '  File "/w/a.py", line 4, in <module>': ['/w/a.py", line 4 | /w/a.py | 4'],
  ' --> src/lib.rs:1:25': ['src/lib.rs:1:25 | src/lib.rs | 1 | 25'],
  '- `read_file` `src/auth.ts` succeeded': ['src/auth.ts | src/auth.ts'],
  'C:\\w\\a.ts:3 and ..\\b\\c.ts': ['C:\\w\\a.ts:3 | C:\\w\\a.ts | 3', '..\\b\\c.ts | ..\\b\\c.ts'],
  'at run (/w/src/a.test.js:1:98)': ['/w/src/a.test.js:1:98 | /w/src/a.test.js | 1 | 98'],
  'https://example.com/a/b.ts and http://x.y/index.html:3': [],
  'version 1.2.3, 5.0 s': [],
  '"path": "package.json"': ['package.json | package.json'],
};

for (const [text, expected] of Object.entries(mentions))
  test(`files that are named: ${text}`, () => assert.deepEqual(found(text), expected));

test('places count from the beginning of the text', () => {
  const text = 'one\ntwo a.ts:1\n\nthree b.ts';
  assert.deepEqual(found(text), ['a.ts:1 | a.ts | 1', 'b.ts | b.ts']);
});

test('a line of data and a flood of names do not hold the editor up', () => {
  assert.deepEqual(found(`${'a.ts '.repeat(1000)}\nb.ts`), ['b.ts | b.ts']);
  assert.equal(fileMentions('a.ts\n'.repeat(10_000)).length, 300);
});
