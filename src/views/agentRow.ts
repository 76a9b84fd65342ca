/** The row of an agent. */
import { hasEnded, latestRun } from '../core/states.ts';
import type { Agent, SessionState } from '../core/states.ts';
import { isInterrupted } from '../core/unresolved.ts';
import { instructionNotes } from './instructionsText.ts';
import { agentLookIn, isDismissed } from './looks.ts';
import { endingDetails, endingTitle, reasonText } from './personText.ts';
import { manyLines, oneLine } from './plainText.ts';
import { joined } from './row.ts';
import type { Row } from './row.ts';
import { revertContext, revertedWord } from './revertedWord.ts';
import { parentRowId } from './rowIds.ts';
import { changesText } from './worktreeText.ts';

/** An agent: how its newest run stands. */
export function agentRow(state: SessionState, agent: Agent): Row {
  const run = latestRun(agent);
  const look = agentLookIn(state, agent);
  const label = agentLabel(state, agent);
  const ended = run && 'endedAt' in run.state ? run.state : undefined;
  const edits = { kind: 'agent', agentId: agent.id } as const;
  const reverted = revertedWord(state, edits);
  const parentId = parentRowId(state, { kind: 'agent', sessionId: state.id, agentId: agent.id });
  return {
    id: `${state.id}/${agent.id}`,
    label,
    description: joined(
      look.word,
      ended?.status === 'interrupted' ? reasonText(ended) : '',
      reverted,
      worktreeWords(agent),
      oneLine(agent.model, 40),
    ),
    tooltip: [
      joined(`${label}: ${titleOf(agent, look.word)}`, reverted),
      ended ? manyLines(endingDetails(ended), 600) : '',
      `Model: ${oneLine(agent.model)}`,
      `Permission: ${agent.permission}`,
      ...instructionNotes(agent),
      ...worktreeLines(agent),
      run ? `Prompt: ${manyLines(run.prompt, 600)}` : '',
    ]
      .filter(Boolean)
      .join('\n'),
    icon: look.icon,
    contextValue: `agent.${standingOf(agent)}${worktreeContext(agent)}${
      standingOf(agent) === 'working' ? '' : revertContext(state, edits, agent.hasEdits === true)
    }`,
    // As a turn's: open from the start, though the first turn is to come.
    isExpandable:
      (run !== undefined && !ended) || agent.runs.some((candidate) => candidate.turnIds.length > 0),
    accessibilityLabel: ['Agent', oneLine(agent.label), look.word, reverted].filter(Boolean).join(', '),
    ...(parentId !== undefined && { parentId }),
  };
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
function standingOf(agent: Agent): 'working' | 'interrupted' | 'ended' {
  const run = latestRun(agent);
  if (run && !hasEnded(run)) return 'working';
  return isInterrupted(agent) ? 'interrupted' : 'ended';
}

/** The name of an agent; a root agent that is named as its session is would only repeat it. */
export function agentLabel(state: SessionState, agent: Agent): string {
  return !agent.parent && agent.label === state.title ? 'Agent' : oneLine(agent.label) || 'Agent';
}
