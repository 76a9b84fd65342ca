/** Batch files in a real VS Code: problems at their places, and a run. */
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { treeText } from '../../../src/views/treeText.ts';
import { extensionApi } from './extensionApi.ts';

suite('batch files', () => {
  test('every problem of a bad file is a diagnostic at its place, and running it runs nothing', async () => {
    const uri = await write('bad.batch.json', [
      '{',
      '  "version": 1,',
      '  "calls": [',
      '    { "id": "a", "tool": "no_such_tool", "input": {} },',
      '    { "id": "a", "tool": "read_file", "input": { "path": 3 } }',
      '  ]',
      '}',
    ]);
    await vscode.window.showTextDocument(uri);
    const found = await diagnosticsOf(uri, (diagnostics) => diagnostics.length > 0);
    const places = found.map(({ range }) => `${range.start.line + 1}:${range.start.character + 1}`);
    assert.deepEqual(places, ['4:26', '5:13', '5:58']);
    const api = await extensionApi();
    const before = api.sessions().length;
    await vscode.commands.executeCommand('allsettled.runBatch', uri);
    assert.equal(api.sessions().length, before);
  });

  test('a file that was mended has no diagnostics', async () => {
    const uri = await write('mended.batch.json', ['{ "version": 1, "calls": [] }']);
    const editor = await vscode.window.showTextDocument(uri);
    await diagnosticsOf(uri, (diagnostics) => diagnostics.length === 1);
    const good =
      '{ "version": 1, "calls": [{ "id": "a", "tool": "list_files", "input": { "pattern": "*" } }] }';
    const everything = new vscode.Range(0, 0, editor.document.lineCount, 0);
    await editor.edit((edit) => edit.replace(everything, good));
    assert.deepEqual(await diagnosticsOf(uri, (diagnostics) => diagnostics.length === 0), []);
    await editor.document.save();
  });

  test('a good file runs, sees unsaved text, and one failure leaves the other calls alone', async () => {
    const note = await write('note.txt', ['on disk']);
    const editor = await vscode.window.showTextDocument(note);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'not saved, '));
    const uri = await write('good.batch.json', [
      '{ // with comments',
      '  "version": 1,',
      '  "calls": [',
      '    { "id": "note", "tool": "read_file", "input": { "path": "note.txt" } },',
      '    { "id": "gone", "tool": "read_file", "input": { "path": "gone.txt" } }',
      '  ]',
      '}',
    ]);
    const api = await extensionApi();
    const { promise, resolve } = Promise.withResolvers<void>();
    let settled = 0;
    const subscription = api.onEvent(({ type }) => type === 'call.settled' && ++settled === 2 && resolve());
    const started = await vscode.commands.executeCommand<{ sessionId: string }>('allsettled.runBatch', uri);
    await promise;
    subscription.dispose();
    const state = api.session(started.sessionId);
    assert.ok(state);
    assert.match(
      treeText(state, 0),
      /^good\.batch\.json {2}1 of 2 · 1 failed\n {2}✓ note: read_file note\.txt {2}.*\n {2}✗ gone {2}failed, not found · read_file gone\.txt · .*$/,
    );
    const noted = state.calls.get('note')?.state;
    assert.match(noted?.status === 'succeeded' ? noted.output.text : '', /not saved, on disk/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  test('each further run is revealed in a tree that is open already', async () => {
    const call = '{ "id": "a", "tool": "list_files", "input": { "pattern": "*" } }';
    const uri = await write('again.batch.json', [`{ "version": 1, "calls": [${call}] }`]);
    await vscode.commands.executeCommand('allsettled.sessions.focus');
    for (let run = 0; run < 3; run++) {
      // The command gives nothing back when the row could not be revealed.
      const started = await vscode.commands.executeCommand<object | undefined>('allsettled.runBatch', uri);
      assert.ok(started, `run ${run}`);
    }
  });

  test('the lens above a batch file runs it', async () => {
    const uri = await write('lens.batch.json', ['{ "version": 1, "calls": [] }']);
    await vscode.workspace.openTextDocument(uri);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      uri,
    );
    assert.deepEqual(
      lenses.map(({ command }) => command?.command),
      ['allsettled.runBatch'],
    );
  });
});

async function write(name: string, lines: readonly string[]): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder, 'no folder is open');
  const uri = vscode.Uri.joinPath(folder, name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(lines.join('\n')));
  return uri;
}

/** Our own diagnostics, when they fit, in the order of the text; those of the JSON Schema come beside them. */
function diagnosticsOf(
  uri: vscode.Uri,
  fit: (diagnostics: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const ours = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'AllSettled');
      if (fit(ours)) resolve(ours.toSorted((a, b) => a.range.start.compareTo(b.range.start)));
      return fit(ours);
    };
    const subscription = vscode.languages.onDidChangeDiagnostics(() => {
      if (look()) subscription.dispose();
    });
    if (look()) subscription.dispose();
  });
}
