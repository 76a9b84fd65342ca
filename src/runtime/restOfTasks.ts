/** What is left to do of an interrupted list of parallel agents. */
import { narrower, type Permission, type RunEnding } from '../core/agents.ts';
import { keyNotKept, keySign } from '../core/keyMask.ts';
import type { ContinuedTask, TaskList } from '../core/states.ts';
import { openTasks } from '../core/taskLists.ts';
import type { QueuedTask, TaskSession, TaskSessions } from '../core/tasks.ts';
import type { TaskRequest } from '../tools/taskRequests.ts';

export interface RestOfTasks {
  readonly requests: readonly TaskRequest[];
  /** The place of each in the list. */
  readonly indexes: readonly number[];
  /** The most that its agents may do. */
  readonly ceiling: Permission;
}

export interface RestOfTasksPorts {
  readonly sessions: TaskSessions;
}

/**
 * The tasks that had not begun, and those that were under way in other sessions. One that can't be carried out any more is
 * recorded as skipped; one that has ended in its session meanwhile, as ended. Starts nothing.
 */
export async function restOfTasks(
  session: TaskSession,
  list: TaskList,
  ports: RestOfTasksPorts,
): Promise<RestOfTasks> {
  const ceiling = session.recorder.state.bounds?.permission ?? 'unlimited';
  const cutOff = [...list.continued].flatMap(([index, { ending }]) => (ending ? [] : [index]));
  const left = [...openTasks(session.recorder.state, list), ...cutOff].sort((a, b) => a - b);
  const requests: TaskRequest[] = [];
  const indexes: number[] = [];
  for (const index of left) {
    const queued = list.requests?.[index];
    if (!queued) continue;
    const begun = list.continued.get(index);
    const request = await requestOf(queued, list.isMasked === true, begun, ceiling, ports.sessions);
    const { recorder } = session;
    if (request.kind === 'ended')
      await recorder.record({ type: 'task.ended', index, ending: request.ending }, 'durable');
    else if (request.kind === 'skipped')
      await recorder.record(
        { type: 'task.skipped', index, note: list.notes[index] ?? '', reason: request.reason },
        'durable',
      );
    else {
      requests.push(request);
      indexes.push(index);
    }
  }
  return { requests, indexes, ceiling };
}

type Rest =
  | TaskRequest
  | { readonly kind: 'ended'; readonly ending: RunEnding }
  | { readonly kind: 'skipped'; readonly reason: string };

async function requestOf(
  queued: QueuedTask,
  isMasked: boolean,
  begun: ContinuedTask | undefined,
  ceiling: Permission,
  sessions: TaskSessions,
): Promise<Rest> {
  if (isMasked && JSON.stringify(queued).includes(keySign)) return { kind: 'skipped', reason: keyNotKept };
  if (queued.kind === 'spawn') {
    const permission = narrower(queued.request.permission ?? 'read-only', ceiling);
    return { kind: 'spawn', request: { ...queued.request, permission } };
  }
  const { sessionId, agentId } = queued.continues;
  try {
    const session = sessions.find(sessionId) ?? (await sessions.open(sessionId));
    const run = session.recorder.state.agents.get(agentId)?.runs.find(({ id }) => id === begun?.runId);
    if (run && 'endedAt' in run.state && run.state.terminationReason !== 'hostExit')
      return { kind: 'ended', ending: run.state };
    return { ...queued, session, prompt: begun ? '' : queued.prompt };
  } catch (error) {
    return {
      kind: 'skipped',
      reason: `The session ${sessionId} can't be continued: ${(error as Error).message}`,
    };
  }
}
