import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadGrammar } from '../../../src/adapters/node/grammarParser.ts';
import { createShellGrammar } from '../../../src/adapters/node/shellGrammar.ts';
import type { ShellNode } from '../../../src/core/shell.ts';
import { powerShellPath } from '../../../src/safety/powerShellPath.ts';
import { readPowerShellLine, type PowerShellCommand } from '../../../src/safety/powerShellLine.ts';
import { isSamePowerShell } from '../../../src/safety/powerShellTree.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import { shellBench } from './shellBench.ts';

const grammar = createShellGrammar({ log: strictLog, load: () => loadGrammar('powershell') });
const seed = 20_261_121;

function read(line: string): string[] | undefined {
  return readPowerShellLine(line)?.map(
    ({ isPiped, words }) =>
      (isPiped ? '| ' : '') + words.map(({ kind, text }) => `${kind}:${text}`).join(' '),
  );
}

test('words, strings and numbers are told apart, and commands by what stands between them', () => {
  assert.deepEqual(read(`ls -Force 'it''s' "a;|b" 12 .\\a*b\n\ncd x ;gc y| sort;`), [
    "name:ls parameter:-Force quoted:it's quoted:a;|b number:12 name:.\\a*b",
    'name:cd name:x',
    'name:gc name:y',
    '| name:sort',
  ]);
});

test('a line over one of the limits is not understood', () => {
  assert.ok(readPowerShellLine(`echo ${'a'.repeat(9_995)}`));
  assert.ok(readPowerShellLine(`echo${' a'.repeat(499)}`));
  for (const text of [`echo ${'a'.repeat(9_996)}`, `echo${' a'.repeat(500)}`])
    assert.equal(readPowerShellLine(text), undefined);
});

test('our own reading refuses without the grammar what is no literal word', () => {
  const lines = [
    ...[
      'gc "$x"',
      'gc "a$(b)"',
      'gc "a`"',
      'gc "a`$b"',
      'gc `a',
      'gc a`',
      'gc $x',
      'gc a$x',
      'gc @x',
      'gc a@b',
      'gc (a)',
    ],
    ...[
      "gc 'a'b",
      'gc "a"b',
      "gc a'b'",
      'gc a"b"',
      'gc \'a\'"b"',
      'gc "a""b"',
      "gc 'a",
      'gc "a',
      "gc -a'b'",
      'gc 5"a"',
    ],
    ...[
      'ls |',
      'ls | ',
      'ls |\n',
      'ls |\nls',
      '| ls',
      'ls | | ls',
      'ls | ; ls',
      ';',
      ';ls',
      'ls;;ls',
      '',
      '\n',
    ],
    ...[
      'gc .5',
      'gc 5kb',
      'gc 0x5',
      'gc 1.5',
      'gc 1e5',
      'gc -5',
      'gc +5',
      'gc 5a',
      'gc 1234567890',
      'gc =a',
      'gc -',
    ],
    ...[
      'gc --',
      'gc --%',
      'gc -a:b',
      'gc -a-b',
      'gc -a5',
      'gc a,b',
      'gc a, b',
      'gc ,a',
      'gc a;,b',
      'gc a:b',
      'gc a::b',
    ],
    ...[
      'ls > a',
      'ls 2>&1',
      'ls < a',
      'ls & a',
      'ls && a',
      'ls || a',
      'ls # a',
      'ls <# a #>',
      '#a',
      'ls {a}',
      'ls [a]',
    ],
    ...[
      "gc 'a\nb'",
      'gc "a\nb"',
      'gc ’a’',
      "gc 'a’b'",
      'gc "a”b"',
      'gc –a',
      'gc a—b',
      'gc\ta',
      'ls\r\nls',
      'gc é',
      'gc ~',
    ],
  ];
  for (const text of lines) assert.equal(readPowerShellLine(text), undefined, JSON.stringify(text));
});

test('a drive is part of a word, and any other colon is not', () => {
  assert.deepEqual(read('gc C:\\a\\b.ts D:/x'), ['name:gc name:C:\\a\\b.ts name:D:/x']);
  for (const line of ['gc a:b', 'gc C:x', 'gc C:', 'gc ab:/x', 'gc -a:b', 'gc x/C:/y', 'ls a::b'])
    assert.equal(read(line), undefined, line);
});

const pieces = [
  ...[
    'a',
    'b-1',
    './x.y',
    '.\\sub\\file',
    '*.ts',
    'a?b',
    'x=y',
    'a+b',
    '..',
    '.',
    '..\\x',
    '_x',
    'C:\\a\\b',
    '.git',
  ],
  ...['return', 'if', 'foreach', 'function', 'in', 'true', 'null', 'Inf', 'NaN', 'e5', 'xor'],
  ...[
    "'a b'",
    "''",
    "'it''s'",
    '\'$(x) `y` "z" #\'',
    '""',
    '"a  b"',
    '"a;b|c&d"',
    '"it\'s"',
    "'ü 日'",
    '"{a}(b)[c]@d"',
  ],
  ...['-Path', '-Force', '-TotalCount', '-eq', '0', '5', '007', '123456789'],
];
const words = fc.array(fc.constantFrom(...pieces), { minLength: 0, maxLength: 6 });
const command = words.map((all) => ['Get-ChildItem', ...all].join(' '));
const operator = fc.constantFrom(' | ', '|', ' ; ', ';', '\n', '\n\n', '  ;\n');
const line = fc
  .tuple(
    fc.array(command, { minLength: 1, maxLength: 4 }),
    fc.array(operator, { minLength: 4, maxLength: 4 }),
  )
  .map(([commands, operators]) =>
    commands.map((each, index) => (index === 0 ? '' : operators[index]) + each).join(''),
  );

test('whatever is composed of known words is the same to the grammar', async () => {
  const property = fc.asyncProperty(line, async (text) => {
    const [commands, tree] = [readPowerShellLine(text), await grammar.parse(text)];
    assert.ok(commands && tree && isSamePowerShell(tree, commands), JSON.stringify(text));
  });
  await fc.assert(property, { seed, numRuns: 400 });
});

// What PowerShell can do beyond literal words; each of these must be enough, wherever it stands.
const syntax = fc.constantFrom(
  ...[
    '$',
    '`',
    '@',
    '(',
    ')',
    '{',
    '}',
    '&',
    '<',
    '>',
    '#',
    ',',
    '[',
    ']',
    ':',
    '!',
    '%',
    '^',
    '~',
    '"',
    "'",
  ],
  ...[
    '\t',
    '\r',
    '\0',
    '\x1b',
    '\u00a0',
    '\u0085',
    '\u200b',
    '\u2013',
    '\u2018',
    '\u201c',
    '\u2028',
    '\u202e',
    'é',
    '٣',
  ],
  ...['--%', '<#', '$(', '@(', '&&', '||', '::', '. ', '""', "''"],
);

test('one sign that means something to PowerShell, anywhere outside of quotes, is enough to ask', async (t) => {
  const bench = await shellBench(t, { language: 'powershell' });
  const base = 'Get-Content file -TotalCount 5 | sort -Unique ; ls -Force sub | measure';
  assert.ok(await bench.isReading(base));
  const property = fc.asyncProperty(syntax, fc.nat({ max: base.length }), async (sign, at) => {
    const changed = base.slice(0, at) + sign + base.slice(at);
    assert.ok(!(await bench.isReading(changed)), JSON.stringify(changed));
  });
  await fc.assert(property, { seed, numRuns: 500 });
});

const leaf = (type: string, start: number, end: number, isNamed = true): ShellNode => ({
  type,
  isNamed,
  start,
  end,
  children: [],
});
const node = (type: string, ...children: ShellNode[]): ShellNode => ({
  type,
  isNamed: true,
  start: children[0]?.start ?? 0,
  end: children.at(-1)?.end ?? 0,
  children,
});
const separator = leaf('command_argument_sep', 2, 3);

function programOf(...chain: ShellNode[]): ShellNode {
  return node('program', node('statement_list', node('pipeline', node('pipeline_chain', ...chain))));
}

test('where the grammar sees anything else than our words, the line is not understood', () => {
  const commands = readPowerShellLine('gc file') as readonly PowerShellCommand[];
  const name = leaf('command_name', 0, 2);
  const withWord = (...words: ShellNode[]): ShellNode =>
    programOf(node('command', name, node('command_elements', separator, ...words)));
  const word = leaf('generic_token', 3, 7);
  assert.ok(isSamePowerShell(withWord(word), commands));
  const others: Record<string, ShellNode> = {
    'an expression in a word': withWord(node('generic_token', leaf('sub_expression', 3, 7))),
    'a variable': withWord(leaf('variable', 3, 7)),
    'a parameter': withWord(leaf('command_parameter', 3, 7)),
    'a string': withWord(node('array_literal_expression', leaf('verbatim_string_characters', 3, 7))),
    'two words': withWord(leaf('generic_token', 3, 5), leaf('generic_token', 5, 7)),
    'a longer word': withWord(leaf('generic_token', 3, 8)),
    'a later word': withWord(leaf('generic_token', 4, 7)),
    'no word': programOf(node('command', name)),
    'a redirection': withWord(word, leaf('redirection', 7, 9)),
    'an operator': withWord(leaf('generic_token', 3, 7, false)),
    'an operator before the command': programOf(
      node('command', leaf('command_invokation_operator', 0, 1), name),
    ),
    'a name that is computed': programOf(
      node(
        'command',
        node('command_name', leaf('variable', 0, 2)),
        node('command_elements', separator, word),
      ),
    ),
    'an assignment': node(
      'program',
      node('statement_list', node('pipeline', leaf('assignment_expression', 0, 7))),
    ),
    'a function': node('program', node('statement_list', leaf('function_statement', 0, 7))),
    'parameters of a script': node('program', leaf('param_block', 0, 0), withWord(word)),
    'a wrapper around more': withWord(
      node('array_literal_expression', leaf('generic_token', 3, 7), leaf('variable', 7, 9)),
    ),
    'a wrapper around a word and something without length': withWord(
      node('array_literal_expression', word, leaf('sub_expression', 7, 7)),
    ),
    'a pipe into it': programOf(
      node('command', leaf('command_name', 0, 0)),
      leaf('|', 0, 0, false),
      node('command', name, node('command_elements', separator, word)),
    ),
  };
  for (const [what, tree] of Object.entries(others)) assert.ok(!isSamePowerShell(tree, commands), what);
});

test('piped or not is a difference', () => {
  const [piped, apart] = ['ls | gc', 'ls ; gc'].map((text) => readPowerShellLine(text) ?? []);
  const [first, second] = [
    node('command', leaf('command_name', 0, 2)),
    node('command', leaf('command_name', 5, 7)),
  ];
  const tree = programOf(first, leaf('|', 3, 4, false), second);
  assert.ok(isSamePowerShell(tree, piped ?? []));
  assert.ok(!isSamePowerShell(tree, apart ?? []));
  assert.ok(!isSamePowerShell(programOf(first), apart ?? []));
  assert.ok(!isSamePowerShell(programOf(first, leaf('&&', 3, 4, false), second), piped ?? []));
});

test('without a tree, or with one of another line, nothing counts as reading', async (t) => {
  for (const tree of [undefined, await grammar.parse('ls -Force')]) {
    const bench = await shellBench(t, {
      language: 'powershell',
      grammar: { parse: () => Promise.resolve(tree) },
    });
    assert.ok(!(await bench.isReading('ls')));
  }
});

test('a path on a drive counts only where the system has drives, and no other root counts at all', () => {
  assert.equal(powerShellPath('C:\\a\\b'), process.platform === 'win32' ? 'C:/a/b' : undefined);
  assert.equal(powerShellPath('a\\b\\..\\c'), 'a/b/../c');
  for (const named of [
    '\\a',
    '/a',
    'C:a',
    '\\\\a\\b',
    '//a/b',
    'env:a',
    'a`b',
    'a[b]',
    '~',
    'a.',
    'a /b',
    ' a',
    'a:b',
    'C:\\a:b',
    'C:\\a:$DATA',
    '',
    'a\u0000',
  ])
    assert.equal(powerShellPath(named), undefined, named);
});
