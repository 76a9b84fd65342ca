/** The tree of sessions in the activity bar. */
import * as vscode from 'vscode';
import { commands, views } from '../contributions.ts';
import type { SessionEvent, SessionId } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';
import { parentRowId, sessionIdOf, targetOf } from '../views/rowIds.ts';
import { RowRefresh } from '../views/rowRefresh.ts';
import type { RefreshedRows } from '../views/rowRefresh.ts';
import { childRowIds, rootRows, rowOf } from '../views/rows.ts';
import type { Row, RowId } from '../views/rows.ts';
import { rowIdsTouchedBy } from '../views/touchedRows.ts';
import type { Host } from './host.ts';

/** The tree as other features use it. */
export interface SessionTree extends vscode.Disposable {
  /** Opens the view and shows a row, which takes the keyboard. */
  reveal(rowId: RowId): Promise<void>;
  /** As `reveal`, but the keyboard stays where it is. */
  show(rowId: RowId): Promise<void>;
}

/** Where the rows come from. */
export type SessionSource = Pick<Host['runtime'], 'sessions' | 'session'>;

/** Its elements are row ids: what a row shows is worked out when it is drawn. */
export class RowProvider implements vscode.TreeDataProvider<RowId> {
  private readonly source: SessionSource;
  private readonly listed = new Set<string>();
  private readonly changes = new vscode.EventEmitter<RowId[] | undefined>();
  readonly onDidChangeTreeData = this.changes.event;

  constructor(source: SessionSource) {
    this.source = source;
  }

  getChildren(rowId?: RowId): RowId[] {
    if (rowId === undefined) return this.listSessions();
    const state = this.stateOf(rowId);
    return state ? [...childRowIds(state, rowId)] : [];
  }

  getTreeItem(rowId: RowId): vscode.TreeItem {
    const state = this.stateOf(rowId);
    const row = state && rowOf(state, rowId);
    return row ? treeItem(row) : new vscode.TreeItem('');
  }

  getParent(rowId: RowId): RowId | undefined {
    const state = this.stateOf(rowId);
    const target = state && targetOf(state, rowId);
    return target && parentRowId(state, target);
  }

  /** Whether VS Code was told of a session; of others it refreshes nothing. */
  hasListed(sessionId: SessionId): boolean {
    return this.listed.has(sessionId);
  }

  refresh(rows: RefreshedRows): void {
    this.changes.fire(rows === 'root' ? undefined : [...rows]);
  }

  dispose(): void {
    this.changes.dispose();
  }

  private listSessions(): RowId[] {
    const ids = rootRows(this.source.sessions()).map(({ id }) => id);
    for (const id of ids) this.listed.add(id);
    return ids;
  }

  private stateOf(rowId: RowId): SessionState | undefined {
    return this.source.session(sessionIdOf(rowId));
  }
}

export function registerTree({ runtime, clock }: Host): SessionTree {
  const provider = new RowProvider(runtime);
  const view = vscode.window.createTreeView(views.sessions, {
    treeDataProvider: provider,
    showCollapseAll: true,
  });
  const refresh = new RowRefresh(clock, (rows) => {
    provider.refresh(rows);
    view.badge = badge(runtime.sessions());
  });
  const touch = (event: SessionEvent): void => {
    const state = runtime.session(event.sessionId);
    // A session's first event can come before the runtime lists it.
    const isNew = !state || !provider.hasListed(event.sessionId);
    refresh.touch(isNew ? 'root' : rowIdsTouchedBy(event, state));
  };
  const subscriptions = [
    runtime.onEvent(touch),
    runtime.onOpened(() => refresh.touch('root')),
    refresh,
    provider,
    view,
  ];
  const reveal = async (rowId: RowId, focus: boolean): Promise<void> => {
    // VS Code rejects a row that is newer than its last look at the tree.
    if (!provider.hasListed(sessionIdOf(rowId))) provider.refresh('root');
    await view.reveal(rowId, { select: true, focus, expand: true });
  };
  return {
    reveal: (rowId) => reveal(rowId, true),
    show: (rowId) => reveal(rowId, false),
    dispose: () => subscriptions.forEach((subscription) => subscription.dispose()),
  };
}

function treeItem(row: Row): vscode.TreeItem {
  const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const opened = row.startsClosed ? Collapsed : Expanded;
  const item = new vscode.TreeItem(row.label, row.isExpandable ? opened : None);
  item.id = row.id;
  item.description = row.description;
  item.tooltip = row.tooltip;
  item.contextValue = row.contextValue;
  item.accessibilityInformation = { label: row.accessibilityLabel };
  const color = row.icon.color === undefined ? undefined : new vscode.ThemeColor(row.icon.color);
  item.iconPath = new vscode.ThemeIcon(row.icon.name, color);
  const command = openingCommand(row);
  if (command) item.command = command;
  return item;
}

function badge(sessions: readonly SessionState[]): vscode.ViewBadge | undefined {
  const asking = sessions.flatMap((session) => [...session.calls.values()]);
  const value = asking.filter(({ state }) => state.status === 'awaitingApproval').length;
  return value === 0
    ? undefined
    : { value, tooltip: `${value === 1 ? '1 call waits' : `${value} calls wait`} for approval` };
}

/** A click on a call opens its result, one on an agent or a turn the conversation; sessions open their children. */
function openingCommand({ id, contextValue }: Row): vscode.Command | undefined {
  switch (contextValue.split('.', 1)[0]) {
    case 'call':
      return { command: commands.openResult, title: 'Open Result', arguments: [id] };
    case 'agent':
    case 'turn':
      return { command: commands.openConversation, title: 'Open Conversation', arguments: [id] };
    default:
      return undefined;
  }
}
