/** What a command was asked about: a row of the tree, a document, or what the person picks. */
import * as vscode from 'vscode';
import { schemes } from '../contributions.ts';
import type { Agent, Call, SessionState } from '../core/states.ts';
import { latestRun } from '../core/states.ts';
import { agentLabel } from '../views/agentRow.ts';
import { ownerText } from '../views/agentList.ts';
import { agentLook } from '../views/looks.ts';
import { oneLine } from '../views/plainText.ts';
import { joined } from '../views/row.ts';
import { sessionIdOf, targetOf } from '../views/rowIds.ts';
import { agentOfTarget } from '../views/shownAgents.ts';
import { agentOfUri } from './documentUris.ts';
import type { LazyRuntime } from './lazyRuntime.ts';
import { pickItem } from './pickItem.ts';

export interface CallInSession {
  readonly state: SessionState;
  readonly call: Call;
}

export interface AgentInSession {
  readonly state: SessionState;
  readonly agent: Agent;
}

/** The call of a row; undefined where there is none. */
export function callOfRow(runtime: LazyRuntime, rowId: unknown): CallInSession | undefined {
  const state = stateOfRow(runtime, rowId);
  const target = state && targetOf(state, rowId as string);
  const call = target?.kind === 'call' ? state?.calls.get(target.callId) : undefined;
  return state && call && { state, call };
}

export function stateOfRow(runtime: LazyRuntime, rowId: unknown): SessionState | undefined {
  return typeof rowId === 'string' ? runtime.session(sessionIdOf(rowId)) : undefined;
}

/**
 * The agent of a row, of a conversation document, or else one that the person picks of those that fit.
 * A document that only happens to be open is taken where its agent `canBeMeant`.
 */
export async function agentFor(
  runtime: LazyRuntime,
  asked: unknown,
  placeHolder: string,
  fits: (agent: Agent) => boolean = () => true,
  canBeMeant: (agent: Agent) => boolean = () => true,
): Promise<AgentInSession | undefined> {
  const uri = asked instanceof vscode.Uri ? asked : undefined;
  const meant = agentOfRow(runtime, asked) ?? (await agentOfDocument(runtime, uri));
  if (meant) return meant;
  const shown = await agentOfDocument(runtime, vscode.window.activeTextEditor?.document.uri);
  return shown && canBeMeant(shown.agent) ? shown : pickAgent(runtime, placeHolder, fits);
}

/** Whether a run of the agent goes on. */
export function isAtWork(agent: Agent): boolean {
  const run = latestRun(agent);
  return run !== undefined && !('endedAt' in run.state);
}

function agentOfRow(runtime: LazyRuntime, rowId: unknown): AgentInSession | undefined {
  const state = stateOfRow(runtime, rowId);
  const target = state && targetOf(state, rowId as string);
  const agent = state && target && agentOfTarget(state, target);
  return state && agent && { state, agent };
}

async function agentOfDocument(
  runtime: LazyRuntime,
  uri: vscode.Uri | undefined,
): Promise<AgentInSession | undefined> {
  if (uri?.scheme !== schemes.conversation) return undefined;
  const { sessionId, agentId } = agentOfUri(uri);
  const state = await runtime.openSession(sessionId);
  const agent = state.agents.get(agentId);
  return agent && { state, agent };
}

async function pickAgent(
  runtime: LazyRuntime,
  placeHolder: string,
  fits: (agent: Agent) => boolean,
): Promise<AgentInSession | undefined> {
  const items = runtime
    .sessions()
    .toReversed()
    .flatMap((state) => [...state.agents.values()].filter(fits).map((agent) => ({ state, agent })))
    .map(({ state, agent }) =>
      pickItem({
        label: oneLine(agent.parent ? agentLabel(state, agent) : state.title),
        description: joined(agentLook(agent).word, ownerText(state, agent)),
        state,
        agent,
      }),
    );
  return items.length === 1 ? items[0] : vscode.window.showQuickPick(items, { placeHolder });
}
