/** Tells of each run that ended in a way that a person has to know of, with the next step, or while nobody looked. */
import * as vscode from 'vscode';
import { commands, schemes } from '../contributions.ts';
import type { AgentId, EndedStatus, RunEnding, TerminationReason } from '../core/agents.ts';
import type { SessionId } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';
import { endingNotice, endingsNotice } from '../views/endingNotice.ts';
import { offer, runSafely } from './commands.ts';
import { agentOfUri } from './documentUris.ts';
import type { Host } from './host.ts';
import { setApiKey } from './keyCommands.ts';
import type { SessionTree } from './tree.ts';
import { mayWork } from './workplace.ts';

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

export function registerRunEndings(host: Host, tree: Pick<SessionTree, 'isVisible'>): vscode.Disposable {
  let isTelling = false;
  let untold: readonly Untold[] = [];
  // One message at a time: what ends while one is open is told together when it has closed.
  const tellNext = async (): Promise<void> => {
    isTelling = true;
    try {
      while (untold.length > 0) {
        const [first, ...rest] = untold;
        untold = [];
        if (first) await (rest.length === 0 ? tellEnding(host, first) : tellCount([first, ...rest]));
      }
    } finally {
      isTelling = false;
    }
  };
  return vscode.Disposable.from(
    host.runtime.onEvent((event) => {
      if (event.type !== 'run.ended') return;
      const { agentId, ending } = event;
      const state = host.runtime.session(event.sessionId);
      if (!state || !needsPerson(state, agentId, ending)) return;
      if (ending.status === 'completed' && (!host.settings.tellsCompletions() || isSeen(tree, event))) return;
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

/** Its row or its conversation is in front of the person. */
function isSeen(
  tree: Pick<SessionTree, 'isVisible'>,
  { sessionId, agentId }: { readonly sessionId: SessionId; readonly agentId: AgentId },
): boolean {
  if (!vscode.window.state.focused) return false;
  const shows = ({ document: { uri } }: vscode.TextEditor): boolean => {
    if (uri.scheme !== schemes.conversation) return false;
    const shown = agentOfUri(uri);
    return shown.sessionId === sessionId && shown.agentId === agentId;
  };
  return tree.isVisible() || vscode.window.visibleTextEditors.some(shows);
}

async function tellCount(untold: readonly Untold[]): Promise<void> {
  const endings = untold.map(({ ending }) => ending);
  const isWell = endings.every(({ status }) => status === 'completed');
  const show = isWell ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  await offer(show, endingsNotice(endings), {
    'Show Agents': () => vscode.commands.executeCommand(commands.showAgents),
  });
}

const showing = {
  completed: 'showInformationMessage',
  incomplete: 'showWarningMessage',
  interrupted: 'showWarningMessage',
  failed: 'showErrorMessage',
  cancelled: 'showWarningMessage',
} as const satisfies Readonly<Record<EndedStatus, keyof typeof vscode.window>>;

async function tellEnding(host: Host, { state, agentId, ending }: Untold): Promise<void> {
  const label = state.agents.get(agentId)?.label ?? state.title;
  const rowId = `${state.id}/${agentId}`;
  await offer(vscode.window[showing[ending.status]], endingNotice(label, ending), {
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
    case 'endTurn':
    case 'refusal':
    case 'contextWindow':
    case 'noText':
    case 'missingDeliverable':
      return {};
    default:
      return { 'Try Again': retry };
  }
}
