import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../temporaryFolder.ts';
import { makeRepository, plainGit, withHome } from './gitBench.ts';
import { toolBench, type ToolBench } from './toolBench.ts';

/** A workspace folder that is no repository and holds two. */
async function twoRepositories(t: TestContext): Promise<ToolBench> {
  await withHome(t);
  const bench = await toolBench(t);
  for (const name of ['api', 'web']) {
    const folder = path.join(bench.root, name);
    await mkdir(folder);
    await makeRepository(folder);
    plainGit(folder, 'commit', '-q', '--allow-empty', '-m', name);
  }
  return bench;
}

const ways: readonly object[] = [
  { cwd: 'api', args: ['log', '-1', '--format=%s'] },
  { args: ['-C', 'api', 'log', '-1', '--format=%s'] },
  { args: ['--no-pager', '-C', 'web', '-C', '../api', 'log', '-1', '--format=%s'] },
  { cwd: 'web', args: ['-C', '../api', '-P', 'log', '-1', '--format=%s'] },
  { cwd: './api/', args: ['--no-optional-locks', '-c', 'color.ui=never', 'log', '-1', '--format=%s'] },
];

test('K14 14a, 14b: git names the folder of its repository, as cwd or with -C', async (t) => {
  const bench = await twoRepositories(t);
  for (const input of ways)
    assert.equal(await bench.text('git', input), 'exit 0\nstdout:\napi', JSON.stringify(input));
  const absolute = { args: ['-C', path.join(bench.root, 'web'), 'status', '--short'] };
  assert.equal(await bench.text('git', absolute), 'no output (0 bytes), exit 0');
});

test('K14 14b: what the tool does anyway can be asked for', async (t) => {
  const bench = await twoRepositories(t);
  const cwd = path.join(bench.root, 'api');
  for (const args of [
    ['--no-pager', 'log'],
    ['-C', '.', 'status'],
    ['-P', 'diff'],
    ['--version'],
    ['--no-pager'],
  ]) {
    const text = await bench.text('git', { args }, { cwd });
    if (args.length > 1 || args[0] === '--version') assert.match(text, /^exit 0|^no output/, args.join(' '));
    else assert.match(text, /^refused: Give a subcommand/);
  }
});

test('K14 14a: files are staged, committed, put aside and branches switched in the named repository', async (t) => {
  const bench = await twoRepositories(t);
  const api = path.join(bench.root, 'api');
  await writeFile(path.join(api, 'f'), 'x\n');
  assert.match(await bench.text('git_add', { paths: ['f'], cwd: 'api' }), /exit 0$/);
  assert.match(await bench.text('git_commit', { message: 'third', cwd: 'api' }), /^exit 0/);
  assert.match(await bench.text('git_switch', { branch: 'x', create: true, cwd: 'api' }), /^exit 0/);
  await writeFile(path.join(api, 'f'), 'y\n');
  assert.match(await bench.text('git_stash', { action: 'push', cwd: 'api' }), /^exit 0/);
  assert.equal(plainGit(api, 'log', '--format=%s', 'x'), 'third\napi\nfirst\n');
  assert.equal(plainGit(api, 'stash', 'list').split('\n').length, 2);
  assert.equal(plainGit(path.join(bench.root, 'web'), 'log', '--format=%s'), 'web\nfirst\n');
});

test('K14 14a: without a folder the refusal names the repositories that there are', async (t) => {
  const bench = await twoRepositories(t);
  const inputs: readonly (readonly [tool: string, input: object])[] = [
    ['git', { args: ['status'] }],
    ['git_add', { paths: ['api/f'] }],
    ['git_commit', { message: 'x' }],
  ];
  for (const [tool, input] of inputs)
    assert.equal(
      await bench.text(tool, input),
      'notFound: ROOT is in no git repository. Give "cwd": there are repositories in "api", "web".',
      tool,
    );
});

test('K14: a folder outside of the workspace is refused, also through a link', async (t) => {
  const bench = await twoRepositories(t);
  const outside = await temporaryFolder(t);
  await makeRepository(outside);
  await symlink(outside, path.join(bench.root, 'out'));
  for (const folder of ['..', outside, 'out', '../../etc', '/'])
    for (const [tool, input] of [
      ['git', { args: ['-C', folder, 'log'] }],
      ['git', { cwd: folder, args: ['log'] }],
      ['git_add', { paths: ['.'], cwd: folder }],
      ['git_commit', { message: 'x', cwd: folder }],
      ['git_switch', { branch: 'x', cwd: folder }],
      ['git_stash', { action: 'drop', cwd: folder }],
    ] as const)
      assert.match(await bench.text(tool, input), /^outsideWorkspace: /, `${tool} ${folder}`);
});

test('K14: a folder that is not there, or is a file, is named', async (t) => {
  const bench = await twoRepositories(t);
  await writeFile(path.join(bench.root, 'file'), '');
  for (const cwd of ['nowhere', 'file'])
    for (const [tool, input] of [
      ['git', { cwd, args: ['status'] }],
      ['git', { args: ['-C', cwd, 'status'] }],
      ['git_add', { cwd, paths: ['x'] }],
    ] as const)
      assert.match(
        await bench.text(tool, input),
        new RegExp(`ROOT/${cwd} does not exist or is not a folder`),
      );
});

test('K14: the effects, the question and what it is bound to are those of the named repository', async (t) => {
  const bench = await twoRepositories(t);
  const place = { cwd: bench.root, roots: [bench.root] };
  const gitDir = path.join(bench.root, 'api/.git');
  const git = bench.tool('git');
  assert.deepEqual(await git.effects({ args: ['-C', 'api', 'log'] }, place), {
    kind: 'known',
    reads: [`git:${gitDir}:index`, `git:${gitDir}:refs`, `tree:${path.join(bench.root, 'api')}`],
    writes: [],
  });
  assert.equal(git.folderOf?.({ cwd: 'web', args: ['-C', '../api', 'log'] }), 'api');
  const commit = bench.tool('git_commit');
  assert.equal(commit.folderOf?.({ message: 'x', cwd: 'api' }), 'api');
  const bound = await commit.boundTo?.({ message: 'x', cwd: 'api' }, place);
  assert.deepEqual(
    bound?.map((file) => file.path),
    [path.join(gitDir, 'HEAD')],
  );
  assert.deepEqual(await bench.tool('git_switch').effects({ branch: 'x', cwd: 'api' }, place), {
    ...{ kind: 'known', reads: [] },
    writes: [`git:${gitDir}:index`, `git:${gitDir}:refs`, `tree:${path.join(bench.root, 'api')}`],
  });
});

const reading: readonly (readonly [args: readonly string[], text: RegExp])[] = [
  [['reflog'], /commit: second\n.*commit \(initial\): first$/],
  [['reflog', '-n', '1'], /^exit 0\nstdout:\n\w+ HEAD@\{0\}: commit: second$/],
  [['reflog', '-1', 'HEAD'], /second$/],
  [['diff-index', 'HEAD'], /M\ta\.txt$/],
  [['diff-files', '--name-only'], /\na\.txt$/],
  [['cherry', 'HEAD~1'], /^exit 0\nstdout:\n\+ \w{40}$/],
  [['range-diff', 'HEAD~1', 'HEAD', 'HEAD'], /second$/],
  [['symbolic-ref', 'HEAD'], /\nrefs\/heads\/main$/],
  [['submodule', 'status'], /^no output \(0 bytes\), exit 0$/],
  [['submodule'], /^no output \(0 bytes\), exit 0$/],
  [['check-attr', 'filter', 'a.txt'], /\na\.txt: filter: unspecified$/],
  [['tag', '--sort', '-v:refname'], /\nv2\nv1$/],
  [['tag', '--merged', 'HEAD~1'], /^exit 0\nstdout:\nv1$/],
  [['branch', '--format', '%(refname)'], /\nrefs\/heads\/main$/],
  [['annotate', 'b.txt'], /one$/],
  [['show-branch'], /\[main\] second$/],
  [['notes'], /^no output \(0 bytes\), exit 0$/],
  [['config', 'get', 'core.bare'], /\nfalse$/],
];

test('K14 14c: what only reads is run', async (t) => {
  await withHome(t);
  const bench = await toolBench(t);
  await makeRepository(bench.root);
  plainGit(bench.root, 'tag', 'v1');
  await writeFile(path.join(bench.root, 'c.txt'), 'one\n');
  plainGit(bench.root, 'add', '.');
  plainGit(bench.root, 'commit', '-q', '-m', 'second');
  plainGit(bench.root, 'tag', 'v2');
  await writeFile(path.join(bench.root, 'a.txt'), 'changed\n');
  for (const [args, text] of reading) assert.match(await bench.text('git', { args }), text, args.join(' '));
});
