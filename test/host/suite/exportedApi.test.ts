/** What other extensions can ask of this one. */
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { endingOf, extensionApi } from './extensionApi.ts';

suite('the exported API', () => {
  test('it says its version', async () => {
    assert.equal((await extensionApi()).version, 1);
  });

  test("an agent is never given more than the user's settings allow", async () => {
    const api = await extensionApi();
    const cwd = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    const started = await api.startAgent({
      cwd,
      roots: [cwd],
      prompt: 'x',
      permission: 'unlimited',
      replay: [],
    });
    await endingOf(api, started.sessionId, started.agentId);
    assert.equal(api.session(started.sessionId)?.agents.get(started.agentId)?.permission, 'workspace-write');
  });
});
