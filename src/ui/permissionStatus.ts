/** A second item of the status bar, there only while agents and batch files may do everything. */
import * as vscode from 'vscode';
import { settings, settingsSection } from '../contributions.ts';
import type { Host } from './host.ts';

const settingId = `${settingsSection}.${settings.permission}`;

export function registerPermissionStatus(host: Pick<Host, 'settings'>): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('allsettled.permission', vscode.StatusBarAlignment.Left, 9);
  item.name = 'AllSettled: Permission';
  item.text = '$(unlock) Unlimited';
  item.tooltip =
    'AllSettled: agents and batch files run every command and edit every file of the workspace without asking. Click to change the setting.';
  item.accessibilityInformation = { label: item.tooltip, role: 'button' };
  item.command = {
    command: 'workbench.action.openSettings',
    title: 'Open Settings',
    arguments: [`@id:${settingId}`],
  };
  const draw = (): void => {
    if (host.settings.permission() === 'unlimited') item.show();
    else item.hide();
  };
  draw();
  return vscode.Disposable.from(
    item,
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(settingId)) draw();
    }),
  );
}
