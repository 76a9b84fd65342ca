import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeadAndTail, markLeftOut, shortenText } from '../../../src/core/shorten.ts';

const kept = { headChars: 12, tailChars: 12 };

test('a text that fits stays whole, also when it fills head and tail exactly', () => {
  assert.equal(shortenText('a'.repeat(24), kept), 'a'.repeat(24));
  assert.equal(shortenText('', kept), '');
});

test('a long text keeps whole lines of its head and tail and counts what is left out', () => {
  const lines = Array.from({ length: 10 }, (_, index) => `line${index}\n`).join('');
  assert.equal(
    shortenText(lines, kept, '/out'),
    'line0\nline1\n[... 36 bytes (6 lines) left out; the whole output is in /out ...]\nline8\nline9\n',
  );
});

test('the parts and the count add up to the whole, however the text is cut into pieces', () => {
  const text = Array.from({ length: 300 }, (_, index) => `zeile ${index} ä😀\n`).join('');
  for (const size of [1, 2, 3, 7, 64, 5000]) {
    const keeper = new HeadAndTail({ headChars: 50, tailChars: 70 });
    for (let at = 0; at < text.length; at += size) keeper.push(text.slice(at, at + size));
    const result = keeper.result();
    assert.ok(!result.isWhole);
    assert.ok(text.startsWith(result.head) && text.endsWith(result.tail));
    const sum = Buffer.byteLength(result.head) + Buffer.byteLength(result.tail) + result.leftOutBytes;
    assert.equal(sum, Buffer.byteLength(text), `pieces of ${size}`);
    const lines = (result.head + result.tail).split('\n').length - 1 + result.leftOutLines;
    assert.equal(lines, 300);
  }
});

test('a cut never splits a character that takes two units', () => {
  const result = shortenText('😀'.repeat(40), { headChars: 5, tailChars: 5 });
  assert.equal(result.isWellFormed(), true);
  assert.match(result, /^😀😀\n\[\.\.\. \d+ bytes \(0 lines\) left out \.\.\.\]\n😀/u);
});

test('a mark stands on a line of its own after a head without a line end', () => {
  const shortened = { isWhole: false, head: 'abc', tail: 'xyz', leftOutBytes: 5, leftOutLines: 1 } as const;
  assert.equal(markLeftOut(shortened), 'abc\n[... 5 bytes (1 line) left out ...]\nxyz');
});
