/** Commands that start, continue, stop and show agents. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { Agent, SessionState } from '../core/states.ts';
import { oneLine } from '../views/plainText.ts';
import { targetOf } from '../views/rowIds.ts';
import { registerCommands, tell } from './commands.ts';
import { conversationUri } from './documentUris.ts';
import type { Host } from './host.ts';
import { ensureApiKey } from './keyCommands.ts';
import { agentFor, isAtWork, stateOfRow } from './rowTargets.ts';
import type { AgentInSession } from './rowTargets.ts';
import type { SessionTree } from './tree.ts';
import { chooseWorkplace, mayWork } from './workplace.ts';

export function registerAgentCommands(host: Host, tree: SessionTree): vscode.Disposable {
  const { runtime, log } = host;
  return registerCommands(log, {
    [commands.startAgent]: (prompt) => startAgent(host, tree, prompt),
    [commands.followUp]: (asked) => followUp(host, asked),
    [commands.openConversation]: async (asked) => {
      const found = await agentFor(runtime, asked, 'Which conversation?');
      if (found) await showConversation(found.state, found.agent);
    },
    [commands.stopAgent]: async (asked) => {
      const found = await agentFor(runtime, asked, 'Stop which agent?', isAtWork);
      if (found) (await runtime.get()).stopAgent(found.state.id, found.agent.id);
    },
    [commands.stopSession]: async (rowId) => {
      const state = stateOfRow(runtime, rowId);
      if (state) (await runtime.get()).stopSession(state.id);
    },
    [commands.stopAll]: async () => (await runtime.get()).stopAll(),
    [commands.cancelTurn]: async (rowId) => {
      const state = stateOfRow(runtime, rowId);
      const target = state && targetOf(state, rowId as string);
      if (target?.kind === 'turn') (await runtime.get()).cancelTurn(target.sessionId, target.turnId);
    },
  });
}

/** Opens an agent's conversation as a document of its own, which stays open. */
export async function showConversation(state: SessionState, agent: Agent): Promise<void> {
  const document = await vscode.workspace.openTextDocument(conversationUri(state, agent));
  await vscode.window.showTextDocument(document, { preview: false });
}

async function startAgent(host: Host, tree: SessionTree, given: unknown): Promise<void> {
  const { runtime, settings } = host;
  const workplace = await chooseWorkplace(host.log, 'An agent');
  if (!workplace || !(await ensureApiKey(host))) return;
  const prompt =
    typeof given === 'string' ? given : await askPrompt('Start Agent', 'What should the agent do?');
  if (!prompt) return;
  const started = await (
    await runtime.get()
  ).startAgent({
    ...workplace,
    prompt,
    permission: settings.permission(),
    readsInstructions: vscode.workspace.isTrusted,
  });
  await showRow(host, tree, `${started.sessionId}/${started.agentId}`);
  const state = runtime.session(started.sessionId);
  const agent = state?.agents.get(started.agentId);
  if (state && agent) await showConversation(state, agent);
}

/** The conversation opens also where the tree can't be shown. */
async function showRow({ log }: Host, tree: SessionTree, rowId: string): Promise<void> {
  try {
    await tree.show(rowId);
  } catch (error) {
    log.error('The tree can not be shown.', error);
  }
}

async function followUp(host: Host, asked: unknown): Promise<void> {
  const { runtime } = host;
  const found = await agentFor(runtime, asked, 'Continue which conversation?', (agent) => !isAtWork(agent));
  if (!found || !canFollowUp(host, found)) return;
  const prompt = await askPrompt(`Follow Up: ${oneLine(found.agent.label, 60)}`, 'What next?');
  if (!prompt) return;
  await (await runtime.get()).followUp(found.state.id, found.agent.id, prompt);
  await showConversation(found.state, found.agent);
}

/** False, after a message, where nothing that the person types could be answered. */
function canFollowUp({ runtime, log }: Host, { state, agent }: AgentInSession): boolean {
  if (agent.model === 'replay') {
    const message = "The demo is a recording; it can't answer follow-ups. Start an agent to ask something.";
    tell(log, vscode.window.showInformationMessage, message, {
      'Start Agent': () => vscode.commands.executeCommand(commands.startAgent),
    });
    return false;
  }
  if (!isAtWork(agent)) return mayWork(log, 'An agent');
  const message = `“${oneLine(agent.label, 60)}” is still working. Wait, or stop it to follow up.`;
  tell(log, vscode.window.showWarningMessage, message, {
    Stop: async () => (await runtime.get()).stopAgent(state.id, agent.id),
  });
  return false;
}

async function askPrompt(title: string, prompt: string): Promise<string | undefined> {
  return (await vscode.window.showInputBox({ title, prompt, ignoreFocusOut: true }))?.trim();
}
