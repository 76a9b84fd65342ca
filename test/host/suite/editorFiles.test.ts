/** Writing files through the editor: what a person has unsaved stays, and undo takes an edit back. */
import assert from 'node:assert/strict';
import { readFile, realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setup, suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { editorFiles } from '../../../src/adapters/vscode/editorFiles.ts';
import type { FileWritten } from '../../../src/core/ports.ts';

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
});
