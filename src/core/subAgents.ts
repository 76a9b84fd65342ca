/** How containers start, watch and steer the agents below the agent that calls them. */
import type { AgentId, AgentLimits, Permission, RunEnding, RunId, TaskPlace } from './agents.ts';
import type { CallError, CallId } from './calls.ts';
import type { SessionId } from './events.ts';
import type { Agent } from './states.ts';

/**
 * What is asked of a new agent. Paths may be relative to the caller's `cwd`, or to the agent's own, or to the worktree
 * where it gets one.
 */
export interface SpawnRequest {
  readonly prompt: string;
  /** Its name in the tree, and in what its parent is told. */
  readonly label: string;
  /** The caller's where absent. */
  readonly model?: string;
  /** The caller's where absent; those that its permission denies are no error until they are called. */
  readonly tools?: readonly string[];
  /** `read-only` where absent. */
  readonly permission?: Permission;
  /** Files whose text stands before the prompt. */
  readonly contextPaths?: readonly string[];
  /** In place of the usual system prompt. */
  readonly systemPrompt?: string;
  /** After the system prompt. */
  readonly appendSystemPrompt?: string;
  /** `document`: its answer is a document, without chat around it. */
  readonly reportMode?: 'document';
  /** Files that it must have written before it can be `completed`. */
  readonly deliverables?: readonly string[];
  /** The file that gets its answer, where it is `completed`. */
  readonly saveFile?: string;
  /** The folder to work in, in one of the caller's; the caller's own where absent. */
  readonly cwd?: string;
  /** A git worktree and branch of its own. */
  readonly isolation?: 'worktree';
  /** Of each of its runs. */
  readonly limits?: AgentLimits;
  readonly task?: TaskPlace;
  /** A person named the save file, so the caller's permission isn't asked. */
  readonly isSaveFileByPerson?: boolean;
}

/**
 * On whose behalf something is done; a `ToolContext` is one. Without an `agentId` or `callId`, as where a person's
 * file asks, a new agent has no parent, and every agent of the session is in reach.
 */
export interface AgentCaller {
  readonly agentId?: AgentId;
  readonly callId?: CallId;
  /** The ceiling of what a new agent may do. */
  readonly permission: Permission;
  readonly cwd: string;
  readonly roots: readonly string[];
}

/**
 * How the caller hears of the run's ending. `call`: it awaits `ended` and tells of it in its own outcome, and the run
 * is cancelled by its `signal`. `notification`: a `<task-notification>` comes, also where the caller's run has ended.
 */
export type ToldBy = { readonly by: 'call'; readonly signal: AbortSignal } | { readonly by: 'notification' };

/** A run that has been journalled as queued. `ended` settles when the ending is on disk; it never rejects. */
export interface StartedAgentRun {
  readonly ok: true;
  readonly agentId: AgentId;
  readonly runId: RunId;
  readonly ended: Promise<RunEnding>;
}

/** Nothing was done; the message names what is wrong, and what to do instead. */
export interface Refused {
  readonly ok: false;
  readonly error: CallError;
}

/** A problem of one of several requests. */
export interface SpawnProblem extends Refused {
  /** Of the request, from 0. */
  readonly index: number;
}

/** What came of waiting; texts are for the model. */
export interface WaitResult {
  readonly ok: true;
  /** Of each agent that had ended: everything its notification says. */
  readonly ended: readonly { readonly agentId: AgentId; readonly text: string }[];
  /** Those that had ended too, and whose texts would have been too much at once: they are still to come. */
  readonly untold: readonly AgentId[];
  /** Those that are still at work. */
  readonly atWork: readonly AgentId[];
  readonly timedOut: boolean;
}

/** The agents of one session, for its containers. No method rejects; all but `wait` and `spawn` take effect at once. */
export interface SubAgents {
  /**
   * All problems of the requests, counted together against the limits; empty where each could be spawned now.
   * Nothing is started.
   */
  check(requests: readonly SpawnRequest[], caller: AgentCaller): Promise<readonly SpawnProblem[]>;
  /** Checks the request as `check` does, creates the agent and starts its first run. */
  spawn(request: SpawnRequest, caller: AgentCaller, told: ToldBy): Promise<StartedAgentRun | Refused>;
  /**
   * Starts the next run of an agent whose last one has ended. An empty prompt resumes: the history goes on without a
   * text of its own for the run.
   */
  resume(
    agentId: AgentId,
    prompt: string,
    caller: AgentCaller,
    told: ToldBy,
  ): Promise<StartedAgentRun | Refused>;
  /** Gives an agent a text before its next request; where it has no run under way, its next run starts with it. */
  message(agentId: AgentId, text: string, caller: AgentCaller): Promise<StartedAgentRun | Refused | 'queued'>;
  /** Cancels the run of an agent and of all below it; settles when its ending is on disk. */
  cancel(agentId: AgentId, caller: AgentCaller): Promise<{ readonly ok: true } | Refused>;
  /**
   * Waits for one or all of these agents to have no run under way, and holds nothing meanwhile. What it returns of an
   * ended run counts as delivered once the caller's call has succeeded. Settles early when the signal aborts.
   */
  wait(
    agentIds: readonly AgentId[],
    mode: 'any' | 'all',
    timeoutMs: number,
    caller: AgentCaller & { readonly signal: AbortSignal },
  ): Promise<WaitResult | Refused>;
  /** All agents below the caller, in the order of their creation; those that it started itself come from `parent`. */
  list(caller: AgentCaller): readonly Agent[];
  /** What is told of the newest run of an agent that has ended, for the model; undefined while it is at work. */
  textOf(agentId: AgentId): string | undefined;
}

/** Finds the agents of an open session. */
export interface SubAgentsOf {
  find(sessionId: SessionId): SubAgents | undefined;
}

/** The tools for agents that have agents below them; who can't start any doesn't get them. */
export const agentToolNames: readonly string[] = [
  'spawn_agent',
  'run_agents',
  'list_agents',
  'wait_for_agents',
  'message_agent',
  'cancel_agent',
  'resume_agent',
];
