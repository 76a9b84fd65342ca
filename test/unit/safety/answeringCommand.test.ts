import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadGrammar } from '../../../src/adapters/node/grammarParser.ts';
import { createShellGrammar } from '../../../src/adapters/node/shellGrammar.ts';
import { answersWithOne } from '../../../src/safety/answeringCommand.ts';
import { strictLog } from '../../fixtures/memorySession.ts';

const grammar = createShellGrammar({ log: strictLog, load: () => loadGrammar('bash') });

const answers = [
  'grep x f',
  'grep -rn "$X" $(ls) # none',
  'LC_ALL=C egrep x f 2>/dev/null',
  'rg x',
  'diff -u a b',
  'diff <(sort a) <(sort b)',
  'cmp a b > out',
  'test -f a',
  '[ -f a ]',
  '[[ -f a && -f b ]]',
  'pgrep server',
  'command grep x f',
  '! grep -q x f',
  '(grep x f)',
  'cat f | sort | grep x',
  'grep x <<< "$text"',
  'test -f a && grep x a',
  'npm test || grep x log',
  'git grep x',
  'git -C api diff --quiet',
  'git --no-pager diff --no-index a b',
  'git diff --exit-code HEAD',
  'git merge-base --is-ancestor a b',
  'git check-ignore x',
  'git config --get user.name',
  'git show-ref --verify -q refs/heads/x',
];

const failures = [
  'npm test',
  'false',
  'exit 1',
  'make | tee log',
  'grep x f | sort',
  'grep x f && npm test',
  'npm test && grep x f',
  'cd sub && grep x f',
  'grep x f || npm test',
  'grep x f; npm test',
  'set -e; npm test; grep x f',
  'grep x f &',
  'if grep x f; then exit 1; fi',
  'bash -c "grep x f"',
  'xargs grep x',
  './grep x f',
  '$GREP x f',
  'git diff',
  'git commit -m diff',
  'git commit --quiet',
  'git stash',
  '! npm test',
  'find . -name x',
  'ls nowhere',
];

async function isAnswer(line: string): Promise<boolean> {
  const tree = await grammar.parse(line);
  assert.ok(tree, line);
  return answersWithOne(line, tree);
}

test('K21: exit code 1 of a command that asks a question is an answer', async () => {
  for (const line of answers) assert.equal(await isAnswer(line), true, line);
});

test('K21: exit code 1 of every other command is a failure', async () => {
  for (const line of failures) assert.equal(await isAnswer(line), false, line);
});
