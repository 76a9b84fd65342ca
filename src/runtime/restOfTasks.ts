/** What is left to do of an interrupted list of parallel agents. */
import { narrower, type Permission, type RunEnding, type RunId } from '../core/agents.ts';
import { keyNotKept, keySign } from '../core/keyMask.ts';
import type { ContinuedTask, Run, SessionState, TaskList } from '../core/states.ts';
import { failedTask, openTasks } from '../core/taskLists.ts';
import type { QueuedTask, TaskSession, TaskSessions } from '../core/tasks.ts';
import { failFastReason } from '../tools/runTasks.ts';
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
  const { state } = session.recorder;
  const ceiling = state.bounds?.permission ?? 'unlimited';
  if (list.failFast) await skipAfterFailure(session, list);
  const left = [...openTasks(state, list), ...cutOff(state, list)].sort((a, b) => a - b);
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

/** Their runs in other sessions have no ending that is on record here. */
function cutOff({ skippedTasks }: SessionState, list: TaskList): readonly number[] {
  const skipped = new Set(skippedTasks.map(({ index }) => index));
  return [...list.continued].flatMap(([index, { ending }]) => (ending || skipped.has(index) ? [] : [index]));
}

/** The host may have died between the failure and the last of the tasks that it was to skip. */
async function skipAfterFailure({ recorder }: TaskSession, list: TaskList): Promise<void> {
  const failed = failedTask(recorder.state, list);
  if (!failed) return;
  const noteOf = (index: number): string => list.notes[index] ?? '';
  const reason = failFastReason({ ...failed, note: noteOf(failed.index) });
  for (const index of openTasks(recorder.state, list))
    await recorder.record({ type: 'task.skipped', index, note: noteOf(index), reason }, 'durable');
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
    const run = newestRun(
      session.recorder.state.agents.get(agentId)?.runs ?? [],
      begun?.runId,
      queued.prompt,
    );
    if (run && 'endedAt' in run.state && run.state.terminationReason !== 'hostExit')
      return { kind: 'ended', ending: run.state };
    return { ...queued, session, prompt: run ? '' : queued.prompt };
  } catch (error) {
    return {
      kind: 'skipped',
      reason: `The session ${sessionId} can't be continued: ${(error as Error).message}`,
    };
  }
}

/** The newest of the runs that carry out a task: the one that got its prompt, and those that went on with that one. */
function newestRun(runs: readonly Run[], begun: RunId | undefined, prompt: string): Run | undefined {
  const at = runs.findIndex(({ id }) => id === begun);
  // If the task's host died before the run, a person's words may have taken the run's id.
  if (at < 0 || ![prompt, ''].includes(runs[at]?.prompt ?? '')) return undefined;
  const next = runs.findIndex((run, index) => index > at && run.prompt !== '');
  return runs.at(next < 0 ? -1 : next - 1);
}
