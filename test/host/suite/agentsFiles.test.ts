/** Agents files in a real VS Code: problems at their places, the lens, and what is proposed. */
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { extensionApi } from './extensionApi.ts';

suite('agents files', () => {
  test('every problem of a bad file is a diagnostic at its place, and running it runs nothing', async () => {
    const uri = await write('bad.agents.json', [
      '{',
      '  "tasks": [',
      '    { "note": "a" },',
      '    { "note": "b", "prompt": "p", "modle": "m" }',
      '  ]',
      '}',
    ]);
    await vscode.window.showTextDocument(uri);
    const found = await ourDiagnostics(uri, 2);
    const places = found.map(({ range }) => `${range.start.line + 1}:${range.start.character + 1}`);
    assert.deepEqual(places, ['3:5', '4:35']);
    const api = await extensionApi();
    const before = api.sessions().length;
    await vscode.commands.executeCommand('allsettled.runAgents', uri);
    assert.equal(api.sessions().length, before);
  });

  test('the lens above an agents file says how many it runs', async () => {
    const task = '{ "note": "a", "prompt": "p" }';
    const uri = await write('lens.agents.json', [`{ "tasks": [${task}, ${task}] }`]);
    await vscode.workspace.openTextDocument(uri);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      uri,
    );
    assert.deepEqual(
      lenses.map(({ command }) => [command?.command, command?.title]),
      [['allsettled.runAgents', '$(run-all) Run 2 agents']],
    );
  });

  test('an agents file takes comments', async () => {
    const uri = await write('comments.agents.json', [
      '// why',
      '{ "tasks": [{ "note": "a", "prompt": "p" }] }',
    ]);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.languageId, 'jsonc');
  });
});

async function write(name: string, lines: readonly string[]): Promise<vscode.Uri> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder, 'no folder is open');
  const uri = vscode.Uri.joinPath(folder, name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(lines.join('\n')));
  return uri;
}

/** Our own diagnostics, once there are so many, in the order of the text. */
function ourDiagnostics(uri: vscode.Uri, count: number): Promise<readonly vscode.Diagnostic[]> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const ours = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'AllSettled');
      if (ours.length === count) resolve(ours.toSorted((a, b) => a.range.start.compareTo(b.range.start)));
      return ours.length === count;
    };
    const subscription = vscode.languages.onDidChangeDiagnostics(() => {
      if (look()) subscription.dispose();
    });
    if (look()) subscription.dispose();
  });
}
