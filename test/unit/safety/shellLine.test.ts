import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { loadGrammar } from '../../../src/adapters/node/grammarParser.ts';
import { createShellGrammar } from '../../../src/adapters/node/shellGrammar.ts';
import { readShellLine } from '../../../src/safety/shellLine.ts';
import { isSameLine } from '../../../src/safety/shellTree.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import { shellBench } from './shellBench.ts';

const run = promisify(execFile);
const grammar = createShellGrammar({ log: strictLog, load: () => loadGrammar('bash') });
const seed = 20_261_121;

const pieces = [
  ...['a', 'B-1', './x.y', '%2', '--n=1', '@', '+', ':', 'x#y', 'x^', '=', ','],
  ...['é', '文档.md', 'naïve', '🎉', '「a」', 'e\u0301'],
  ...["'a b'", "'$(id) `id` \"'", "''", '"a  b"', '""', '"$"', '"a|b;c&d"', '"a\\"b\\\\c\\$d\\`"', '"a\\b"'],
  ...['"\'"', "'#'", '"!"', '"ü 日"', "'é'"],
  ...['\\ ', '\\\\', '\\"', "\\'", '\\$', '\\;', '\\(', '\\#', '\\*', '\\~', '\\!'],
];
const piece = fc.constantFrom(...pieces);
const word = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
const words = fc.array(word, { minLength: 1, maxLength: 8 });

test('the words of a line are those that bash gives a program', async () => {
  const property = fc.asyncProperty(words, async (all) => {
    const line = `printf '<%s>' ${all.join(' ')}`;
    const [command] = readShellLine(line) ?? [];
    if (command === undefined) return;
    const { stdout } = await run('/bin/bash', ['--noprofile', '--norc', '-c', line], {
      env: { LC_ALL: 'C.UTF-8' },
    });
    assert.equal(
      command.words
        .slice(2)
        .map(({ text }) => `<${text}>`)
        .join(''),
      stdout,
    );
  });
  await fc.assert(property, { seed, numRuns: 60 });
});

test('words of one kind of quoting are the same to the grammar', async () => {
  const single = fc.constantFrom(...pieces.filter((each) => each !== '\\ '));
  const property = fc.asyncProperty(fc.array(single, { minLength: 1, maxLength: 8 }), async (all) => {
    const text = `echo ${all.join(' ')}`;
    const [commands, tree] = [readShellLine(text), await grammar.parse(text)];
    assert.ok(commands && tree && isSameLine(tree, commands), text);
  });
  await fc.assert(property, { seed, numRuns: 100 });
});

test('a line that ends before its last command is not understood', () => {
  for (const text of [
    'ls |',
    'ls &&',
    'ls ||',
    'ls && # x',
    'ls |\npwd',
    'ls &&\n\npwd',
    '>/dev/null\nls',
    'ls | >/dev/null',
    '>/dev/null',
    'ls; 2>&1',
    'ls;;',
    '| ls',
  ])
    assert.equal(readShellLine(text), undefined, text);
});

test('where the grammar sees other words than we do, the line is not understood', async (t) => {
  const bench = await shellBench(t);
  const [command] = readShellLine("echo 'a'\\;b") ?? [];
  assert.deepEqual(
    command?.words.map(({ text }) => text),
    ['echo', 'a;b'],
  );
  assert.ok(!(await bench.isReading("echo 'a'\\;b")));
});

const harmless = fc.constantFrom(
  ...['ls', 'ls -la sub', 'cat file', "grep -n 'a|b' file", 'echo "x y" z', 'pwd', 'wc -l sub/*', 'true'],
  ...[
    'head -n 5 file 2>/dev/null',
    'sort -u file',
    "find . -name '*.ts'",
    "sed -n '1,5p' file",
    'jq .a file',
  ],
);
const forbiddenCommand = fc.constantFrom(
  ...[
    'rm file',
    'ls > out',
    'cat $X',
    'echo $(id)',
    'echo `id`',
    'cat ~/x',
    'ls {a,b}',
    'A=1 ls',
    'cat /etc/passwd',
  ],
  ...[
    'cat ../root-twin/secret',
    'sort -o x file',
    'find . -delete',
    'npm test',
    './file',
    'bash -c ls',
    '(ls)',
  ],
  ...[
    'cat outFile',
    'ls\u200b',
    'ls # a\rid',
    "echo $'a'",
    'cat <<< x',
    'ls &',
    '! ls',
    'rg --pre x y',
    "printf '%n' PATH",
  ],
  ...[
    "sed 's/a/b/e' file",
    'tail -f file',
    'git status',
    'cd / ',
    'uniq file file',
    'ls "a',
    "ls 'a",
    'ls \\\n',
  ],
);
const operator = fc.constantFrom(' && ', ' || ', ' ; ', ' | ', '\n', '&&', '||', '|', ';');

function joined(commands: readonly string[], operators: readonly string[]): string {
  return commands.map((command, index) => (index === 0 ? '' : operators[index - 1]) + command).join('');
}

const line = fc.record({
  commands: fc.array(harmless, { minLength: 1, maxLength: 5 }),
  operators: fc.array(operator, { minLength: 6, maxLength: 6 }),
  forbidden: forbiddenCommand,
  at: fc.nat({ max: 5 }),
});

test('whatever is composed of known parts is read, and with one forbidden part among them never', async (t) => {
  const bench = await shellBench(t);
  const property = fc.asyncProperty(line, async ({ commands, operators, forbidden, at }) => {
    assert.ok(await bench.isReading(joined(commands, operators)), joined(commands, operators));
    const mixed = commands.toSpliced(Math.min(at, commands.length), 0, forbidden);
    assert.ok(!(await bench.isReading(joined(mixed, operators))), JSON.stringify(joined(mixed, operators)));
  });
  await fc.assert(property, { seed, numRuns: 200 });
});

test('one character that is not known to be harmless, anywhere outside of quotes, is enough', async (t) => {
  const bench = await shellBench(t);
  const forbidden = fc.constantFrom(
    ...'$`(){}[]<>&~!',
    '\0',
    '\r',
    '\u200b',
    '\u00a0',
    '\u202e',
    '\u3000',
    '\u2028',
    '\u0085',
    '\ufe0f',
    '\u200d',
    '\u2800',
    '\u3164',
    '\u{e0041}',
    '\\\n',
    '\x1b',
  );
  const base = 'cat file && echo done ; ls -l sub | wc -l';
  const property = fc.asyncProperty(forbidden, fc.nat({ max: base.length }), async (character, at) => {
    const changed = base.slice(0, at) + character + base.slice(at);
    // A mark alone after a command is a word like any other.
    if (character === '!' || (character === '&' && base[at] === '&') || base[at - 1] === '&') return;
    assert.ok(!(await bench.isReading(changed)), JSON.stringify(changed));
  });
  await fc.assert(property, { seed, numRuns: 300 });
});

test('K21: unquoted words beyond ASCII are read as bash reads them', async (t) => {
  const bench = await shellBench(t);
  await writeFile(path.join(bench.root, '文档.md'), '');
  await writeFile(path.join(bench.root, 'cafe\u0301.txt'), '');
  await symlink('../root-twin/secret', path.join(bench.root, 'ö.md'));
  for (const text of [
    'cat 文档.md',
    'ls é',
    'cat sub/naïve.txt',
    'grep -n größe 文档.md',
    'cat café*',
    'wc -l *.md 🎉',
  ])
    assert.equal(await bench.isReading(text), !text.includes('*.md'), text);
  for (const text of [
    'cat ö.md',
    'cat ö*',
    'cat \u0301',
    'ls é\u00a0x',
    'ls \u3000',
    'cat 文\u200b档',
    'rm é',
    'é',
    'cat $é',
  ])
    assert.ok(!(await bench.isReading(text)), JSON.stringify(text));
});

test('K21: on macOS a letter whose bytes may be blanks has to be quoted', () => {
  for (const text of ['ls à', 'ls 栅', 'cat ąŠ'])
    assert.deepEqual(
      [readShellLine(text, 'darwin'), readShellLine(text, 'linux')?.length],
      [undefined, 1],
      text,
    );
  assert.ok(readShellLine("ls é 'à'", 'darwin'));
});
