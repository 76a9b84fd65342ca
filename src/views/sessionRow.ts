/** The row of a session. */
import { hasEnded, latestRun } from '../core/states.ts';
import type { SessionKind } from '../core/events.ts';
import type { SessionState, TaskList } from '../core/states.ts';
import { tasksGoOn } from '../core/taskLists.ts';
import { countTasks, taskCountsText } from '../core/taskCounts.ts';
import { unrecordedInSession } from '../core/unrecordedCalls.ts';
import { agentsToWake, batchGoesOn, hasInterruption, interruptedAgents } from '../core/unresolved.ts';
import { waitingApprovals, waitsForAnswer } from '../core/waitingApprovals.ts';
import { callsPhrase } from './callsPhrase.ts';
import { timeText } from './duration.ts';
import { agentLookIn, askingLook, dismissedLook, interruptedLook, isDismissed } from './looks.ts';
import { exactLine, oneLine } from './plainText.ts';
import { joined } from './row.ts';
import type { Row } from './row.ts';
import { taskRecords } from './taskRecords.ts';

/** A session: its title, and what is to be said of the whole. */
export function sessionRow(state: SessionState): Row {
  const label = oneLine(state.title) || 'Untitled session';
  const standing = standingOf(state);
  const cutOff = asksStill(state) ? askingLook : interruptedLook;
  const description = joined(
    isCutOffAsAWhole(state) && standing === 'interrupted' ? cutOff.word : '',
    phraseOf(state),
    subAgentsText(state),
    standing !== 'working' && agentsToWake(state).length > 0 ? 'reports not read yet' : '',
  );
  const { kind, icon } = kinds[state.kind];
  return {
    id: state.id,
    label,
    description,
    tooltip: [
      label,
      description,
      `${kind} started ${timeText(state.startedAt)}`,
      `Folder: ${exactLine(state.cwd, 300)}`,
    ]
      .filter(Boolean)
      .join('\n'),
    icon: standing === 'interrupted' ? cutOff.icon : { name: icon },
    contextValue: `session.${state.kind}.${standing}`,
    isExpandable: state.agents.size + state.batches.size + state.taskLists.length > 0,
    accessibilityLabel: [kind, label, description].filter(Boolean).join(', '),
  };
}

const kinds: Readonly<Record<SessionKind, { readonly kind: string; readonly icon: string }>> = {
  agent: { kind: 'Session', icon: 'comment-discussion' },
  batch: { kind: 'Batch', icon: 'checklist' },
  agents: { kind: 'Agents', icon: 'organization' },
};

/** Not by its agents' own words. */
function isCutOffAsAWhole({ kind, cutOff }: SessionState): boolean {
  return kind === 'batch' || cutOff !== undefined;
}

function phraseOf(state: SessionState): string {
  const unrecorded = unrecordedInSession(state);
  if (state.cutOff && unrecorded.missing === 0) return 'nothing on record';
  switch (state.kind) {
    case 'batch':
      return callsPhrase([...state.calls.values()], { open: 0, missing: unrecorded.missing });
    case 'agents': {
      const [list] = state.taskLists;
      return list ? tasksText(state, list) : '';
    }
    case 'agent':
      return rootAgentText(state);
  }
}

/** Whether anything of the session still goes on. */
export function sessionIsWorking(state: SessionState): boolean {
  const aRunGoesOn = [...state.agents.values()].some((agent) => {
    const run = latestRun(agent);
    return run !== undefined && !hasEnded(run);
  });
  return aRunGoesOn || batchGoesOn(state) || tasksGoOn(state);
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
  const root = [...state.agents.values()].find((agent) => !agent.parent);
  return root && latestRun(root) ? agentLookIn(state, root).word : '';
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
