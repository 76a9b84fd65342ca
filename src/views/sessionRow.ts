/** The row of a session. */
import { hasEnded, latestRun } from '../core/states.ts';
import type { SessionState } from '../core/states.ts';
import { batchGoesOn, hasInterruption } from '../core/unresolved.ts';
import { callsPhrase } from './callsPhrase.ts';
import { timeText } from './duration.ts';
import { interruptedLook, runLook } from './looks.ts';
import { oneLine } from './plainText.ts';
import { joined } from './row.ts';
import type { Row } from './row.ts';

/** A session: its title, and what is to be said of the whole. */
export function sessionRow(state: SessionState): Row {
  const label = oneLine(state.title) || 'Untitled session';
  const standing = standingOf(state);
  const phrase = state.kind === 'batch' ? callsPhrase([...state.calls.values()]) : rootAgentText(state);
  const { word } = interruptedLook;
  const description = standing === 'interrupted' && phrase !== word ? joined(word, phrase) : phrase;
  const kind = state.kind === 'batch' ? 'Batch' : 'Session';
  return {
    id: state.id,
    label,
    description,
    tooltip: [label, description, `${kind} started ${timeText(state.startedAt)}`, `Folder: ${state.cwd}`]
      .filter(Boolean)
      .join('\n'),
    icon:
      standing === 'interrupted'
        ? interruptedLook.icon
        : { name: state.kind === 'batch' ? 'checklist' : 'comment-discussion' },
    contextValue: `session.${state.kind}.${standing}`,
    isExpandable: state.agents.size > 0 || state.batches.size > 0,
    accessibilityLabel: [kind, label, description].filter(Boolean).join(', '),
  };
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
