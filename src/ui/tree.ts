/** The tree of sessions in the activity bar. */
import * as vscode from 'vscode';
import { approvalTitles, commands, rowContexts, views } from '../contributions.ts';
import type { SessionEvent, SessionId } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';
import { withPrefixOffered } from '../views/callRow.ts';
import { parentRowId } from '../views/parentRows.ts';
import { callRowId, sessionIdOf, targetOf } from '../views/rowIds.ts';
import { RowRefresh } from '../views/rowRefresh.ts';
import type { RefreshedRows } from '../views/rowRefresh.ts';
import { childRowIds, rootRows, rowOf } from '../views/rows.ts';
import { shownRowId } from '../views/shownAgents.ts';
import type { Row, RowId } from '../views/rows.ts';
import { rowIdsTouchedBy } from '../views/touchedRows.ts';
import { messageOf } from './commands.ts';
import type { Host } from './host.ts';
import { suggestedPrefixes } from './suggestedPrefixes.ts';
import type { SuggestedPrefixes } from './suggestedPrefixes.ts';
import { waitingIn } from './waiting.ts';

/** The tree as other features use it. */
export interface SessionTree extends vscode.Disposable {
  /** Opens the view and shows a row, which takes the keyboard. Never rejects: what runs goes on where it can't be shown. */
  reveal(rowId: RowId): Promise<void>;
  /** As `reveal`, but the keyboard stays where it is. */
  show(rowId: RowId): Promise<void>;
  /** The view is in front of the person. */
  isVisible(): boolean;
  /** Shows a line above the rows; undefined takes it away. */
  say(message: string | undefined): void;
}

/** Where the rows come from. */
export type SessionSource = Pick<Host['runtime'], 'sessions' | 'session'>;

/** Its elements are row ids: what a row shows is worked out when it is drawn. */
export class RowProvider implements vscode.TreeDataProvider<RowId> {
  private readonly source: SessionSource;
  private readonly hasPrefix: SuggestedPrefixes['has'];
  private readonly listed = new Set<string>();
  private readonly changes = new vscode.EventEmitter<RowId[] | undefined>();
  readonly onDidChangeTreeData = this.changes.event;

  constructor(source: SessionSource, hasPrefix: SuggestedPrefixes['has'] = () => false) {
    this.source = source;
    this.hasPrefix = hasPrefix;
  }

  getChildren(rowId?: RowId): RowId[] {
    if (rowId === undefined) return this.listSessions();
    const state = this.stateOf(rowId);
    return state ? [...childRowIds(state, rowId)] : [];
  }

  getTreeItem(rowId: RowId): vscode.TreeItem {
    const state = this.stateOf(rowId);
    const row = state && rowOf(state, rowId);
    if (!row) return new vscode.TreeItem('');
    const target = targetOf(state, rowId);
    const offersPrefix = target?.kind === 'call' && this.hasPrefix(state.id, target.callId);
    return treeItem(offersPrefix ? withPrefixOffered(row) : row);
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

export function registerTree(host: Host): SessionTree {
  const { runtime, clock } = host;
  const prefixes = suggestedPrefixes(host, (sessionId, callId) => {
    const state = runtime.session(sessionId);
    if (state) refresh.touch([callRowId(state, callId)]);
  });
  const provider = new RowProvider(runtime, prefixes.has);
  const view = vscode.window.createTreeView(views.sessions, {
    treeDataProvider: provider,
    showCollapseAll: true,
  });
  const refresh = new RowRefresh(clock, (rows) => {
    provider.refresh(rows);
    view.badge = badge(waitingIn(runtime).length);
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
    prefixes,
    refresh,
    provider,
    view,
  ];
  const reveal = async (asked: RowId, focus: boolean): Promise<void> => {
    const state = runtime.session(sessionIdOf(asked));
    const rowId = state ? shownRowId(state, asked) : asked;
    const options = { select: true, focus, expand: true };
    // VS Code rejects a row that is newer than its last look at the tree, and at times one that the tree just changes.
    if (!provider.hasListed(sessionIdOf(rowId))) provider.refresh('root');
    const again = (): Thenable<void> => {
      provider.refresh('root');
      return view.reveal(rowId, options);
    };
    const failed = (error: unknown): void => host.log.warn(`A row can’t be shown: ${messageOf(error)}`);
    await view.reveal(rowId, options).then(undefined, again).then(undefined, failed);
  };
  return {
    reveal: (rowId) => reveal(rowId, true),
    show: (rowId) => reveal(rowId, false),
    isVisible: () => view.visible,
    say: (message) => {
      view.message = message ?? '';
    },
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

function badge(value: number): vscode.ViewBadge | undefined {
  return value === 0
    ? undefined
    : { value, tooltip: `${value === 1 ? '1 call waits' : `${value} calls wait`} for your answer` };
}

/**
 * A click on a call opens its result, on an edit what it changed, on a call that waits what it asks for; on an agent
 * or a turn the conversation. Other sessions open their children.
 */
function openingCommand({ id, contextValue }: Row): vscode.Command | undefined {
  if (contextValue === rowContexts.askingEdit)
    return { command: commands.reviewEdit, title: approvalTitles.reviewEdit, arguments: [id] };
  if (contextValue.startsWith(rowContexts.askingCall))
    return { command: commands.reviewCall, title: approvalTitles.review, arguments: [id] };
  if (contextValue.startsWith('call.settled.edited'))
    return { command: commands.showEdit, title: 'Show Changes', arguments: [id] };
  if (contextValue.startsWith('call.'))
    return { command: commands.openResult, title: 'Open Result', arguments: [id] };
  return /^turn\b|\bagent\./.test(contextValue)
    ? { command: commands.openConversation, title: 'Open Conversation', arguments: [id] }
    : undefined;
}
