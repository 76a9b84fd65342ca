/** V1: what can't be seen is shown by its code, for every code point that there is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownText, visibleCode, visibleJson, visibleText } from '../../../src/core/visibleText.ts';

const codePoints: readonly string[] = Array.from({ length: 0x110000 }, (_, code) =>
  String.fromCodePoint(code),
);

function hex(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}

/** Unicode's own data, as this engine has it. */
const unseen =
  /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Variation_Selector}]/u;
const otherInCode = /[\p{Co}\p{Zs}]/u;

/** The first of the characters that are shown raw between two letters although they can't be seen there. */
function missed(show: (text: string) => string, classes: RegExp, except = ''): readonly string[] {
  const hidden = codePoints.filter((character) => classes.test(character) && !except.includes(character));
  const shown = show(`a${hidden.join('a')}a`)
    .split('a')
    .slice(1, -1);
  assert.equal(shown.length, hidden.length);
  const raw = hidden.filter((character, index) => shown[index] !== `⟨U+${hex(character)}⟩`);
  return raw.slice(0, 20).map(hex);
}

test('V1: in what is approved every ignorable, format, unassigned, private and blank code point is a code', () => {
  assert.deepEqual(missed(visibleCode, unseen), []);
  assert.deepEqual(missed(visibleCode, otherInCode, ' '), []);
});

test('V1: in prose, documents and terminals every ignorable, format and unassigned code point is a code', () => {
  assert.deepEqual(missed(visibleText, unseen), []);
  assert.deepEqual(missed(shownText, unseen), []);
});

test('V1: in JSON every such code point is an escape of the same value', () => {
  const hidden = codePoints.filter((character) => unseen.test(character));
  const text = hidden.join('');
  const shown = visibleJson(JSON.stringify(text));
  assert.equal(unseen.test(shown), false);
  assert.ok(JSON.parse(shown) === text);
});

test('V1: every control character but tab and newline is a sign or a code', () => {
  const controls = codePoints.filter((character) => /[\p{Cc}]/u.test(character));
  const raw = controls.filter((character) => visibleCode(character) === character);
  assert.deepEqual(raw, ['\t', '\n']);
});

test('V1: ordinary letters, digits, punctuation and symbols of every script are shown as they are', () => {
  const changed = codePoints
    .filter((character) => /[\p{L}\p{N}\p{P}\p{S}\p{Mc}]/u.test(character) && !unseen.test(character))
    .filter((character) => visibleCode(character) !== character)
    .slice(0, 20)
    .map(hex);
  assert.deepEqual(changed, ['2800', 'FFFC', '13441', '13442', '1D159']);
});

const blank: readonly (readonly [name: string, character: string])[] = [
  ['an Egyptian vertical joiner', '\u{13430}'],
  ['an Egyptian end of a wall', '\u{1343f}'],
  ['an Egyptian mirror sign', '\u{13440}'],
  ['an Egyptian full blank', '\u{13441}'],
  ['a musical null note head', '\u{1d159}'],
  ['a Khitan filler', '\u{16fe4}'],
  ['a Brahmi number joiner', '\u{1107f}'],
  ['a Tifinagh consonant joiner', '\u2d7f'],
  ['a Hangul filler', '\u3164'],
  ['a halfwidth Hangul filler', '\uffa0'],
  ['a braille blank', '\u2800'],
  ['a placeholder of an object', '\ufffc'],
  ['an unassigned code point among the ignorable', '\u{e0fff}'],
];
for (const [name, character] of blank)
  test(`V1: ${name} is a code wherever text is shown`, () => {
    const shown = `rm⟨U+${hex(character)}⟩x`;
    for (const show of [visibleCode, visibleText, shownText]) assert.equal(show(`rm${character}x`), shown);
  });

const needed: readonly (readonly [name: string, text: string, code: string])[] = [
  ['a family of emoji', '👩\u200d💻', '👩⟨U+200D⟩💻'],
  ['an emoji with its variation', '\u26a0\ufe0f', '\u26a0⟨U+FE0F⟩'],
  ['a Persian word', '\u0645\u06cc\u200c\u062e\u0648', '\u0645\u06cc⟨U+200C⟩\u062e\u0648'],
  ['an Arabic sign before a number', '\u06dd\u0661', '⟨U+06DD⟩\u0661'],
  ['a Khmer cluster', '\u1780\u17d2\u1781', '\u1780⟨U+17D2⟩\u1781'],
];
for (const [name, text, code] of needed)
  test(`V1: ${name} stays readable in prose, and is exact in what is approved`, () => {
    assert.equal(visibleText(text), text);
    assert.equal(visibleCode(text), code);
  });

test('V1: a mark that no letter carries is a code in what is approved, one upon a letter is not', () => {
  assert.equal(visibleCode('\u0338rm \u0338x'), '⟨U+0338⟩rm ⟨U+0338⟩x');
  assert.equal(visibleCode('cafe\u0301'), 'cafe\u0301');
});
