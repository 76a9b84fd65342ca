/** One message for each run that ended in a way that a person has to know of, with the next step. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { AgentId, EndedStatus, RunEnding, TerminationReason } from '../core/agents.ts';
import type { SessionState } from '../core/states.ts';
import { oneLine } from '../views/plainText.ts';
import { offer, runSafely } from './commands.ts';
import type { Host } from './host.ts';
import { setApiKey } from './keyCommands.ts';
import { mayWork } from './workplace.ts';

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

/** An ending that is still to be told. */
interface Untold {
  readonly state: SessionState;
  readonly agentId: AgentId;
  readonly ending: RunEnding;
}

export function registerRunEndings(host: Host): vscode.Disposable {
  let isTelling = false;
  let untold: readonly Untold[] = [];
  // One message at a time: what ends while one is open is told together when it has closed.
  const tellNext = async (): Promise<void> => {
    isTelling = true;
    try {
      while (untold.length > 0) {
        const [first, ...rest] = untold;
        untold = [];
        if (first) await (rest.length === 0 ? tellEnding(host, first) : tellCount(rest.length + 1));
      }
    } finally {
      isTelling = false;
    }
  };
  return vscode.Disposable.from(
    host.runtime.onEvent((event) => {
      if (event.type !== 'run.ended' || event.ending.status === 'completed') return;
      const { agentId, ending } = event;
      const state = host.runtime.session(event.sessionId);
      if (!state || !needsPerson(state, agentId, ending)) return;
      untold = [...untold, { state, agentId, ending }];
      if (!isTelling) runSafely(host.log, tellNext);
    }),
  );
}

/** A sub-agent's parent is told of it, and decides; of parallel agents one message tells. */
function needsPerson(state: SessionState, agentId: AgentId, ending: RunEnding): boolean {
  const agent = state.agents.get(agentId);
  return !expected.includes(ending.terminationReason) && !agent?.parent && !agent?.task;
}

async function tellCount(count: number): Promise<void> {
  const message = `${count} agents ended without completing their work.`;
  await offer(vscode.window.showWarningMessage, message, {
    'Show Agents': () => vscode.commands.executeCommand(commands.showAgents),
  });
}

async function tellEnding(host: Host, { state, agentId, ending }: Untold): Promise<void> {
  const word = sentences[ending.status];
  const label = oneLine(state.agents.get(agentId)?.label ?? state.title, 60);
  const show = ending.status === 'failed' ? vscode.window.showErrorMessage : vscode.window.showWarningMessage;
  const rowId = `${state.id}/${agentId}`;
  await offer(show, `“${label}” ${word}. ${ending.message}`.trim(), {
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
  const retry = async (): Promise<void> => {
    if (!mayWork(host.log, 'An agent')) return;
    await (await host.runtime.get()).resume(state.id, agentId);
  };
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
