/** The exit codes that scripts rely on. */
import type { EndedStatus } from '../core/agents.ts';
import type { TaskCounts } from '../core/taskCounts.ts';
import type { AgentsResult } from '../views/agentsResult.ts';
import type { OutcomeCounts } from '../views/counts.ts';
import type { StopCause } from './interruption.ts';

export const exitCodes = {
  /** All calls succeeded, or the agent completed. */
  good: 0,
  failed: 1,
  /** The command line or the file was wrong; nothing ran. */
  usage: 2,
  /** Incomplete or interrupted. */
  unfinished: 3,
  cancelled: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The party that ended the program before its work had ended; undefined if none did. */
type StoppedBy = StopCause['by'] | undefined;

/** The exit code of a batch. */
export function batchExitCode(counts: OutcomeCounts, by: StoppedBy): ExitCode {
  if (counts.succeeded === counts.total) return exitCodes.good;
  if (counts.missing) return exitCodes.unfinished;
  if (by === 'person' && counts.cancelled + counts.open > 0) return exitCodes.cancelled;
  if (by === 'host' && counts.interrupted + counts.open > 0) return exitCodes.unfinished;
  if (counts.failed + counts.timedOut + counts.denied > 0) return exitCodes.failed;
  // Before what was skipped: after an interrupted call nothing failed, and what comes after it was skipped for that.
  if (counts.interrupted + counts.open > 0) return exitCodes.unfinished;
  return counts.skipped > 0 ? exitCodes.failed : exitCodes.cancelled;
}

/** The exit code of parallel agents. */
export function agentsExitCode(
  { unsaved, ...counts }: TaskCounts & Pick<AgentsResult, 'unsaved'>,
  by: StoppedBy,
): ExitCode {
  if (counts.completed === counts.total) return unsaved ? exitCodes.unfinished : exitCodes.good;
  if (by === 'person' && counts.cancelled + counts.skipped + counts.open > 0) return exitCodes.cancelled;
  if (by === 'host' && counts.interrupted + counts.open > 0) return exitCodes.unfinished;
  if (counts.failed > 0) return exitCodes.failed;
  if (counts.incomplete + counts.interrupted + counts.open > 0) return exitCodes.unfinished;
  return counts.skipped > 0 ? exitCodes.failed : exitCodes.cancelled;
}

const byStatus: Readonly<Record<EndedStatus, ExitCode>> = {
  completed: exitCodes.good,
  incomplete: exitCodes.unfinished,
  interrupted: exitCodes.unfinished,
  failed: exitCodes.failed,
  cancelled: exitCodes.cancelled,
};

/** The exit code of an agent's run. */
export function agentExitCode(status: EndedStatus): ExitCode {
  return byStatus[status];
}

/** The exit code where the session could not be saved: what went well is lost all the same, and no person stopped it. */
export function unsavedExitCode(code: ExitCode): ExitCode {
  return code === exitCodes.good || code === exitCodes.cancelled ? exitCodes.unfinished : code;
}
