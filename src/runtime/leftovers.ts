/** Names what a dead host left under way: it was cut off, and is called so. */
import { noUsage } from '../core/agents.ts';
import { effectUnknown } from '../core/callOutcomeText.ts';
import { isSettled } from '../core/calls.ts';
import type { EventBody } from '../core/events.ts';
import type { SessionState } from '../core/states.ts';

/** The events that end what was under way: calls that ran, then their runs. Calls that never started stay open. */
export function leftoverEndings(state: SessionState): readonly EventBody[] {
  return [...interruptedCalls(state), ...interruptedRuns(state)];
}

function interruptedCalls(state: SessionState): readonly EventBody[] {
  return [...state.calls.values()].flatMap(({ id, state: call }): readonly EventBody[] => {
    if (isSettled(call) || call.status !== 'running') return [];
    return [
      {
        type: 'call.settled',
        callId: id,
        outcome: {
          status: 'interrupted',
          error: {
            kind: 'hostExit',
            message: effectUnknown,
          },
        },
        times: {
          startedAt: call.startedAt,
          durationMs: Math.max(0, state.lastAt - call.startedAt),
          attempts: call.attempt,
        },
      },
    ];
  });
}

function interruptedRuns(state: SessionState): readonly EventBody[] {
  const runs = [...state.agents.values()].flatMap((agent) => agent.runs);
  return runs.flatMap((run): readonly EventBody[] => {
    if ('endedAt' in run.state) return [];
    const blocks = run.turnIds.flatMap((id) => state.turns.get(id)?.blocks ?? []);
    const texts = blocks.flatMap(({ block }) => (block.type === 'text' ? [block.text] : []));
    return [
      {
        type: 'run.ended',
        agentId: run.agentId,
        runId: run.id,
        ending: {
          status: 'interrupted',
          stopReason: null,
          terminationReason: 'hostExit',
          message: 'The program was closed while this run was under way. Send a follow-up to go on.',
          usage: noUsage,
          text: texts.at(-1) ?? '',
          lastActivity: '',
        },
      },
    ];
  });
}
