/** Tells the person that commands can't be confined, where they asked for it. */
import * as vscode from 'vscode';
import { settings, settingsSection } from '../../contributions.ts';
import type { Log } from '../../core/ports.ts';
import { shownText, withoutLinks } from '../../core/visibleText.ts';

const openSetting = 'Open Setting';
const setting = `${settingsSection}.${settings.terminalSandbox}`;

/** Waits for no answer. */
export function tellNoSandbox(log: Log): (reason: string) => void {
  return (reason) => {
    log.warn(`Commands can't be confined: ${reason}`);
    void ask(reason).catch((error: unknown) => log.error('The settings could not be opened.', error));
  };
}

async function ask(reason: string): Promise<void> {
  const isRequired =
    vscode.workspace.getConfiguration(settingsSection).get(settings.terminalSandbox) === 'required';
  const consequence = isRequired
    ? 'No command runs until they can be.'
    : 'They run without the sandbox, as if it were off.';
  const message = withoutLinks(shownText(`AllSettled can't confine commands here. ${consequence} ${reason}`));
  const chosen = await vscode.window.showWarningMessage(message, openSetting);
  if (chosen === openSetting) await vscode.commands.executeCommand('workbench.action.openSettings', setting);
}
