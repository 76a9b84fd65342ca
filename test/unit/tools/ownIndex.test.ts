/** A reading git with an index of its own tells the same as one with the repository's index. */
import assert from 'node:assert/strict';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { plainGit, repositoryBench } from './gitBench.ts';

const longAgo = new Date('2011-03-04');

const questions: readonly (readonly string[])[] = [
  ['status', '--porcelain=v2'],
  ['diff', 'HEAD'],
  ['ls-files', '-s', '-t'],
  ['ls-files', '-s', '--', 'deep'],
  ['show', ':deep/er/d.txt'],
  ['grep', '--cached', '-n', 'one'],
  ['describe', '--always', '--dirty'],
  ['check-ignore', '-v', 'deep/x.log'],
];

for (const version of ['2', '3', '4'])
  for (const format of ['sha1', 'sha256'])
    test(`D1: a sparse index of version ${version} with ${format} is taken apart as git would`, async (t) => {
      const bench = await repositoryBench(t);
      const { root } = bench;
      if (format === 'sha256') {
        await mkdir(path.join(root, 'inner'));
        plainGit(path.join(root, 'inner'), 'init', '-q', '-b', 'main', '--object-format=sha256');
      }
      const top = format === 'sha256' ? path.join(root, 'inner') : root;
      for (const folder of ['deep/er', 'deep-x', 'kept', 'zö', 'deep/a\tb']) {
        await mkdir(path.join(top, folder), { recursive: true });
        await writeFile(path.join(top, folder, 'd.txt'), `one\n${folder}\n`);
      }
      await writeFile(path.join(top, 'a.txt'), 'one\n');
      await writeFile(path.join(top, `deep/${'long'.repeat(40)}`), 'one\n');
      await writeFile(path.join(top, '.gitignore'), '*.log\n');
      plainGit(top, 'add', '.');
      plainGit(top, 'commit', '-q', '-m', 'folders');
      plainGit(top, 'update-index', '--index-version', version);
      plainGit(top, 'sparse-checkout', 'set', '--cone', '--sparse-index', 'kept');
      await writeFile(path.join(top, 'kept/d.txt'), 'two\n');
      await writeFile(path.join(top, 'kept/added.txt'), 'new\n');
      plainGit(top, 'add', 'kept/added.txt');
      await utimes(path.join(top, 'a.txt'), longAgo, longAgo);
      assert.match(plainGit(top, 'ls-files', '--sparse'), /^deep\/$/m);
      const told: string[] = [];
      for (const args of questions) told.push(await bench.text('git', { args }, { cwd: top, roots: [root] }));
      // Git itself is asked after all the calls, because it writes to the index.
      const expected = questions.map((args) => plainGit(top, '-c', 'core.quotePath=false', ...args));
      assert.deepEqual(
        told,
        expected.map((each) => `exit 0\nstdout:\n${each.replace(/\n$/, '')}`),
      );
    });
