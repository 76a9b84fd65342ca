/** The list behind the status bar item: agents and batches, each to open or to stop. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { latestRun } from '../core/states.ts';
import type { SessionState } from '../core/states.ts';
import { runLook } from '../views/looks.ts';
import { oneLine } from '../views/plainText.ts';
import { sessionIsWorking, sessionRow } from '../views/sessionRow.ts';
import { registerCommands } from './commands.ts';
import type { Host } from './host.ts';
import { isAtWork } from './rowTargets.ts';
import type { SessionTree } from './tree.ts';

interface ListItem extends vscode.QuickPickItem {
  readonly open: () => unknown;
  readonly stop?: () => unknown;
}

const openButton: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('go-to-file'), tooltip: 'Open' };
const stopButton: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('debug-stop'), tooltip: 'Stop' };

export function registerAgentList(host: Host, tree: SessionTree): vscode.Disposable {
  return registerCommands(host.log, { [commands.showAgents]: () => show(itemsOf(host, tree)) });
}

function show(items: readonly ListItem[]): void {
  const list = vscode.window.createQuickPick<ListItem>();
  list.placeholder = 'Open an agent or a batch, or stop it';
  list.items = items;
  list.onDidAccept(() => {
    const [chosen] = list.selectedItems;
    list.hide();
    void chosen?.open(); // Each is a command or a reveal, which report their own failures.
  });
  list.onDidTriggerItemButton(({ item, button }) => {
    list.hide();
    void (button === stopButton ? item.stop?.() : item.open()); // As above.
  });
  list.onDidHide(() => list.dispose());
  list.show();
}

function itemsOf(host: Host, tree: SessionTree): readonly ListItem[] {
  const asking = host.approvals.waiting().length;
  const sessions = host.runtime.sessions().toReversed();
  return [
    ...(asking > 0
      ? [commandItem('question', `Answer waiting calls (${asking})`, commands.answerApprovals)]
      : []),
    ...sessions.flatMap((state) =>
      state.kind === 'batch' ? [batchItem(host, tree, state)] : agentItems(state),
    ),
    commandItem('add', 'Start an agent…', commands.startAgent),
    commandItem('run-all', 'Run a batch file…', commands.runBatch),
    ...(sessions.length === 0 ? [commandItem('beaker', 'Run the demo', commands.runDemo)] : []),
    commandItem('history', 'Open a past session…', commands.openSession),
  ];
}

function agentItems(state: SessionState): readonly ListItem[] {
  return [...state.agents.values()].map((agent) => {
    const look = runLook(latestRun(agent)?.state ?? { status: 'queued' });
    const run = (command: string) => () => vscode.commands.executeCommand(command, `${state.id}/${agent.id}`);
    const working = isAtWork(agent);
    return {
      label: `$(${look.icon.name}) ${oneLine(agent.label).replaceAll('$(', '$\u200b(')}`,
      description: look.word,
      buttons: working ? [openButton, stopButton] : [openButton],
      open: run(commands.openConversation),
      ...(working && { stop: run(commands.stopAgent) }),
    };
  });
}

function batchItem({ runtime, log }: Host, tree: SessionTree, state: SessionState): ListItem {
  const row = sessionRow(state);
  const working = sessionIsWorking(state);
  return {
    label: `$(${working ? 'loading~spin' : row.icon.name}) ${row.label.replaceAll('$(', '$\u200b(')}`,
    description: row.description,
    buttons: working ? [openButton, stopButton] : [openButton],
    open: () =>
      tree.reveal(state.id).catch((error: unknown) => log.error('The tree can not be shown.', error)),
    stop: async () => (await runtime.get()).stopSession(state.id),
  };
}

function commandItem(icon: string, label: string, command: string): ListItem {
  return { label: `$(${icon}) ${label}`, open: () => vscode.commands.executeCommand(command) };
}
