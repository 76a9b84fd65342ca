/** K9: what is listed of random trees is what git lists of them. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { rulesAround } from '../../../src/adapters/node/ignoreSources.ts';
import { diskOf } from '../../../src/adapters/node/walkDisk.ts';
import { walkTree, type WalkedEntry } from '../../../src/adapters/node/walkTree.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const trees = 300;
const { signal } = new AbortController();

const entryNames = [
  ...['a', 'b', 'ab', 'abc', 'B', '1', '-', 'x.o', 'a.log', 'build', 'env', 'foo', 'bar', '.hid', 'é', 'a b'],
  ...['[id]', '(g)', 'a]', '^x', '!n', '#c', 'foo!', 'a*b', 'c\\d'],
];
const patternNames = [
  ...['a', 'b', 'ab', 'B', 'build', 'env', 'foo', 'bar', '.hid', 'é', 'a b', '(g)', '#c', '!n', '[id]'],
  ...['*', '**', '?', '??', '*.o', '*.log', '.*', 'a*', '*b', 'a**', '**b', 'x?o', '*é*'],
  ...[
    '[ab]',
    '[!a]',
    '[^b]',
    '[a-c]*',
    '[0-9]',
    '[]a]',
    '[!]a]',
    '[é]',
    '[^x',
    '[b-',
    '[',
    '[\\]a]',
    '[a\\-c]',
  ],
  ...[
    '[[:alpha:]]',
    '[[:digit:][:alpha:]]',
    '[[:bad:]]',
    '\\[id\\]',
    '\\!n',
    '\\#c',
    'a\\*b',
    'c\\\\d',
    'a\\',
  ],
];
const oddLines = ['', '# c', '  ', '/', '!', '//', '**/', '/**', '!*/'];
const lineEnds = [' ', '  ', '\\ ', '\t', '\r'];

/** A source of chances that gives the same for the same seed. */
class Chance {
  private state: number;

  constructor(seed: number) {
    // Seeds that follow each other give nothing alike.
    this.state = Math.imul(seed, 2_654_435_761) >>> 0;
  }

  below(bound: number): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * bound);
  }

  percent(share: number): boolean {
    return this.below(100) < share;
  }

  oneOf(texts: readonly string[]): string {
    return texts[this.below(texts.length)] ?? '';
  }
}

function ruleLine(chance: Chance): string {
  if (chance.percent(5)) return chance.oneOf(oddLines);
  const names = Array.from({ length: 1 + chance.below(3) }, () => chance.oneOf(patternNames));
  return [
    chance.percent(25) ? '!' : '',
    chance.percent(20) ? '/' : '',
    names.join('/'),
    chance.percent(30) ? '/' : '',
    chance.percent(10) ? chance.oneOf(lineEnds) : '',
  ].join('');
}

function rulesText(chance: Chance): string {
  const lines = Array.from({ length: 1 + chance.below(5) }, () => ruleLine(chance));
  const mark = chance.percent(5) ? '\ufeff' : '';
  return mark + lines.join(chance.percent(10) ? '\r\n' : '\n') + (chance.percent(80) ? '\n' : '');
}

/** Fills the folder and gives the paths of its files. A disk that ignores case holds no two names that differ in it alone. */
function fill(folder: string, depth: number, ignoresCase: boolean, chance: Chance): string[] {
  const files: string[] = [];
  mkdirSync(folder, { recursive: true });
  if (chance.percent(depth === 0 ? 100 : 30))
    writeFileSync(path.join(folder, '.gitignore'), rulesText(chance));
  const drawn = Array.from({ length: 2 + chance.below(4) }, () => chance.oneOf(entryNames));
  const names = new Map(drawn.map((name) => [ignoresCase ? name.toLowerCase() : name, name]));
  for (const name of names.values()) {
    if (depth < 3 && chance.percent(50))
      files.push(...fill(path.join(folder, name), depth + 1, ignoresCase, chance));
    else {
      writeFileSync(path.join(folder, name), '');
      files.push(path.join(folder, name));
    }
  }
  return files;
}

/** A repository without the cost of a second git process, and a home with rules of the person's own. */
function makeRepository(root: string, home: string, chance: Chance): void {
  const ignoresCase = chance.percent(10);
  const files = fill(root, 0, ignoresCase, chance);
  for (const folder of ['objects', 'refs', 'info'])
    mkdirSync(path.join(root, '.git', folder), { recursive: true });
  writeFileSync(path.join(root, '.git/HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(
    path.join(root, '.git/config'),
    `[core]\n\trepositoryformatversion = 0\n\tignorecase = ${ignoresCase}\n`,
  );
  if (chance.percent(30)) writeFileSync(path.join(root, '.git/info/exclude'), rulesText(chance));
  mkdirSync(path.join(home, '.config/git'), { recursive: true });
  if (chance.percent(25))
    track(
      root,
      home,
      files.filter(() => chance.percent(20)),
      2 + chance.below(3),
    );
  if (chance.percent(30)) writeFileSync(path.join(home, '.config/git/ignore'), rulesText(chance));
  if (!chance.percent(20)) return;
  writeFileSync(path.join(home, 'mine'), rulesText(chance));
  writeFileSync(path.join(home, '.gitconfig'), '[core]\n\texcludesFile = ~/mine ; mine\n');
}

/** What is tracked is listed, whatever the rules say. */
function track(root: string, home: string, files: readonly string[], indexVersion: number): void {
  const args = [
    '--literal-pathspecs',
    '-C',
    root,
    '-c',
    `index.version=${indexVersion}`,
    'add',
    '-f',
    '--',
    ...files,
  ];
  if (files.length > 0) execFileSync('git', args, { env: environment(home) });
}

function environment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
}

function listedByGit(root: string, home: string): readonly string[] {
  const args = ['-C', root, 'ls-files', '-coz', '--exclude-standard'];
  return execFileSync('git', args, { env: environment(home) })
    .toString()
    .split('\0')
    .filter(Boolean)
    .sort();
}

async function listedByUs(root: string, home: string): Promise<readonly string[]> {
  const reader = { disk: diskOf([root]), person: { HOME: home }, onUnreadable: assert.fail };
  const listed: string[] = [];
  const visitor = {
    enters: ({ ignoredBy, hasTracked }: WalkedEntry) => ignoredBy === undefined || hasTracked,
    visit(entry: WalkedEntry) {
      if (entry.kind === 'file' && entry.ignoredBy === undefined) listed.push(entry.path);
      return true;
    },
    unreadable: assert.fail,
  };
  await walkTree({ folder: root, rules: await rulesAround(root, root, reader), reader }, visitor, signal);
  return listed;
}

test(`K9: of ${trees} random trees none is listed otherwise than by git`, async (t) => {
  const first = Math.floor(Math.random() * 2 ** 31);
  const folder = await temporaryFolder(t);
  for (let index = 0; index < trees; index += 1) {
    const seed = first + index;
    const root = path.join(folder, `${index}`);
    const home = path.join(folder, `home${index}`);
    makeRepository(root, home, new Chance(seed));
    assert.deepEqual(await listedByUs(root, home), listedByGit(root, home), `seed ${seed}`);
  }
});
