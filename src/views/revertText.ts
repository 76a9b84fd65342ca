/** What a person is told of taking edits back: what it would do, and what it did. */
import path from 'node:path';
import type { PlannedFile, RevertPlan, RevertResult, RevertTarget } from '../core/reverts.ts';
import { agentOfBatch, outermostBatch } from '../core/states.ts';
import type { SessionState } from '../core/states.ts';
import { isInside } from '../safety/containment.ts';
import { agentLabel } from './agentRow.ts';
import { oneLine } from './plainText.ts';
import { turnNumber } from './turnRow.ts';

/** A dialog does not scroll everywhere. */
const listedFiles = 10;

/** What a person decides on before anything is restored. */
export interface RevertQuestion {
  readonly question: string;
  readonly detail: string;
  /** How many files are as the edits left them. */
  readonly plain: number;
  /** How many somebody else has changed, and could be restored all the same. */
  readonly changed: number;
}

/** Undefined where there is nothing to restore and nothing to ask; see `nothingToRevert`. */
export function revertQuestion(state: SessionState, plan: RevertPlan): RevertQuestion | undefined {
  const files = plan.files.filter(({ movesTo }) => movesTo === undefined);
  const plain = files.filter(({ standing }) => standing.kind === 'asLeft');
  const changed = files.filter(({ standing }) => standing.kind === 'changed');
  if (plain.length + changed.length === 0) return undefined;
  const listed = (title: string, some: readonly PlannedFile[]): string =>
    some.length === 0 ? '' : [title, ...fileLines(state, some)].join('\n');
  const detail = [
    listed('Restored:', plain),
    listed('Changed since by you or others:', changed),
    listed(
      'Left as they are:',
      files.filter(({ standing }) => standing.kind === 'impossible'),
    ),
    coverText(state, plan),
  ];
  const question =
    plan.target.kind === 'revert'
      ? `Undo the revert of ${targetText(state, plan.target)}?`
      : `Revert the edits of ${targetText(state, plan.target)}?`;
  return {
    question,
    detail: detail.filter(Boolean).join('\n\n'),
    plain: plain.length,
    changed: changed.length,
  };
}

/** Why a revert has nothing to do. */
export function nothingToRevert(state: SessionState, { target, files }: RevertPlan): string {
  const name = targetText(state, target);
  const impossible = files.filter(({ standing }) => standing.kind === 'impossible');
  if (impossible.length > 0)
    return `Nothing can be restored. ${fileLines(state, impossible).join('; ')}. Nothing was changed.`;
  if (files.length > 0) return `The files are already as they were before ${name}.`;
  return `${capital(name)} changed no files with its edits. What commands changed can not be reverted here.`;
}

/** What a revert did, in a sentence or two. */
export function revertedText(
  state: SessionState,
  target: RevertTarget,
  { restored, unsaved, left }: RevertResult,
): string {
  const isUndoing = target.kind === 'revert';
  const what = isUndoing ? 'Brought back' : 'Reverted';
  const first = `${what} ${filesText(restored.length)} of ${targetText(state, target)}.`;
  const rest = [
    ...(unsaved.length === 0 ? [] : [`${filesText(unsaved.length)} not saved yet: save in the editor.`]),
    ...(left.length === 0
      ? []
      : [
          `Left as ${left.length === 1 ? 'it is' : 'they are'}: ${shortened(
            left.map((file) => `${nameOf(state, file.path)} (${oneLine(file.why, 120)})`),
            3,
          ).join(', ')}.`,
        ]),
  ];
  return [first, ...rest].join(' ');
}

/** `turn 2 of “Find it”`, or `“Find it”`; of the undoing of a revert what that one took back. */
export function targetText(state: SessionState, target: RevertTarget): string {
  switch (target.kind) {
    case 'agent': {
      const agent = state.agents.get(target.agentId);
      return `“${oneLine(agent?.label ?? target.agentId, 60)}”`;
    }
    case 'turn': {
      const turn = state.turns.get(target.turnId);
      if (!turn) return 'a turn';
      return `turn ${turnNumber(state, turn)} of ${targetText(state, { kind: 'agent', agentId: turn.agentId })}`;
    }
    case 'revert': {
      const undone = state.reverts.find(({ id }) => id === target.revertId)?.target;
      return undone ? targetText(state, undone) : 'the edits';
    }
  }
}

function fileLines(state: SessionState, files: readonly PlannedFile[]): readonly string[] {
  return shortened(
    files.map((file) => `• ${nameOf(state, file.path)}${howText(state, file)}`),
    listedFiles,
  );
}

function shortened(lines: readonly string[], most: number): readonly string[] {
  return lines.length <= most + 1 ? lines : [...lines.slice(0, most), `and ${lines.length - most} more`];
}

function howText(state: SessionState, { standing, restoreTo, found, movesFrom }: PlannedFile): string {
  if (standing.kind === 'impossible') return ` – ${standing.why}`;
  const by = standing.kind === 'changed' ? changerText(state, standing.callId) : '';
  const when = standing.kind === 'changed' && standing.when === 'between' ? 'between the edits' : '';
  const fate =
    movesFrom !== undefined
      ? `moves back from ${nameOf(state, movesFrom)}`
      : restoreTo === null
        ? 'is deleted'
        : found === null
          ? 'comes back'
          : '';
  const parts = [fate, when, by].filter(Boolean);
  return parts.length === 0 ? '' : ` – ${parts.join(', ')}`;
}

/** Empty for a person, a command, or whoever else it was. */
function changerText(state: SessionState, callId: string | undefined): string {
  const call = callId === undefined ? undefined : state.calls.get(callId);
  if (!call) return '';
  const source = outermostBatch(state, call.batchId)?.source;
  const turn = source?.kind === 'turn' ? state.turns.get(source.turnId) : undefined;
  const agent = agentOfBatch(state, call.batchId);
  return turn && agent ? `by turn ${turnNumber(state, turn)} of “${agentLabel(state, agent)}”` : '';
}

function coverText(state: SessionState, { target, files }: RevertPlan): string {
  const isUndoing = target.kind === 'revert';
  const cover = isUndoing
    ? 'This brings back what stood in the files before the revert.'
    : 'This covers files that its tools wrote, deleted or renamed, and those of the agents that it started. What commands changed is not covered.';
  const taken = [...state.agents.values()].some(
    ({ worktree, worktreeFate }) =>
      worktree &&
      (worktreeFate === 'applied' || worktreeFate === 'merged') &&
      files.some((file) => isInside(worktree.path, file.path)),
  );
  const takenText = taken ? ' What was merged or applied from a worktree stays where it was taken.' : '';
  return `${cover}${takenText} You can undo it.`;
}

/** Relative to the workspace folder that holds it. */
function nameOf({ roots }: SessionState, file: string): string {
  const root = roots.find((each) => isInside(each, file));
  return oneLine(root === undefined ? file : path.relative(root, file), 120);
}

function filesText(count: number): string {
  return count === 1 ? '1 file' : `${count} files`;
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`;
}
