import assert from 'node:assert/strict';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { createFiles, type UnsavedTexts } from '../../../src/adapters/node/files.ts';
import type { FileWrite, FileWritten } from '../../../src/core/filePorts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const { signal } = new AbortController();

/** An editor that ends every file with a line end when it saves. */
function tidyEditor(): UnsavedTexts & { readonly writes: FileWrite[] } {
  const writes: FileWrite[] = [];
  return {
    writes,
    unsavedText: () => undefined,
    async write(write) {
      writes.push(write);
      const text = write.replaces === undefined ? write.text : `${write.text}\n`;
      await writeFile(write.path, text);
      return { ok: true, text, isUnsaved: false };
    },
  };
}

test('what an editor does to a text when it saves it is taken back from an exact write alone', async (t) => {
  const file = path.join(await temporaryFolder(t), 'a.txt');
  const files = createFiles(tidyEditor());
  const write = async (text: string, more: Partial<FileWrite> = {}): Promise<FileWritten> => {
    await writeFile(file, 'before');
    return files.write({ path: file, text, replaces: 'before', ...more }, signal);
  };
  assert.deepEqual(await write('plain'), { ok: true, text: 'plain\n', isUnsaved: false });
  assert.equal(await readFile(file, 'utf8'), 'plain\n');
  assert.deepEqual(await write('exact', { isExact: true }), { ok: true, text: 'exact', isUnsaved: false });
  assert.equal(await readFile(file, 'utf8'), 'exact');
});

test('a text that stands unsaved in the editor is left there', async (t) => {
  const file = path.join(await temporaryFolder(t), 'a.txt');
  await writeFile(file, 'on the disk');
  const answer: FileWritten = { ok: true, text: 'as the editor has it', isUnsaved: true };
  const files = createFiles({ unsavedText: () => 'unsaved', write: () => Promise.resolve(answer) });
  const write = { path: file, text: 'other', replaces: 'unsaved', isExact: true } as const;
  assert.deepEqual(await files.write(write, signal), answer);
  assert.equal(await readFile(file, 'utf8'), 'on the disk');
});

test('a file that is gone comes back with its mode and its byte order mark', async (t) => {
  const folder = await temporaryFolder(t);
  const editor = tidyEditor();
  for (const [name, mode, bytes] of [
    ['run.sh', 0o755, '#!/bin/sh\n'],
    ['secret', 0o600, 'one'],
    ['marked', 0o644, '\uFEFFone\r\n'],
    ['group', 0o664, ''],
    ['secret and marked', 0o400, '\uFEFF'],
  ] as const) {
    const file = path.join(folder, name);
    await writeFile(file, bytes);
    await chmod(file, mode);
    const files = createFiles(editor);
    const traits = await files.traits(file);
    const read = await files.readText(file, 1000, signal);
    assert.ok(traits && read.ok);
    await chmod(file, 0o600);
    assert.ok((await files.remove(file, read.text, signal)).ok);
    const written = await files.write({ path: file, text: read.text, traits }, signal);
    assert.deepEqual(written, { ok: true, text: read.text, isUnsaved: false }, name);
    assert.equal(await readFile(file, 'utf8'), bytes, name);
    assert.equal((await stat(file)).mode & 0o7777, mode, name);
    assert.equal(
      (await readdir(folder)).length,
      1 + ['run.sh', 'secret', 'marked', 'group', 'secret and marked'].indexOf(name),
    );
  }
  const asked = editor.writes.map((write) => path.basename(write.path));
  assert.deepEqual(asked, ['marked', 'group'], 'what others may not read is never made readable for them');
});

test('what is no regular file has no traits', async (t) => {
  const folder = await temporaryFolder(t);
  const files = createFiles();
  assert.equal(await files.traits(folder), undefined);
  assert.equal(await files.traits(path.join(folder, 'none')), undefined);
});
