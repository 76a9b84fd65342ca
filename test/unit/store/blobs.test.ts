/** What the journal keeps in files beside its lines, and that it comes back as it was. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { blobNames, toLine, withBlobs } from '../../../src/store/blobs.ts';

const limit = 32 * 1024;
const name = 'a'.repeat(64);

/** What the reader gives of what the writer made. */
function readBack(value: object): unknown {
  const { line, blobs } = toLine(value);
  const parsed: unknown = JSON.parse(line);
  assert.deepEqual(
    [...blobNames(parsed)].sort(),
    blobs.map((blob) => blob.name).sort(),
    'the line names its blobs',
  );
  return withBlobs(parsed, new Map(blobs.map((blob) => [blob.name, blob.text])));
}

const longText = 'x'.repeat(limit + 1);
const manyTexts = Array.from({ length: 5000 }, (_, index) => `part ${index}`);
const large: readonly (readonly [string, object])[] = [
  ['a long text', { output: { text: longText } }],
  ['a long text of characters that take more than one byte', { output: 'ä'.repeat(limit / 2 + 1) }],
  ['a long text of line ends, which JSON writes as two bytes each', { output: '\n'.repeat(limit / 2 + 1) }],
  ['many short parts', { input: { value: { edits: manyTexts } } }],
  ['many short parts beside long ones', { input: [longText, ...manyTexts, `${longText}y`] }],
  ['more long texts than their names have room for', { input: Array.from({ length: 400 }, () => longText) }],
  ['parts that are too much only together', { type: 't', a: 'x'.repeat(20_000), b: 'y'.repeat(15_000) }],
  ['a long key', { input: { ['k'.repeat(limit)]: 1, other: longText } }],
  ['a half of a surrogate pair', { output: `\ud800${longText}` }],
  ['a key that objects have of themselves', { input: JSON.parse(`{"__proto__":"${longText}"}`) as unknown }],
  ['the same text twice', { a: longText, b: { c: longText } }],
];

void suite('a value over 32 KB', () => {
  for (const [what, value] of large)
    test(`is a short line and comes back: ${what}`, () => {
      const event = { v: 1, seq: 1, ...value };
      assert.ok(Buffer.byteLength(toLine(event).line) <= limit);
      assert.deepEqual(readBack(event), event);
    });

  test('keeps a long text as it is in its file, and its short parts in the line', () => {
    const { line, blobs } = toLine({ v: 1, path: 'a.txt', output: { text: longText, bytes: 7 } });
    assert.deepEqual(
      blobs.map(({ text }) => text),
      [longText],
    );
    assert.match(line, /^\{"v":1,"path":"a\.txt","output":\{"text":null,"bytes":7\},/);
  });

  test('says of a text whose file is gone that it was lost', () => {
    const parsed: unknown = JSON.parse(toLine({ v: 1, output: { text: longText } }).line);
    assert.match((withBlobs(parsed, new Map()) as { output: { text: string } }).output.text, /lost/);
  });
});

void suite('a value that looks like the name of a blob', () => {
  const lookalike = { $blob: name, $blobs: [{ at: ['x'], holds: 'text', name }] };
  for (const [size, text] of [
    ['short', 'x'],
    ['long', longText],
  ] as const)
    test(`comes back as it was from a ${size} line`, () => {
      const event = { v: 1, input: { value: lookalike }, text };
      assert.deepEqual(readBack(event), event);
    });
});

test('a value of up to 32 KB is its JSON', () => {
  const value = { v: 1, text: 'x'.repeat(limit - 17), b: undefined };
  const { line, blobs } = toLine(value);
  assert.equal(Buffer.byteLength(line), limit);
  assert.equal(line === JSON.stringify(value), true);
  assert.deepEqual(blobs, []);
});
