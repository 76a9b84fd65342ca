/** The extension in a folder that nobody trusted. */
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';

suite('restricted mode', () => {
  test('the folder is not trusted, and the extension activates all the same', async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    const extension = vscode.extensions.getExtension('allsettled.allsettled');
    assert.ok(extension, 'VS Code does not know allsettled.allsettled');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
