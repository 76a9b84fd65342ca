/** The list behind the status bar: what each agent and batch does or did last, and what can be done with it. */
import type { RunEnding } from '../core/agents.ts';
import { isSettled } from '../core/calls.ts';
import { callsOfTurn, hasEnded, latestRun } from '../core/states.ts';
import type { Agent, SessionState } from '../core/states.ts';
import { hasInterruption, isInterrupted } from '../core/unresolved.ts';
import { lastActivity } from './agentActivity.ts';
import { agentLabel } from './agentRow.ts';
import { ageText, durationText } from './duration.ts';
import { agentLookIn } from './looks.ts';
import { endingTitle, reasonText } from './personText.ts';
import { notOnRecordText } from './notOnRecordText.ts';
import { oneLine } from './plainText.ts';
import { joined } from './row.ts';
import type { RowId } from './rowIds.ts';
import { sessionIsWorking } from './sessionLook.ts';
import { sessionRow } from './sessionRow.ts';

/** What the buttons of an entry do. */
export type ListAction = 'resume' | 'open' | 'dismiss' | 'stop';

/** One agent or batch. */
export interface ListEntry {
  readonly rowId: RowId;
  readonly kind: 'agent' | 'batch';
  /** A codicon's name. */
  readonly icon: string;
  readonly label: string;
  /** Status and reason. */
  readonly description: string;
  /** Last activity and age. */
  readonly detail: string;
  readonly actions: readonly ListAction[];
}

/** What was interrupted comes first, then the newest session. */
export function agentList(sessions: readonly SessionState[], now: number): readonly ListEntry[] {
  const entries = sessions
    .toSorted((a, b) => b.startedAt - a.startedAt)
    .flatMap((state) =>
      state.kind === 'batch' || state.cutOff
        ? [batchEntry(state, now)]
        : [...state.agents.values()].map((agent) => agentEntry(state, agent, now)),
    );
  const isCutOff = ({ actions }: ListEntry): boolean => actions.includes('dismiss');
  return [...entries.filter(isCutOff), ...entries.filter((entry) => !isCutOff(entry))];
}

/** Whether an agent that was interrupted can be resumed: a recording's turns are not kept with its session. */
export function canResume(agent: Agent): boolean {
  return isInterrupted(agent) && agent.model !== 'replay';
}

function agentEntry(state: SessionState, agent: Agent, now: number): ListEntry {
  const run = latestRun(agent);
  const look = agentLookIn(state, agent);
  const ended = run && 'endedAt' in run.state ? run.state : undefined;
  const word = ended?.status === 'cancelled' ? endingTitle(ended).toLowerCase() : look.word;
  const label = agentLabel(state, agent);
  const age = ended
    ? ageText(now - endOf(state, agent, ended))
    : run && `for ${durationText(now - run.startedAt)}`;
  return {
    rowId: `${state.id}/${agent.id}`,
    kind: 'agent',
    icon: look.icon.name,
    label: label === 'Agent' ? oneLine(state.title) || label : label,
    description: joined(word, ended && ended.status !== 'completed' ? reasonText(ended) : ''),
    detail: joined(lastActivity(state, agent), age, ownerText(state, agent)),
    actions: actionsOf(isInterrupted(agent), canResume(agent), run !== undefined && !hasEnded(run)),
  };
}

/** Whose a sub-agent or a task is; empty for the agent that the session itself is named after. */
export function ownerText(state: SessionState, agent: Agent): string {
  if (!agent.parent && state.kind !== 'agents') return '';
  return `of “${oneLine(state.title, 60) || 'Untitled session'}”`;
}

function batchEntry(state: SessionState, now: number): ListEntry {
  const row = sessionRow(state);
  const working = sessionIsWorking(state);
  const interrupted = hasInterruption(state);
  return {
    rowId: state.id,
    kind: 'batch',
    icon: working ? 'loading~spin' : row.icon.name,
    label: row.label,
    description: row.description,
    detail: working ? `for ${durationText(now - state.startedAt)}` : ageText(now - state.lastAt),
    actions: actionsOf(interrupted, interrupted && notOnRecordText(state) === undefined, working),
  };
}

function actionsOf(isCutOff: boolean, isResumable: boolean, isWorking: boolean): readonly ListAction[] {
  if (isWorking) return ['open', 'stop'];
  if (!isCutOff) return ['open'];
  return isResumable ? ['resume', 'open', 'dismiss'] : ['open', 'dismiss'];
}

/** A host that died could not say when; then it is the last that is known of the agent. */
function endOf(
  state: SessionState,
  { runs }: Agent,
  ended: RunEnding & { readonly endedAt: number },
): number {
  const run = runs.at(-1);
  if (ended.terminationReason !== 'hostExit' || !run) return ended.endedAt;
  const turns = run.turnIds.flatMap((id) => state.turns.get(id) ?? []);
  const calls = turns.flatMap((turn) => callsOfTurn(state, turn));
  const times = calls.map(({ state: call }) =>
    isSettled(call) ? (call.startedAt ?? 0) + (call.durationMs ?? 0) : 0,
  );
  return Math.max(run.startedAt, ...turns.map(({ startedAt }) => startedAt), ...times);
}
