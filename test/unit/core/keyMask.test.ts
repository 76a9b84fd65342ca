import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { holdsKey, keyForms, KeyMask, maskKey, maskKeyIn } from '../../../src/core/keyMask.ts';

const key = 'sk-ant-api03-AbCdEf_0123-xyz';
const forms = keyForms(key);

function inPieces(pieces: readonly string[], of: readonly string[]): string {
  const mask = new KeyMask(of);
  return pieces.map((piece) => mask.push(piece)).join('') + mask.end();
}

test('a key is masked wherever it is cut in two, and in single characters', () => {
  const text = `before ${key}${key} after sk-ant-api03-AbC, ${key.slice(1)}`;
  const expected = `before [API key][API key] after sk-ant-api03-AbC, ${key.slice(1)}`;
  assert.equal(maskKey(text, forms), expected);
  for (let at = 0; at <= text.length; at += 1)
    assert.equal(inPieces([text.slice(0, at), text.slice(at)], forms), expected, `cut at ${at}`);
  assert.equal(inPieces([...text], forms), expected);
});

test('a key with characters that JSON and addresses write otherwise is masked in these, too', () => {
  const odd = 'a"b\\c/d+e%f&g=h';
  const of = keyForms(odd);
  const texts = [
    odd,
    JSON.stringify({ odd }),
    new URLSearchParams({ odd }).toString(),
    encodeURIComponent(odd),
  ];
  for (const text of texts) assert.equal(holdsKey(maskKey(text, of), [odd]), false, text);
  assert.equal(maskKey(JSON.stringify({ odd }), of), '{"odd":"[API key]"}');
  assert.equal(maskKey(`https://h/?k=${encodeURIComponent(odd)}`, of), 'https://h/?k=[API key]');
});

test('blanks around a key are no part of it; what is too short for one is not masked', () => {
  assert.deepEqual(keyForms(`  ${key}\n`), [key]);
  for (const none of [undefined, '', '   ', 'five5']) assert.deepEqual(keyForms(none), []);
  assert.equal(maskKey('five5', keyForms('five5')), 'five5');
});

test('names and texts at any depth are masked, and a value without the key stays the same one', () => {
  const value = { a: [key, { [`x${key}`]: `${key}!`, n: 1, none: null }], b: 'b' };
  assert.deepEqual(maskKeyIn(value, forms), {
    a: ['[API key]', { 'x[API key]': '[API key]!', n: 1, none: null }],
    b: 'b',
  });
  const clean = { a: ['x', { y: 1 }], b: undefined };
  assert.equal(maskKeyIn(clean, forms), clean);
  assert.equal(maskKeyIn(value, []), value);
});

// Keys whose own beginnings come again inside of them, among texts made of the same few characters.
const letters = fc.constantFrom('a', 'b', '"', '%');
const keys = fc.string({ unit: letters, minLength: 8, maxLength: 14 });

test('however a text is cut: what comes out is the same, holds no key, and never more than a key is held back', () => {
  fc.assert(
    fc.property(
      keys.chain((some) => {
        const of = keyForms(some);
        const piece = fc.oneof(
          fc.string({ unit: letters, maxLength: 12 }),
          fc.constantFrom(...of),
          fc.nat(some.length).map((length) => some.slice(0, length)),
        );
        return fc.tuple(
          fc.constant(of),
          fc.array(piece, { maxLength: 8 }),
          fc.array(fc.nat(80), { maxLength: 8 }),
        );
      }),
      ([of, parts, cuts]) => {
        const text = parts.join('');
        const mask = new KeyMask(of);
        const longest = Math.max(...of.map(({ length }) => length));
        let out = '';
        let from = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), text.length]) {
          out += mask.push(text.slice(from, cut));
          from = Math.max(from, cut);
        }
        const rest = mask.end();
        assert.ok(rest.length < longest);
        // A sign has none of these letters but in "API key", so no form can come about around it.
        assert.equal(holdsKey(out + rest, of), false);
        const unmasked = (out + rest).split('[API key]').join('');
        assert.ok(unmasked.length <= text.length);
        if (!holdsKey(text, of)) assert.equal(out + rest, text);
      },
    ),
  );
});
