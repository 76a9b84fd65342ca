/** Commands that go on with what was interrupted, or put it aside. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { AgentId } from '../core/agents.ts';
import type { SessionId } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';
import { agentList } from '../views/agentList.ts';
import { notOnRecordText } from '../views/notOnRecordText.ts';
import { oneLine } from '../views/plainText.ts';
import { sessionIdOf, targetOf } from '../views/rowIds.ts';
import { agentOfTarget } from '../views/shownAgents.ts';
import { showConversation } from './agentCommands.ts';
import { registerCommands, tell } from './commands.ts';
import type { Host } from './host.ts';
import { ensureApiKey } from './keyCommands.ts';
import { pickItem } from './pickItem.ts';
import { stateOfRow } from './rowTargets.ts';
import type { SessionTree } from './tree.ts';
import { mayWork } from './workplace.ts';

interface Target {
  readonly sessionId: SessionId;
  /** All of the session that was interrupted where absent. */
  readonly agentId?: AgentId;
}

export function registerResumeCommands(host: Host, tree: SessionTree): vscode.Disposable {
  return registerCommands(host.log, {
    [commands.retry]: async (rowId) => {
      const state = stateOfRow(host.runtime, rowId);
      const target = state && targetOf(state, rowId as string);
      const agent = state && target && agentOfTarget(state, target);
      if (agent) await resume(host, tree, { sessionId: state.id, agentId: agent.id });
    },
    [commands.resume]: async (rowId) => {
      const target = (await targetOfRow(host, rowId)) ?? (await pickTarget(host));
      if (target) await resume(host, tree, target);
    },
    [commands.dismiss]: async (rowId) => {
      const target = await targetOfRow(host, rowId);
      if (target) await (await host.runtime.get()).dismiss(target.sessionId, target.agentId);
    },
  });
}

async function resume(host: Host, tree: SessionTree, { sessionId, agentId }: Target): Promise<void> {
  const { runtime } = host;
  const state = await runtime.openSession(sessionId);
  if (!canResume(host, state, agentId) || !(state.kind === 'batch' || (await ensureApiKey(host)))) return;
  const { runs } = await (await runtime.get()).resume(sessionId, agentId);
  const rowId = runs[0] ? `${sessionId}/${runs[0].agentId}` : sessionId;
  await tree.show(rowId).catch((error: unknown) => host.log.error('The tree can not be shown.', error));
  const agent = state.agents.get(runs[0]?.agentId ?? '');
  if (agent) await showConversation(state, agent);
}

/** False, after a message, where nothing could come of it. */
export function canResume({ log }: Host, state: SessionState, agentId: AgentId | undefined): boolean {
  if (!mayWork(log, state.kind === 'batch' ? 'A batch' : 'An agent')) return false;
  const notOnRecord = agentId === undefined ? notOnRecordText(state) : undefined;
  if (notOnRecord !== undefined) {
    tell(log, vscode.window.showWarningMessage, notOnRecord, {
      Dismiss: () => vscode.commands.executeCommand(commands.dismiss, state.id),
    });
    return false;
  }
  const agents = [...state.agents.values()].filter(({ id, parent }) =>
    agentId === undefined ? !parent : id === agentId,
  );
  if (agents.length === 0 || agents.some(({ model }) => model !== 'replay')) return true;
  const message = "A recording can't be resumed: its session does not hold what was still to be played.";
  tell(log, vscode.window.showInformationMessage, message, {
    Dismiss: () => vscode.commands.executeCommand(commands.dismiss, state.id),
    'Start Agent': () => vscode.commands.executeCommand(commands.startAgent),
  });
  return false;
}

/** The agent or the session of a row; a session that is not open is opened. */
async function targetOfRow({ runtime }: Host, rowId: unknown): Promise<Target | undefined> {
  if (typeof rowId !== 'string') return undefined;
  const state = await runtime.openSession(sessionIdOf(rowId));
  return meantBy(state, rowId);
}

/** The row of a session stands for all of it, also where that shows its root agent. */
function meantBy(state: SessionState, rowId: string): Target | undefined {
  const target = targetOf(state, rowId);
  if (!target) return undefined;
  const agent = target.kind === 'session' ? undefined : agentOfTarget(state, target);
  return { sessionId: state.id, ...(agent && { agentId: agent.id }) };
}

/** What was interrupted in the open sessions, and the sessions on disk that have no end yet. */
async function pickTarget(host: Host): Promise<Target | undefined> {
  const open = host.runtime.sessions();
  const listed = agentList(open, host.clock.now()).filter(({ actions }) => actions.includes('resume'));
  const items = [
    ...listed.map(({ rowId, icon, label, description, detail }) =>
      pickItem({ label, description, detail, target: targetOfEntry(open, rowId) }, icon),
    ),
    ...(await host.past.interrupted())
      .filter(({ id }) => !open.some((state) => state.id === id))
      .toReversed()
      .map(({ id, title, cwd }) => {
        const label = oneLine(title) || 'Untitled session';
        const item = { label, description: 'not open', detail: oneLine(cwd, 120), target: { sessionId: id } };
        return pickItem(item, 'debug-disconnect');
      }),
  ];
  const placeHolder = items.length > 0 ? 'Resume what?' : 'Nothing was interrupted.';
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.target;
}

function targetOfEntry(open: readonly SessionState[], rowId: string): Target {
  const state = open.find(({ id }) => id === sessionIdOf(rowId));
  return (state && meantBy(state, rowId)) ?? { sessionId: sessionIdOf(rowId) };
}
