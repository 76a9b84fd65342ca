/** K10: one dialect of globs for list_files and search_text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileGlob, type Glob, type GlobOptions } from '../../../src/adapters/node/globPattern.ts';

function globOf(text: string, options?: GlobOptions): Glob {
  const glob = compileGlob(text, options);
  assert.ok(glob.kind === 'glob', text);
  return glob;
}

/** What a glob finds, and what not. */
const globs: readonly (readonly [
  mark: string,
  glob: string,
  found: readonly string[],
  not: readonly string[],
])[] = [
  ['a star stays in a folder', '*', ['a', '.hidden', 'é'], ['a/b']],
  ['a star in a name', 'src/*.ts', ['src/a.ts', 'src/.ts'], ['src/a.tsx', 'src/b/a.ts', 'a.ts']],
  ['two stars', '**/*.ts', ['a.ts', 'b/a.ts', 'b/c/a.ts'], ['a.tsx', 'ts']],
  ['two stars at the end', 'src/**', ['src/a', 'src/b/c'], ['src', 'srcs/a']],
  ['two stars in the middle', 'a/**/b', ['a/b', 'a/x/b', 'a/x/y/b', 'a/b/b'], ['a/x', 'b']],
  ['two stars in a name', 'a**c', ['ac', 'abc'], ['a/c']],
  ['a question mark', '?.ts', ['a.ts', 'é.ts', '😀.ts'], ['ab.ts', '.ts', '/.ts']],
  ['a class', '[a-c]x', ['ax', 'cx', '[a-c]x'], ['dx', 'x']],
  ['a negated class', '[!a-c]', ['d'], ['a', '/']],
  ['a named class', 'v[[:digit:]]', ['v1'], ['va']],
  ['braces', '*.{ts,js}', ['a.ts', 'a.js'], ['a.css', 'a.{ts,js}x']],
  ['braces in braces', '{a,b{1,2}}.{c,d}', ['a.c', 'b1.d', 'b2.c'], ['b.c', 'b{1,2}.c']],
  ['an empty part of braces', 'a{,.min}.js', ['a.js', 'a.min.js'], ['a.js.js']],
  [
    'braces without a comma are a name',
    '{{cookiecutter.slug}}/*.py',
    ['{{cookiecutter.slug}}/a.py'],
    ['cookiecutter.slug/a.py'],
  ],
  ['braces with a folder', '{src,lib}/**/*.ts', ['src/a.ts', 'lib/b/a.ts'], ['test/a.ts']],
  [
    'K10 10a',
    'app/[id]/(group)/page.tsx',
    ['app/[id]/(group)/page.tsx', 'app/d/(group)/page.tsx'],
    ['app/id/group/page.tsx'],
  ],
  [
    'K10 10a',
    'app/[[...slug]]/*.tsx',
    ['app/[[...slug]]/page.tsx'],
    ['app/[[...slug]]/a/page.tsx', 'app/x/page.tsx'],
  ],
  ['K10 10a', '**/(group)/**', ['(group)/a', 'a/b/(group)/c/d'], ['group/a', '(group)']],
  ['K10 10a', 'app/@modal/(.)photo/*', ['app/@modal/(.)photo/p.tsx'], ['app/modal/photo/p.tsx']],
  ['K10 10a', 'routes/+page.svelte', ['routes/+page.svelte'], ['routes/page.svelte']],
  ['K10 10b', 'app/[id]/**', ['app/[id]/a', 'app/[id]/b/c'], ['app/ab/c']],
  ['K10 10c', '!*.test.ts', ['a.ts', 'b/a.ts'], ['a.test.ts']],
  ['K10 10c', '*.ts,!*.test.ts', ['a.ts'], ['a.test.ts', 'a.js']],
  ['K10 10c', '!src/**', ['a', 'b/c'], ['src/a']],
  ['K10 10d', '*.ts,*.tsx', ['a.ts', 'a.tsx'], ['a.js']],
  ['K10 10d', ' *.ts , src/*.css,', ['a.ts', 'src/a.css'], ['a.css']],
  ['a comma in a name', 'a,b.csv', ['a,b.csv', 'a', 'b.csv'], ['c.csv']],
  ['an escaped comma', 'a\\,b', ['a,b'], ['a', 'b']],
  ['K10 10f', 'src', ['src', 'src/a', 'src/b/c'], ['lib/src/a', 'srcs']],
  ['K10 10f', 'src/', ['src/a', 'src/b/c'], ['src', 'lib/a']],
  ['K10 10f', 'src\\*.tsx', ['src/a.tsx', 'src*.tsx'], ['a.tsx', 'src/b/a.tsx']],
  ['K10 10f', 'src\\**\\*.tsx', ['src/a.tsx', 'src/b/a.tsx'], ['a.tsx']],
  ['escaped brackets', 'app/\\[id\\]/\\(g\\)/*', ['app/[id]/(g)/a'], ['app/i/(g)/a']],
  [
    'a folder at the end of braces',
    'packages/{a,b}/src',
    ['packages/a/src/x', 'packages/b/src'],
    ['packages/c/src/x'],
  ],
  ['folders at any depth', '**/test', ['test/a', 'a/test/b/c', 'a/test'], ['tests/a']],
  ['folders by a star', 'packages/*/', ['packages/a/b', 'packages/a/b/c'], ['packages/a']],
  ['the folder itself', '.', ['a', 'a/b'], []],
  ['a beginning with a dot', './src//*.ts', ['src/a.ts'], ['a.ts']],
  ['a colon', 'include:a', ['include:a'], ['a']],
  ['a class without an end is a name', 'a[b', ['a[b'], ['ab']],
  ['K21', 'caf\u00e9*', ['caf\u00e9.txt', 'cafe\u0301.txt'], ['cafe.txt']],
  [
    'K21',
    'Screenshot 9.41 PM.png',
    ['Screenshot 9.41\u202fPM.png', 'Screenshot\u00a09.41 PM.png'],
    ['Screenshot 9.41PM.png'],
  ],
];

for (const [mark, glob, found, not] of globs)
  test(`${mark}: ${glob} finds what it says`, () => {
    const { matches, mayMatchIn } = globOf(glob);
    for (const path of found) assert.ok(matches(path), path);
    for (const path of not) assert.ok(!matches(path), path);
    for (const path of found)
      for (let at = path.lastIndexOf('/'); at !== -1; at = path.lastIndexOf('/', at - 1))
        assert.ok(mayMatchIn(path.slice(0, at)), `${path} is below ${path.slice(0, at)}`);
  });

const names: typeof globs = [
  ['a name at any depth', '*.ts', ['a.ts', 'b/c/a.ts'], ['a.js']],
  ['K10 10c', '!*.test.ts', ['b/a.ts'], ['b/a.test.ts']],
  ['K10 10d', '*.ts,*.tsx', ['b/a.tsx', 'a.ts'], ['a.js']],
  ['K10 10f', 'src', ['src/a', 'lib/src/a'], ['a/srcs']],
  ['K10 10f', 'src/', ['src/a', 'lib/src/a'], ['src']],
  ['with a slash it is a path', 'src/*.ts', ['src/a.ts'], ['lib/src/a.ts']],
  ['a dot is a path', './*.ts', ['a.ts'], ['b/a.ts']],
];

for (const [mark, glob, found, not] of names)
  test(`${mark}: ${glob} of names finds what it says`, () => {
    const { matches } = globOf(glob, { isForNames: true });
    for (const path of found) assert.ok(matches(path), path);
    for (const path of not) assert.ok(!matches(path), path);
  });

test('a walk goes only where a glob may match', () => {
  const into = (glob: string, folder: string): boolean => globOf(glob).mayMatchIn(folder);
  assert.deepEqual(
    ['', 'src', 'src/a', 'lib', 'src/a/b'].map((folder) => into('src/*/x.ts', folder)),
    [true, true, true, false, false],
  );
  assert.ok(into('src', 'src/a/b'), 'all in a folder that is named');
  assert.ok(!into('*', 'src'));
  assert.ok(into('!a', 'src'));
});

test('the beginning of a glob is what could be names, also with brackets', () => {
  const beginning = (glob: string): readonly string[] => globOf(glob).beginning;
  assert.deepEqual(beginning('app/[id]/(group)/*.tsx'), ['app', '[id]', '(group)']);
  assert.deepEqual(beginning('app/\\[id\\]/*'), ['app']);
  assert.deepEqual(beginning('src/{a,b}/c'), ['src']);
  assert.deepEqual(beginning('src/a.ts,src/b.ts'), ['src']);
  assert.deepEqual(beginning('**/x'), []);
});

test('K10 10g: what is no glob of a folder is refused with the right form', () => {
  for (const glob of [
    '/etc/*',
    'C:\\src\\*.ts',
    'c:/src/*',
    '\\\\host\\share\\*',
    '\\src\\*',
    '../*',
    'a/../b',
    '{..,a}/*',
    'a\\..\\b',
  ])
    assert.match(problemOf(glob), /^The pattern must be relative to its folder/, glob);
  assert.match(problemOf('!'), /says nothing behind "!"/);
  assert.match(problemOf('!!a'), /one "!" alone/);
  assert.match(problemOf('a\0b'), /NUL/);
  assert.match(problemOf('a'.repeat(1001)), /longer than 1000/);
  assert.match(problemOf('{a,b}'.repeat(10)), /too many patterns/);
});

function problemOf(text: string): string {
  const glob = compileGlob(text);
  assert.ok(glob.kind === 'problem', text);
  return glob.message;
}

test('a glob that would cost a regular expression ages is matched at once', { timeout: 10_000 }, () => {
  assert.ok(!globOf(`${'*a'.repeat(60)}*b`).matches('a'.repeat(255)));
  assert.ok(!globOf('**/a/'.repeat(50) + 'b').matches('a/'.repeat(500) + 'c'));
  assert.ok(!globOf(`${'[a-z]*'.repeat(50)}!`).matches('a'.repeat(255)));
});
