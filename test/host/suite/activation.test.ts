/** The extension in a real VS Code: it is there, it starts by itself, it uses the stable API alone. */
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';

interface Manifest {
  readonly enabledApiProposals?: unknown;
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

suite('activation', () => {
  test('the extension activates', async () => {
    const extension = found();
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  test('every command that package.json names is registered', async () => {
    const extension = found();
    await extension.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const named = extension.packageJSON.contributes.commands.map(({ command }) => command);
    assert.deepEqual(
      named.filter((command) => !registered.has(command)),
      [],
    );
  });

  test('no proposed API is asked for', () => {
    assert.equal(found().packageJSON.enabledApiProposals, undefined);
  });
});

function found(): Omit<vscode.Extension<unknown>, 'packageJSON'> & { readonly packageJSON: Manifest } {
  const extension = vscode.extensions.getExtension('allsettled.allsettled');
  assert.ok(extension, 'VS Code does not know allsettled.allsettled');
  return extension as vscode.Extension<unknown>;
}
