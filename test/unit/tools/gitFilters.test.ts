import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../temporaryFolder.ts';
import { plainGit, repositoryBench } from './gitBench.ts';
import type { ToolBench } from './toolBench.ts';

interface Scene extends ToolBench {
  write(name: string, text: string): Promise<void>;
  status(): string;
  /** Names of the programs that ran. */
  ran(): Promise<readonly string[]>;
}

/** A repository whose files `*.bin` go through a filter of its own config, with an unchanged one of them. */
async function filtered(t: TestContext): Promise<Scene> {
  const bench = await repositoryBench(t);
  const { root } = bench;
  const marks = await temporaryFolder(t);
  const write = (name: string, text: string): Promise<void> => writeFile(path.join(root, name), text);
  await write('.gitattributes', '*.bin filter=crypt\n');
  await write('x.bin', 'pointer\n');
  plainGit(root, 'add', '.');
  plainGit(root, 'commit', '-q', '-m', 'attributes');
  plainGit(root, 'branch', 'plain');
  await branch(root, 'changed', 'x.bin', 'other\n');
  await branch(root, 'attributes', '.gitattributes', '* filter=crypt\n');
  await write('new.bin', 'x\n');
  plainGit(root, 'stash', 'push', '-q', '--include-untracked');
  const longAgo = new Date('2011-03-04');
  // As git-crypt and lfs leave it: other bytes than those that are stored, which git takes for unchanged.
  await write('x.bin', 'content\n');
  await utimes(path.join(root, 'x.bin'), longAgo, longAgo);
  const script = `[filter "crypt"]\n\tclean = "touch '${marks}/clean'; echo pointer"\n\tsmudge = "touch '${marks}/smudge'; echo content"\n`;
  await appendFile(path.join(root, '.git/config'), script);
  plainGit(root, 'add', 'x.bin');
  plainGit(root, 'status');
  for (const name of await readdir(marks)) await rm(path.join(marks, name));
  return {
    ...bench,
    write,
    status: () => plainGit(root, 'status', '--porcelain', '--ignore-submodules').trimEnd(),
    ran: () => readdir(marks),
  };
}

/** A branch with one commit in which the file has this text; the branch from before is left as it was. */
async function branch(root: string, name: string, file: string, text: string): Promise<void> {
  plainGit(root, 'switch', '-q', '-c', name);
  await writeFile(path.join(root, file), text);
  plainGit(root, 'commit', '-q', '-a', '-m', name);
  plainGit(root, 'switch', '-q', 'main');
}

const touchedAt = new Date('2012-03-04');

test('K19: what goes through no filter is staged, committed, put aside and switched', async (t) => {
  const scene = await filtered(t);
  await scene.write('a.txt', 'two\n');
  await scene.write('new.txt', 'new\n');
  const inputs: readonly (readonly [tool: string, input: object])[] = [
    ['git_add', { paths: ['a.txt', 'new.txt'] }],
    ['git_add', { paths: ['.'] }],
    ['git_switch', { branch: 'made', create: true }],
    ['git_commit', { message: 'second' }],
    ['git_switch', { branch: 'plain' }],
    ['git_switch', { branch: 'other', create: true, startPoint: 'made' }],
  ];
  for (const [tool, input] of inputs)
    assert.match(
      await scene.text(tool, input),
      /^exit 0|^no output.*exit 0$/,
      `${tool} ${JSON.stringify(input)}`,
    );
  await scene.write('a.txt', 'three\n');
  await scene.write('other.txt', 'x\n');
  for (const input of [{ action: 'push', includeUntracked: true }, { action: 'apply' }, { action: 'drop' }])
    assert.match(await scene.text('git_stash', input), /^exit 0/, JSON.stringify(input));
  assert.match(await scene.text('git_commit', { message: 'third', all: true }), /^exit 0/);
  assert.deepEqual(await scene.ran(), []);
  assert.equal(plainGit(scene.root, 'show', 'HEAD:x.bin'), 'pointer\n');
});

test('K19: what goes through a filter is refused by its name, and nothing is changed', async (t) => {
  const scene = await filtered(t);
  await utimes(path.join(scene.root, 'x.bin'), touchedAt, touchedAt);
  await scene.write('x.bin', 'changed\n');
  await scene.write('a.txt', 'two\n');
  await mkdir(path.join(scene.root, 'sub'));
  await scene.write('sub/new.bin', 'new\n');
  const inputs: readonly (readonly [tool: string, input: object, names: string])[] = [
    ['git_add', { paths: ['.'] }, 'sub/new.bin, x.bin'],
    ['git_add', { paths: ['x.bin'] }, 'x.bin'],
    ['git_add', { paths: ['sub'] }, 'sub/new.bin'],
    ['git_add', { paths: ['new.bin'], cwd: 'sub' }, 'sub/new.bin'],
    ['git_add', { paths: ['.'], update: true }, 'x.bin'],
    ['git_commit', { message: 'x', all: true }, 'x.bin'],
    ['git_stash', { action: 'push' }, 'x.bin'],
    ['git_stash', { action: 'push', includeUntracked: true }, 'sub/new.bin, x.bin'],
  ];
  for (const [tool, input, names] of inputs) {
    const text = await scene.text(tool, input);
    assert.match(
      text,
      /^refused: The repository's own config names a filter \(crypt\) for /,
      JSON.stringify(input),
    );
    assert.ok(text.includes(` for ${names}, which`), text);
  }
  assert.match(await scene.text('git_add', { paths: ['a.txt'] }), /exit 0$/);
  assert.deepEqual(await scene.ran(), []);
});

test('K19: a branch and a stash with other content for a filter are not checked out', async (t) => {
  const scene = await filtered(t);
  const before = scene.status();
  const inputs: readonly (readonly [tool: string, input: object, said: RegExp])[] = [
    ['git_switch', { branch: 'changed' }, /for x\.bin, which/],
    ['git_switch', { branch: 'new', create: true, startPoint: 'changed' }, /for x\.bin, which/],
    ['git_switch', { branch: 'attributes' }, /\.gitattributes can give to any file/],
    ['git_stash', { action: 'pop' }, /for new\.bin, which/],
    ['git_stash', { action: 'apply' }, /for new\.bin, which/],
  ];
  for (const [tool, input, said] of inputs) {
    const text = await scene.text(tool, input);
    assert.match(text, /^refused: /, JSON.stringify(input));
    assert.match(text, said, JSON.stringify(input));
  }
  assert.equal(scene.status(), before);
  assert.deepEqual(await scene.ran(), []);
  assert.match(await scene.text('git_switch', { branch: 'nowhere' }), /^exitCode: /);
});

test('K19: status and diff say which changed files were compared without their filter', async (t) => {
  const scene = await filtered(t);
  await scene.write('a.txt', 'two\n');
  const asked = [['status', '--short'], ['diff'], ['diff', 'HEAD'], ['diff-index', 'HEAD'], ['diff-files']];
  for (const args of asked) assert.doesNotMatch(await scene.text('git', { args }), /filter/, args.join(' '));
  await utimes(path.join(scene.root, 'x.bin'), touchedAt, touchedAt);
  for (const args of asked)
    assert.match(
      await scene.text('git', { args }),
      /\[the filters of the repository's own config are not run here \(crypt\).*: x\.bin\]$/,
      args.join(' '),
    );
  for (const args of [['diff', '--cached'], ['log', '-1'], ['show']])
    assert.doesNotMatch(await scene.text('git', { args }), /\[the filters/, args.join(' '));
  assert.deepEqual(await scene.ran(), []);
});

test('K19: names that look odd are found among those that a filter takes', async (t) => {
  const scene = await filtered(t);
  for (const name of ['a b.bin', 'é.bin', 'x: filter: y.bin', '-n.bin', '*.bin', '"q".bin'])
    await scene.write(name, 'x\n');
  for (const name of ['a b.bin', 'é.bin', 'x: filter: y.bin', '-n.bin', '*.bin', '"q".bin'])
    assert.match(await scene.text('git_add', { paths: [name] }), /^refused: .*filter \(crypt\)/, name);
  await scene.write('*.txt', 'x\n');
  assert.match(await scene.text('git_add', { paths: ['*.txt'] }), /exit 0$/);
  assert.equal(plainGit(scene.root, 'diff', '--cached', '--name-only').trimEnd(), '*.txt');
});
