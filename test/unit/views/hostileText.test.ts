/** Whatever a model, a tool or a file says, it is shown as text: the outcome of each kind of place, for each class of attack. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harmless } from '../../../src/cli/terminalText.ts';
import { shownText, visibleJson, withoutIcons } from '../../../src/core/visibleText.ts';
import { contained, inlineCode, quoted, words } from '../../../src/views/markdown.ts';
import { exactLine, exactLines, manyLines, messageText, oneLine } from '../../../src/views/plainText.ts';
import { hiddenTexts } from './hostile/hiddenTexts.ts';
import type { HostileText } from './hostile/hostileText.ts';
import { markupTexts } from './hostile/markupTexts.ts';
import { terminalTexts } from './hostile/terminalTexts.ts';

const all = [...terminalTexts, ...hiddenTexts, ...markupTexts];
/** Nothing that is shown holds one of these. */
const driving = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
/** Markup that does something. An escaped character is a word; code does nothing. */
const active = /(?<!\\)(?:<[a-z/!?]|!\[|\]\(|\]:|\$)/i;

for (const row of all) test(row.name, () => assertShown(row));

function assertShown(row: HostileText): void {
  const { text, line, lines = line, code = line, document = lines } = row;
  assert.equal(oneLine(text, 200), line, 'label');
  assert.equal(manyLines(text, 400), lines, 'tooltip');
  assert.equal(exactLine(text, 200), code, 'label of what will run');
  assert.equal(shownText(text), document, 'document');
  assert.equal(harmless(text), row.terminal ?? document, 'terminal');
  assert.equal(contained(text), row.markdown ?? document, 'conversation');
  assert.equal(messageText(text), row.message ?? line, 'message');
  assert.equal(withoutIcons(oneLine(text, 200)), row.pick ?? line, 'quick pick');
}

test('each place is told what it shows of enough hostile texts', () => {
  assert.ok(all.length >= 100);
  assert.equal(new Set(all.map(({ text }) => text)).size, all.length);
});

test('no place drives a terminal or reorders what is read', () => {
  for (const { name, text } of all) {
    const exact = exactLines(text, Infinity);
    for (const shown of [
      oneLine(text),
      manyLines(text, 400),
      exactLine(text),
      exact,
      shownText(text),
      harmless(text),
    ])
      assert.doesNotMatch(shown, driving, name);
  }
});

test('in Markdown nothing but code holds markup that does something', () => {
  for (const { name, text } of markupTexts) {
    for (const markdown of [contained(text), quoted(text)])
      assert.doesNotMatch(withoutCode(markdown), active, name);
    const line = oneLine(text);
    assert.doesNotMatch(withoutCode(`${inlineCode(line)} ${words(line)}`), active, name);
  }
});

test('JSON that is shown has the same value, and holds nothing hidden', () => {
  for (const { name, text } of all) {
    const json = visibleJson(JSON.stringify({ text }));
    assert.deepEqual(JSON.parse(json), { text }, name);
    assert.doesNotMatch(json, driving, name);
    assert.match(json, /^[^\p{Default_Ignorable_Code_Point}\p{Cs}]*$/u, name);
  }
});

test('a flood is cut, and never in the middle of a character', () => {
  const flood = '👍'.repeat(100_000);
  for (const shown of [oneLine(flood, 80), manyLines(flood, 80), exactLine(flood, 80), exactLines(flood, 80)])
    assert.equal(shown, `${'👍'.repeat(79)}…`);
});

/** What is left of Markdown that holds fences of its own and code of one line alone. */
function withoutCode(markdown: string): string {
  return markdown
    .replace(/^(?:> )?(`{3,})[^`\n]*\n[^]*?^(?:> )?\1$/gm, '')
    .split('\n')
    .map((line) => line.replace(/\\`/g, '').replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, ''))
    .join('\n');
}
