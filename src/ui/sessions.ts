/** Commands on past sessions: open, export, delete. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { SessionId } from '../core/events.ts';
import type { SessionSummary } from '../runtime/pastSessions.ts';
import { documentName } from '../views/documentName.ts';
import { messageText, oneLine } from '../views/plainText.ts';
import { sessionIdOf } from '../views/rowIds.ts';
import { showConversation } from './agentCommands.ts';
import { registerCommands } from './commands.ts';
import type { Host } from './host.ts';
import { pickSession, type SessionButton } from './sessionPick.ts';
import type { SessionTree } from './tree.ts';

export function registerSessions(host: Host, tree: SessionTree): vscode.Disposable {
  const run = (command: string) => (session: SessionSummary) =>
    vscode.commands.executeCommand(command, session.id);
  const buttons: readonly SessionButton[] = [
    {
      icon: 'debug-continue',
      tooltip: 'Resume',
      fits: ({ isUnresolved }) => isUnresolved,
      act: run(commands.resume),
    },
    { icon: 'export', tooltip: 'Export…', act: run(commands.exportSession) },
    { icon: 'trash', tooltip: 'Delete…', act: run(commands.deleteSession) },
  ];
  return registerCommands(host.log, {
    [commands.openSession]: async () => {
      const chosen = await pickSession(host, 'Open which session?', { buttons });
      if (chosen) await openSession(host, tree, chosen.id);
    },
    [commands.exportSession]: async (rowId) => {
      const id = idOf(rowId) ?? (await pickSession(host, 'Export which session?'))?.id;
      if (id !== undefined) await exportSession(host, id);
    },
    [commands.deleteSession]: async (rowId) => {
      const id = idOf(rowId) ?? (await pickSession(host, 'Delete which session?'))?.id;
      if (id !== undefined) await deleteSession(host, id);
    },
  });
}

/** Shows a session in the tree, and the conversation of its root agent. */
export async function openSession({ runtime }: Host, tree: SessionTree, id: SessionId): Promise<void> {
  const state = await runtime.openSession(id);
  await tree.reveal(id);
  const root = [...state.agents.values()].find(({ parent }) => !parent);
  if (root) await showConversation(state, root);
}

function idOf(rowId: unknown): SessionId | undefined {
  return typeof rowId === 'string' ? sessionIdOf(rowId) : undefined;
}

async function exportSession(host: Host, id: SessionId): Promise<void> {
  const session = await summaryOf(host, id);
  const form = await vscode.window.showQuickPick(
    [
      {
        label: '$(markdown) Conversation',
        description: 'Markdown, for people',
        form: 'conversation' as const,
        extension: 'md',
      },
      {
        label: '$(json) Journal',
        description: 'Every event, one a line of JSON; allsettled agent --replay can play it',
        form: 'journal' as const,
        extension: 'ndjson',
      },
    ],
    { placeHolder: `Export “${titleOf(session)}” as what?` },
  );
  if (!form) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(session.cwd);
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(
      folder,
      `${documentName(session.title, session.id, 60)}.${form.extension}`,
    ),
    filters: { [form.label.replace(/^\$\([^)]*\) /, '')]: [form.extension] },
  });
  if (!target) return;
  const text = await (await host.runtime.get()).exportSession(id, form.form);
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  await vscode.window.showTextDocument(target, { preview: false });
}

async function deleteSession(host: Host, id: SessionId): Promise<void> {
  const session = await summaryOf(host, id);
  const detail = 'Its conversation, its calls and all their output are removed from the disk.';
  const question = messageText(`Delete “${titleOf(session)}”?`);
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, 'Delete');
  if (answer === 'Delete') await host.runtime.deleteSession(id);
}

async function summaryOf({ past }: Host, id: SessionId): Promise<SessionSummary> {
  const found = (await past.list()).find((session) => session.id === id);
  if (!found) throw new Error('This session is not on the disk any more.');
  return found;
}

function titleOf({ title }: SessionSummary): string {
  return oneLine(title, 60) || 'Untitled session';
}
