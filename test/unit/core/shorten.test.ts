import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeadAndTail, markLeftOut, shortenText } from '../../../src/core/shorten.ts';

const kept = { headBytes: 12, tailBytes: 12 };

test('a text that fits stays whole, also when it fills head and tail exactly', () => {
  assert.equal(shortenText('a'.repeat(24), kept), 'a'.repeat(24));
  assert.equal(shortenText('', kept), '');
});

test('a long text keeps whole lines of its head and tail and counts what is left out', () => {
  const lines = Array.from({ length: 10 }, (_, index) => `line${index}\n`).join('');
  assert.equal(
    shortenText(lines, kept, { callId: 'a/b', firstLine: 7 }),
    'line0\nline1\n' +
      '[... 36 bytes (6 lines) left out; read_output {"callId":"a/b","startLine":9} reads on from here ...]\n' +
      'line8\nline9\n',
  );
});

test('the parts and the count add up to the whole, however the text is cut into pieces', () => {
  const text = Array.from({ length: 300 }, (_, index) => `zeile ${index} ä😀\n`).join('');
  const bytes = Buffer.from(text);
  for (const size of [1, 2, 3, 7, 64, 5000]) {
    const keeper = new HeadAndTail({ headBytes: 50, tailBytes: 70 });
    for (let at = 0; at < bytes.length; at += size) keeper.push(bytes.subarray(at, at + size));
    const result = keeper.result();
    assert.ok(!result.isWhole);
    assert.ok(text.startsWith(result.head) && text.endsWith(result.tail));
    const sum = Buffer.byteLength(result.head) + Buffer.byteLength(result.tail) + result.leftOutBytes;
    assert.equal(sum, bytes.length, `pieces of ${size}`);
    const lines = (result.head + result.tail).split('\n').length - 1 + result.leftOutLines;
    assert.equal(lines, 300);
  }
});

test('a cut never splits a character that takes several bytes', () => {
  const result = shortenText('😀'.repeat(40), { headBytes: 10, tailBytes: 7 });
  assert.equal(result, '😀😀\n[... 148 bytes (0 lines) left out ...]\n😀');
});

test('a mark stands on a line of its own after a head without a line end', () => {
  const shortened = { isWhole: false, head: 'abc', tail: 'xyz', leftOutBytes: 5, leftOutLines: 1 } as const;
  assert.equal(markLeftOut(shortened), 'abc\n[... 5 bytes (1 line) left out ...]\nxyz');
});

test('bytes that are no text become U+FFFD, and are counted as they came', () => {
  const keeper = new HeadAndTail({ headBytes: 4, tailBytes: 4 });
  keeper.push(
    Buffer.from([0x61, 0xff, 0xfe, 0x62, ...Array<number>(100).fill(0x80), 0xc0, 0x63, 0x64, 0x65]),
  );
  assert.deepEqual(keeper.result(), {
    isWhole: false,
    head: 'a\uFFFD\uFFFDb',
    tail: '\uFFFDcde',
    leftOutBytes: 100,
    leftOutLines: 0,
  });
});
