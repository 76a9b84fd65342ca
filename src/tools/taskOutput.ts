/** What a save file is told of a task. */
import type { RunStatistics } from '../core/runStatistics.ts';
import type { TaskResult } from '../core/tasks.ts';
import type { AgentOutput } from '../formats/agentOutput.ts';
import { continuationIdOf } from '../formats/continuationId.ts';

/** Undefined for a task that has not ended. */
export function taskOutput(
  result: TaskResult,
  statistics: RunStatistics | undefined,
): AgentOutput | undefined {
  if (result.status === 'open') return undefined;
  const { note, index, status } = result;
  if (result.status === 'skipped')
    return { agent: '', continuationId: '', note, index, status, message: result.reason, text: '' };
  const { stopReason, terminationReason, message, text } = result.ending;
  return {
    agent: result.agentId,
    continuationId: continuationIdOf(result),
    note,
    index,
    status,
    ...(stopReason !== null && { stopReason }),
    terminationReason,
    ...(status !== 'completed' && { message }),
    ...(statistics && { statistics }),
    text,
  };
}
