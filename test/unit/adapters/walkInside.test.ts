/** L1: a walk for a glob stays below its folder, whatever the pattern begins with. */
import assert from 'node:assert/strict';
import { mkdir, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../temporaryFolder.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { findRipgrep } from '../../../src/adapters/node/findRipgrep.ts';
import { createTextSearch } from '../../../src/adapters/node/textSearch.ts';
import { diskOf } from '../../../src/adapters/node/walkDisk.ts';

const { signal } = new AbortController();
const files = createFiles();

interface Scene {
  readonly root: string;
  /** Folders outside that a link in the root leads to. */
  readonly outside: readonly string[];
}

async function scene(t: TestContext): Promise<Scene> {
  const folder = await temporaryFolder(t);
  const root = path.join(folder, 'root');
  const outside = ['out', 'out/deep', 'out/deep/er'].map((name) => path.join(folder, name));
  for (const each of [path.join(root, 'real/sub'), ...outside]) await mkdir(each, { recursive: true });
  for (const file of ['root/real/sub/in.txt', 'out/a.txt', 'out/deep/b.txt', 'out/deep/er/c.txt'])
    await writeFile(path.join(folder, file), 'needle\n');
  await symlink('../out', path.join(root, 'link'));
  await symlink('../../out', path.join(root, 'real/nested'));
  await symlink('real', path.join(root, 'inner'));
  return { root, outside };
}

const patterns = [
  'link/**',
  'link/*',
  'link/deep/**/*.txt',
  './link/**',
  'link//**',
  'real/../link/**',
  '{link,real}/**',
  '{link/deep,x}/**',
  '+(link)/**',
  '{l,x}ink/**',
  '[l]ink/**',
  'l?nk/**',
  '**/link/**',
  'real/nested/**',
  'inner/nested/**',
  'inner/nested/deep/*',
  'link/deep/b.txt',
];

/** Long ago: reading a folder or a file then changes its time of access, as on any disk that keeps them. */
const before = new Date('2001-01-01');

async function unread(places: readonly string[]): Promise<void> {
  for (const place of places) await utimes(place, before, new Date());
}

async function readSince(places: readonly string[]): Promise<readonly string[]> {
  const read: string[] = [];
  for (const place of places) if ((await stat(place)).atimeMs !== before.getTime()) read.push(place);
  return read;
}

test('L1: list_files and search_text read no folder behind a link that leads out', async (t) => {
  const { root, outside } = await scene(t);
  const texts = [findRipgrep(), undefined].map((ripgrepPath) => createTextSearch({ files, ripgrepPath }));
  for (const pattern of patterns) {
    await unread(outside);
    const listing = await files.list(root, pattern, 100, signal);
    const shown = listing.ok ? listing.paths : [];
    assert.deepEqual(
      shown.filter((name) => !name.includes('sub/in.txt')),
      [],
      pattern,
    );
    for (const text of texts) {
      const query = { pattern: 'needle', isRegex: false, path: root, glob: pattern, maxMatches: 100 };
      const found = await text.search(query, signal);
      const where = found.ok ? found.matches.map((match) => path.relative(root, match.path)) : [];
      assert.deepEqual(
        where.filter((name) => !name.endsWith('sub/in.txt')),
        [],
        pattern,
      );
    }
    assert.deepEqual(await readSince(outside), [], pattern);
  }
});

test('L1: a folder that has become a link, or is reached through one, is not read', async (t) => {
  const { root, outside } = await scene(t);
  const disk = diskOf([root]);
  await unread(outside);
  for (const folder of [
    path.join(root, 'link'),
    path.join(root, 'real/nested/deep'),
    path.join(root, 'inner'),
  ])
    await assert.rejects(disk.readFolder(folder), /replaced by a link/, folder);
  assert.deepEqual(await readSince(outside), []);
  assert.deepEqual(await disk.readFolder(path.join(root, 'real/sub')), [{ name: 'in.txt', kind: 'file' }]);
});

test('L1: a link to a folder of the same tree can still begin a pattern', async (t) => {
  const { root } = await scene(t);
  const listing = await files.list(root, 'inner/**/*.txt', 100, signal);
  assert.deepEqual(listing.ok && listing.paths, ['inner/sub/in.txt']);
});
