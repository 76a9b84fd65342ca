/** The look of a session: how it stands as a whole, so that a folded row tells it. */
import type { Call, SessionState, TaskList } from '../core/states.ts';
import { latestRun } from '../core/states.ts';
import { countTasks } from '../core/taskCounts.ts';
import { tasksGoOn } from '../core/taskLists.ts';
import { batchGoesOn, hasInterruption } from '../core/unresolved.ts';
import { hasEnded } from '../core/states.ts';
import { waitingApprovals } from '../core/waitingApprovals.ts';
import {
  agentLookIn,
  askingLook,
  callLook,
  dismissedLook,
  interruptedLook,
  partlyDoneIcon,
  workingIcon,
} from './looks.ts';
import type { Icon } from './looks.ts';
import { rootAgentOf } from './shownAgents.ts';
import { taskRecords } from './taskRecords.ts';

/** Whether anything of the session still goes on. */
export function sessionIsWorking(state: SessionState): boolean {
  const aRunGoesOn = [...state.agents.values()].some((agent) => {
    const run = latestRun(agent);
    return run !== undefined && !hasEnded(run);
  });
  return aRunGoesOn || batchGoesOn(state) || tasksGoOn(state);
}

/** A question to the person comes first, then work, then what was cut off, then how it ended. */
export function sessionIcon(state: SessionState): Icon {
  if (waitingApprovals(state).length > 0 && !isPutAside(state)) return askingLook.icon;
  const root = rootAgentOf(state);
  if (sessionIsWorking(state)) return root ? workingAgentIcon(state) : workingIcon;
  if (hasInterruption(state)) return interruptedLook.icon;
  if (isPutAside(state)) return dismissedLook.icon;
  if (root) return agentLookIn(state, root).icon;
  const [list] = state.taskLists;
  return list ? tasksIcon(state, list) : callsIcon([...state.calls.values()]);
}

/** Of the root agent while that is at work; it may wait for its sub-agents, or for the API. */
function workingAgentIcon(state: SessionState): Icon {
  const root = rootAgentOf(state);
  const run = root && latestRun(root);
  return root && run && !hasEnded(run) ? agentLookIn(state, root).icon : workingIcon;
}

function isPutAside({ cutOff, batches, kind }: SessionState): boolean {
  const isBatchPutAside =
    kind === 'batch' && [...batches.values()].some((batch) => batch.cutOff === 'dismissed');
  return cutOff === 'dismissed' || isBatchPutAside;
}

function tasksIcon(state: SessionState, list: TaskList): Icon {
  const { total, completed, failed, cancelled } = countTasks(taskRecords(state, list));
  if (completed === total) return callLook('succeeded').icon;
  if (completed > 0) return partlyDoneIcon;
  return cancelled === total
    ? callLook('cancelled').icon
    : failed > 0
      ? callLook('failed').icon
      : partlyDoneIcon;
}

/** The icon of calls that have all ended. */
export function callsIcon(calls: readonly Pick<Call, 'state'>[]): Icon {
  const statuses = new Set(calls.map(({ state }) => state.status));
  const [only] = statuses;
  if (only !== undefined && statuses.size === 1) return callLook(only).icon;
  return calls.length === 0 ? { name: 'checklist' } : partlyDoneIcon;
}
