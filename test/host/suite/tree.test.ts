/** The tree's rows as VS Code is given them. */
import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import type * as vscode from 'vscode';
import type { SessionState } from '../../../src/core/states.ts';
import { RowProvider } from '../../../src/ui/tree.ts';
import { childRows, rootRows } from '../../../src/views/rows.ts';
import { runDemo } from './extensionApi.ts';

suite('the tree', () => {
  let state: SessionState;
  let provider: RowProvider;

  suiteSetup(async () => {
    ({ state } = await runDemo());
    provider = new RowProvider({
      sessions: () => [state],
      session: (id) => (id === state.id ? state : undefined),
    });
  });

  test('every item has the id, the words and the icon of its row, and finds its parent', () => {
    const below = (rowId: string): string[] =>
      provider.getChildren(rowId).flatMap((child) => {
        assert.equal(provider.getParent(child), rowId);
        return [child, ...below(child)];
      });
    const [root] = rootRows([state]);
    assert.ok(root);
    assert.deepEqual(provider.getChildren(), [root.id]);
    const ids = below(root.id);
    assert.equal(ids.length, 2 + 14);
    for (const row of ids.flatMap((id) => childRows(state, id))) {
      const item = provider.getTreeItem(row.id);
      assert.deepEqual([item.id, item.label, item.description], [row.id, row.label, row.description]);
      assert.equal((item.iconPath as vscode.ThemeIcon).id, row.icon.name);
      assert.equal(item.accessibilityInformation?.label, row.accessibilityLabel);
    }
  });

  test("a call's tooltip is plain text, in which nothing becomes a link", () => {
    const [call] = provider.getChildren(provider.getChildren(state.id)[0]);
    assert.ok(call);
    assert.equal(typeof provider.getTreeItem(call).tooltip, 'string');
  });

  test('a click on a session of an agent or on a turn opens the conversation, one on a call its result', () => {
    const [turn] = provider.getChildren(state.id);
    const [call] = provider.getChildren(turn);
    const clicked = [state.id, turn, call].map((rowId) => {
      const { command } = provider.getTreeItem(rowId ?? '');
      return command && [command.command, ...((command.arguments ?? []) as unknown[])];
    });
    assert.deepEqual(clicked, [
      ['allsettled.openConversation', state.id],
      ['allsettled.openConversation', turn],
      ['allsettled.openResult', call],
    ]);
  });

  test('a row of a session that is gone is empty and has no children', () => {
    assert.deepEqual(provider.getChildren('gone/agent'), []);
    assert.equal(provider.getTreeItem('gone/agent').label, '');
  });
});
