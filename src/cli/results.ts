/** What a command ends with: the object of the last `--json` line. */
import type { FileProblem } from '../formats/fileProblem.ts';
import { countTasks } from '../core/taskCounts.ts';
import type { AgentsResult } from '../views/agentsResult.ts';
import type { AgentResult } from '../views/agentResult.ts';
import type { BatchResult } from '../views/batchResult.ts';
import { countOutcomes } from '../views/counts.ts';
import { terminalWords } from '../views/terminalWords.ts';

/** A problem of the command line has no place; one of a file has. */
export type Problem = Pick<FileProblem, 'message'> &
  Partial<Omit<FileProblem, 'at'>> & {
    /** Absolute; absent where it is in the file that was to be run. */
    readonly file?: string;
  };

/** Nothing ran, and this is why. */
export interface RefusedResult {
  readonly type: 'result';
  /** `unknown`: the command line did not tell. */
  readonly kind: 'batch' | 'agent' | 'agents' | 'unknown';
  readonly problems: readonly Problem[];
}

export type Result = BatchResult | AgentResult | AgentsResult | RefusedResult;

/** The result where nothing ran; that of a batch and of parallel agents has all its counts, at 0. */
export function refused(kind: RefusedResult['kind'], problems: readonly Problem[]): RefusedResult {
  const told = problems.map((problem) => ({ ...problem, message: terminalWords(problem.message) }));
  return { type: 'result', kind, ...nothingOf(kind), problems: told };
}

function nothingOf(kind: RefusedResult['kind']): object {
  if (kind === 'batch') return { ...countOutcomes([]), calls: [] };
  return kind === 'agents' ? { ...countTasks([]), tasks: [] } : {};
}

/** The problems of the command line, then those of the file in its order. */
export function byPlace(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => (a.offset ?? -1) - (b.offset ?? -1));
}
