import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { createFiles, type UnsavedTexts } from '../../../src/adapters/node/files.ts';
import type { FileGone } from '../../../src/core/filePorts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const { signal } = new AbortController();
const files = createFiles();

function kindOf(gone: FileGone): string {
  return gone.ok ? 'ok' : gone.error.kind;
}

/** An editor that shows these texts unsaved, and does with each request what it is told. */
function editor(
  unsaved: Readonly<Record<string, string>>,
  answer: FileGone | undefined,
): UnsavedTexts & { readonly asked: string[] } {
  const asked: string[] = [];
  const note = (...what: readonly string[]): Promise<FileGone | undefined> => {
    asked.push(what.map((each) => path.basename(each)).join(' '));
    return Promise.resolve(answer);
  };
  return {
    asked,
    unsavedText: (file) => unsaved[path.basename(file)],
    remove: (file) => note('remove', file),
    move: (from, to) => note('move', from, to),
  };
}

test('a file is deleted while the expected text stands in it, and not otherwise', async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'a.txt');
  await writeFile(file, '\uFEFFtheirs');
  assert.equal(kindOf(await files.remove(file, 'mine', signal)), 'changed');
  assert.equal(kindOf(await files.remove(file, 'theirs', AbortSignal.abort())), 'cancelled');
  assert.equal(await readFile(file, 'utf8'), '\uFEFFtheirs');
  assert.equal(kindOf(await files.remove(file, 'theirs', signal)), 'ok');
  assert.deepEqual(await readdir(folder), []);
  assert.equal(kindOf(await files.remove(file, 'theirs', signal)), 'changed');
});

test('what is damaged text, a folder or a link is not deleted', async (t) => {
  const folder = await temporaryFolder(t);
  const at = (name: string): string => path.join(folder, name);
  await writeFile(at('damaged'), Buffer.from('6bc3a4e4', 'hex'));
  await mkdir(at('folder'));
  await writeFile(at('target'), 'x');
  await symlink('target', at('link'));
  assert.equal(kindOf(await files.remove(at('damaged'), 'kä\uFFFD', signal)), 'binary');
  assert.equal(kindOf(await files.remove(at('folder'), '', signal)), 'notRegularFile');
  assert.equal(kindOf(await files.remove(at('link'), 'x', signal)), 'changed');
  assert.deepEqual(await readdir(folder), ['damaged', 'folder', 'link', 'target']);
});

test('a file is moved with its bytes and its mode, and missing folders are made', async (t) => {
  const folder = await temporaryFolder(t);
  const [from, to] = [path.join(folder, 'a'), path.join(folder, 'x/y/b')];
  await writeFile(from, Buffer.from([0, 255, 1]));
  await chmod(from, 0o751);
  assert.equal(kindOf(await files.move(from, to, signal)), 'ok');
  assert.deepEqual(await readFile(to), Buffer.from([0, 255, 1]));
  assert.equal((await stat(to)).mode & 0o777, 0o751);
  assert.deepEqual(await readdir(folder), ['x']);
});

test('nothing is overwritten by a move, neither a file nor a folder nor a link that leads nowhere', async (t) => {
  const folder = await temporaryFolder(t);
  const at = (name: string): string => path.join(folder, name);
  await writeFile(at('a'), 'a');
  await writeFile(at('b'), 'b');
  await mkdir(at('folder'));
  await symlink('nowhere', at('dangling'));
  assert.equal(kindOf(await files.move(at('a'), at('b'), signal)), 'changed');
  assert.equal(kindOf(await files.move(at('a'), at('folder'), signal)), 'notRegularFile');
  assert.equal(kindOf(await files.move(at('a'), at('dangling'), signal)), 'changed');
  assert.equal(kindOf(await files.move(at('a'), at('b/c'), signal)), 'io');
  assert.equal(await readFile(at('b'), 'utf8'), 'b');
  assert.deepEqual(await readdir(folder), ['a', 'b', 'dangling', 'folder']);
});

test('only regular files are moved, and a stopped move changes nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const at = (name: string): string => path.join(folder, name);
  await mkdir(at('folder'));
  await writeFile(at('a'), 'a');
  assert.equal(kindOf(await files.move(at('folder'), at('b'), signal)), 'notRegularFile');
  assert.equal(kindOf(await files.move(at('gone'), at('b'), signal)), 'changed');
  assert.equal(kindOf(await files.move(at('a'), at('b'), AbortSignal.abort())), 'cancelled');
  assert.deepEqual(await readdir(folder), ['a', 'folder']);
});

test('of two moves to one name one succeeds, and the other file stays', async (t) => {
  const folder = await temporaryFolder(t);
  const at = (name: string): string => path.join(folder, name);
  for (const name of ['a', 'b']) await writeFile(at(name), name);
  const both = await Promise.allSettled(['a', 'b'].map((name) => files.move(at(name), at('c'), signal)));
  const kinds = both.map((each) => (each.status === 'fulfilled' ? kindOf(each.value) : 'rejected'));
  assert.deepEqual(kinds.toSorted(), ['changed', 'ok']);
  const stays = kinds[0] === 'ok' ? 'b' : 'a';
  assert.deepEqual(await readdir(folder), [stays, 'c']);
});

test('a folder that became a link is neither deleted from nor moved into', async (t) => {
  const [folder, elsewhere] = [await temporaryFolder(t), await temporaryFolder(t)];
  await symlink(elsewhere, path.join(folder, 'sub'));
  await writeFile(path.join(elsewhere, 'theirs'), 'x');
  await writeFile(path.join(folder, 'mine'), 'x');
  const inside = (name: string): string => path.join(folder, 'sub', name);
  assert.equal(kindOf(await files.remove(inside('theirs'), 'x', signal)), 'changed');
  assert.equal(kindOf(await files.move(path.join(folder, 'mine'), inside('mine'), signal)), 'changed');
  assert.equal(kindOf(await files.move(inside('theirs'), path.join(folder, 'b'), signal)), 'changed');
  assert.deepEqual(await readdir(elsewhere), ['theirs']);
});

test('an editor is not asked to follow a folder that became a link', async (t) => {
  const [folder, elsewhere] = [await temporaryFolder(t), await temporaryFolder(t)];
  await symlink(elsewhere, path.join(folder, 'sub'));
  await writeFile(path.join(elsewhere, 'theirs'), 'x');
  const asked: string[] = [];
  const following = createFiles({
    ...editor({}, { ok: true }),
    write: ({ path: file, text }) => {
      asked.push(file);
      return Promise.resolve({ ok: true, text, isUnsaved: false });
    },
    remove: (file) => {
      asked.push(file);
      return Promise.resolve({ ok: true });
    },
  });
  const inside = path.join(folder, 'sub', 'theirs');
  const made = await following.write({ path: path.join(folder, 'sub', 'new'), text: 'y' }, signal);
  const replaced = await following.write({ path: inside, text: 'y', replaces: 'x' }, signal);
  const kinds = [made, replaced].map((written) => (written.ok ? 'ok' : written.error.kind));
  assert.deepEqual(kinds, ['changed', 'changed']);
  assert.equal(kindOf(await following.remove(inside, 'x', signal)), 'changed');
  assert.deepEqual(asked, []);
});

test('a file with unsaved changes is not deleted, and is moved by the editor alone', async (t) => {
  const folder = await temporaryFolder(t);
  const [from, to] = [path.join(folder, 'a'), path.join(folder, 'b')];
  await writeFile(from, 'x');
  const dirty = editor({ a: 'mine' }, { ok: true });
  assert.equal(kindOf(await createFiles(dirty).remove(from, 'mine', signal)), 'refused');
  assert.equal(kindOf(await createFiles(dirty).move(from, to, signal)), 'ok');
  assert.deepEqual(dirty.asked, ['move a b']);
  assert.equal(kindOf(await createFiles(editor({ a: 'mine' }, undefined)).move(from, to, signal)), 'refused');
  assert.deepEqual(await readdir(folder), ['a']);
});

test('where there is an editor, it deletes and moves; what it leaves to the disk is done there', async (t) => {
  const folder = await temporaryFolder(t);
  const at = (name: string): string => path.join(folder, name);
  for (const name of ['a', 'b']) await writeFile(at(name), 'x');
  const doing = editor({}, { ok: true });
  assert.equal(kindOf(await createFiles(doing).remove(at('a'), 'other', signal)), 'changed');
  assert.equal(kindOf(await createFiles(doing).remove(at('a'), 'x', signal)), 'ok');
  assert.equal(kindOf(await createFiles(doing).move(at('a'), at('b'), signal)), 'changed');
  assert.equal(kindOf(await createFiles(doing).move(at('a'), at('c'), signal)), 'ok');
  assert.deepEqual(doing.asked, ['remove a', 'move a c']);
  const leaving = createFiles(editor({}, undefined));
  assert.equal(kindOf(await leaving.remove(at('a'), 'x', signal)), 'ok');
  assert.equal(kindOf(await leaving.move(at('b'), at('c'), signal)), 'ok');
  assert.deepEqual(await readdir(folder), ['c']);
});

test('a link is told from the file that it leads to', async (t) => {
  const folder = await temporaryFolder(t);
  const at = (name: string): string => path.join(folder, name);
  await writeFile(at('a'), '');
  await symlink('a', at('link'));
  await symlink('nowhere', at('dangling'));
  const links: string[] = [];
  for (const name of ['a', 'link', 'dangling', 'gone']) if (await files.isLink(at(name))) links.push(name);
  assert.deepEqual(links, ['link', 'dangling']);
});
