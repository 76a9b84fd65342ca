/** Each sentence of the README's section *Security* is held by a test, and the table that says so is true. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promises } from './promises.ts';

const tests = path.join(import.meta.dirname, '..');

/** Paragraphs, bullets and the cells of tables, without their heads and the names of their rows. */
function blocksOf(section: string): readonly string[] {
  const blocks: string[] = [''];
  const lines = section.split('\n');
  for (const [at, line] of lines.entries()) {
    if (line.startsWith('|')) {
      const isHead = [line, lines[at + 1]].some((each) => /^\|[-| :]+\|$/.test(each ?? ''));
      blocks.push(...(isHead ? [] : line.split('|').slice(2, -1)), '');
    } else if (/^\s*(?:$|- |\d+\. )/.test(line)) blocks.push(line.replace(/^\s*(?:- |\d+\. )/, ''));
    else blocks[blocks.length - 1] += ` ${line}`;
  }
  return blocks;
}

const sentenceEnd = /(?<=[.!?]\**)(?<!\b(?:e\.g|i\.e)\.) (?=[\p{Lu}\d`*“⟨])/u;

/** The sentences of a Markdown section as words alone. A bold sentence that opens a block is its name. */
function sentencesOf(section: string): readonly string[] {
  return blocksOf(section)
    .map((block) => block.replace(/\s+/g, ' ').replace(/`[^`]*`/g, (code) => code.replaceAll(' ', '\0')))
    .flatMap((block) => block.trim().split(sentenceEnd))
    .filter((sentence) => sentence !== '' && !/^\*\*[^*]*\.\*\*$/.test(sentence))
    .map((sentence) => sentence.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[*`]/g, ''))
    .map((sentence) => sentence.replaceAll('\0', ' '));
}

function sectionOf(markdown: string, title: string): string {
  const [, section = ''] = `\n${markdown}`.split(`\n## ${title}\n`);
  return section.split(/\n## /, 1)[0] ?? '';
}

const quoted = /(?<quote>['"`])(?<text>(?:\\.|(?!\k<quote>)[^\\\n])*)\k<quote>/g;
const testName = new RegExp(String.raw`\b(?:test|suite|describe)\(\s*${quoted.source}`, 'g');

function textsOf(source: string, pattern: RegExp): readonly string[] {
  return [...source.matchAll(pattern)].map(({ groups }) =>
    (groups?.['text'] ?? '').replace(/\\(['"`])/g, '$1'),
  );
}

/** Why a reference names no test: its words have to be in the name of a test, or to be a whole entry of a table. */
function problemOf(reference: string): string | undefined {
  const [file = '', ...words] = reference.split(': ');
  const whole = path.join(tests, file);
  if (!existsSync(whole)) return 'no such file';
  const source = readFileSync(whole, 'utf8').replace(/^\s*(?:\/\*\*|\*|\/\/).*$/gm, '');
  const name = words.join(': ');
  if (name === '') return 'no name';
  const isNamed = textsOf(source, testName).some((each) => each.includes(name));
  return isNamed || textsOf(source, quoted).includes(name) ? undefined : 'no such test';
}

const readme = readFileSync(path.join(tests, '..', 'README.md'), 'utf8');
const sentences = sentencesOf(sectionOf(readme, 'Security'));

test('each sentence of Security is a row of the table, and each row is a sentence', () => {
  assert.deepEqual(sentences.toSorted(), Object.keys(promises).toSorted());
});

test('each promise names at least one test, and each test is there under that name', () => {
  for (const [promise, references] of Object.entries(promises)) {
    assert.ok(references.length > 0, promise);
    for (const reference of references) assert.equal(problemOf(reference), undefined, reference);
  }
});

test('a reference counts only with words of a test in a file that is there', () => {
  assert.equal(problemOf('unit/promises.test.ts: each promise names at least one test'), undefined);
  assert.equal(problemOf('unit/promises.test.ts: each promise names no test'), 'no such test');
  assert.equal(problemOf('unit/promises.test.ts: Paragraphs, bullets'), 'no such test');
  assert.equal(problemOf('unit/missing.test.ts: x'), 'no such file');
  assert.equal(problemOf('unit/promises.test.ts'), 'no name');
});

test('sentences are told apart, wherever they are and however they are marked', () => {
  const markdown = `# T

## Security

First of two
on lines. Second, e.g. This one; with \`a. B\` in it.

| | promised |
|---|---|
| \`a\` | One cell. Another [linked](x.md). |

- **A name.** \`.git\` is code. **Bold** words.
- A bullet
  goes on. \`required\` opens one! 3 is a number.

## Other

Not this.
`;
  assert.deepEqual(sentencesOf(sectionOf(markdown, 'Security')), [
    'First of two on lines.',
    'Second, e.g. This one; with a. B in it.',
    'One cell.',
    'Another linked.',
    '.git is code.',
    'Bold words.',
    'A bullet goes on.',
    'required opens one!',
    '3 is a number.',
  ]);
});
