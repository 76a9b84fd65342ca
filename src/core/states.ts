/** The state of one session. Everybody reads it; only `reduce` writes it. */
import type {
  AgentId,
  AgentParent,
  Permission,
  RunId,
  RunState,
  TurnBlock,
  TurnId,
  TurnState,
} from './agents.ts';
import type { BatchId, CallError, CallId, CallInput, CallPolicy, CallState } from './calls.ts';
import type { BatchSource, SessionHost, SessionId, SessionKind } from './events.ts';

export interface Call {
  readonly id: CallId;
  readonly batchId: BatchId;
  readonly index: number;
  readonly tool: string;
  readonly input: CallInput;
  readonly policy: CallPolicy;
  readonly renamedFrom?: CallId;
  readonly state: CallState;
  /** Failed attempts before the present one. */
  readonly failedAttempts: readonly { readonly attempt: number; readonly error: CallError }[];
}

export interface Batch {
  readonly id: BatchId;
  readonly source: BatchSource;
  readonly permission: Permission;
  readonly cwd: string;
  readonly failFast: boolean;
  /** In the order in which they were asked for. */
  readonly callIds: readonly CallId[];
}

export interface Turn {
  readonly id: TurnId;
  readonly agentId: AgentId;
  readonly runId: RunId;
  readonly attempt: number;
  readonly model: string;
  readonly startedAt: number;
  readonly blocks: readonly { readonly index: number; readonly block: TurnBlock }[];
  /** The batch of this turn's calls, where it has any. */
  readonly batchId?: BatchId;
  readonly state: TurnState;
}

export interface Run {
  readonly id: RunId;
  readonly agentId: AgentId;
  readonly prompt: string;
  readonly follows?: RunId;
  readonly startedAt: number;
  readonly turnIds: readonly TurnId[];
  readonly state: RunState;
}

export interface Agent {
  readonly id: AgentId;
  readonly label: string;
  readonly model: string;
  readonly permission: Permission;
  readonly systemPrompt: string;
  readonly tools: readonly string[];
  readonly parent?: AgentParent;
  readonly runs: readonly Run[];
}

export interface SessionState {
  readonly id: SessionId;
  readonly kind: SessionKind;
  readonly title: string;
  readonly roots: readonly string[];
  readonly cwd: string;
  /** Who wrote the session last. */
  readonly host: SessionHost;
  readonly startedAt: number;
  /** Epoch milliseconds of the newest event. */
  readonly lastAt: number;
  readonly lastSeq: number;
  readonly agents: ReadonlyMap<AgentId, Agent>;
  readonly turns: ReadonlyMap<TurnId, Turn>;
  readonly batches: ReadonlyMap<BatchId, Batch>;
  readonly calls: ReadonlyMap<CallId, Call>;
  /** What a person allowed for the whole session, as `approvalKey` names it. */
  readonly allowed: ReadonlySet<string>;
}

/** The newest run of an agent; undefined before the first. */
export function latestRun(agent: Agent): Run | undefined {
  return agent.runs.at(-1);
}
