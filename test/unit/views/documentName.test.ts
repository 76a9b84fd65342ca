import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressPart, documentName, idOfAddress } from '../../../src/views/documentName.ts';

const names: readonly (readonly [string, string, string])[] = [
  ['slashes and a way up', '../../etc/passwd', '.. .. etc passwd'],
  ['an override', 'a\u202egpj.exe', 'a U 202E gpj.exe'],
  ['a filler that counts as a letter', 'a\u3164b', 'a U 3164 b'],
  ['a device path', '\\\\?\\C:\\x', 'C x'],
  ['a stream', 'a.txt:hidden', 'a.txt hidden'],
  ['dots alone', '..', 'conversation'],
  ['nothing', ' \n\t ', 'conversation'],
  ['NUL', 'a\u0000', 'a'],
  ['markup', '<img src=x> [a](command:b) $(error)', 'img src x a command b error'],
  ['letters of two halves at the end', '𝐀'.repeat(50), '𝐀'.repeat(40)],
];

for (const [name, text, expected] of names)
  test(`of ${name}, a document's name keeps the visible words`, () => {
    assert.equal(documentName(text, 'conversation'), expected);
  });

test('every id is found again by its address', () => {
  for (const id of ['toolu_01', 'a/b', '"quoted"', 'half \ud800', '\ude00', '%2f', 'ü 日本', '']) {
    const part = addressPart(id);
    assert.doesNotMatch(part, /\//);
    assert.ok(part.isWellFormed());
    assert.equal(idOfAddress(part), id);
  }
  assert.equal(addressPart('toolu_01'), 'toolu_01');
});
