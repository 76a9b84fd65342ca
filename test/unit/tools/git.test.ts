import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../temporaryFolder.ts';
import { toolBench, type ToolBench } from './toolBench.ts';

const identity = [
  '-c',
  'user.name=Test',
  '-c',
  'user.email=test@example.invalid',
  '-c',
  'commit.gpgSign=false',
];

function plainGit(root: string, ...args: string[]): string {
  return execFileSync('git', [...identity, ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function repository(t: TestContext): Promise<ToolBench> {
  const bench = await toolBench(t);
  plainGit(bench.root, 'init', '-q', '-b', 'main');
  await writeFile(path.join(bench.root, 'a.txt'), 'one\n');
  plainGit(bench.root, 'add', '.');
  plainGit(bench.root, 'commit', '-q', '-m', 'first');
  return bench;
}

test('a subcommand that reads answers, and silence is said in words', async (t) => {
  const bench = await repository(t);
  assert.equal(await bench.text('git', { args: ['log', '--format=%s'] }), 'exit 0\nstdout:\nfirst');
  assert.equal(await bench.text('git', { args: ['status', '--short'] }), 'no output (0 bytes), exit 0');
  assert.equal(await bench.text('git', { args: ['branch'] }), 'exit 0\nstdout:\n* main');
});

test('an exit of 1 without a complaint is an answer, another exit is an error', async (t) => {
  const bench = await repository(t);
  assert.equal(await bench.text('git', { args: ['grep', 'nothing'] }), 'no output (0 bytes), exit 1');
  assert.match(
    await bench.text('git', { args: ['show', 'nowhere'] }),
    /^exitCode: exit 128: .*unknown revision/s,
  );
});

test('arguments reach git as they are, without a shell', async (t) => {
  const bench = await repository(t);
  assert.equal(
    await bench.text('git', { args: ['log', '--format=$(touch x);%s'] }),
    'exit 0\nstdout:\n$(touch x);first',
  );
});

test('a folder that is in no repository is an error', async (t) => {
  const bench = await toolBench(t);
  assert.match(
    await bench.text('git', { args: ['diff', 'a', 'b'] }),
    /^notFound: ROOT is in no git repository/,
  );
});

test('what could change something is refused before git runs', async (t) => {
  const bench = await repository(t);
  assert.match(await bench.text('git', { args: ['branch', '-D', 'main'] }), /^refused: /);
});

test('git reads index, refs and tree of the repository around the working directory', async (t) => {
  const bench = await repository(t);
  await mkdir(path.join(bench.root, 'sub'));
  const place = { cwd: path.join(bench.root, 'sub'), roots: [bench.root] };
  const gitDir = path.join(bench.root, '.git');
  assert.deepEqual(await bench.tool('git').effects({ args: ['status'] }, place), {
    kind: 'known',
    reads: [`git:${gitDir}:index`, `git:${gitDir}:refs`, `tree:${bench.root}`],
    writes: [],
  });
});

/** Makes each program that a repository's config can name leave a file named after its setting. */
async function hostile(t: TestContext): Promise<{ bench: ToolBench; markers: () => Promise<string[]> }> {
  const bench = await repository(t);
  const { root } = bench;
  const scripts = await temporaryFolder(t);
  const ran = await temporaryFolder(t);
  const script = async (name: string, then = 'cat'): Promise<string> => {
    const file = path.join(scripts, name);
    await writeFile(file, `#!/bin/sh\ntouch '${path.join(ran, name)}'\n${then}\n`);
    await chmod(file, 0o755);
    return file;
  };
  const set = async (key: string): Promise<string> => plainGit(root, 'config', key, await script(key));

  plainGit(root, 'commit', '-q', '--allow-empty', '-m', 'second');
  const signed = plainGit(root, 'cat-file', 'commit', 'HEAD').replace(
    '\n\n',
    '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n',
  );
  await writeFile(path.join(scripts, 'commit'), signed);
  const id = plainGit(root, 'hash-object', '-t', 'commit', '-w', path.join(scripts, 'commit')).trim();
  plainGit(root, 'update-ref', 'refs/heads/main', id);

  await writeFile(path.join(root, '.gitattributes'), '* diff=own filter=own\n');
  for (const key of ['core.fsmonitor', 'core.pager', 'core.editor', 'diff.external', 'diff.own.textconv'])
    await set(key);
  for (const key of ['filter.own.clean', 'filter.own.smudge', 'gpg.program', 'core.alternateRefsCommand'])
    await set(key);
  plainGit(root, 'config', 'log.showSignature', 'true');
  plainGit(root, 'config', 'core.hooksPath', scripts);
  await script('post-index-change');
  plainGit(root, 'config', 'extensions.partialClone', 'origin');
  plainGit(root, 'config', 'remote.origin.promisor', 'true');
  plainGit(root, 'config', 'protocol.ext.allow', 'always');
  plainGit(root, 'config', 'remote.origin.url', `ext::${await script('transport', 'exit 1')}`);
  // The same size as before, so that git must look into the file to see that it changed.
  await writeFile(path.join(root, 'a.txt'), 'two\n');
  return { bench, markers: async () => (await readdir(ran)).sort() };
}

const missing = '0123456789012345678901234567890123456789';

const asked = [
  ['status'],
  ['status', '-sb', '-uall'],
  ['diff'],
  ['diff', 'HEAD~1'],
  ['diff', '--stat'],
  ['log', '-p'],
  ['log', '--format=%G?'],
  ['show', 'HEAD~1'],
  ['show', '--format=%G?'],
  ['blame', 'a.txt'],
  ['grep', 'two'],
  ['describe', '--always', '--dirty'],
  ['cat-file', '-p', missing],
  ['stash', 'list', '-p'],
  ['reflog', '-p'],
  ['ls-files', '-m'],
  ['whatchanged', '-p'],
  ['diff-tree', '-p', 'HEAD'],
  ['rev-list', '--all'],
];

test('no program that a repository’s config names is run', { timeout: 60_000 }, async (t) => {
  const { bench, markers } = await hostile(t);
  for (const args of asked) {
    await bench.run('git', { args });
    assert.deepEqual(await markers(), [], `git ${args.join(' ')}`);
  }
  assert.match(await bench.text('git', { args: ['diff'] }), /-one\n\+two/);
});

test('without the hardening those programs do run, so the test above can fail', async (t) => {
  const { bench, markers } = await hostile(t);
  for (const args of [['status'], ['diff'], ['log', '-p'], ['cat-file', '-p', missing]]) {
    try {
      plainGit(bench.root, ...args);
    } catch {
      // The programs answer nonsense, and git complains; that they ran is what counts.
    }
  }
  plainGit(bench.root, 'config', '--unset', 'diff.external');
  plainGit(bench.root, 'diff');
  const expected = [
    'core.fsmonitor',
    'diff.external',
    'diff.own.textconv',
    'filter.own.clean',
    'gpg.program',
  ];
  assert.deepEqual(
    (await markers()).filter((name) => [...expected, 'transport'].includes(name)),
    [...expected, 'transport'],
  );
});

test('variables of git in the environment do not lead it elsewhere', async (t) => {
  const bench = await repository(t);
  const before = process.env.GIT_DIR;
  process.env.GIT_DIR = '/nowhere';
  t.after(() => {
    if (before === undefined) delete process.env.GIT_DIR;
    else process.env.GIT_DIR = before;
  });
  assert.equal(await bench.text('git', { args: ['log', '--format=%s'] }), 'exit 0\nstdout:\nfirst');
});
