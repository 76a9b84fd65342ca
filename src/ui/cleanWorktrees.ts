/** The command that offers worktrees for cleaning which no open session has. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { KnownWorktree } from '../core/worktrees.ts';
import { oneLine } from '../views/plainText.ts';
import { worktreeDescription } from '../views/worktreeText.ts';
import { messageOf, registerCommands, tell } from './commands.ts';
import type { Host } from './host.ts';
import { discard } from './worktreeCommands.ts';

export function registerCleanWorktrees(host: Host): vscode.Disposable {
  return registerCommands(host.log, { [commands.cleanWorktrees]: () => clean(host) });
}

async function clean(host: Host): Promise<void> {
  const runtime = await host.runtime.get();
  const left = await runtime.leftoverWorktrees();
  if (left.length === 0)
    return tell(host.log, vscode.window.showInformationMessage, 'No worktrees are left over.', {});
  const chosen = await vscode.window.showQuickPick(
    left.map((known) => itemOf(known, host.clock.now())),
    { canPickMany: true, title: 'Clean Up Worktrees', placeHolder: 'Those of sessions that nobody has open' },
  );
  for (const { known } of chosen ?? []) {
    // One that can't be discarded must not keep the others.
    await discard(host, { worktrees: runtime.worktrees, known, label: oneLine(known.label, 60) }).catch(
      (error: unknown) => tell(host.log, vscode.window.showErrorMessage, messageOf(error), {}),
    );
  }
}

interface Item extends vscode.QuickPickItem {
  readonly known: KnownWorktree;
}

function itemOf(known: KnownWorktree, now: number): Item {
  const { description, detail } = worktreeDescription(known, now);
  return { label: oneLine(known.label, 80), description, detail, known };
}
