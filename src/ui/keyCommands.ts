/** Commands for the API key. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { registerCommands } from './commands.ts';
import type { Host } from './host.ts';

export function registerKeyCommands(host: Host): vscode.Disposable {
  return registerCommands(host.log, {
    [commands.setApiKey]: () => setApiKey(host),
    [commands.clearApiKey]: async () => {
      await host.keys.clearApiKey();
      void vscode.window.showInformationMessage('The API key is cleared.'); // Nothing follows from its closing.
    },
  });
}

/** Asks for the key and stores it; false where the person gave none. */
export async function setApiKey({ keys }: Pick<Host, 'keys'>): Promise<boolean> {
  const key = await vscode.window.showInputBox({
    title: 'Set API Key',
    prompt:
      'Your key for the Anthropic API, from console.anthropic.com. It goes into the secret storage of VS Code.',
    placeHolder: 'sk-ant-…',
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => (/\s/.test(value.trim()) ? 'A key has no spaces inside.' : undefined),
  });
  if (!key?.trim()) return false;
  await keys.setApiKey(key.trim());
  void vscode.window.setStatusBarMessage('$(key) AllSettled: API key stored', 5000); // Takes itself away.
  return true;
}

/** True where there is a key; otherwise says what is missing and offers to set one, or the demo. */
export async function ensureApiKey(host: Host): Promise<boolean> {
  if ((await host.keys.apiKey()) !== undefined) return true;
  const set = 'Set API Key';
  const demo = 'Run Demo';
  const message =
    'An agent needs a key for the Anthropic API, and none is stored. The demo runs without one.';
  const chosen = await vscode.window.showInformationMessage(message, set, demo);
  if (chosen === demo) await vscode.commands.executeCommand(commands.runDemo);
  return chosen === set ? setApiKey(host) : false;
}
