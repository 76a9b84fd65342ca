/** The result of a command that is ended at once. */
import { addUsage, noUsage, type RunEnding } from '../core/agents.ts';
import { latestRun, type Run, type SessionState } from '../core/states.ts';
import { agentResult } from '../views/agentResult.ts';
import { agentsResult } from '../views/agentsResult.ts';
import { batchResult } from '../views/batchResult.ts';
import type { StopCause } from './interruption.ts';
import { refused, type Result } from './results.ts';

/** What a command's result is of. */
export type CommandKind = 'batch' | 'agent' | 'agents' | 'unknown';

/**
 * Returns the result as known at the time `now`. Calls and tasks that have not ended count as open. A run
 * that has not ended ends as `cause` says.
 */
export function resultSoFar(
  kind: CommandKind,
  state: SessionState | undefined,
  now: number,
  cause: StopCause,
): Result {
  const [batch] = state?.batches.values() ?? [];
  const [agent] = state?.agents.values() ?? [];
  const [tasks] = state?.taskLists ?? [];
  const run = agent && latestRun(agent);
  if (state && kind === 'batch' && (batch ?? state.asked)) return batchResult(state, batch, now);
  if (state && kind === 'agent' && run)
    return agentResult(state.id, run.agentId, endingSoFar(state, run, cause));
  if (state && kind === 'agents' && tasks) return agentsResult(state, tasks);
  return refused(kind, [{ message: 'Stopped before anything had started.' }]);
}

function endingSoFar(state: SessionState, run: Run, cause: StopCause): RunEnding {
  if ('endedAt' in run.state) return run.state;
  const turns = run.turnIds.flatMap((id) => state.turns.get(id) ?? []);
  const texts = turns.at(-1)?.blocks.flatMap(({ block }) => (block.type === 'text' ? [block.text] : []));
  return {
    ...endings[cause.by],
    stopReason: null,
    usage: turns.reduce(
      (sum, { state: turn }) => ('usage' in turn && turn.usage ? addUsage(sum, turn.usage) : sum),
      noUsage,
    ),
    text: texts?.join('') ?? '',
    lastActivity: '',
  };
}

const endings: Readonly<
  Record<StopCause['by'], Pick<RunEnding, 'status' | 'terminationReason' | 'message'>>
> = {
  person: {
    status: 'cancelled',
    terminationReason: 'cancelledByPerson',
    message: 'You stopped the program at once. What was still running was killed.',
  },
  host: {
    status: 'interrupted',
    terminationReason: 'hostExit',
    message:
      'The program was ended while this run was under way. What was still running was killed. Resume it.',
  },
};
