/** Taking edits back through the editor: what a person has unsaved stays theirs, and undo works there too. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { editorFiles } from '../../../src/adapters/vscode/editorFiles.ts';
import type { RevertTarget } from '../../../src/core/reverts.ts';
import { asksFor, says } from '../../fixtures/agentScripts.ts';
import { revertBench, snapshot } from '../../fixtures/revertBench.ts';

const root: RevertTarget = { kind: 'agent', agentId: 'agent-1' };

async function open(file: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** A person types at the beginning of the text that is shown, and saves nothing. */
async function typeMine(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  assert.ok(await editor?.edit((edit) => edit.insert(new vscode.Position(0, 0), 'mine ')));
}

/** Settles when the document says that it is saved, which can come later than the end of its saving. */
function saved(document: vscode.TextDocument): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (!document.isDirty) resolve();
  };
  const listening = vscode.workspace.onDidChangeTextDocument(look);
  look();
  return promise.finally(() => void listening.dispose());
}

/** Changes, makes, deletes and moves a file. */
const parts = [
  asksFor(['r1', 'read_file', { path: 'changed.txt' }], ['r2', 'read_file', { path: 'deleted.txt' }]),
  asksFor(
    ['e1', 'edit_file', { path: 'changed.txt', edits: [{ oldText: 'one', newText: 'two' }] }],
    ['w1', 'write_file', { path: 'made.txt', content: 'made' }],
    ['d1', 'delete_file', { path: 'deleted.txt' }],
    ['m1', 'rename_file', { from: 'old.txt', to: 'new.txt' }],
  ),
  says('Done.'),
];
const files = { 'changed.txt': 'one  \r\n', 'deleted.txt': '\uFEFFgone', 'old.txt': 'moved' };

suite('reverting through the editor', () => {
  const cleanUps: (() => unknown)[] = [];
  const t = { after: (clean: () => unknown) => void cleanUps.push(clean) };
  const ports = { files: createFiles(editorFiles) };
  const setting = (name: string, value: boolean | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration('files').update(name, value, vscode.ConfigurationTarget.Global);
  teardown(async () => {
    for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const clean of cleanUps.splice(0).reverse()) await clean();
  });

  test('every byte comes back, and again with the undoing', async () => {
    const bench = await revertBench(t, { root: parts }, files, ports);
    const before = await snapshot(bench.folder);
    const { id } = await bench.run('root');
    const after = await snapshot(bench.folder);
    const { revertId = '', left } = await bench.revert(id, root);
    assert.deepEqual(left, []);
    assert.deepEqual(await snapshot(bench.folder), before);
    await bench.revert(id, { kind: 'revert', revertId });
    assert.deepEqual(await snapshot(bench.folder), after);
  });

  test('an editor that tidies what it saves does not tidy what is restored', async () => {
    await setting('trimTrailingWhitespace', true);
    await setting('insertFinalNewline', true);
    try {
      const bench = await revertBench(t, { root: parts }, files, ports);
      const before = await snapshot(bench.folder);
      const document = await open(path.join(bench.folder, 'changed.txt'));
      const { id } = await bench.run('root');
      assert.equal(document.getText(), 'two\r\n', 'the editor tidied the edit');
      assert.equal(await bench.planText(id, root).then((text) => text.split('\n')[0]), 'changed.txt: asLeft');
      assert.deepEqual((await bench.revert(id, root)).left, []);
      assert.deepEqual(await snapshot(bench.folder), before);
    } finally {
      await setting('trimTrailingWhitespace', undefined);
      await setting('insertFinalNewline', undefined);
    }
  });

  test('beside unsaved changes the text in the editor is restored, stays unsaved, and undo takes that back', async () => {
    const bench = await revertBench(t, { root: parts }, files, ports);
    const file = path.join(bench.folder, 'changed.txt');
    const document = await open(file);
    await typeMine();
    const { id } = await bench.run('root');
    assert.equal(document.getText(), 'mine two  \r\n');
    const result = await bench.revert(id, root);
    assert.deepEqual([result.unsaved, result.left], [[file], []]);
    assert.equal(document.getText(), 'mine one  \r\n');
    assert.equal(document.isDirty, true);
    assert.equal(await readFile(file, 'utf8'), 'one  \r\n');
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'mine two  \r\n');
  });

  test('beside changes that were unsaved and are saved by now the text is restored and saved', async () => {
    const bench = await revertBench(t, { root: parts }, files, ports);
    const file = path.join(bench.folder, 'changed.txt');
    const document = await open(file);
    await typeMine();
    const { id } = await bench.run('root');
    assert.ok(await document.save());
    await saved(document);
    const result = await bench.revert(id, root);
    assert.deepEqual([result.unsaved, result.left], [[], []]);
    assert.equal(await readFile(file, 'utf8'), 'mine one  \r\n');
  });

  test('what a person typed since is not overwritten', async () => {
    const bench = await revertBench(t, { root: parts }, files, ports);
    const file = path.join(bench.folder, 'changed.txt');
    const { id } = await bench.run('root');
    const document = await open(file);
    await typeMine();
    await writeFile(path.join(bench.folder, 'made.txt'), 'theirs');
    const { left, restored } = await bench.revert(id, root);
    assert.deepEqual(
      left.map((each) => path.basename(each.path)),
      ['changed.txt', 'made.txt'],
    );
    assert.equal(restored.length, 2);
    assert.equal(document.getText(), 'mine two  \r\n');
    assert.equal(await readFile(path.join(bench.folder, 'made.txt'), 'utf8'), 'theirs');
  });
});
