/** What an agent, its runs and its turns are. */
import type { CallId } from './calls.ts';

/** The instructions that an agent was given: absolute paths, and what was cut, left out or unreadable. */
export interface InstructionsRead {
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

export type AgentId = string;
export type RunId = string;
export type TurnId = string;
export type MessageId = string;

/** What an agent is created for: its first run, which begins right after. */
export interface FirstRun {
  readonly prompt: string;
  /** The call whose outcome tells of this run's ending, so that no notification does. */
  readonly awaitedBy?: CallId;
}

/** The id of an agent's run; `number` counts from 1. */
export function runIdOf(agentId: AgentId, number: number): RunId {
  return `${agentId}-run-${number}`;
}

/** The ceiling of what an agent may do, from narrow to wide. */
export const permissions = ['read-only', 'workspace-write', 'unlimited'] as const;
export type Permission = (typeof permissions)[number];

/** The narrower of two permissions. */
export function narrower(a: Permission, b: Permission): Permission {
  return permissions.indexOf(a) <= permissions.indexOf(b) ? a : b;
}

/** Every status in which a run has ended. */
export const endedStatuses = ['completed', 'incomplete', 'interrupted', 'failed', 'cancelled'] as const;
export type EndedStatus = (typeof endedStatuses)[number];

/** Our own reason for an ending, beside the API's stop reason. */
export type TerminationReason =
  | 'endTurn'
  | 'noText'
  | 'missingDeliverable'
  | 'streamCut'
  | 'noStopReason'
  | 'unknownStopReason'
  | 'maxTokens'
  | 'maxTurns'
  | 'contextWindow'
  | 'pauseLimit'
  | 'rateLimit'
  | 'connection'
  | 'serverError'
  | 'budget'
  | 'tokenBudget'
  | 'wallTime'
  | 'worktreeGone'
  | 'hostExit'
  | 'notSaved'
  | 'transcriptEnded'
  | 'authentication'
  | 'invalidRequest'
  | 'refusal'
  | 'unusableModel'
  | 'internal'
  | 'cancelledByPerson'
  | 'cancelledByParent';

/** Tokens of one turn or of a whole run. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** Part of `outputTokens` is a guess by length: the API counts a reply at its end, and that never came. */
  readonly isEstimated?: true;
}

export const noUsage: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    ...((a.isEstimated ?? b.isEstimated) && { isEstimated: true }),
  };
}

/** How a run ended; `message` is for a person and says what can be done next. */
export interface RunEnding {
  readonly status: EndedStatus;
  /** The API's own word, or null where none came. */
  readonly stopReason: string | null;
  readonly terminationReason: TerminationReason;
  readonly message: string;
  readonly usage: Usage;
  /** The final text, or as much of it as arrived. */
  readonly text: string;
  /** What is in the agent's worktree, where it has one of its own. */
  readonly changes?: string;
  /** What the agent did last, in a few words; empty where it did nothing. */
  readonly lastActivity: string;
  /** Absolute path of a file that holds the whole text. */
  readonly outputFile?: string;
}

/** What a waiting run waits for; `retry`: to ask again after a failure that is no rate limit. */
export type WaitingFor = 'approval' | 'agents' | 'rateLimit' | 'retry';

export type RunState =
  | { readonly status: 'queued' }
  | { readonly status: 'running' }
  | {
      readonly status: 'waiting';
      readonly waitingFor: WaitingFor;
      /** Epoch milliseconds, if the end is known. */
      readonly until?: number;
      /** The length of the whole wait, which bounds what is left of it after the clock was set. */
      readonly waitMs?: number;
    }
  | (RunEnding & { readonly endedAt: number });

/** A block of a turn that is not a call. */
export type TurnBlock =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string };

export type TurnState =
  | { readonly status: 'streaming' }
  | { readonly status: 'ended'; readonly stopReason: string | null; readonly usage: Usage }
  | {
      readonly status: 'discarded';
      readonly reason: string;
      /** What the API counted until then, as far as it said so. */
      readonly usage?: Usage;
    };

/** Where an agent hangs in the session's tree; a root agent has no parent. */
export interface AgentParent {
  readonly agentId: AgentId;
  readonly callId: CallId;
}

/** A git worktree of an agent's own: its folder, its branch, and the commit that the branch began at. */
export interface Worktree {
  /** Absolute. */
  readonly path: string;
  readonly branch: string;
  readonly base: string;
}

/** What a person last did with what is in a worktree. */
export type WorktreeFate = 'applied' | 'merged' | 'discarded';

/** Which task of a parallel agents run an agent has; `index` counts from 0. */
export interface TaskPlace {
  readonly index: number;
  readonly note: string;
}

/** What each run of an agent may use at most. */
export interface AgentLimits {
  readonly maxTurns?: number;
  /** Tokens of all kinds together. */
  readonly maxTokens?: number;
  readonly maxWallMs?: number;
}

/** A text that a run of another kind than a person's words brings to an agent; `parent`: the parent agent wrote it. */
export type MessageKind = 'notification' | 'reminder' | 'parent' | 'resume';

/** The run that a message tells of. */
export interface AboutRun {
  readonly agentId: AgentId;
  readonly runId: RunId;
}

/**
 * Where a message stands. `placed`: it is part of the history, right before that turn's request. `accepted`: a request
 * that contains it was accepted. `waited`: a call's result said what it says, so it is never placed.
 */
export type MessageState =
  | { readonly status: 'queued' }
  | { readonly status: 'placed'; readonly turnId: TurnId }
  | { readonly status: 'accepted'; readonly turnId: TurnId }
  | { readonly status: 'waited' };
