/** The part of an agent's runs that its history still sends word for word. */
import type { TurnId } from '../core/agents.ts';
import type { Agent, Run } from '../core/states.ts';

export interface SinceCompaction {
  /** Stands first, in place of all that is left out; undefined where nothing is. */
  readonly summary: string | undefined;
  /** Without the turns that the summary stands for; a run that has lost a turn has lost its prompt too. */
  readonly runs: readonly Run[];
}

/** Whole turns are left out, with the results of their calls: no call is ever parted from its result. */
export function sinceCompaction({ runs, compacted }: Agent): SinceCompaction {
  if (!compacted) return { summary: undefined, runs };
  const isLeftOut = turnsBefore(runs, compacted.beforeTurnId);
  const last = runs.findLastIndex((run) => run.turnIds.some((id) => isLeftOut.has(id)));
  const kept = runs.slice(Math.max(last, 0)).map((run, place): Run => {
    if (last === -1 || place > 0) return run;
    return { ...run, prompt: '', turnIds: run.turnIds.filter((id) => !isLeftOut.has(id)) };
  });
  return { summary: `${summaryHeading}\n\n${compacted.summary}`, runs: kept };
}

const summaryHeading =
  'This conversation was longer than fits. In place of all that came before this point stands this summary of it; the work goes on from here.';

/** All turns that are known, where the turn that comes first in the history has not started yet. */
function turnsBefore(runs: readonly Run[], turnId: TurnId): ReadonlySet<TurnId> {
  const all = runs.flatMap((run) => run.turnIds);
  const end = all.indexOf(turnId);
  return new Set(end === -1 ? all : all.slice(0, end));
}
