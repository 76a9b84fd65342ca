/** The command that opens a past session. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { timeText } from '../views/duration.ts';
import { oneLine } from '../views/plainText.ts';
import { registerCommands } from './commands.ts';
import type { Host } from './host.ts';
import type { SessionTree } from './tree.ts';

export function registerSessions({ runtime, log }: Host, tree: SessionTree): vscode.Disposable {
  return registerCommands(log, {
    [commands.openSession]: async () => {
      const past = await (await runtime.get()).pastSessions();
      const items = past.map(({ id, title, startedAt }) => ({
        label: oneLine(title) || 'Untitled session',
        description: timeText(startedAt),
        id,
      }));
      const placeHolder = items.length > 0 ? 'Open which session?' : 'There is no past session yet.';
      const chosen = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
      if (!chosen) return;
      await runtime.openSession(chosen.id);
      await tree.reveal(chosen.id);
    },
  });
}
