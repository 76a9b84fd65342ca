import assert from 'node:assert/strict';
import { chown, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { withEnvironment } from '../safety/hostileGitScene.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { plainGit, repositoryBench, withHome } from './gitBench.ts';

const identity = {
  ...{ GIT_AUTHOR_NAME: 'Author', GIT_AUTHOR_EMAIL: 'a@example.invalid' },
  ...{ GIT_COMMITTER_NAME: 'Committer', GIT_COMMITTER_EMAIL: 'c@example.invalid' },
};

test('K13 13a: git_commit takes the identity of the environment, as the shell does', async (t) => {
  const bench = await repositoryBench(t);
  await withHome(t, '');
  await withEnvironment(t, identity);
  await writeFile(path.join(bench.root, 'a.txt'), 'two\n');
  assert.match(await bench.text('git_commit', { message: 'x', all: true }), /^exit 0/);
  assert.equal(plainGit(bench.root, 'log', '-1', '--format=%an %cn'), 'Author Committer\n');
  await writeFile(path.join(bench.root, 'a.txt'), 'three\n');
  assert.match(await bench.text('git_stash', { action: 'push' }), /^exit 0/);
});

test('K13: git_commit takes the identity of settings in the environment, and no program of theirs', async (t) => {
  const bench = await repositoryBench(t);
  await withHome(t, '');
  const ran = path.join(await temporaryFolder(t), 'ran');
  const pairs = [
    ['core.fsmonitor', `touch ${ran}`],
    ['user.name', 'Person'],
    ['user.email', 'p@example.invalid'],
  ];
  await withEnvironment(t, {
    GIT_CONFIG_COUNT: '3',
    ...Object.fromEntries(
      pairs.flatMap(([key = '', value = ''], at) => [
        [`GIT_CONFIG_KEY_${at}`, key],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
  });
  await writeFile(path.join(bench.root, 'a.txt'), 'two\n');
  assert.match(await bench.text('git_commit', { message: 'x', all: true }), /^exit 0/);
  assert.equal(plainGit(bench.root, 'log', '-1', '--format=%an'), 'Person\n');
  assert.equal(await bench.text('terminal', { command: `test -e ${ran}` }), 'no output (0 bytes), exit 1');
});

test('K13: the person’s trust in a folder of another owner counts, given by the environment', async (t) => {
  // Only root can make a folder of another owner; elsewhere that the value arrives is told by the other tests.
  const bench = await repositoryBench(t);
  if (process.getuid?.() === 0)
    for (const name of ['', '.git']) await chown(path.join(bench.root, name), 12_345, 12_345);
  await withEnvironment(t, {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: bench.root,
  });
  assert.match(await bench.text('git', { args: ['log', '--format=%s'] }), /^exit 0\nstdout:\nfirst$/);
});

test('K13: a file of settings that the environment names counts, but not one in the workspace', async (t) => {
  const bench = await repositoryBench(t);
  const text = '[user]\n\tname = Global\n\temail = g@example.invalid\n';
  const file = path.join(await temporaryFolder(t), 'config');
  await writeFile(file, text);
  const inside = path.join(bench.root, 'config');
  await writeFile(inside, text.replace('Global', 'Inside'));
  for (const [named, name] of [
    [file, 'Global'],
    [inside, 'Person'],
    ['config', 'Person'],
  ] as const) {
    await withEnvironment(t, { GIT_CONFIG_GLOBAL: named });
    await writeFile(path.join(bench.root, 'a.txt'), `${named}\n`);
    assert.match(await bench.text('git_commit', { message: 'x', all: true }), /^exit 0/, named);
    assert.equal(plainGit(bench.root, 'log', '-1', '--format=%an'), `${name}\n`, named);
  }
});
