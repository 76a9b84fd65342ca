/** The command that chooses the model, from the API's own list where it can be reached. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { messageOf, registerCommands } from './commands.ts';
import type { Host } from './host.ts';
import { pickItem } from './pickItem.ts';

interface ModelItem extends vscode.QuickPickItem {
  /** Undefined for the entry that asks for a name. */
  readonly id?: string;
}

export function registerModelCommand(host: Host): vscode.Disposable {
  return registerCommands(host.log, { [commands.chooseModel]: () => chooseModel(host) });
}

async function chooseModel(host: Host): Promise<void> {
  const current = host.settings.model();
  const listed = await listItems(host, current);
  const other: ModelItem = pickItem({ label: 'Enter the name of a model…', alwaysShow: true }, 'edit');
  const chosen = await vscode.window.showQuickPick([...listed.items, other], {
    title: 'Choose Model',
    placeHolder: listed.problem ?? `Now: ${current}`,
  });
  if (!chosen) return;
  const id = chosen.id ?? (await askName(current));
  if (id) await host.settings.setModel(id);
}

async function listItems(
  { runtime, log }: Host,
  current: string,
): Promise<{ items: readonly ModelItem[]; problem?: string }> {
  const location = vscode.ProgressLocation.Notification;
  try {
    const models = await vscode.window.withProgress(
      { location, title: 'Asking the API for its models', cancellable: true },
      async (_, token) => (await runtime.get()).listModels(signalOf(token)),
    );
    const items = models.map(({ id, displayName }) =>
      pickItem({ id, label: displayName, description: id === current ? `${id} (now)` : id }),
    );
    return { items };
  } catch (error) {
    log.warn(`The models can not be listed: ${messageOf(error)}`);
    return { items: [], problem: messageOf(error) };
  }
}

async function askName(value: string): Promise<string | undefined> {
  const prompt = 'The id of a model, as the API names it.';
  return (await vscode.window.showInputBox({ title: 'Choose Model', prompt, value }))?.trim();
}

function signalOf(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
