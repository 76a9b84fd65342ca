/** What parallel agents need of sessions, and what becomes of a task. */
import type { AgentId, EndedStatus, RunEnding, TaskPlace } from './agents.ts';
import type { SessionId } from './events.ts';
import type { Recorder } from './ports.ts';
import type { SpawnRequest, SubAgents } from './subAgents.ts';

/** What is to be done for a task, as the journal has it: a later host carries it out where this one can't. */
export type QueuedTask =
  | { readonly kind: 'spawn'; readonly request: SpawnRequest }
  | {
      readonly kind: 'continue';
      readonly note: string;
      readonly prompt: string;
      readonly continues: { readonly sessionId: SessionId; readonly agentId: AgentId };
    };

/** The tasks of a list whose answers are on record and not in its save file. */
export interface UnsavedAnswers {
  /** Places in the list, in order. */
  readonly indexes: readonly number[];
  /** The reason, for a person. */
  readonly why: string;
}

/** A session whose agents carry out tasks. */
export interface TaskSession {
  readonly recorder: Recorder;
  readonly subAgents: SubAgents;
  /** Before a task goes on with one of its agents: keeps the bounds on record. Rejects with a message for a person. */
  bind(): Promise<void>;
  /** Why the bounds on record can't be kept here. */
  bindProblem(): Promise<string | undefined>;
}

/** Finds the sessions of tasks. */
export interface TaskSessions {
  /** Undefined where it is not open. */
  find(sessionId: SessionId): TaskSession | undefined;
  /** Reads it back where it is not open. Rejects with a message for a person, also where another program has it. */
  open(sessionId: SessionId): Promise<TaskSession>;
}

/** Every status in which a task can stand at the end; `open`: the program was closed before it began. */
export const taskStatuses = [
  'completed',
  'incomplete',
  'interrupted',
  'failed',
  'cancelled',
  'skipped',
] as const;
export type TaskStatus = EndedStatus | 'skipped';

/** What became of a task. */
export type TaskResult = TaskPlace &
  (
    | {
        readonly status: EndedStatus;
        readonly sessionId: SessionId;
        readonly agentId: AgentId;
        readonly ending: RunEnding;
      }
    | { readonly status: 'skipped'; readonly reason: string }
    | { readonly status: 'open' }
  );
