/** The command that shows the log. */
import type * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { registerCommands } from './commands.ts';
import type { Host } from './host.ts';

export function registerLogCommand(host: Host): vscode.Disposable {
  return registerCommands(host.log, { [commands.showLog]: () => host.showLog() });
}
