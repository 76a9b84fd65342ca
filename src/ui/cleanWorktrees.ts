/** The command that offers worktrees for cleaning which no open session has. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { KnownWorktree, WorktreeSummary } from '../core/worktrees.ts';
import { oneLine } from '../views/plainText.ts';
import { worktreeDescription } from '../views/worktreeText.ts';
import { messageOf, registerCommands, tell } from './commands.ts';
import type { Host } from './host.ts';
import { pickItem } from './pickItem.ts';
import { mayWork } from './workplace.ts';
import { discard } from './worktreeCommands.ts';

export function registerCleanWorktrees(host: Host): vscode.Disposable {
  return registerCommands(host.log, { [commands.cleanWorktrees]: () => clean(host) });
}

/** One that git takes longer for is listed without what is in it. */
const longestLookMs = 10_000;

async function clean(host: Host): Promise<void> {
  if (!mayWork(host.log, 'Git')) return;
  const runtime = await host.runtime.get();
  const left = await runtime.leftoverWorktrees();
  if (left.length === 0)
    return tell(host.log, vscode.window.showInformationMessage, 'No worktrees are left over.', {});
  const items = async (): Promise<readonly Item[]> => {
    const listed: Item[] = [];
    for (const known of left) {
      const summary = await runtime.worktrees.summary(known, AbortSignal.timeout(longestLookMs));
      listed.push(itemOf(known, host.clock.now(), summary.ok ? summary : undefined));
    }
    return listed;
  };
  const chosen = await vscode.window.showQuickPick(items(), {
    canPickMany: true,
    title: 'Clean Up Worktrees',
    placeHolder: 'Those of sessions that nobody has open',
  });
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

function itemOf(known: KnownWorktree, now: number, summary: WorktreeSummary | undefined): Item {
  const { description, detail } = worktreeDescription(known, now, summary);
  return pickItem({ label: oneLine(known.label, 80), description, detail, known });
}
