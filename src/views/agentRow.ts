/** The row of an agent. */
import { runStatistics } from '../core/runStatistics.ts';
import type { RunStatistics } from '../core/runStatistics.ts';
import { hasEnded, latestRun } from '../core/states.ts';
import type { Agent, SessionState } from '../core/states.ts';
import { isInterrupted } from '../core/unresolved.ts';
import { presentActivity } from './agentActivity.ts';
import { durationText, timeText } from './duration.ts';
import { instructionNotes } from './instructionsText.ts';
import { agentLookIn, isDismissed } from './looks.ts';
import { endingDetails, endingTitle, reasonText } from './personText.ts';
import { manyLines, oneLine } from './plainText.ts';
import { joined } from './row.ts';
import type { Row } from './row.ts';
import { revertContext, revertedWord } from './revertedWord.ts';
import { parentRowId } from './parentRows.ts';
import { hasTurnRows } from './turnRows.ts';
import { tokensText } from './usageText.ts';
import { changesText } from './worktreeText.ts';

/** An agent: how its newest run stands. Closed until a person opens it, as what it did is in its conversation. */
export function agentRow(state: SessionState, agent: Agent): Row {
  const label = agentLabel(state, agent);
  const parentId = parentRowId(state, { kind: 'agent', sessionId: state.id, agentId: agent.id });
  return {
    id: `${state.id}/${agent.id}`,
    label,
    description: joined(agentDescription(state, agent), agentSpent(agent)),
    tooltip: agentTooltip(state, agent, label),
    icon: agentLookIn(state, agent).icon,
    contextValue: agentContext(state, agent),
    isExpandable: hasTurnRows(state, agent),
    startsClosed: true,
    accessibilityLabel: ['Agent', oneLine(agent.label), agentDescription(state, agent)]
      .filter(Boolean)
      .join(', '),
    ...(parentId !== undefined && { parentId }),
  };
}

/** How it stands, why, and what it does now. */
export function agentDescription(state: SessionState, agent: Agent): string {
  const run = latestRun(agent);
  const ended = run && 'endedAt' in run.state ? run.state : undefined;
  return joined(
    agentLookIn(state, agent).word,
    ended ? reasonText(ended) : presentActivity(state, agent),
    revertedWord(state, { kind: 'agent', agentId: agent.id }),
    worktreeWords(agent),
  );
}

/** How long its newest run took; empty while it goes on, and where its end is not known. */
export function agentSpent(agent: Agent): string {
  const run = latestRun(agent);
  if (!run || !('endedAt' in run.state) || run.state.terminationReason === 'hostExit') return '';
  return durationText(run.state.endedAt - run.startedAt);
}

/** All that a hover tells. */
export function agentTooltip(state: SessionState, agent: Agent, label: string): string {
  const run = latestRun(agent);
  const ended = run && 'endedAt' in run.state ? run.state : undefined;
  const title = titleOf(agent, agentLookIn(state, agent).word);
  const lines = [
    joined(`${label}: ${title}`, revertedWord(state, { kind: 'agent', agentId: agent.id })),
    ended ? manyLines(endingDetails(ended), 600) : '',
    run ? `Started: ${timeText(run.startedAt)}` : '',
    run ? usedText(runStatistics(state, run)) : '',
    agent.isBackground ? 'Works in the background' : '',
    `Model: ${oneLine(agent.model)}`,
    `Permission: ${agent.permission}`,
    ...instructionNotes(agent),
    ...worktreeLines(agent),
    run ? `Prompt: ${manyLines(run.prompt, 600)}` : '',
  ];
  return lines.filter(Boolean).join('\n');
}

/** What the menus look for: how the agent stands, and what of its work can be taken over or back. */
export function agentContext(state: SessionState, agent: Agent): string {
  const standing = standingOf(agent);
  const target = { kind: 'agent', agentId: agent.id } as const;
  const edits = standing === 'working' ? '' : revertContext(state, target, agent.hasEdits === true);
  // No model answers for the demo, which is a recording.
  const isRecorded = agent.model === 'replay' && standing === 'ended';
  return `agent.${isRecorded ? 'recorded' : standing}${worktreeContext(agent)}${edits}`;
}

/** Its turns and calls so far, and its tokens once they are known. */
function usedText({ turns, calls, ...usage }: RunStatistics): string {
  return joined(
    turns === 1 ? '1 turn' : `${turns} turns`,
    calls === 1 ? '1 call' : `${calls} calls`,
    tokensText(usage),
  );
}

/** The place of an agent among its siblings: 0 asks a person, 1 did not do what it was to do, 2 is at work, 3 is the rest. */
export function agentUrgency(agent: Agent, asks: boolean): 0 | 1 | 2 | 3 {
  if (asks && !isDismissed(agent)) return 0;
  switch (latestRun(agent)?.state.status) {
    case 'failed':
    case 'incomplete':
      return 1;
    case 'interrupted':
      return isDismissed(agent) ? 3 : 1;
    case 'running':
    case 'waiting':
      return 2;
    default:
      return 3;
  }
}

/** What was taken over can still be viewed and removed. */
function worktreeContext({ worktree, worktreeFate }: Agent): string {
  if (!worktree || worktreeFate === 'discarded') return '';
  return worktreeFate ? '.worktree.taken' : '.worktree';
}

/** `worktree: 2 files changed`, or `worktree: merged`; empty for an agent that has none. */
function worktreeWords(agent: Agent): string {
  if (!agent.worktree) return '';
  if (agent.worktreeFate) return `worktree: ${agent.worktreeFate}`;
  const [files] = oneLine(worktreeChanges(agent), 40).split(',', 1);
  return files ? `worktree: ${files}` : 'worktree';
}

function worktreeLines(agent: Agent): readonly string[] {
  const { worktree } = agent;
  if (!worktree) return [];
  return [
    `Worktree: ${joined(agent.worktreeFate, manyLines(worktreeChanges(agent), 600)) || 'its own'}`,
    `Branch: ${oneLine(worktree.branch, 200)}`,
    `Folder: ${oneLine(worktree.path, 200)}`,
  ];
}

/** What its newest ended run left in its worktree; empty while one goes on. */
function worktreeChanges(agent: Agent): string {
  const state = latestRun(agent)?.state;
  return agent.worktree && state && 'endedAt' in state ? changesText(state.changes, agent.worktree) : '';
}

/** How it stands, at more length than its word. */
function titleOf(agent: Agent, word: string): string {
  const run = latestRun(agent);
  if (!run || !('endedAt' in run.state)) return word;
  const title = endingTitle(run.state).toLowerCase();
  return isDismissed(agent) ? `${title}, ${word}` : title;
}

/** What the menus offer of an agent depends on this. */
function standingOf(agent: Agent): 'working' | 'interrupted' | 'failed' | 'ended' {
  const run = latestRun(agent);
  if (run && !hasEnded(run)) return 'working';
  if (run?.state.status === 'failed') return 'failed';
  return isInterrupted(agent) ? 'interrupted' : 'ended';
}

/** The name of an agent; a root agent that is named as its session is would only repeat it. */
export function agentLabel(state: SessionState, agent: Agent): string {
  return !agent.parent && agent.label === state.title ? 'Agent' : oneLine(agent.label) || 'Agent';
}
