/** S2: the places that a look finds, and the limits that it tells. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { GuardedFolders } from '../../../src/adapters/node/guardedFolders.ts';
import { protectedPlaces } from '../../../src/adapters/node/protectedPlaces.ts';
import { StandIns } from '../../../src/adapters/node/standIns.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

test('S2: beyond the folders that are looked into, what git lists is found, and the rest is told', async (t) => {
  const root = await temporaryFolder(t);
  await writeAll(root, {
    'a/one': '',
    'b/c/.vscode/x': '',
    'deep/sub/.git': 'gitdir: ../../.git/modules/group/sub\n',
    'deep/inner/.git': 'gitdir: ../../.git/modules/group/sub/modules/inner\n',
    '.git/modules/group/sub/HEAD': '',
    '.git/modules/group/sub/config': '[core]\n\tworktree = ../../../../deep/sub\n',
    '.git/modules/group/sub/modules/inner/HEAD': '',
    '.git/modules/group/sub/modules/inner/config': '[core]\n\tworktree = ../../../../../../deep/inner\n',
  });
  const git = (...args: string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: root,
      stdio: 'ignore',
    });
  git('init');
  git('commit', '--allow-empty', '-m', 'x');
  git('worktree', 'add', 'deep/tree');
  const found = (most?: number): readonly string[] =>
    protectedPlaces(root, most)
      .present.map((place) => path.relative(root, place))
      .filter((place) => !place.startsWith('.git/'))
      .sort();
  assert.deepEqual(found(1), ['.git', 'deep/inner/.git', 'deep/sub/.git', 'deep/tree/.git']);
  assert.deepEqual(found(), ['.git', 'b/c/.vscode', 'deep/inner/.git', 'deep/sub/.git', 'deep/tree/.git']);
  assert.equal(protectedPlaces(root).isCut, false);
  const guarded = new GuardedFolders([root], new Map([[root, protectedPlaces(root, 1)]]), new StandIns());
  assert.match(
    guarded.remarks().join(),
    /has very many folders\. The sandbox looked into those that are nearest/,
  );
});

test('S2: what is in node_modules is not protected', async (t) => {
  const root = await temporaryFolder(t);
  await writeAll(root, { 'a/.vscode/x': '', 'a/node_modules/b/.vscode/x': '', 'node_modules/.git/HEAD': '' });
  assert.deepEqual(protectedPlaces(root).present, [path.join(root, 'a/.vscode')]);
});
