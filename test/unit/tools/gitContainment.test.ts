import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../temporaryFolder.ts';
import { toolBench, type ToolBench } from './toolBench.ts';

const secret = 'SECRET-OF-ANOTHER-FOLDER';

function plainGit(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
}

async function makeRepository(folder: string): Promise<void> {
  plainGit(folder, 'init', '-q', '-b', 'main');
  await writeFile(path.join(folder, 'a.txt'), 'one\n');
  plainGit(folder, 'add', '.');
  plainGit(folder, '-c', 'commit.gpgSign=false', 'commit', '-q', '-m', 'first');
}

/** A workspace that is a repository, and beside it a folder with a secret. */
async function repository(t: TestContext): Promise<{ bench: ToolBench; outside: string }> {
  const bench = await toolBench(t);
  await makeRepository(bench.root);
  const outside = await temporaryFolder(t);
  await writeFile(path.join(outside, 'secret.txt'), `${secret}\n`);
  return { bench, outside };
}

test('a working tree that the config puts outside the workspace is refused', async (t) => {
  const { bench, outside } = await repository(t);
  plainGit(bench.root, 'config', 'core.worktree', outside);
  for (const args of [['diff'], ['grep', '--untracked', ''], ['ls-files', '-o'], ['status'], ['log', '-1']]) {
    const text = await bench.text('git', { args });
    assert.match(text, /^outsideWorkspace: .*working tree/, args.join(' '));
    assert.ok(!text.includes('secret.txt'), args.join(' '));
  }
});

test('a repository that a .git file borrows from another folder is refused', async (t) => {
  const { bench, outside } = await repository(t);
  await makeRepository(outside);
  await rm(path.join(bench.root, '.git'), { recursive: true });
  await writeFile(path.join(bench.root, '.git'), `gitdir: ${path.join(outside, '.git')}\n`);
  assert.match(await bench.text('git', { args: ['log', '-p'] }), /^outsideWorkspace: .*repository/);
});

test('history that a commondir file borrows from another folder is refused', async (t) => {
  const { bench, outside } = await repository(t);
  await makeRepository(outside);
  await writeFile(path.join(bench.root, '.git', 'commondir'), `${path.join(outside, '.git')}\n`);
  // Its own word that it is a worktree of the other.
  await writeFile(path.join(bench.root, '.git', 'gitdir'), `${path.join(bench.root, '.git')}\n`);
  assert.match(await bench.text('git', { args: ['log', '-p'] }), /^outsideWorkspace: .*repository/);
});

test('worktrees, and folders whose repository is kept elsewhere and says so, are read', async (t) => {
  const { bench, outside } = await repository(t);
  await makeRepository(outside);
  const linked = path.join(bench.root, 'linked');
  plainGit(outside, 'worktree', 'add', '-q', '-b', 'side', linked);
  const place = { cwd: linked, roots: [linked] };
  assert.match(await bench.text('git', { args: ['log', '--format=%s'] }, place), /first$/);
  await rm(path.join(bench.root, '.git'), { recursive: true });
  const kept = path.join(outside, 'kept');
  plainGit(bench.root, 'init', '-q', `--separate-git-dir=${kept}`);
  plainGit(bench.root, 'config', 'core.worktree', bench.root);
  assert.match(await bench.text('git', { args: ['status', '--short'] }), /\?\? a\.txt/);
});

test('settings of a repository that name files outside the workspace are not followed', async (t) => {
  const { bench, outside } = await repository(t);
  const file = path.join(outside, 'secret.txt');
  const asked: readonly [key: string, args: string[]][] = [
    ['blame.ignoreRevsFile', ['blame', 'a.txt']],
    ['core.excludesFile', ['check-ignore', '-v', secret]],
    ['core.attributesFile', ['ls-files', ':(attr:x)*']],
    ['mailmap.file', ['log', '--use-mailmap', '--format=%aN']],
  ];
  await writeFile(file, `${secret}\nM${secret} <test@example.invalid>\n!bad ${secret}\n`);
  for (const [key, args] of asked) {
    plainGit(bench.root, 'config', key, file);
    const result = await bench.run('git', { args });
    const told = JSON.stringify(result).replaceAll(JSON.stringify(args), '');
    assert.ok(!told.includes(`M${secret}`) && !told.includes(file), `${key}: ${told}`);
    assert.ok(!told.includes(`name: ${secret}`), `${key}: ${told}`);
    plainGit(bench.root, 'config', '--unset', key);
  }
});

test('settings of a repository that name files inside it are followed', async (t) => {
  const { bench } = await repository(t);
  await writeFile(path.join(bench.root, 'names'), 'Renamed <test@example.invalid>\n');
  plainGit(bench.root, 'config', 'mailmap.file', 'names');
  assert.match(
    await bench.text('git', { args: ['log', '--use-mailmap', '--format=%aN'] }),
    /stdout:\nRenamed$/,
  );
});

test('files of the repository that are links to files outside it are refused', async (t) => {
  const { bench, outside } = await repository(t);
  for (const name of ['info/exclude', 'packed-refs', 'config']) {
    const file = path.join(bench.root, '.git', name);
    await rm(file, { force: true });
    // A config that git understands, or it would say nothing of the rest.
    await writeFile(path.join(outside, 'file'), '[core]\n\tbare = false\n');
    await symlink(path.join(outside, 'file'), file);
    const text = await bench.text('git', { args: ['check-ignore', '-v', 'a.txt'] });
    assert.match(text, /^outsideWorkspace: /, name);
    await rm(file);
    await writeFile(file, '');
  }
});

test('config shows the settings of the repository alone', async (t) => {
  const { bench, outside } = await repository(t);
  const before = process.env.HOME;
  t.after(() => {
    if (before === undefined) delete process.env.HOME;
    else process.env.HOME = before;
  });
  process.env.HOME = outside;
  await writeFile(path.join(outside, '.gitconfig'), `[user]\n\tname = ${secret}\n`);
  plainGit(bench.root, 'config', 'include.path', path.join(outside, '.gitconfig'));
  for (const args of [['--list'], ['--get', 'user.name'], ['user.name'], ['--get-regexp', '.']]) {
    const text = await bench.text('git', { args: ['config', ...args] });
    assert.ok(!text.includes(secret), `${args.join(' ')}: ${text}`);
  }
  for (const option of ['--global', '--system', '--includes', '--inc']) {
    assert.match(await bench.text('git', { args: ['config', option, '--list'] }), /^refused: /, option);
  }
});

test('tracked files that lie behind a link out of the workspace are not read', async (t) => {
  const { bench, outside } = await repository(t);
  // A name that git quotes.
  const folder = path.join(bench.root, 'sub\té"');
  await mkdir(folder);
  await writeFile(path.join(folder, 'secret.txt'), 'mine\n');
  plainGit(bench.root, 'add', '.');
  plainGit(bench.root, '-c', 'commit.gpgSign=false', 'commit', '-q', '-m', 'second');
  await rm(folder, { recursive: true });
  await symlink(outside, folder);
  for (const args of [
    ['grep', '-n', ''],
    ['grep', '-n', '', '--', 'sub\té"/secret.txt'],
    ['blame', 'sub\té"/secret.txt'],
  ]) {
    const text = await bench.text('git', { args });
    assert.match(text, /^outsideWorkspace: /, args.join(' '));
    assert.ok(!text.includes(secret));
  }
  assert.match(await bench.text('git', { args: ['show', 'HEAD:sub\té"/secret.txt'] }), /mine/);
});

/** A workspace that is a folder of a repository; beside it lies what is not the workspace's. */
async function subfolder(
  t: TestContext,
): Promise<{ bench: ToolBench; place: { cwd: string; roots: string[] } }> {
  const bench = await toolBench(t);
  await makeRepository(bench.root);
  const workspace = path.join(bench.root, 'workspace');
  await mkdir(workspace);
  await writeFile(path.join(workspace, 'mine.txt'), 'mine\n');
  plainGit(bench.root, 'add', '.');
  plainGit(bench.root, '-c', 'commit.gpgSign=false', 'commit', '-q', '-m', 'second');
  await writeFile(path.join(bench.root, 'a.txt'), `${secret}\n`);
  await writeFile(path.join(bench.root, 'untracked.txt'), `${secret}\n`);
  await writeFile(path.join(workspace, 'mine.txt'), 'changed\n');
  return { bench, place: { cwd: workspace, roots: [workspace] } };
}

const leading = [
  ['diff'],
  ['diff', 'HEAD'],
  ['diff', '--no-relative'],
  ['diff', '--relative=.', '--', ':/'],
  ['diff', 'HEAD:a.txt', ':/untracked.txt'],
  ['diff', '--', ':(top)'],
  ['grep', '--untracked', '-h', '', '--', ':/'],
  ['grep', '--untracked', '-h', '', ':/'],
  ['grep', '--untracked', '-he', '', ':/'],
  ['grep', '--untracked', '-e', 'SECRET', ':/'],
  ['grep', '--untracked', '-e', '-e', '-e', 'SECRET', ':/'],
  ['grep', '--untracked', '-eSECRET', ':/'],
  ['grep', '--untracked', '-iee', ':/'],
  ['grep', '--untracked', 'SECRET', '..'],
  ['grep', '-A', '1', 'SECRET', '../untracked.txt'],
  ['grep', 'SECRET', '--', ':!mine.txt'],
  ['blame', '../a.txt'],
  ['blame', '--', '../a.txt'],
  ['status', '--short'],
  ['status', '--short', '-uall', '--', ':/'],
  ['status', '--short', '..'],
  ['ls-files', '-o', '..'],
  ['ls-files', '-o', ':/'],
];

test('in a workspace below the top of its repository, nothing beside the workspace is read', async (t) => {
  const { bench, place } = await subfolder(t);
  for (const args of leading) {
    const told = JSON.stringify(await bench.run('git', { args }, place)).replaceAll('untracked.txt"', '');
    assert.ok(!told.includes(secret), `${args.join(' ')}: ${told}`);
    assert.ok(!told.includes('untracked.txt\\n'), `${args.join(' ')}: ${told}`);
  }
});

test('in a workspace below the top of its repository, git works as elsewhere', async (t) => {
  const { bench, place } = await subfolder(t);
  const said = async (...args: string[]): Promise<string> => bench.text('git', { args }, place);
  assert.match(await said('diff'), /-mine\n\+changed/);
  assert.match(await said('diff', 'HEAD', '--', 'mine.txt'), /-mine\n\+changed/);
  assert.match(await said('status', '--short'), / M mine\.txt$/);
  assert.match(await said('grep', '-n', 'changed'), /mine\.txt:1:changed/);
  assert.match(await said('grep', '/a/../b', 'mine.txt'), /exit 1$/);
  assert.match(await said('grep', '-e', ':/x', '-e', 'changed', '--', '*.txt'), /mine\.txt:changed/);
  assert.match(await said('blame', '-s', 'mine.txt'), /changed/);
  assert.match(await said('log', '--format=%s', 'HEAD~1..HEAD'), /second$/);
  assert.match(await said('show', 'HEAD:./mine.txt'), /mine$/);
});
