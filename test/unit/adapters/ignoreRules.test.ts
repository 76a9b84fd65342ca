/** K9: rules of `.gitignore` files mean what git makes of them. `ignoreRandom.test.ts` compares with git itself. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ignoring, parseIgnoreRules } from '../../../src/adapters/node/ignoreRules.ts';

/** Paths with a slash at their end are folders. */
const rules: readonly (readonly [
  mark: string,
  text: string,
  ignored: readonly string[],
  not: readonly string[],
])[] = [
  ['K9 9a', 'build/', ['build/', 'a/build/'], ['build', 'scripts/build']],
  ['K9 9a', 'env/', ['env/'], ['env', 'a/env']],
  ['K9 9b', 'a/**/', ['a/b/', 'a/b/c/'], ['a/f.txt', 'a/', 'a/b/f.txt']],
  ['a name at any depth', '*.log', ['x.log', 'a/b/x.log', 'a.log/'], ['x.log1']],
  ['a slash in front', '/x', ['x'], ['a/x']],
  ['a slash inside', 'a/x', ['a/x'], ['b/a/x']],
  ['a star stays in a folder', 'a/*', ['a/x', 'a/y/'], ['a/y/z', 'a/']],
  ['two stars in front', '**/x', ['x', 'a/b/x'], ['ax']],
  ['two stars at the end', 'a/**', ['a/x', 'a/b/c'], ['a', 'a/']],
  ['two stars between', 'a/**/b', ['a/b', 'a/x/y/b'], ['a/xb']],
  ['two stars behind a name act as folders', 'a**/b', ['a/b', 'ax/y/b'], ['xa/b']],
  ['two stars before a name act as one', '**b/x', ['ab/x'], ['a/b/x']],
  ['the last rule counts', '*.log\n!keep.log', ['a.log'], ['keep.log', 'a/keep.log']],
  ['an exception that is ignored again', '!a\na', ['a'], ['b']],
  ['an escaped exclamation mark', '\\!a', ['!a'], ['a']],
  ['an escaped number sign', '\\#a\n#b', ['#a'], ['b', '#b']],
  ['blanks at the end', 'a  \nb\\ \nc\\\\ ', ['a', 'b ', 'c\\'], ['b', 'c', 'c ']],
  ['a tab at the end', 'a\t', ['a\t'], ['a']],
  ['lines of Windows', 'a\r\nb/\r\n', ['a', 'b/'], ['b']],
  ['a byte order mark', '\ufeffa', ['a'], []],
  ['a class', '[a-c]x', ['ax'], ['dx', '[a-c]x']],
  ['a bracket in a class', '[]a]', [']', 'a'], ['b']],
  ['a class with escapes', '[\\]\\-]', [']', '-'], ['\\']],
  ['a negated class', '[!a]', ['b'], ['a']],
  ['a negated class of another kind', '[^a]', ['b', '^'], ['a']],
  ['a named class', '[[:digit:][:upper:]]', ['1', 'A'], ['a', ':']],
  ['a class without an end', '[a', [], ['[a', 'a']],
  ['an unknown class', '[[:word:]]', [], ['w', ':']],
  ['a backslash at the end', 'a\\', [], ['a', 'a\\']],
  ['bytes, not characters', '?', ['a'], ['é']],
  ['two bytes', '??', ['é', 'ab'], ['a']],
  ['names beyond ASCII', 'é*', ['éa'], ['e\u0301']],
  ['nothing of a line', '\n  \n/\n!\n', [], ['a', ' ', '/', '!']],
  ['K9', 'a\nb', ['a', 'b'], ['A']],
];

for (const [mark, text, ignored, not] of rules)
  test(`${mark}: ${JSON.stringify(text)} ignores what git ignores`, () => {
    for (const path of ignored) assert.ok(isIgnored(path, text), path);
    for (const path of not) assert.ok(!isIgnored(path, text), path);
  });

test('a repository that ignores case has its rules so too', () => {
  for (const path of ['Build/', 'BUILD/X', 'a.LOG'])
    assert.ok(isIgnored(path, 'build/\nbuild/x\n*.log', true), path);
  assert.ok(isIgnored('q', '[A-Z]', true));
  assert.ok(!isIgnored('q', '[Q]', true), 'git does not fold a single character of a class');
});

test('rules of a deeper file count before those above, with paths of its own folder', () => {
  const outer = file('', '*.a\nsub/b');
  const inner = { ...file('sub/', '!x.a\n/c'), outer };
  const by = (path: string): string | undefined => ignoring(path, false, inner)?.source;
  assert.equal(by('sub/x.a'), undefined);
  assert.equal(by('sub/y.a'), ' .gitignore');
  assert.equal(by('sub/b'), ' .gitignore');
  assert.equal(by('sub/c'), 'sub/ .gitignore');
});

test('rules that would cost a regular expression ages are applied at once', { timeout: 10_000 }, () => {
  assert.ok(!isIgnored('a'.repeat(255), `${'*a'.repeat(60)}*b`));
  assert.ok(!isIgnored('a/'.repeat(500), `${'**/a*/'.repeat(50)}b`));
});

function isIgnored(path: string, text: string, ignoresCase = false): boolean {
  const isFolder = path.endsWith('/');
  return ignoring(path.replace(/\/$/, ''), isFolder, file('', text, ignoresCase)) !== undefined;
}

function file(base: string, text: string, ignoresCase = false) {
  const source = `${base} .gitignore`;
  return { source, base, rules: parseIgnoreRules(text, ignoresCase), ignoresCase, outer: undefined };
}
