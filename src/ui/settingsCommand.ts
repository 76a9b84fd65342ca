/** The command that opens the settings of this extension. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { registerCommands } from './commands.ts';
import type { Host } from './host.ts';

export function registerSettingsCommand({ log }: Host): vscode.Disposable {
  return registerCommands(log, {
    [commands.openSettings]: () =>
      vscode.commands.executeCommand('workbench.action.openSettings', '@ext:allsettled.allsettled'),
  });
}
