/** The row of a session. */
import type { SessionKind } from '../core/events.ts';
import { latestRun } from '../core/states.ts';
import type { Agent, SessionState, TaskList } from '../core/states.ts';
import { countTasks, taskCountsText } from '../core/taskCounts.ts';
import { unrecordedInSession } from '../core/unrecordedCalls.ts';
import { agentsToWake, hasInterruption, interruptedAgents } from '../core/unresolved.ts';
import { waitingApprovals, waitsForAnswer } from '../core/waitingApprovals.ts';
import { agentContext, agentDescription, agentSpent, agentTooltip } from './agentRow.ts';
import { callsPhrase } from './callsPhrase.ts';
import { timeText } from './duration.ts';
import { askingLook, dismissedLook, interruptedLook, isDismissed } from './looks.ts';
import { exactLine, oneLine } from './plainText.ts';
import { joined } from './row.ts';
import type { Row } from './row.ts';
import { sessionIcon, sessionIsWorking } from './sessionLook.ts';
import { rootAgentOf } from './shownAgents.ts';
import { taskRecords } from './taskRecords.ts';
import { hasTurnRows } from './turnRows.ts';

/** A session: its title, and what is to be said of the whole. That of an agent shows its root agent, which has no row of its own. */
export function sessionRow(state: SessionState): Row {
  const label = oneLine(state.title) || 'Untitled session';
  const standing = standingOf(state);
  const root = rootAgentOf(state);
  const cutOff = asksStill(state) ? askingLook : interruptedLook;
  const description = joined(
    isCutOffAsAWhole(state) && standing === 'interrupted' ? cutOff.word : '',
    phraseOf(state),
    subAgentsText(state),
    standing !== 'working' && agentsToWake(state).length > 0 ? 'reports not read yet' : '',
    root && agentSpent(root),
  );
  const kind = kinds[state.kind];
  const folder = `Folder: ${exactLine(state.cwd, 300)}`;
  const tooltip = root
    ? [agentTooltip(state, root, label), folder]
    : [label, description, `${kind} started ${timeText(state.startedAt)}`, folder];
  return {
    id: state.id,
    label,
    description,
    tooltip: tooltip.filter(Boolean).join('\n'),
    icon: sessionIcon(state),
    contextValue: contextOf(state, standing, root),
    isExpandable: root
      ? hasTurnRows(state, root)
      : state.agents.size + state.batches.size + state.taskLists.length > 0,
    ...(standing === 'ended' && { startsClosed: true }),
    accessibilityLabel: [kind, label, description].filter(Boolean).join(', '),
  };
}

const kinds: Readonly<Record<SessionKind, string>> = {
  agent: 'Session',
  batch: 'Batch',
  agents: 'Agents',
};

/** What the menus look for: how the whole stands, its kind, and what they look for in the row of its root agent. */
function contextOf(state: SessionState, standing: string, root: Agent | undefined): string {
  const several = hasMoreToResume(state) ? '.several' : '';
  return `session.${standing}${several}.${root ? agentContext(state, root) : state.kind}`;
}

/** Finds sessions with interrupted agents that *Resume* leaves alone, because it resumes those that speak for them. */
function hasMoreToResume(state: SessionState): boolean {
  const agents = interruptedAgents(state);
  return agents.length > 1 || (agents.length === 1 && sessionIsWorking(state));
}

/** Not by its agents' own words. */
function isCutOffAsAWhole({ kind, cutOff }: SessionState): boolean {
  return kind === 'batch' || cutOff !== undefined;
}

function phraseOf(state: SessionState): string {
  const unrecorded = unrecordedInSession(state);
  if (state.cutOff && unrecorded.missing === 0) return 'nothing on record';
  switch (state.kind) {
    case 'batch':
      return callsPhrase(state, [...state.calls.values()], { open: 0, missing: unrecorded.missing });
    case 'agents': {
      const [list] = state.taskLists;
      return list ? tasksText(state, list) : '';
    }
    case 'agent':
      return rootAgentText(state);
  }
}

function standingOf(state: SessionState): 'working' | 'interrupted' | 'ended' {
  if (sessionIsWorking(state)) return 'working';
  return hasInterruption(state) ? 'interrupted' : 'ended';
}

/** Whether an answer is all that is missing for what its host's end left to go on. */
function asksStill(state: SessionState): boolean {
  return waitingApprovals(state).some(({ isLeft }) => isLeft);
}

function rootAgentText(state: SessionState): string {
  const root = rootAgentOf(state);
  return root && latestRun(root) ? agentDescription(state, root) : '';
}

/** `1 sub-agent interrupted`; empty where there is none. */
function subAgentsText(state: SessionState): string {
  const count = interruptedAgents(state).filter(
    ({ id, parent }) => parent && !waitsForAnswer(state, id),
  ).length;
  if (count === 0) return '';
  return `${count} ${count === 1 ? 'sub-agent' : 'sub-agents'} ${interruptedLook.word}`;
}

/** Counts of all tasks; a dismissed one is not interrupted any more. */
function tasksText(state: SessionState, list: TaskList): string {
  const records = taskRecords(state, list);
  const counted = records.filter(({ agentId = '' }) => {
    const agent = state.agents.get(agentId);
    return !agent || !isDismissed(agent);
  });
  const dismissed = records.length - counted.length;
  return joined(
    taskCountsText({ ...countTasks(counted), total: records.length }, ' · '),
    dismissed > 0 ? `${dismissed} ${dismissedLook.word}` : '',
    list.end === 'interrupted' && list.unsaved ? 'answers not saved' : '',
  );
}
