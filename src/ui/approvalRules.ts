/** Rules of approval: made from a call that waits, listed, and taken back. They live in the user's own settings alone. */
import * as vscode from 'vscode';
import { commands, settings, settingsSection } from '../contributions.ts';
import type { ApprovalRule } from '../core/calls.ts';
import { withoutIcons } from '../core/visibleText.ts';
import { fitsInDialog } from '../views/approvalText.ts';
import { isSameRule, ruleDetail, ruleEntry } from '../views/ruleText.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';
import { registerCommands, runSafely } from './commands.ts';
import { giveAnswer } from './giveAnswer.ts';
import type { Host, UserSettings } from './host.ts';
import { waitingFor } from './waiting.ts';

const removeButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('trash'),
  tooltip: 'Remove This Rule',
};
const settingsButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('settings-gear'),
  tooltip: 'Open Settings',
};
const openSettings = 'Open settings…';

export function registerApprovalRules(host: Host): vscode.Disposable {
  return registerCommands(host.log, { [commands.manageApprovalRules]: () => showRules(host) });
}

/** Shows what the rule would cover; when the person agrees, it is written, and the call runs. */
export async function allowAlways(
  host: Host,
  call: WaitingCall,
  match: ApprovalRule['match'],
): Promise<void> {
  const { tool, subject, cwd } = call.request;
  if (!fitsInDialog(call)) {
    const message =
      'This command is too long to be allowed for good; it can be allowed once, or for the session.';
    void vscode.window.showInformationMessage(message); // Nothing follows from its closing.
    return;
  }
  const command = match === 'exact' ? subject : await host.suggestPrefix(subject);
  if (command === undefined) {
    const message = 'No rule can be made of how this command begins. It can be allowed exactly as it is.';
    void vscode.window.showInformationMessage(message); // Nothing follows from its closing.
    return;
  }
  const rule: ApprovalRule = { tool, command, match, cwd };
  const atMost = match === 'prefix' ? await host.prefixBounds(command) : undefined;
  if (!(await agrees(rule, atMost))) return;
  if (waitingFor(host.runtime, call)) await addRule(host.settings, rule);
  await giveAnswer(host, call, 'allowAlways');
}

async function agrees(rule: ApprovalRule, atMost: string | undefined): Promise<boolean> {
  const title =
    rule.match === 'exact'
      ? 'Always allow exactly this command?'
      : 'Always allow commands that begin like this?';
  const options = { modal: true, detail: ruleDetail(rule, atMost) };
  const button = 'Always Allow';
  return (await vscode.window.showWarningMessage(title, options, button)) === button;
}

async function addRule(userSettings: UserSettings, rule: ApprovalRule): Promise<void> {
  const rules = writtenRules(userSettings);
  if (!rules.some((written) => isSameRule(written, rule)))
    await userSettings.setApprovalRules([...rules, rule]);
}

function writtenRules(userSettings: UserSettings): readonly unknown[] {
  const written = userSettings.approvalRules();
  return Array.isArray(written) ? written : [];
}

interface RuleItem extends vscode.QuickPickItem {
  readonly rule?: unknown;
}

function showRules(host: Host): void {
  const list = vscode.window.createQuickPick<RuleItem>();
  const draw = (): void => {
    list.items = itemsOf(host.settings);
    list.placeholder =
      list.items.length > 1
        ? 'Commands that run without asking; choose one to remove it'
        : 'Nothing is allowed for good.';
  };
  const remove = async (item: RuleItem): Promise<void> => {
    const left = writtenRules(host.settings).filter(
      (rule) => JSON.stringify(rule) !== JSON.stringify(item.rule),
    );
    await host.settings.setApprovalRules(left);
    draw();
  };
  const choose = async (item: RuleItem): Promise<void> => {
    if (item.rule === undefined) {
      list.hide();
      await openRuleSettings();
    } else if (await confirmRemoval(item)) await remove(item);
  };
  list.title = 'Approval Rules';
  list.ignoreFocusOut = true;
  list.buttons = [settingsButton];
  list.onDidTriggerButton(() => runSafely(host.log, openRuleSettings));
  list.onDidTriggerItemButton(({ item }) => runSafely(host.log, () => remove(item)));
  list.onDidAccept(() => {
    const [item] = list.selectedItems;
    if (item) runSafely(host.log, () => choose(item));
  });
  list.onDidHide(() => list.dispose());
  draw();
  list.show();
}

async function confirmRemoval({ label, description }: RuleItem): Promise<boolean> {
  const options = { modal: true, detail: `${label}\n${description ?? ''}` };
  return (await vscode.window.showWarningMessage('Ask about it again?', options, 'Remove')) === 'Remove';
}

function itemsOf(userSettings: UserSettings): readonly RuleItem[] {
  return [
    ...writtenRules(userSettings).map((rule) => {
      const { label, ...rest } = ruleEntry(rule);
      return { label: withoutIcons(label), ...rest, rule, buttons: [removeButton] };
    }),
    { label: `$(settings-gear) ${openSettings}`, alwaysShow: true },
  ];
}

function openRuleSettings(): Thenable<unknown> {
  return vscode.commands.executeCommand(
    'workbench.action.openSettings',
    `@id:${settingsSection}.${settings.approvalRules}`,
  );
}
