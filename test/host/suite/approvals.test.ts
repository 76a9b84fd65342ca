/** Calls that wait for a person in a real VS Code: commands on their rows, and edits in VS Code's own diff editor. */
import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { CallState } from '../../../src/core/calls.ts';
import type { SessionState } from '../../../src/core/states.ts';
import type { AllSettledApi } from '../../../src/ui/exportedApi.ts';
import { callRowId } from '../../../src/views/rowIds.ts';
import { extensionApi } from './extensionApi.ts';

suite('calls that wait for a person', () => {
  let api: AllSettledApi;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/');
  const uriOf = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, name);
  const settings = () => vscode.workspace.getConfiguration('allsettled');

  suiteSetup(async () => {
    api = await extensionApi();
    await settings().update('edits.review', 'ask', vscode.ConfigurationTarget.Global);
  });

  suiteTeardown(() => settings().update('edits.review', undefined, vscode.ConfigurationTarget.Global));

  /** Runs one call, and settles with its session when it waits. */
  async function asking(tool: string, input: object): Promise<SessionState> {
    const batch = {
      version: 1 as const,
      calls: [{ id: 'c', tool, input }],
    };
    const { sessionId } = await api.runBatch({
      batch,
      permission: 'workspace-write',
      cwd: folder.fsPath,
      roots: [folder.fsPath],
    });
    await callThat(sessionId, ({ status }) => status === 'awaitingApproval');
    const state = api.session(sessionId);
    assert.ok(state);
    return state;
  }

  function callThat(sessionId: string, fits: (state: CallState) => boolean): Promise<CallState> {
    return new Promise((resolve) => {
      const look = (): boolean => {
        const state = api.session(sessionId)?.calls.get('c')?.state;
        if (!state || !fits(state)) return false;
        resolve(state);
        return true;
      };
      const subscription = api.onEvent(() => {
        if (look()) subscription.dispose();
      });
      if (look()) subscription.dispose();
    });
  }

  const hasEnded = ({ status }: CallState): boolean =>
    status !== 'awaitingApproval' && status !== 'queued' && status !== 'running';

  async function answer(command: string, state: SessionState): Promise<void> {
    await vscode.commands.executeCommand(`allsettled.${command}`, callRowId(state, 'c'));
  }

  async function accept(tab: vscode.Tab | undefined): Promise<void> {
    await vscode.commands.executeCommand('allsettled.acceptEdit', inputOf(tab).modified);
  }

  async function textOf(name: string): Promise<string> {
    return Buffer.from(await vscode.workspace.fs.readFile(uriOf(name))).toString();
  }

  async function write(name: string, text: string): Promise<void> {
    await vscode.workspace.fs.writeFile(uriOf(name), Buffer.from(text));
  }

  test('a command runs when its row allows it', async () => {
    const state = await asking('terminal', { command: 'echo yes > yes.txt' });
    await answer('approveCall', state);
    const { status } = await callThat(state.id, hasEnded);
    assert.equal(status, 'succeeded');
    assert.equal(await textOf('yes.txt'), 'yes\n');
  });

  test('a command that is denied never runs, and its outcome says who said no', async () => {
    const state = await asking('terminal', { command: 'echo no > no.txt' });
    await answer('denyCall', state);
    const outcome = await callThat(state.id, hasEnded);
    assert.ok(outcome.status === 'denied' && outcome.by === 'person');
    await assert.rejects(async () => textOf('no.txt'));
  });

  test('a command that no dialog can show opens as a document before it can be allowed there', async () => {
    const command = Array.from({ length: 40 }, (_, line) => `echo ${line} >> long.txt`).join('\n');
    const state = await asking('terminal', { command });
    await answer('approveCall', state);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'allsettled-approval');
    assert.equal(vscode.workspace.getConfiguration('editor', document).get('wordWrap'), 'on');
    assert.match(document.getText(), /\necho 39 >> long\.txt\n$/);
    await answer('approveCall', state);
    assert.equal(api.session(state.id)?.calls.get('c')?.state.status, 'awaitingApproval', 'a second click');
    await tabsThat((tabs) => tabs.length === 1);
    await vscode.commands.executeCommand('allsettled.approveCall', document.uri);
    assert.equal((await callThat(state.id, hasEnded)).status, 'succeeded');
    assert.equal((await textOf('long.txt')).split('\n').length, 41);
    await tabsThat((tabs) => tabs.length === 0);
  });

  test('an edit is shown as a diff before it can be accepted, is then made, and its diff closes', async () => {
    await write('edited.txt', 'one\n');
    const state = await asking('edit_file', {
      path: 'edited.txt',
      edits: [{ oldText: 'one', newText: 'two' }],
    });
    await answer('acceptEdit', state);
    const [tab] = await tabsThat((tabs) => tabs.length === 1);
    assert.equal(tab?.label, 'edited.txt (proposed by Batch)');
    assert.deepEqual(await sidesOf(tab), ['one\n', 'two\n']);
    await answer('acceptEdit', state);
    assert.equal(await textOf('edited.txt'), 'one\n', 'a second click in the row');
    await accept(tab);
    assert.equal((await callThat(state.id, hasEnded)).status, 'succeeded');
    assert.equal((await vscode.workspace.openTextDocument(uriOf('edited.txt'))).getText(), 'two\n');
    await tabsThat((tabs) => tabs.length === 0);
  });

  test('an edit that is rejected from its diff is not made, and the diff closes', async () => {
    const state = await asking('write_file', { path: 'rejected.txt', content: 'new\n' });
    await answer('reviewEdit', state);
    const [tab] = await tabsThat((tabs) => tabs.length === 1);
    await vscode.commands.executeCommand('allsettled.rejectEdit', inputOf(tab).modified);
    assert.equal((await callThat(state.id, hasEnded)).status, 'denied');
    await tabsThat((tabs) => tabs.length === 0);
    await assert.rejects(async () => textOf('rejected.txt'));
  });

  test('two edits of one file have a diff each; the one accepted later shows the file as it is by then, and loses nothing', async () => {
    await write('shared.txt', 'one\ntwo\n');
    const first = await asking('edit_file', {
      path: 'shared.txt',
      edits: [{ oldText: 'one', newText: 'ONE' }],
    });
    const second = await asking('edit_file', {
      path: 'shared.txt',
      edits: [{ oldText: 'two', newText: 'TWO' }],
    });
    await answer('reviewEdit', first);
    await answer('reviewEdit', second);
    const [firstTab] = await tabsThat((tabs) => tabs.length === 2);
    await accept(firstTab);
    assert.equal((await callThat(first.id, hasEnded)).status, 'succeeded');
    const [left] = await tabsThat((tabs) => tabs.length === 1);
    const shown = await vscode.workspace.openTextDocument(inputOf(left).modified);
    await documentThat(shown, (text) => text === 'ONE\nTWO\n');
    await accept(left);
    // What was accepted is bound to the file as it was when the question was asked; by now it is another one.
    const again = await callThat(
      second.id,
      (state) => state.status === 'awaitingApproval' && !!state.request.changed,
    );
    assert.ok(again.status === 'awaitingApproval');
    await tabsThat((tabs) => tabs.length === 0);
    await answer('acceptEdit', second);
    const [anew] = await tabsThat((tabs) => tabs.length === 1);
    await accept(anew);
    assert.equal((await callThat(second.id, hasEnded)).status, 'succeeded');
    assert.equal((await vscode.workspace.openTextDocument(uriOf('shared.txt'))).getText(), 'ONE\nTWO\n');
    await tabsThat((tabs) => tabs.length === 0);
  });

  test('what loosens safety can not be set by a folder', async () => {
    for (const [name, value] of [
      ['permission', 'unlimited'],
      ['approvals.rules', [{ tool: 'terminal', command: 'rm', match: 'prefix' }]],
      ['edits.review', 'off'],
    ] as const)
      await assert.rejects(
        async () => settings().update(name, value, vscode.ConfigurationTarget.Workspace),
        name,
      );
    await write('.vscode/settings.json', '{ "allsettled.permission": "unlimited" }');
    assert.equal(settings().get('permission'), 'workspace-write');
    await vscode.workspace.fs.delete(uriOf('.vscode'), { recursive: true });
  });
});

/** The editors of questions, once there are as many as fit. */
function tabsThat(fit: (tabs: readonly vscode.Tab[]) => boolean): Promise<readonly vscode.Tab[]> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(asks);
      if (fit(tabs)) resolve(tabs);
      return fit(tabs);
    };
    const subscription = vscode.window.tabGroups.onDidChangeTabs(() => {
      if (look()) subscription.dispose();
    });
    if (look()) subscription.dispose();
  });
}

function asks({ input }: vscode.Tab): boolean {
  if (input instanceof vscode.TabInputTextDiff) return input.modified.scheme === 'allsettled-proposal';
  return input instanceof vscode.TabInputText && input.uri.scheme === 'allsettled-approval';
}

function inputOf(tab: vscode.Tab | undefined): vscode.TabInputTextDiff {
  assert.ok(tab?.input instanceof vscode.TabInputTextDiff);
  return tab.input;
}

async function sidesOf(tab: vscode.Tab): Promise<readonly string[]> {
  const { original, modified } = inputOf(tab);
  const before = await vscode.workspace.openTextDocument(original);
  return [before.getText(), (await vscode.workspace.openTextDocument(modified)).getText()];
}

function documentThat(document: vscode.TextDocument, fits: (text: string) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      if (!fits(document.getText())) return false;
      resolve();
      return true;
    };
    const subscription = vscode.workspace.onDidChangeTextDocument(() => {
      if (look()) subscription.dispose();
    });
    if (look()) subscription.dispose();
  });
}
