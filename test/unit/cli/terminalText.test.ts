import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harmless } from '../../../src/cli/terminalText.ts';

test('escape sequences are gone, and no control character is left that drives a terminal', () => {
  assert.equal(harmless('\u001b[31mred\u001b[0m'), 'red');
  assert.equal(harmless('\u001b]0;title\u0007text'), 'text');
  assert.equal(harmless('a\u001b'), 'a\u241b');
  assert.equal(harmless('secret\rshown'), 'secret\u240dshown');
  assert.equal(harmless('a\u009b31mb\u007f\u0008'), 'ab\u2421\u2408');
  assert.equal(harmless('a\u202eb'), 'a⟨U+202E⟩b');
});

test('lines, tabs and every script stay as they are', () => {
  assert.equal(harmless('a\tb\r\nc\nü 日本 👍'), 'a\tb\nc\nü 日本 👍');
});
