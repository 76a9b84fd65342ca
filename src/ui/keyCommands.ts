/** Commands for the API key. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { ModelError } from '../core/models.ts';
import { keyCheckText, keyHost, keyPrompt, type KeyCheck } from '../views/keyText.ts';
import { messageOf, registerCommands, tell } from './commands.ts';
import type { Host } from './host.ts';

/** A check that takes longer tells less than the first request of an agent. */
const longestCheckMs = 20_000;

export function registerKeyCommands(host: Host): vscode.Disposable {
  return registerCommands(host.log, {
    [commands.setApiKey]: () => setApiKey(host),
    [commands.clearApiKey]: async () => {
      await host.keys.clearApiKey();
      void vscode.window.showInformationMessage('The API key is cleared.'); // Nothing follows from its closing.
    },
  });
}

/** Asks for the key, stores it and tries it; false where the person gave none, or the API refuses it. */
export async function setApiKey(host: Host, why = ''): Promise<boolean> {
  const baseUrl = host.settings.baseUrl();
  const key = await vscode.window.showInputBox({
    title: 'Set API Key',
    prompt: `${why}${keyPrompt(baseUrl)}`,
    ...(baseUrl === undefined && { placeHolder: 'sk-ant-…' }),
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => (/\s/.test(value.trim()) ? 'A key has no spaces inside.' : undefined),
  });
  if (!key?.trim()) return false;
  await host.keys.setApiKey(key.trim());
  return tellCheck(host, await checkKey(host), keyHost(baseUrl));
}

/** Asks for the list of models, the one request that needs a key and costs nothing. */
async function checkKey({ runtime, log }: Host): Promise<KeyCheck> {
  const location = vscode.ProgressLocation.Window;
  try {
    const models = await vscode.window.withProgress({ location, title: 'Checking the API key' }, async () =>
      (await runtime.get()).listModels(AbortSignal.timeout(longestCheckMs)),
    );
    return { kind: 'accepted', models: models.length };
  } catch (error) {
    const message = messageOf(error);
    log.warn(`The API key could not be checked: ${message}`);
    // The class of the error lies in the part that is loaded later.
    const isRefused = (error as Partial<ModelError>).kind === 'authentication';
    return { kind: isRefused ? 'refused' : 'unchecked', message };
  }
}

function tellCheck(host: Host, check: KeyCheck, address: string): boolean {
  const text = keyCheckText(check, address);
  switch (check.kind) {
    case 'accepted':
      void vscode.window.setStatusBarMessage(`$(key) AllSettled: ${text}`, 8000); // Takes itself away.
      return true;
    case 'unchecked':
      tell(host.log, vscode.window.showWarningMessage, text, {});
      return true;
    case 'refused':
      tell(host.log, vscode.window.showErrorMessage, text, { 'Enter Another Key': () => setApiKey(host) });
      return false;
    default:
      return check satisfies never;
  }
}

/** True where there is a key, also after asking for one; without it the demo is offered. */
export async function ensureApiKey(host: Host): Promise<boolean> {
  if ((await host.keys.apiKey()) !== undefined) return true;
  if (await setApiKey(host, 'An agent needs a key. ')) return true;
  if ((await host.keys.apiKey()) === undefined)
    tell(
      host.log,
      vscode.window.showInformationMessage,
      'Without an API key no agent starts. The demo needs none.',
      {
        'Run Demo': () => vscode.commands.executeCommand(commands.runDemo),
      },
    );
  return false;
}
