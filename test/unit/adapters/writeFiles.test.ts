import assert from 'node:assert/strict';
import { readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { createFiles, type UnsavedTexts } from '../../../src/adapters/node/files.ts';
import type { FileWrite, FileWritten } from '../../../src/core/filePorts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const { signal } = new AbortController();

function kindOf(written: FileWritten): string {
  return written.ok ? 'ok' : written.error.kind;
}

/** An editor that shows these texts unsaved, and does with each write what it is told. */
function editor(
  unsaved: Readonly<Record<string, string>>,
  answer: FileWritten | undefined,
): UnsavedTexts & { readonly writes: FileWrite[] } {
  const writes: FileWrite[] = [];
  return {
    writes,
    unsavedText: (file) => unsaved[path.basename(file)],
    write: (write) => {
      writes.push(write);
      return Promise.resolve(answer);
    },
  };
}

test('of two that make the same file one succeeds, and nothing else is left behind', async (t) => {
  const folder = await temporaryFolder(t);
  const files = createFiles();
  const file = path.join(folder, 'a.txt');
  const both = await Promise.allSettled(
    ['one', 'two'].map((text) => files.write({ path: file, text }, signal)),
  );
  const kinds = both.map((each) => (each.status === 'fulfilled' ? kindOf(each.value) : 'rejected'));
  assert.deepEqual(kinds.sort(), ['changed', 'ok']);
  assert.deepEqual(await readdir(folder), ['a.txt']);
});

test('a file that is not as expected is not replaced', async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'a.txt');
  await writeFile(file, 'theirs');
  const write = (replaces: string): Promise<FileWritten> =>
    createFiles().write({ path: file, text: 'mine', replaces }, signal);
  assert.equal(kindOf(await write('thei')), 'changed');
  assert.equal(kindOf(await write('theirs and more')), 'changed');
  assert.equal(await readFile(file, 'utf8'), 'theirs');
  assert.equal(kindOf(await write('theirs')), 'ok');
  assert.deepEqual(await readdir(folder), ['a.txt']);
});

test('a folder that became a link since the path was checked is not written through', async (t) => {
  const folder = await temporaryFolder(t);
  const elsewhere = await temporaryFolder(t);
  const inside = path.join(folder, 'sub');
  await symlink(elsewhere, inside);
  const written = await createFiles().write({ path: path.join(inside, 'a.txt'), text: 'x' }, signal);
  assert.equal(kindOf(written), 'changed');
  assert.deepEqual(await readdir(elsewhere), []);
});

test('a stopped write changes nothing', async (t) => {
  const folder = await temporaryFolder(t);
  const written = await createFiles().write(
    { path: path.join(folder, 'a.txt'), text: 'x' },
    AbortSignal.abort(),
  );
  assert.equal(kindOf(written), 'cancelled');
  assert.deepEqual(await readdir(folder), []);
});

test('where there is an editor, it writes; what it leaves to the disk is written there', async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'a.txt');
  await writeFile(file, 'old');
  const write = { path: file, text: 'new', replaces: 'old' };
  const saving = editor({}, { ok: true, text: 'new, formatted', isUnsaved: false });
  assert.deepEqual(await createFiles(saving).write(write, signal), {
    ok: true,
    text: 'new, formatted',
    isUnsaved: false,
  });
  assert.deepEqual(saving.writes, [write]);
  assert.equal(await readFile(file, 'utf8'), 'old');
  assert.equal(kindOf(await createFiles(editor({}, undefined)).write(write, signal)), 'ok');
  assert.equal(await readFile(file, 'utf8'), 'new');
});

test('an editor is not asked to save what it would read as other bytes, or what has changed on the disk', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(path.join(folder, 'latin.txt'), 'für', 'latin1');
  await writeFile(
    path.join(folder, 'damaged.txt'),
    Buffer.concat([Buffer.from('für '), Buffer.from([0xe4])]),
  );
  await writeFile(path.join(folder, 'changed.txt'), 'theirs');
  const asked = editor({}, { ok: true, text: '', isUnsaved: false });
  const write = (name: string, replaces: string): Promise<FileWritten> =>
    createFiles(asked).write({ path: path.join(folder, name), text: 'x', replaces }, signal);
  assert.equal(kindOf(await write('damaged.txt', 'für \uFFFD')), 'binary');
  assert.equal(kindOf(await write('latin.txt', 'für')), 'ok');
  assert.equal(kindOf(await write('changed.txt', 'mine')), 'changed');
  assert.deepEqual(asked.writes, []);
});

test('of a file with unsaved changes the editor’s text counts, not the disk’s', async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'a.txt');
  await writeFile(file, 'on the disk');
  const dirty = editor({ 'a.txt': 'unsaved' }, { ok: true, text: 'x', isUnsaved: true });
  const written = await createFiles(dirty).write({ path: file, text: 'x', replaces: 'unsaved' }, signal);
  assert.deepEqual(written, { ok: true, text: 'x', isUnsaved: true });
  assert.equal(await readFile(file, 'utf8'), 'on the disk');
});

test('a file that is moved away meanwhile is not made again', async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'a.txt');
  await writeFile(file, 'old');
  await rename(file, path.join(folder, 'b.txt'));
  assert.equal(
    kindOf(await createFiles().write({ path: file, text: 'new', replaces: 'old' }, signal)),
    'changed',
  );
  assert.deepEqual(await readdir(folder), ['b.txt']);
});
