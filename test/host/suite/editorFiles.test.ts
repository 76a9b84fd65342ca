/** Writing files through the editor: what a person has unsaved stays, and undo takes an edit back. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setup, suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { editorFiles } from '../../../src/adapters/vscode/editorFiles.ts';
import type { FileWritten } from '../../../src/core/filePorts.ts';

const { signal } = new AbortController();
const files = createFiles(editorFiles);

async function fileNamed(name: string, text?: string): Promise<string> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  assert.ok(folder);
  const file = path.join(await realpath(folder), name);
  if (text !== undefined) await writeFile(file, text);
  return file;
}

function write(file: string, text: string, replaces?: string): Promise<FileWritten> {
  return files.write({ path: file, text, ...(replaces !== undefined && { replaces }) }, signal);
}

async function show(file: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(vscode.Uri.file(file)));
}

async function type(editor: vscode.TextEditor, text: string): Promise<void> {
  assert.ok(await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), text)));
}

suite('writing through the editor', () => {
  const closeAll = (): Thenable<unknown> =>
    vscode.commands.executeCommand('workbench.action.closeAllEditors');
  setup(closeAll);
  teardown(async () => {
    for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
    await closeAll();
  });

  test('a new file is made, with its folders', async () => {
    const file = await fileNamed('made/here/new.txt');
    assert.deepEqual(await write(file, 'ä\n'), { ok: true, text: 'ä\n', isUnsaved: false });
    assert.equal(await readFile(file, 'utf8'), 'ä\n');
    const again = await write(file, 'other');
    assert.equal(!again.ok && again.error.kind, 'changed');
  });

  test('a file that no editor shows is changed and saved', async () => {
    const file = await fileNamed('closed.txt', 'one\ntwo\nthree\n');
    assert.deepEqual(await write(file, 'one\n2\nthree\n', 'one\ntwo\nthree\n'), {
      ok: true,
      text: 'one\n2\nthree\n',
      isUnsaved: false,
    });
    assert.equal(await readFile(file, 'utf8'), 'one\n2\nthree\n');
  });

  test('undo takes an edit back', async () => {
    const file = await fileNamed('undo.txt', 'one\r\ntwo\r\n');
    const editor = await show(file);
    assert.ok((await write(file, 'one\r\n2\r\n3\r\n', 'one\r\ntwo\r\n')).ok);
    assert.equal(editor.document.getText(), 'one\r\n2\r\n3\r\n');
    assert.equal(editor.document.isDirty, false);
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), 'one\r\ntwo\r\n');
  });

  test('unsaved changes are what is read and edited, and are not saved', async () => {
    const file = await fileNamed('dirty.txt', 'one\ntwo\n');
    const editor = await show(file);
    await type(editor, 'mine\n');
    const read = await files.readText(file, 1000, signal);
    assert.equal(read.ok && read.text, 'mine\none\ntwo\n');
    const stale = await write(file, 'x', 'one\ntwo\n');
    assert.equal(!stale.ok && stale.error.kind, 'changed');
    const written = await write(file, 'mine\none\n2\n', 'mine\none\ntwo\n');
    assert.deepEqual(written, { ok: true, text: 'mine\none\n2\n', isUnsaved: true });
    assert.equal(editor.document.getText(), 'mine\none\n2\n');
    assert.equal(await readFile(file, 'utf8'), 'one\ntwo\n');
  });

  test('a file of mixed line ends, which the editor would make equal, keeps them', async () => {
    const file = await fileNamed('mixed.txt', 'a\r\nb\nc\n');
    assert.ok((await write(file, 'a\r\nb\nC\n', 'a\r\nb\nc\n')).ok);
    assert.equal(await readFile(file, 'utf8'), 'a\r\nb\nC\n');
  });

  test('a file is deleted, also one that is open', async () => {
    const file = await fileNamed('deleted.txt', 'one\n');
    await show(file);
    const stale = await files.remove(file, 'other', signal);
    assert.equal(!stale.ok && stale.error.kind, 'changed');
    assert.deepEqual(await files.remove(file, 'one\n', signal), { ok: true });
    assert.equal(existsSync(file), false);
  });

  test('a file with unsaved changes is not deleted', async () => {
    const file = await fileNamed('kept.txt', 'one\n');
    const editor = await show(file);
    await type(editor, 'mine\n');
    const removed = await files.remove(file, 'mine\none\n', signal);
    assert.equal(!removed.ok && removed.error.kind, 'refused');
    assert.equal(await readFile(file, 'utf8'), 'one\n');
    assert.equal(editor.document.getText(), 'mine\none\n');
  });

  test('a file is moved with its unsaved changes, and into folders that are not there yet', async () => {
    const file = await fileNamed('from.txt', 'one\n');
    const to = await fileNamed('new/folder/to.txt');
    await type(await show(file), 'mine\n');
    assert.deepEqual(await files.move(file, to, signal), { ok: true });
    assert.equal(existsSync(file), false);
    assert.equal(await readFile(to, 'utf8'), 'one\n');
    const read = await files.readText(to, 1000, signal);
    assert.equal(read.ok && `${read.isUnsaved} ${read.text}`, 'true mine\none\n');
  });

  test('undo moves a file back', async () => {
    const file = await fileNamed('name.txt', 'one\n');
    const to = await fileNamed('newName.txt');
    assert.deepEqual(await files.move(file, to, signal), { ok: true });
    await show(to);
    await vscode.commands.executeCommand('undo');
    assert.equal(await readFile(file, 'utf8'), 'one\n');
    assert.equal(existsSync(to), false);
  });

  test('nothing is overwritten by a move', async () => {
    const [file, there] = [await fileNamed('moved.txt', 'one'), await fileNamed('there.txt', 'two')];
    const moved = await files.move(file, there, signal);
    assert.equal(!moved.ok && moved.error.kind, 'changed');
    // As if it had come to be there since.
    const late = await editorFiles.move(file, there);
    assert.equal(late, undefined);
    assert.equal(await readFile(there, 'utf8'), 'two');
    assert.equal(await readFile(file, 'utf8'), 'one');
  });
});
