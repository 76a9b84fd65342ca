/** The list behind the status bar item: agents and batches, each to open, to stop, to resume or to dismiss. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { agentList } from '../views/agentList.ts';
import type { ListAction, ListEntry } from '../views/agentList.ts';
import { registerCommands, runSafely } from './commands.ts';
import type { Host } from './host.ts';
import { pickItem } from './pickItem.ts';
import type { SessionTree } from './tree.ts';
import { waitingIn } from './waiting.ts';

interface ListItem extends vscode.QuickPickItem {
  readonly open: () => unknown;
  readonly entry?: ListEntry;
}

type Actions = Readonly<Record<ListAction, (entry: ListEntry) => unknown>>;

const buttons: Readonly<Record<ListAction, vscode.QuickInputButton>> = {
  resume: { iconPath: new vscode.ThemeIcon('debug-continue'), tooltip: 'Resume' },
  open: { iconPath: new vscode.ThemeIcon('go-to-file'), tooltip: 'Open' },
  dismiss: { iconPath: new vscode.ThemeIcon('check'), tooltip: 'Dismiss' },
  stop: { iconPath: new vscode.ThemeIcon('debug-stop'), tooltip: 'Stop' },
};

export function registerAgentList(host: Host, tree: SessionTree): vscode.Disposable {
  const actions: Actions = {
    resume: ({ rowId }) => vscode.commands.executeCommand(commands.resume, rowId),
    dismiss: ({ rowId }) => vscode.commands.executeCommand(commands.dismiss, rowId),
    stop: ({ kind, rowId }) =>
      vscode.commands.executeCommand(kind === 'batch' ? commands.stopSession : commands.stopAgent, rowId),
    open: ({ kind, rowId }) =>
      kind === 'batch'
        ? tree.reveal(rowId)
        : vscode.commands.executeCommand(commands.openConversation, rowId),
  };
  return registerCommands(host.log, { [commands.showAgents]: () => show(host, actions) });
}

function show(host: Host, actions: Actions): void {
  const list = vscode.window.createQuickPick<ListItem>();
  list.placeholder = 'Open an agent or a batch; the buttons resume, dismiss or stop it';
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.items = itemsOf(host, actions);
  list.onDidAccept(() => {
    const [chosen] = list.selectedItems;
    list.hide();
    if (chosen) runSafely(host.log, chosen.open);
  });
  list.onDidTriggerItemButton(({ item: { entry }, button }) => {
    list.hide();
    const action = (Object.keys(buttons) as ListAction[]).find((name) => buttons[name] === button);
    if (entry && action) runSafely(host.log, () => actions[action](entry));
  });
  list.onDidHide(() => list.dispose());
  list.show();
}

function itemsOf(host: Host, actions: Actions): readonly ListItem[] {
  const asking = waitingIn(host.runtime).length;
  const entries = agentList(host.runtime.sessions(), host.clock.now());
  const interrupted = entries.filter((entry) => entry.actions.includes('dismiss')).length;
  return [
    ...(asking > 0
      ? [commandItem('question', `Answer waiting calls (${asking})`, commands.answerApprovals)]
      : []),
    ...(interrupted > 1
      ? [
          commandItem('debug-rerun', `Resume all (${interrupted})`, commands.resumeAll),
          commandItem('archive', `Dismiss all (${interrupted})`, commands.dismissAll),
        ]
      : []),
    ...entries.map((entry) => itemOf(entry, actions)),
    commandItem('add', 'Start an agent…', commands.startAgent),
    commandItem('run-all', 'Run a batch file…', commands.runBatch),
    ...(entries.length === 0 ? [commandItem('beaker', 'Run the demo', commands.runDemo)] : []),
    commandItem('history', 'Open a past session…', commands.openSession),
  ];
}

function itemOf(entry: ListEntry, actions: Actions): ListItem {
  const { icon, label, description, detail } = entry;
  const item = {
    label,
    description,
    detail,
    buttons: entry.actions.map((action) => buttons[action]),
    open: () => actions.open(entry),
    entry,
  };
  return pickItem(item, icon);
}

function commandItem(icon: string, label: string, command: string): ListItem {
  return pickItem({ label, open: () => vscode.commands.executeCommand(command) }, icon);
}
