/** Brings back after a reload what this workspace's window showed: its sessions, and the tabs of conversations. */
import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import type { SessionId } from '../core/events.ts';
import { messageOf } from './commands.ts';
import type { Host } from './host.ts';
import { throttled } from './throttle.ts';
import type { SessionTree } from './tree.ts';

const sessionsKey = 'shownSessions';
const tabsKey = 'openConversations';

/** More would be a list to search in, which the past sessions are. */
const mostSessions = 20;

const gatherMs = 500;

/** The tab of a conversation, as it is noted. */
interface NotedTab {
  readonly uri: string;
  readonly viewColumn: number;
}

/** `memento` is the workspace's. Nothing is opened before the workspace is trusted; what can't be read is logged. */
export function registerShownAgain(
  host: Host,
  tree: SessionTree,
  memento: vscode.Memento,
): vscode.Disposable {
  const stopping = new AbortController();
  const note = throttled(
    host.clock,
    () => {
      void memento.update(sessionsKey, shownSessions(host)); // VS Code keeps it in its own time.
      void memento.update(tabsKey, openConversations());
    },
    gatherMs,
  );
  let listeners: vscode.Disposable | undefined;
  const start = async (): Promise<void> => {
    await showAgain(host, tree, memento, stopping.signal);
    if (stopping.signal.aborted) return;
    // Not before: what is open meanwhile is not yet what was.
    listeners = vscode.Disposable.from(
      host.runtime.onEvent(({ type }) => void (type === 'session.started' && note.changed())),
      host.runtime.onOpened(() => note.changed()),
      vscode.window.tabGroups.onDidChangeTabs(() => note.changed()),
    );
    note.changed();
  };
  const run = (): void =>
    void start().catch((error: unknown) => host.log.error('The last sessions can not be shown.', error));
  if (vscode.workspace.isTrusted) setImmediate(run);
  const trust = vscode.workspace.onDidGrantWorkspaceTrust(run);
  return vscode.Disposable.from(trust, note, {
    dispose: () => {
      stopping.abort();
      listeners?.dispose();
    },
  });
}

async function showAgain(
  { runtime, past, log }: Host,
  tree: SessionTree,
  memento: vscode.Memento,
  signal: AbortSignal,
): Promise<void> {
  const noted = memento.get<readonly SessionId[]>(sessionsKey, []);
  const tabs = memento.get<readonly NotedTab[]>(tabsKey, []);
  if (noted.length === 0) return;
  tree.say('Opening the last sessions…');
  try {
    const onDisk = new Set((await past.list()).map(({ id }) => id));
    for (const id of noted) {
      if (signal.aborted) return;
      if (!onDisk.has(id)) continue;
      await runtime
        .openSession(id)
        .catch((error: unknown) => log.warn(`Session ${id} is not shown again: ${messageOf(error)}`));
    }
    for (const tab of tabs) if (!signal.aborted) await openTab(tab, onDisk);
  } finally {
    tree.say(undefined);
  }
}

/** Behind the tab that is in front, which VS Code has restored itself. */
async function openTab({ uri, viewColumn }: NotedTab, onDisk: ReadonlySet<SessionId>): Promise<void> {
  const address = vscode.Uri.parse(uri);
  const isOpen = openConversations().some((open) => open.uri === uri);
  if (isOpen || !onDisk.has(address.path.split('/')[1] ?? '')) return;
  const options = { viewColumn, preview: false, preserveFocus: true, background: true };
  await vscode.commands.executeCommand('vscode.open', address, options);
}

/** The newest last, as they are opened again. */
function shownSessions({ runtime }: Host): readonly SessionId[] {
  return [...runtime.sessions()]
    .sort((one, other) => one.lastAt - other.lastAt)
    .slice(-mostSessions)
    .map(({ id }) => id);
}

function openConversations(): readonly NotedTab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs, viewColumn }) =>
    tabs.flatMap(({ input }) =>
      input instanceof vscode.TabInputText && input.uri.scheme === schemes.conversation
        ? [{ uri: input.uri.toString(), viewColumn }]
        : [],
    ),
  );
}
