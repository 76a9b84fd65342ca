/** One message for each run that ended in a way that a person has to know of, with the next step. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { AgentId, EndedStatus, RunEnding, TerminationReason } from '../core/agents.ts';
import type { SessionState } from '../core/states.ts';
import { latestRun } from '../core/states.ts';
import { oneLine } from '../views/plainText.ts';
import { tell } from './commands.ts';
import type { Host } from './host.ts';
import { setApiKey } from './keyCommands.ts';

const sentences: Readonly<Record<EndedStatus, string>> = {
  completed: 'completed',
  incomplete: 'ended without what was asked for',
  interrupted: 'was interrupted',
  failed: 'failed',
  cancelled: 'was cancelled',
};

/** Endings that the person brought about, or has been told of by opening the session. */
const expected: readonly TerminationReason[] = [
  'cancelledByPerson',
  'cancelledByParent',
  'hostExit',
  'transcriptEnded',
];

export function registerRunEndings(host: Host): vscode.Disposable {
  return vscode.Disposable.from(
    host.runtime.onEvent((event) => {
      if (event.type !== 'run.ended' || event.ending.status === 'completed') return;
      const state = host.runtime.session(event.sessionId);
      if (!state || expected.includes(event.ending.terminationReason)) return;
      tellEnding(host, state, event.agentId, event.ending);
    }),
  );
}

function tellEnding(host: Host, state: SessionState, agentId: AgentId, ending: RunEnding): void {
  const word = sentences[ending.status];
  const label = oneLine(state.agents.get(agentId)?.label ?? state.title, 60);
  const show = ending.status === 'failed' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  const rowId = `${state.id}/${agentId}`;
  tell(host.log, show, `“${label}” ${word}. ${ending.message}`.trim(), {
    ...nextStep(host, state, agentId, ending.terminationReason),
    'Open Conversation': () => vscode.commands.executeCommand(commands.openConversation, rowId),
  });
}

function nextStep(
  host: Host,
  state: SessionState,
  agentId: AgentId,
  reason: TerminationReason,
): Readonly<Record<string, () => unknown>> {
  const retry = (): Promise<void> => tryAgain(host, state, agentId);
  switch (reason) {
    case 'authentication':
      return { 'Set API Key': async () => (await setApiKey(host)) && retry() };
    case 'unusableModel':
      return { 'Choose Model': () => vscode.commands.executeCommand(commands.chooseModel) };
    case 'internal':
    case 'invalidRequest':
      return { 'Show Log': () => host.showLog() };
    case 'refusal':
    case 'contextWindow':
    case 'noText':
    case 'missingDeliverable':
      return {};
    default:
      return { 'Try Again': retry };
  }
}

/** Asks again: with the prompt itself where the model had not begun to answer. */
async function tryAgain({ runtime }: Host, state: SessionState, agentId: AgentId): Promise<void> {
  const agent = state.agents.get(agentId);
  const run = agent && latestRun(agent);
  const hasAnswer = run?.turnIds.some((turnId) => (state.turns.get(turnId)?.blocks.length ?? 0) > 0);
  const prompt = run && !hasAnswer ? run.prompt : 'Continue.';
  await (await runtime.get()).followUp(state.id, agentId, prompt);
}
