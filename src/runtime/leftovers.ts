/** Names what a dead host left under way: it was cut off, and is called so. */
import { callsOfTurn } from '../core/states.ts';
import { addUsage, noUsage, runIdOf, type AgentId, type RunEnding } from '../core/agents.ts';
import { effectUnknown } from '../core/callOutcomeText.ts';
import { isSettled, timesOfLeft, type CallId } from '../core/calls.ts';
import type { EventBody } from '../core/events.ts';
import {
  latestRun,
  type Batch,
  type Call,
  type Run,
  type SessionState,
  type TaskList,
} from '../core/states.ts';
import { namedTasks, openTasks, tasksGoOn } from '../core/taskLists.ts';
import { hasNothingOnRecord } from '../core/unresolved.ts';
import { unrecordedCalls } from '../core/unrecordedCalls.ts';
import { hostExitMessage } from '../agents/hostExit.ts';
import { cancelledCalls } from '../agents/openTurn.ts';
import type { PartialText } from '../store/partialTexts.ts';
import { leftInnerCalls } from './leftInnerCalls.ts';

/** What is known of some of the calls that were running. */
export interface LeftEndings {
  /** In order; a call that did not happen is queued again. */
  readonly events: readonly EventBody[];
  /** The calls that they settle; every other running call is left as it is. */
  readonly callIds: ReadonlySet<CallId>;
}

/** The replies that were being written, as far as they were saved. */
type PartialTexts = ReadonlyMap<AgentId, PartialText>;

/**
 * The events that end what was under way: calls that ran, then their runs. Calls that never started stay open;
 * those of `settledElsewhere` are left out. Where the end of the journal was lost, nobody knows which had started.
 */
export function leftoverEndings(
  state: SessionState,
  partialTexts: PartialTexts = new Map(),
  settledElsewhere: ReadonlySet<CallId> = new Set(),
  isEndLost = false,
): readonly EventBody[] {
  return [
    ...(hasNothingOnRecord(state) && !state.cutOff ? [{ type: 'session.interrupted' } as const] : []),
    ...interruptedCalls(state, settledElsewhere, isEndLost),
    ...runsNeverQueued(state, settledElsewhere),
    ...interruptedRuns(state, partialTexts, isEndLost),
    ...(tasksGoOn(state) ? [{ type: 'tasks.interrupted' } as const] : []),
    ...batchesWithoutEnd(state).map(({ id }) => ({ type: 'batch.interrupted', batchId: id }) as const),
    ...(isEndLost ? [] : dismissedCalls(state)),
  ];
}

/** Batches that no turn and no call asked for, with calls that have no outcome or are not on record. */
function batchesWithoutEnd(state: SessionState): readonly Batch[] {
  return [...state.batches.values()].filter((batch) => {
    const { source, cutOff } = batch;
    if (cutOff !== undefined || (source.kind !== 'file' && source.kind !== 'api')) return false;
    return unrecordedCalls(state, batch).open > 0 || openCallsOf(state, batch).length > 0;
  });
}

/** Ends the calls that a person's dismissal had no time to end. */
function dismissedCalls(state: SessionState): readonly EventBody[] {
  const dismissed = [...state.batches.values()].filter(({ source, cutOff }) => {
    const agent = source.kind === 'turn' ? state.agents.get(source.agentId) : undefined;
    return agent ? latestRun(agent)?.isDismissed : cutOff === 'dismissed';
  });
  return dismissed.flatMap((batch) => cancelledCalls(state, openCallsOf(state, batch), 'person'));
}

function openCallsOf({ calls }: SessionState, { callIds }: Batch): readonly Call[] {
  return callIds.flatMap((id) => calls.get(id) ?? []).filter((call) => !isSettled(call.state));
}

function interruptedCalls(
  state: SessionState,
  settledElsewhere: ReadonlySet<CallId>,
  isEndLost: boolean,
): readonly EventBody[] {
  return [...state.calls.values()].flatMap(({ id, state: call }): readonly EventBody[] => {
    if (isSettled(call) || settledElsewhere.has(id)) return [];
    if (call.status !== 'running' && !isEndLost) return [];
    return [
      {
        type: 'call.settled',
        callId: id,
        outcome: {
          status: 'interrupted',
          error: {
            kind: isEndLost ? 'recordLost' : 'hostExit',
            message: [effectUnknown, ...leftInnerCalls(state, id), ...notBegun(state, id)].join(' '),
          },
        },
        times: call.status === 'running' ? timesOfLeft(call) : { durationMs: 0, attempts: 0 },
      },
    ];
  });
}

/** Of agents whose host died between the two: resumed, they begin with the prompt that they were created for. */
function runsNeverQueued(state: SessionState, settledElsewhere: ReadonlySet<CallId>): readonly EventBody[] {
  return [...state.agents.values()].flatMap(
    ({ id: agentId, firstRun, parent, runs }): readonly EventBody[] => {
      // A call that is queued again takes up the agent that it had made.
      if (!firstRun || runs.length > 0 || (parent && settledElsewhere.has(parent.callId))) return [];
      const runId = runIdOf(agentId, 1);
      const ending = { ...cutOff, usage: noUsage, text: '', lastActivity: '' };
      return [
        { type: 'run.queued', agentId, runId, ...firstRun },
        { type: 'run.ended', agentId, runId, ending },
      ];
    },
  );
}

const cutOff: Pick<RunEnding, 'status' | 'stopReason' | 'terminationReason' | 'message'> = {
  status: 'interrupted',
  stopReason: null,
  terminationReason: 'hostExit',
  message: 'The program was closed while this run was under way. Resume it, or send a follow-up.',
};

const endLostMessage =
  'The end of this session’s record was lost, so calls that are not shown may have run. Look at what they did; then resume it, or send a follow-up.';

/** Of the tasks that the call had asked for, those that never began; nobody else would tell of them. */
function notBegun(state: SessionState, callId: CallId): readonly string[] {
  const list = state.taskLists.find((tasks) => tasks.callId === callId);
  if (!list) return [];
  const skipped = state.skippedTasks.filter((task) => task.callId === callId).map(({ index }) => index);
  return [
    ...namedAs('These tasks were skipped', list, skipped),
    ...namedAs('These tasks never began', list, openTasks(state, list)),
  ];
}

function namedAs(what: string, list: TaskList, indexes: readonly number[]): readonly string[] {
  return indexes.length === 0 ? [] : [`${what}: ${namedTasks(list, indexes)}.`];
}

function interruptedRuns(
  state: SessionState,
  partialTexts: PartialTexts,
  isEndLost: boolean,
): readonly EventBody[] {
  const runs = [...state.agents.values()].flatMap((agent) => agent.runs);
  return runs.flatMap((run): readonly EventBody[] => {
    if ('endedAt' in run.state) return [];
    return [
      {
        type: 'run.ended',
        agentId: run.agentId,
        runId: run.id,
        ending: {
          ...cutOff,
          message: isEndLost ? endLostMessage : hostExitMessage(state, run.agentId),
          usage: usageOf(state, run),
          text: textOf(state, run, partialTexts.get(run.agentId)),
          lastActivity: lastActivity(state, run),
        },
      },
    ];
  });
}

/** The text of the newest reply that has any, whole blocks and the one that grew. */
function textOf(state: SessionState, run: Run, partial: PartialText | undefined): string {
  for (const turn of turnsOf(state, run).reverse()) {
    const isPartial =
      partial?.turnId === turn.id && partial.attempt === turn.attempt && turn.state.status === 'streaming';
    const texts = turn.blocks.flatMap(({ block }) => (block.type === 'text' ? [block.text] : []));
    const whole = texts.join('\n\n').trim();
    // The journal can be ahead of what is saved once a second.
    const text = isPartial && partial.text.length > whole.length ? partial.text : whole;
    if (text !== '' && turn.state.status !== 'discarded') return text;
  }
  return '';
}

function usageOf(state: SessionState, run: Run): typeof noUsage {
  return turnsOf(state, run).reduce(
    (sum, { state: turn }) => ('usage' in turn && turn.usage ? addUsage(sum, turn.usage) : sum),
    noUsage,
  );
}

function lastActivity(state: SessionState, run: Run): string {
  const turn = turnsOf(state, run).at(-1);
  const call = turn && callsOfTurn(state, turn).at(-1);
  if (call) return `${call.tool}: ${call.state.status}`;
  return turn?.blocks.some(({ block }) => block.type === 'text') ? 'wrote text' : '';
}

function turnsOf(state: SessionState, run: Run) {
  return run.turnIds.flatMap((id) => state.turns.get(id) ?? []);
}
