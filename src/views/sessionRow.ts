/** The row of a session. */
import { hasEnded, latestRun } from '../core/states.ts';
import type { SessionKind } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';
import { countTasks, taskCountsText } from '../core/taskCounts.ts';
import { batchGoesOn, hasInterruption } from '../core/unresolved.ts';
import { callsPhrase } from './callsPhrase.ts';
import { timeText } from './duration.ts';
import { interruptedLook, runLook } from './looks.ts';
import { oneLine } from './plainText.ts';
import { joined } from './row.ts';
import type { Row } from './row.ts';
import { taskRecords } from './taskRecords.ts';

/** A session: its title, and what is to be said of the whole. */
export function sessionRow(state: SessionState): Row {
  const label = oneLine(state.title) || 'Untitled session';
  const standing = standingOf(state);
  const phrase = phraseOf(state);
  const { word } = interruptedLook;
  // The tasks of parallel agents are counted one by one.
  const isSaid = phrase === word || state.kind === 'agents';
  const description = standing === 'interrupted' && !isSaid ? joined(word, phrase) : phrase;
  const { kind, icon } = kinds[state.kind];
  return {
    id: state.id,
    label,
    description,
    tooltip: [label, description, `${kind} started ${timeText(state.startedAt)}`, `Folder: ${state.cwd}`]
      .filter(Boolean)
      .join('\n'),
    icon: standing === 'interrupted' ? interruptedLook.icon : { name: icon },
    contextValue: `session.${state.kind}.${standing}`,
    isExpandable: state.agents.size > 0 || state.batches.size > 0,
    accessibilityLabel: [kind, label, description].filter(Boolean).join(', '),
  };
}

const kinds: Readonly<Record<SessionKind, { readonly kind: string; readonly icon: string }>> = {
  agent: { kind: 'Session', icon: 'comment-discussion' },
  batch: { kind: 'Batch', icon: 'checklist' },
  agents: { kind: 'Agents', icon: 'organization' },
};

function phraseOf(state: SessionState): string {
  switch (state.kind) {
    case 'batch':
      return callsPhrase([...state.calls.values()]);
    case 'agents': {
      const [list] = state.taskLists;
      return list ? taskCountsText(countTasks(taskRecords(state, list)), ' · ') : '';
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
  return aRunGoesOn || batchGoesOn(state);
}

function standingOf(state: SessionState): 'working' | 'interrupted' | 'ended' {
  if (sessionIsWorking(state)) return 'working';
  return hasInterruption(state) ? 'interrupted' : 'ended';
}

function rootAgentText(state: SessionState): string {
  const root = [...state.agents.values()].find((agent) => !agent.parent);
  const run = root && latestRun(root);
  return run ? runLook(run.state).word : '';
}
