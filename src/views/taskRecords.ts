/** How parallel tasks stand, as the CLI and results show them. */
import { hasEnded, latestRun, type Agent, type SessionState, type TaskList } from '../core/states.ts';
import type { AgentId, RunEnding, RunState, TerminationReason, Usage } from '../core/agents.ts';
import type { SessionId } from '../core/events.ts';
import { agentsOfTasks, endingOf } from '../core/taskLists.ts';
import { runStatistics, type RunStatistics } from '../core/runStatistics.ts';
import { continuationIdOf } from '../formats/continuationId.ts';

/** One task. What an agent alone has is absent before it has begun, and where it was skipped. */
export interface TaskRecord {
  readonly index: number;
  readonly note: string;
  /** The agent's, `skipped`, or `queued` before it has begun. */
  readonly status: RunState['status'] | 'skipped';
  readonly sessionId?: SessionId;
  readonly agentId?: AgentId;
  readonly continuationId?: string;
  readonly stopReason?: string | null;
  readonly terminationReason?: TerminationReason;
  /** For a person: how it ended, or why it never began. */
  readonly message?: string;
  readonly text?: string;
  readonly usage?: Usage;
  /** Where the run was asked for them. */
  readonly statistics?: RunStatistics;
}

/** The tasks of one parallel agents run, in order. */
export function taskRecords(state: SessionState, list: TaskList): readonly TaskRecord[] {
  const agents = agentsOfTasks(state, list);
  const skipped = new Map(
    state.skippedTasks
      .filter(({ callId }) => callId === list.callId)
      .map(({ index, reason }) => [index, reason]),
  );
  return list.notes.map((note, index) => {
    const place = { index, note };
    const reason = skipped.get(index);
    if (reason !== undefined) return { ...place, status: 'skipped', message: reason };
    const agent = agents.get(index);
    return agent ? ofAgent(place, state, agent, list) : ofContinued(place, state, list);
  });
}

type Place = Pick<TaskRecord, 'index' | 'note'>;

function ofAgent(place: Place, state: SessionState, agent: Agent, list: TaskList): TaskRecord {
  const run = latestRun(agent);
  if (!run) return { ...place, status: 'queued' };
  const named = { ...place, ...namesOf({ sessionId: state.id, agentId: agent.id }) };
  return {
    ...named,
    ...('endedAt' in run.state ? ofEnding(run.state) : { status: run.state.status }),
    ...(list.debugStatistics && hasEnded(run) && { statistics: runStatistics(state, run) }),
  };
}

function ofContinued(place: Place, state: SessionState, list: TaskList): TaskRecord {
  const continued = list.continued.get(place.index);
  if (!continued) return { ...place, status: 'queued' };
  const named = { ...place, ...namesOf(continued) };
  const ending = endingOf(state, continued);
  return ending ? { ...named, ...ofEnding(ending) } : { ...named, status: 'running' };
}

function namesOf({ sessionId, agentId }: { readonly sessionId: SessionId; readonly agentId: AgentId }) {
  return { sessionId, agentId, continuationId: continuationIdOf({ sessionId, agentId }) };
}

function ofEnding(ending: RunEnding): Omit<TaskRecord, keyof Place> {
  const { status, stopReason, terminationReason, message, text, usage } = ending;
  return { status, stopReason, terminationReason, message, text, usage };
}
