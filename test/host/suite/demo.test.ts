/** The demo in a real VS Code: 14 real calls, one of which fails. */
import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import * as vscode from 'vscode';
import type { SessionState } from '../../../src/core/states.ts';
import { conversation } from '../../../src/views/conversation.ts';
import { callRowId } from '../../../src/views/rowIds.ts';
import { treeText } from '../../../src/views/treeText.ts';
import { runDemo, textThat } from './extensionApi.ts';

suite('the demo', () => {
  let state: SessionState;
  let agentId: string;

  suiteSetup(async () => {
    const demo = await runDemo();
    ({ state, agentId } = demo);
    assert.equal(demo.ending.status, 'completed', demo.ending.message);
  });

  test('one call fails, and the other 13 have their own results', () => {
    const statuses = [...state.calls.values()].map((call) => call.state.status);
    assert.deepEqual(statuses.toSorted(), ['failed', ...new Array<string>(13).fill('succeeded')]);
    assert.match(treeText(state, 0), /\n {2}Turn 1 {2}13 of 14 · 1 failed · /);
    assert.match(treeText(state, 0), /\n {4}✗ terminal {2}failed, exit code 3 · sh scripts\/report\.sh · /);
  });

  test('the failed call opens as a read-only document with its exit code and its stderr', async () => {
    const failed = [...state.calls.values()].find((call) => call.state.status === 'failed');
    assert.ok(failed);
    await vscode.commands.executeCommand('allsettled.openResult', callRowId(state, failed.id));
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.scheme, 'allsettled-result');
    const text = editor.document.getText();
    assert.match(text, /^terminal: failed, exit code 3\n/);
    assert.match(text, new RegExp(`\nCall id: {3}${failed.id}\n`));
    assert.match(text, /\n--- stderr ---\nERROR: column "project" does not exist\n/);
  });

  test('the conversation document shows what the journal holds', async () => {
    await vscode.commands.executeCommand('allsettled.openConversation', `${state.id}/${agentId}`);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'allsettled-conversation');
    assert.equal(document.languageId, 'markdown');
    const agent = state.agents.get(agentId);
    assert.ok(agent);
    const expected = conversation(state, agent);
    assert.equal(await textThat(document, (text) => text === expected), expected);
  });

  test("a call's id and its result are copied", async () => {
    const failed = [...state.calls.values()].find((call) => call.state.status === 'failed');
    assert.ok(failed);
    await vscode.commands.executeCommand('allsettled.copyCallId', callRowId(state, failed.id));
    assert.equal(await vscode.env.clipboard.readText(), failed.id);
    await vscode.commands.executeCommand('allsettled.copyResult', callRowId(state, failed.id));
    assert.match(await vscode.env.clipboard.readText(), /column "project" does not exist/);
  });
});
