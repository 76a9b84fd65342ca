/** 30 parallel edits by five agents on ten shared files through the editor, two of which have unsaved changes. */
import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { editorFiles } from '../../../src/adapters/vscode/editorFiles.ts';
import { agentScripts } from '../../fixtures/agentScripts.ts';
import { editFates, fileNames, sharedEdits, textOf } from '../../fixtures/sharedEdits.ts';
import { testRuntime, testSettings } from '../../unit/runtime/testRuntime.ts';

/** The workspace's folder, by the path that links lead to. */
async function workspaceFolder(): Promise<string> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  assert.ok(folder);
  return realpath(folder);
}

async function open(file: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  return vscode.window.showTextDocument(document, { preview: false });
}

/** As a person would; the editor need not be the one in front. */
async function type(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

suite('parallel edits through the editor', () => {
  const cleanUps: (() => unknown)[] = [];
  const t = { after: (clean: () => unknown) => void cleanUps.push(clean) };
  teardown(async () => {
    for (const clean of cleanUps.splice(0).reverse()) await clean();
    for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('nothing is lost, nothing is overwritten unseen, and every conflict is told', async () => {
    const folder = await workspaceFolder();
    const at = (file: number): string => path.join(folder, fileNames[file] ?? '');
    for (const [file] of fileNames.entries()) await writeFile(at(file), textOf(file, false));
    const documents: vscode.TextDocument[] = [];
    for (const file of [0, 1]) {
      const { document } = await open(at(file));
      await type(document, 'mine\n');
      documents.push(document);
    }
    const typeOn = sharedEdits(async () => {
      // A person types on, and a program writes, between what the agents read and what they write.
      await type(documents[0] ?? assert.fail(), 'more of ');
      await appendFile(at(2), 'appended\n');
    });
    const scripts = await agentScripts(t, typeOn.parts);
    const stateDir = await mkdtemp(path.join(os.tmpdir(), 'allsettled-edits-'));
    t.after(() => rm(stateDir, { recursive: true, force: true }));
    const runtime = testRuntime(t, stateDir, scripts.server.url, {
      files: createFiles(editorFiles),
      settings: { ...testSettings(scripts.server.url), lanes: () => ({ io: 16, process: 1, model: 5 }) },
    });
    const place = { cwd: folder, roots: [folder] };
    const run = await runtime.startAgent({ prompt: 'Go root', permission: 'workspace-write', ...place });
    assert.equal((await run.ended).status, 'completed');

    const onDisk = (file: number): Promise<string> => readFile(at(file), 'utf8');
    assert.equal(documents[0]?.getText(), `more of mine\n${textOf(0, true)}`);
    assert.equal(documents[1]?.getText(), `mine\n${textOf(1, true)}`);
    for (const [file, document] of documents.entries()) {
      assert.equal(document.isDirty, true);
      assert.equal(await onDisk(file), textOf(file, false));
    }
    assert.equal(await onDisk(2), `${textOf(2, true)}appended\n`);
    for (let file = 3; file < fileNames.length; file += 1)
      assert.equal(await onDisk(file), textOf(file, true));

    const fates = editFates(runtime.session(run.sessionId) ?? assert.fail());
    assert.deepEqual(fates.firstRound, { succeeded: 8, changed: 22 });
    assert.deepEqual(fates.kinds, ['changed', 'succeeded']);
    assert.equal(fates.succeeded, 30);
  });
});
