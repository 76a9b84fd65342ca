import assert from 'node:assert/strict';
import test from 'node:test';
import { contained, fenced, inlineCode, quoted, words } from '../../../src/views/markdown.ts';

test('a fence is longer than every fence inside it', () => {
  assert.equal(fenced('a'), '```text\na\n```');
  assert.equal(fenced('x\n````\ny\n'), '`````text\nx\n````\ny\n`````');
});

test('inline code holds backquotes', () => {
  assert.equal(inlineCode('a'), '`a`');
  assert.equal(inlineCode('``a'), '``` ``a ```');
  assert.equal(inlineCode(''), '');
});

test('every line of a quote is marked, whatever ends it', () => {
  assert.equal(quoted('a\r\n\n```\rb'), '> a\n>\n> ```\n> b\n> ```');
});

test('words are never markup', () => {
  assert.equal(words('<b>*a*_b_ [c](d) `e` f_g'), '\\<b\\>\\*a\\*\\_b\\_ \\[c\\](d) \\`e\\` f_g');
});

test('a fence that the model closed is left as it is', () => {
  assert.equal(contained('```js\n# a\n```\ntext'), '```js\n# a\n```\ntext');
});

test('what is no markup keeps its looks: comparisons, generics in code, tables, tasks and code in lists', () => {
  const text = 'a < b, c <= d, `Map<string, T>`\n| `a` | **b** |\n|---|---|\n- [ ] do it';
  assert.equal(contained(text), text);
  assert.equal(contained('- one\n  ```ts\n  let a;\n  ```'), '- one\n```ts\nlet a;\n```');
});
