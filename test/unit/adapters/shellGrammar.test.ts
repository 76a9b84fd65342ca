import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadGrammar } from '../../../src/adapters/node/grammarParser.ts';
import { createShellGrammar, type ParseLine } from '../../../src/adapters/node/shellGrammar.ts';
import { strictLog } from '../../fixtures/memorySession.ts';

test('the grammar is loaded with the first line that is parsed, and once', async () => {
  let loads = 0;
  const root = { type: 'program', isNamed: true, start: 0, end: 0, children: [] };
  const load = (): Promise<ParseLine> => {
    loads += 1;
    return Promise.resolve(() => root);
  };
  const grammar = createShellGrammar({ log: strictLog, load });
  assert.equal(loads, 0);
  const both = [grammar.parse('ls'), grammar.parse('ls')];
  assert.deepEqual([await both[0], await both[1]], [root, root]);
  assert.equal(loads, 1);
});

test('a grammar that can not be loaded knows no line, says so in the log and throws nothing', async () => {
  const warnings: string[] = [];
  const log = { warn: (message: string) => void warnings.push(message) };
  const load = (): Promise<ParseLine> => Promise.reject(new Error('no such file'));
  const grammar = createShellGrammar({ log, load });
  assert.equal(await grammar.parse('ls'), undefined);
  assert.equal(await grammar.parse('ls'), undefined);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /could not be loaded.*no such file/);
});

test('a parser that breaks knows nothing of that line', async () => {
  const warnings: string[] = [];
  const log = { warn: (message: string) => void warnings.push(message) };
  const load = (): Promise<ParseLine> =>
    Promise.resolve(() => {
      throw new Error('out of memory');
    });
  assert.equal(await createShellGrammar({ log, load }).parse('ls'), undefined);
  assert.match(warnings.join(), /out of memory/);
});

test('each language is parsed with a grammar of its own', async () => {
  const [bash, powerShell] = (['bash', 'powershell'] as const).map((language) =>
    createShellGrammar({ log: strictLog, load: () => loadGrammar(language) }),
  );
  assert.ok(await bash?.parse('for f in a; do ls; done'));
  assert.equal(await powerShell?.parse('for f in a; do ls; done'), undefined);
  assert.ok(await powerShell?.parse('foreach ($f in 1) { ls }'));
  assert.equal(await bash?.parse('foreach ($f in 1) { ls }'), undefined);
});

test('a line with a fault, and one that is too long, too large or too deep, has no tree', async () => {
  const grammar = createShellGrammar({ log: strictLog, load: () => loadGrammar('bash') });
  for (const line of ['ls -la | wc', `${'( '.repeat(20)}ls${' )'.repeat(20)}`])
    assert.equal((await grammar.parse(line))?.type, 'program', line);
  for (const line of [
    'ls "a',
    'if true',
    'ls )',
    `ls ${'a'.repeat(10_000)}`,
    'a;'.repeat(4000),
    `${'( '.repeat(70)}ls${' )'.repeat(70)}`,
  ])
    assert.equal(await grammar.parse(line), undefined, line.slice(0, 20));
});
