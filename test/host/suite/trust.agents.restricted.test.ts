/** What runs, and what does not, in a folder that nobody trusted. */
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { defaultStateDir } from '../../../src/store/stateDir.ts';
import { leaveSession } from '../leftSession.ts';
import { extensionApi, runDemo } from './extensionApi.ts';

suite('work in restricted mode', () => {
  test('agents and batch files do not start, whoever asks', async () => {
    const api = await extensionApi();
    const refused = /a workspace that is not trusted/;
    const place = { cwd: '/', roots: ['/'], permission: 'read-only' } as const;
    await assert.rejects(api.startAgent({ ...place, prompt: 'x' }), refused);
    await assert.rejects(api.runBatch({ ...place, batch: { version: 1, calls: [] } }), refused);
    await vscode.commands.executeCommand('allsettled.startAgent', 'x');
    await vscode.commands.executeCommand('allsettled.runBatch', vscode.Uri.file('/x.batch.json'));
    await vscode.commands.executeCommand('allsettled.runAgents', vscode.Uri.file('/x.agents.json'));
    assert.deepEqual(api.sessions(), []);
  });

  test('what was interrupted can be looked at, and nothing goes on with it or works on the folder', async () => {
    const api = await extensionApi();
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    const { sessionId, agentId } = await leaveSession(defaultStateDir(), folder);
    const agentRow = `${sessionId}/${agentId}`;
    await vscode.commands.executeCommand('allsettled.resume', sessionId);
    for (const command of ['resume', 'followUp', 'viewWorktree', 'applyWorktree', 'revertAgent'])
      await vscode.commands.executeCommand(`allsettled.${command}`, agentRow);
    await vscode.commands.executeCommand('allsettled.cleanWorktrees');
    const runs = api
      .session(sessionId)
      ?.agents.get(agentId)
      ?.runs.map(({ state }) => state.status);
    assert.deepEqual(runs, ['interrupted']);
  });

  test('the demo, which has a folder of its own, runs', async () => {
    const { ending } = await runDemo();
    assert.equal(ending.status, 'completed', ending.message);
  });
});
