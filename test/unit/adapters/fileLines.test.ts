import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findLines } from '../../../src/adapters/node/fileLines.ts';
import { textHash } from '../../../src/store/textHash.ts';

const { signal } = new AbortController();
const slice = 512 * 1024;
const manyLines = Array.from({ length: 60_000 }, (_, index) => `line ${index} ä😀\r\n`).join('');

const contents: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.from(''),
  'one line': Buffer.from('a'),
  'one line and its end': Buffer.from('a\n'),
  'ends alone': Buffer.from('\n\n\n'),
  'ends of Windows': Buffer.from('one\r\ntwö\r\n\r\nfour'),
  'a carriage return alone': Buffer.from('one\rtwo\n'),
  'a byte order mark': Buffer.from('\uFEFFone\ntwo'),
  'a byte order mark alone': Buffer.from('\uFEFF'),
  'two byte order marks': Buffer.from('\uFEFF\uFEFFone\n'),
  'bytes that are no UTF-8': Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0x0a, 0xe2, 0x82, 0x0a, 0xc3]),
  'lines of several slices': Buffer.from(manyLines),
  'one line of several slices': Buffer.from('😀'.repeat(slice / 2)),
  'no UTF-8 in several slices': Buffer.concat([
    Buffer.from(manyLines),
    Buffer.from([0xff]),
    Buffer.from(manyLines),
  ]),
  'a line end of Windows between two slices': Buffer.from(`${'a'.repeat(slice - 1)}\r\nb`),
};

for (const [what, content] of Object.entries(contents)) {
  test(`d: the lines of ${what} are those of the decoded text`, async () => {
    const text = new TextDecoder().decode(content);
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    const found = await findLines(content, signal);
    assert.equal(found.total, lines.length);
    assert.equal(found.hash, textHash(text));
    assert.equal(found.crlfEnds, text.split('\r\n').length - 1);
    assert.equal(found.loneReturns, text.match(/\r(?!\n)/g)?.length ?? 0);
    assert.equal(found.endsClosed, text === '' || text.endsWith('\n'));
    const wanted = lines.map((line) => line.replace(/\r$/, ''));
    for (const first of [1, 2, 255, 256, 257, 258, 1000, 59_999].filter((line) => line <= lines.length)) {
      assert.deepEqual([...found.from(first)], wanted.slice(first - 1));
      const last = Math.min(lines.length, first + 700);
      assert.equal(found.bytesOf(first, last), Buffer.byteLength(lines.slice(first - 1, last).join('\n')));
    }
  });
}

test('d: other work has its turn while the lines of a large file are found', async () => {
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await findLines(Buffer.alloc(9 * 1024 * 1024, 'one line\n'), signal);
  isOver = true;
  assert.ok(turns >= 16, `${turns} turns`);
});

test('d: finding lines ends with an abort', async () => {
  const stopping = new AbortController();
  setImmediate(() => stopping.abort(new Error('stopped')));
  await assert.rejects(findLines(Buffer.alloc(4 * slice, 'a\n'), stopping.signal), { message: 'stopped' });
});
