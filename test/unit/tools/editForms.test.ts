/** Files that are not what `read_file` seems to show: an edit fits all the same, or its refusal leads to one that does. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { toolBench } from './toolBench.ts';

interface Case {
  readonly mark: string;
  readonly file: string;
  readonly edits: readonly (readonly [string, string, 'everywhere'?])[];
  /** The file afterwards; absent: it stays as it is. */
  readonly after?: string;
  /** What the model is told. */
  readonly told?: RegExp;
}

const nbsp = '\u00a0';
const mixed = 'alpha\nbeta\r\ngamma\n';
const crlfThenLf = 'one\r\ntwo\r\nthree\r\nfour\n';

const cases: readonly Case[] = [
  { mark: 'K6 6a', file: mixed, edits: [['beta\ngamma', 'BETA\nGAMMA']], after: 'alpha\nBETA\r\nGAMMA\n' },
  { mark: 'K6 6b', file: crlfThenLf, edits: [['one\ntwo', '1\n2']], after: '1\r\n2\r\nthree\r\nfour\n' },
  {
    mark: 'K6 6c',
    file: crlfThenLf,
    edits: [['one', 'one\nhalf']],
    after: 'one\r\nhalf\r\ntwo\r\nthree\r\nfour\n',
  },
  {
    mark: 'K6 6c, last line',
    file: crlfThenLf,
    edits: [['four', '4\n5']],
    after: 'one\r\ntwo\r\nthree\r\n4\n5\n',
  },
  { mark: 'K6 6c, end of file', file: 'a\r\nb', edits: [['b', 'b\nc']], after: 'a\r\nb\r\nc' },
  {
    mark: 'K6, line ends as the model thinks',
    file: 'a\nb\n',
    edits: [['a\r\nb', 'x\r\ny']],
    after: 'x\ny\n',
  },
  {
    mark: 'K6, a carriage return at the end',
    file: 'a\r\nb\r\n',
    edits: [['a\r', 'x\r']],
    after: 'x\r\nb\r\n',
  },
  { mark: 'K6, named carriage return', file: 'a\nb\na\r\nb\n', edits: [['a\r\nb', 'x']], after: 'a\nb\nx\n' },
  { mark: 'K6, lines that end with CR', file: 'a\rb\rc', edits: [['a\nb', 'x\ny\nz']], after: 'x\ry\rz\rc' },
  {
    mark: 'K6, inserted and removed lines',
    file: 'a\r\nb\nc\r\nd\n',
    edits: [['a\nb\nc\nd', 'a\nc\nnew\nd']],
    after: 'a\r\nc\r\nnew\r\nd\n',
  },
  {
    mark: 'K6, twice but for line ends',
    file: 'a\nb\na\r\nb\n',
    edits: [['a\nb', 'x']],
    told: /stands 2 times in a\.txt, first in lines 1, 3\. Give more/,
  },
  {
    mark: 'K6, line ends alone',
    file: 'a\r\nb\r\n',
    edits: [['a\r\nb', 'a\nb']],
    told: /would change nothing in a\.txt\. It keeps the line ends of a file; a command/,
  },
  {
    mark: 'K6 6d',
    file: 'first\nlast',
    edits: [['last\n', 'LAST\n']],
    told: /The file ends with no line end \(newline\) after its last line, 2; oldText has more line ends there\. Leave them out/,
  },
  {
    mark: 'K6 6d, empty lines',
    file: 'first\nlast\n',
    edits: [['last\n\n', 'x']],
    told: /The file ends with 1 line end after its last line, 2/,
  },
  {
    mark: 'K6 6e',
    file: `list in${nbsp}current\nnext${nbsp}one\n`,
    edits: [['list in current', 'list of current']],
    after: `list of${nbsp}current\nnext${nbsp}one\n`,
    told: /\[found by characters that look alike: line 1, character 8, has U\+00A0 where oldText has 1 blank\./,
  },
  {
    mark: 'K6 6e, narrow blank',
    file: 'prix\u202f: 5\u2009€\n',
    edits: [['prix : 5 €', 'prix : 6 €']],
    after: 'prix\u202f: 6\u2009€\n',
  },
  {
    mark: 'K6 6f',
    file: '“Hello” – it’s and “bye”…\n',
    edits: [['"Hello" - it\'s and "bye"...', '"Hi" - it\'s and "ciao"...']],
    after: '“Hi” – it’s and “ciao”…\n',
    told: /line 1, character 1/,
  },
  {
    mark: 'K6 6f, over lines',
    file: 'a “b”\r\nc – d\r\ne\r\n',
    edits: [['a "b"\nc - d', 'a "b"\nnew "x"\nc - D']],
    after: 'a “b”\r\nnew "x"\r\nc – D\r\ne\r\n',
  },
  {
    mark: 'K6 6f, the other way',
    file: 'say "hi" - now\n',
    edits: [['say “hi” — now', 'say “hi” — then']],
    after: 'say "hi" - then\n',
  },
  {
    mark: 'K6 6f, a dash of three dots cut in two',
    file: 'wait…. done\n',
    edits: [['wait.', 'stop.']],
    told: /does not stand in a\.txt/,
  },
  {
    mark: 'K6, composed letters',
    file: 'cafe\u0301 noir\n',
    edits: [['caf\u00e9 noir', 'caf\u00e9 au lait']],
    after: 'cafe\u0301 au lait\n',
  },
  {
    mark: 'K6 6f, alike in two places',
    file: '“a”\n‘x’ “a”\n',
    edits: [['"a"', '"b"']],
    told: /line 1, character 1, has ““a”” where oldText has “"a"”\. It is alike in 2 places, of which this is the first\. As JSON line 1 is "“a”"/,
  },
  {
    mark: 'K6, exact before alike',
    file: '“a”\n"a"\n',
    edits: [['"a"', '"b"']],
    after: '“a”\n"b"\n',
  },
  {
    mark: 'K6, unseen character',
    file: 'foo\u200bbar = 1\n',
    edits: [['foobar = 1', 'foobar = 2']],
    told: /line 1, character 4, has U\+200B where oldText has nothing\. As JSON line 1 is "foo\\u200bbar = 1"/,
  },
  {
    mark: 'K6, tab for blanks',
    file: 'if x:\n\treturn 1\n',
    edits: [['if x:\n    return 1', 'x']],
    told: /line 2 begins with 1 tab where oldText has 4 blanks\. As JSON lines 1-2 are "if x:\\n\\treturn 1"/,
  },
  {
    mark: 'K6, blanks at the end of a line',
    file: 'a  \nb\n',
    edits: [['a\nb', 'x']],
    told: /line 1 ends with 2 blanks where oldText has nothing\. As JSON lines 1-2 are "a  \\nb"/,
  },
  {
    mark: 'K6, entity',
    file: '<p>a &amp; b</p>\n',
    edits: [['<p>a & b</p>', 'x']],
    told: /line 1, character 6, has “&amp;” where oldText has “&”/,
  },
  {
    mark: 'K6, escaped too often',
    file: 'say("hi");\n',
    edits: [['say(\\"hi\\");', 'x']],
    told: /stands there without the backslashes of oldText, in line 1/,
  },
  {
    mark: 'K6, escaped too rarely',
    file: "const text = 'a\\nb';\n",
    edits: [["'a\nb'", 'x']],
    told: /stands there with backslashes, in line 1: "'a\\\\nb'" as JSON/,
  },
  {
    mark: 'K6, other case',
    file: 'const Name = 1;\n',
    edits: [['const name = 1;', 'x']],
    told: /line 1, character 7, has “N” where oldText has “n”/,
  },
  {
    mark: 'K6, goes on otherwise',
    file: 'a() {\n  one;\n  three;\n}\n',
    edits: [['a() {\n  one;\n  two;\n}', 'x']],
    told: /begins as line 1 does, but then line 3 is "three;" where oldText has "two;"/,
  },
  {
    mark: 'K6, other empty lines',
    file: 'a\n\n\nb\n',
    edits: [['a\n\nb', 'x']],
    told: /From line 1 the same is there with other blank lines\. As JSON lines 1-4 are "a\\n\\n\\nb"/,
  },
  {
    mark: 'K20, places that overlap',
    file: 'aaaa\n',
    edits: [['aa', 'b']],
    told: /oldText stands 3 times in a\.txt, in line 1\. Give more/,
  },
  {
    mark: 'K21, all occurrences',
    file: 'x = x + 1\r\ny = x\n',
    edits: [
      ['x', 'z', 'everywhere'],
      ['y', 'w'],
    ],
    after: 'z = z + 1\r\nw = z\n',
    told: /\[Edit 1 of 2: replaced 3 times\]/,
  },
  {
    mark: 'K21, all occurrences over line ends',
    file: 'a\nb\na\r\nb\r\n',
    edits: [['a\nb', 'a\nx\nb', 'everywhere']],
    after: 'a\nx\nb\na\r\nx\r\nb\r\n',
  },
  {
    mark: 'K21, all of one',
    file: 'a\n',
    edits: [['a', 'b', 'everywhere']],
    after: 'b\n',
    told: /\[replaced once\]/,
  },
  { mark: 'K21, all that overlap', file: 'aaaa\n', edits: [['aa', 'b', 'everywhere']], after: 'bb\n' },
  { mark: 'K21, all of none', file: 'a\n', edits: [['b', 'c', 'everywhere']], told: /does not stand/ },
];

for (const { mark, file, edits, after = file, told = /^Changed a\.txt/ } of cases)
  test(`${mark}: ${JSON.stringify(file)} with ${JSON.stringify(edits)}`, async (t) => {
    const bench = await toolBench(t);
    const where = path.join(bench.root, 'a.txt');
    await writeFile(where, file);
    const asked = edits.map(([oldText, newText, everywhere]) => ({
      oldText,
      newText,
      ...(everywhere && { replaceAll: true }),
    }));
    const text = await bench.text('edit_file', { path: 'a.txt', edits: asked });
    assert.match(text, told);
    assert.equal(await readFile(where, 'utf8'), after);
    if (after === file) assert.match(text, /Nothing was changed\.$/);
  });

const headers: readonly (readonly [mark: string, file: string, told: string])[] = [
  ['K6 6b', crlfThenLf, 'mixed line ends: 3 CRLF, 1 LF'],
  ['K6 6a', mixed, 'mixed line ends: 1 CRLF, 2 LF'],
  ['K6 6d', 'first\nlast', 'no newline at the end of the file'],
  ['K6 6d', 'a\r\nb', 'CRLF line ends, no newline at the end of the file'],
  ['K6', 'a\rb', '1 carriage returns (\\r) without a line feed, no newline at the end of the file'],
];

for (const [mark, file, told] of headers)
  test(`${mark}: read_file says of ${JSON.stringify(file)}: ${told}`, async (t) => {
    const bench = await toolBench(t);
    await writeFile(path.join(bench.root, 'a.txt'), file);
    const [header = ''] = (await bench.text('read_file', { path: 'a.txt' })).split('\n');
    assert.ok(header.endsWith(` bytes, ${told})`), header);
  });

test('K6 6e: read_file names the lines whose blanks are no blanks, and what can’t be seen', async (t) => {
  const bench = await toolBench(t);
  await writeFile(path.join(bench.root, 'a.txt'), `a\nin${nbsp}it\nb\u200bc\nd${nbsp}\n👩\u200d💻\n`);
  const lines = (await bench.text('read_file', { path: 'a.txt', startLine: 2 })).split('\n');
  assert.equal(
    lines.at(-1),
    '[not to be seen above, or like a blank: U+00A0 in lines 2, 4; U+200B in line 3]',
  );
});

const wholes: readonly (readonly [
  mark: string,
  file: string,
  content: string,
  after: string,
  told: RegExp,
])[] = [
  [
    'K6 6i',
    'a\r\nb\r\n',
    'a\nc\n',
    'a\r\nc\r\n',
    /: 1 line added, 1 removed\.\n\[the CRLF line ends of the file were kept/,
  ],
  [
    'K6 6i, the same text',
    'a\r\nb\r\n',
    'a\nb\n',
    'a\r\nb\r\n',
    /holds exactly this text already.*\n\[the CRLF line ends/,
  ],
  [
    'K6 6i, CRLF over LF',
    'a\nb\n',
    'a\r\nb\r\n',
    'a\r\nb\r\n',
    /\[the line ends of the file changed: LF before, CRLF now\]/,
  ],
  [
    'K6 6i, LF over mixed',
    mixed,
    'a\nb\n',
    'a\nb\n',
    /\[the line ends of the file changed: mixed before, LF now\]/,
  ],
  ['K6 6i, LF over LF', 'a\n', 'b\n', 'b\n', /1 line added, 1 removed\.$/],
];

for (const [mark, file, content, after, told] of wholes)
  test(`${mark}: write_file of ${JSON.stringify(content)} over ${JSON.stringify(file)}`, async (t) => {
    const bench = await toolBench(t);
    const where = path.join(bench.root, 'a.txt');
    await writeFile(where, file);
    assert.match(await bench.text('write_file', { path: 'a.txt', content }), told);
    assert.equal(await readFile(where, 'utf8'), after);
  });
