/** Arguments of git that a model glued together. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planGit } from '../../../src/safety/gitHardening.ts';

const glued: readonly (readonly [string, readonly string[], string])[] = [
  ['K7 7d', ['log -5'], 'Give the arguments one item each: ["log", "-5"].'],
  ['K7 7d', ['git', 'status'], 'Give the arguments one item each, without "git": ["status"].'],
  [
    'a whole line',
    ['git log --oneline'],
    'Give the arguments one item each, without "git": ["log", "--oneline"].',
  ],
  ['its name alone', ['git'], 'Give the arguments one item each, without "git": [].'],
  [
    'a refused option with its value',
    ['branch', '-d x'],
    'Give the arguments one item each: ["branch", "-d", "x"].',
  ],
  ['a line with quotes', ['log --grep "a b"'], 'Give the arguments one item each: ["log", "-n", "5"].'],
];

for (const [what, args, message] of glued)
  test(`${what}: ${JSON.stringify(args)} is told to be one item each`, () => {
    const planned = planGit(args);
    assert.equal(planned.ok ? 'planned' : planned.error.message, message);
  });

test('an item with blanks that git takes is left alone', () => {
  for (const args of [
    ['log', '--format=%h %s'],
    ['grep', 'two words'],
    ['log', '-Sold text'],
    ['show', 'HEAD:a b'],
  ])
    assert.ok(planGit(args).ok, args.join(' '));
});

test('a command that only looks like one is refused for what it is', () => {
  const planned = planGit(['gitk --all']);
  assert.match(planned.ok ? '' : planned.error.message, /gitk --all is not allowed here/);
});
