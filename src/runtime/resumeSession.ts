/** Goes on with what of a session was interrupted, or notes that a person has seen it and wants no more of it. */
import { cancelledCalls } from '../agents/openTurn.ts';
import type { AgentId, RunEnding } from '../core/agents.ts';
import type { BatchId } from '../core/calls.ts';
import type { EventBody } from '../core/events.ts';
import type { Recorder } from '../core/ports.ts';
import { hasEnded, latestRun, type Agent, type Call, type SessionState } from '../core/states.ts';
import { interruptedTasks, openTasks } from '../core/taskLists.ts';
import { agentsToWake, interruptedAgents, interruptedBatches, isToBeWoken } from '../core/unresolved.ts';
import { notOnRecordText } from '../views/notOnRecordText.ts';
import { recordAll } from './recordAll.ts';
import type { StartedRun } from './runtime.ts';

/** What is under way again. `settled` settles when nothing of the session is at work any more, and never rejects. */
export interface ResumedWork {
  readonly runs: readonly StartedRun[];
  readonly batchIds: readonly BatchId[];
  readonly settled: Promise<void>;
}

/** A session as these two need it. */
export interface ResumableSession {
  readonly recorder: Recorder;
  startRun(agentId: AgentId, prompt: string): Promise<StartedRun>;
  /** Starts a run of an agent that is to be woken. */
  wake(agentId: AgentId): void;
  /** Settles when nothing of the session goes on. */
  untilIdle(): Promise<void>;
  /** Settles when each call of the batch has its outcome. */
  resumeBatch(batchId: BatchId): Promise<void>;
}

/** Makes ready the rest of an interrupted list of parallel agents; what it returns carries it out beside these runs. */
export type ResumeTasks = () => Promise<(underWay: readonly Promise<RunEnding>[]) => Promise<unknown>>;

/**
 * One agent, which must have ended without completing; or all batches and root agents that were interrupted, and where
 * there are none, or `withSubAgents`, the sub-agents, and who was to be woken. Rejects with a message for a person where there is nothing to
 * resume, or where not all of a batch is on record: nothing of it has run then, and a part of it is not what was asked for.
 */
export async function resumeSession(
  session: ResumableSession,
  agentId?: AgentId,
  resumeTasks?: ResumeTasks,
  withSubAgents = false,
): Promise<ResumedWork> {
  const { state } = session.recorder;
  const notOnRecord = agentId === undefined ? notOnRecordText(state) : undefined;
  if (notOnRecord !== undefined) throw new Error(notOnRecord);
  const agents =
    agentId === undefined ? agentsToResume(state, withSubAgents) : [agentToResume(state, agentId)];
  const batchIds = agentId === undefined ? interruptedBatches(state).map(({ id }) => id) : [];
  const tasks = agentId === undefined && interruptedTasks(state) ? await resumeTasks?.() : undefined;
  if (agents.length + batchIds.length === 0 && !tasks)
    throw new Error('Nothing of this session was interrupted.');
  const batches = batchIds.map((id) => session.resumeBatch(id));
  const runs: StartedRun[] = [];
  for (const { id } of agents) runs.push(await session.startRun(id, ''));
  const ends = runs.map(({ ended }) => ended);
  const settled = Promise.allSettled([...batches, ...ends, tasks?.(ends)]).then(() => session.untilIdle());
  return { runs, batchIds, settled };
}

/**
 * What had not started never will; the rest stays as it is. Who started a dismissed agent hears what became of it; where the
 * whole session is dismissed, nobody is woken: what came waits for the next run. Settles when it is on disk.
 */
export async function dismissInterruption(session: ResumableSession, agentId?: AgentId): Promise<void> {
  const { recorder } = session;
  const { state } = recorder;
  const agents = interruptedAgents(state).filter(({ id }) => agentId === undefined || id === agentId);
  const batches = agentId === undefined ? interruptedBatches(state) : [];
  const events: readonly EventBody[] = [
    ...agents.flatMap((agent) => [
      dismissedRun(agent),
      ...cancelledCalls(state, callsOfAgent(state, agent), 'person'),
    ]),
    ...batches.flatMap(({ id, callIds }): readonly EventBody[] => {
      const calls = callIds.flatMap((callId) => state.calls.get(callId) ?? []);
      return [{ type: 'batch.dismissed', batchId: id }, ...cancelledCalls(state, calls, 'person')];
    }),
  ];
  const ofSession = agentId === undefined ? [...dismissedSession(state), ...dismissedTasks(state)] : [];
  await recordAll(recorder, [...events, ...ofSession]);
  if (agentId === undefined) await recordAll(recorder, agentsToWake(state).map(dismissedRun));
  for (const { parent } of agents) if (parent && agentId !== undefined) session.wake(parent.agentId);
}

function dismissedSession({ cutOff }: SessionState): readonly EventBody[] {
  return cutOff === 'interrupted' ? [{ type: 'session.dismissed' }] : [];
}

function dismissedTasks(state: SessionState): readonly EventBody[] {
  const list = interruptedTasks(state);
  if (!list) return [];
  const reason = 'The program was closed before this task began, and a person dismissed it.';
  const skipped = openTasks(state, list).map(
    (index) => ({ type: 'task.skipped', index, note: list.notes[index] ?? '', reason }) as const,
  );
  return [...skipped, { type: 'tasks.dismissed' }];
}

function dismissedRun(agent: Agent): EventBody {
  const run = latestRun(agent);
  if (!run) throw new Error(`${agent.id} has had no run.`);
  return { type: 'run.dismissed', agentId: agent.id, runId: run.id };
}

function agentToResume(state: SessionState, agentId: AgentId): Agent {
  const agent = state.agents.get(agentId);
  const run = agent && latestRun(agent);
  if (!agent || !run) throw new Error('There is no such agent in this session.');
  if (!hasEnded(run)) throw new Error(`${agent.label} is still at work.`);
  if (run.state.status === 'completed' && !isToBeWoken(agent))
    throw new Error(`${agent.label} has completed its work. Send a follow-up to ask for more.`);
  return agent;
}

/** A parent that goes on hears what became of its children, and decides itself. One whose child goes on is woken by that. */
function agentsToResume(state: SessionState, withSubAgents: boolean): readonly Agent[] {
  const interrupted = interruptedAgents(state);
  const roots = interrupted.filter(({ parent }) => !parent);
  const chosen = roots.length > 0 && !withSubAgents ? roots : interrupted;
  // A parent was made before its children, and is to find them at work.
  const resumed = withSubAgents ? chosen.toReversed() : chosen;
  const parents = new Set(resumed.map(({ parent }) => parent?.agentId));
  return [...resumed, ...agentsToWake(state).filter(({ id }) => !parents.has(id))];
}

function callsOfAgent(state: SessionState, agent: Agent): readonly Call[] {
  const batches = [...state.batches.values()].filter(
    ({ source }) => source.kind === 'turn' && source.agentId === agent.id,
  );
  return batches.flatMap(({ callIds }) => callIds.flatMap((id) => state.calls.get(id) ?? []));
}
