/** The state of one session. Everybody reads it; only `reduce` writes it. */
import type {
  AboutRun,
  AgentId,
  AgentLimits,
  AgentParent,
  FirstRun,
  InstructionsRead,
  MessageId,
  MessageKind,
  MessageState,
  Permission,
  RunEnding,
  RunId,
  RunState,
  TaskPlace,
  TurnBlock,
  TurnId,
  TurnState,
  Worktree,
  WorktreeFate,
} from './agents.ts';
import type {
  BatchId,
  CallError,
  CallId,
  CallInput,
  CallPolicy,
  CallState,
  GivenApproval,
  IntendedEdit,
} from './calls.ts';
import type { AskedBatch, BatchSource, SessionHost, SessionId, SessionKind } from './events.ts';
import type { FileChange, Revert } from './reverts.ts';
import type { SessionBounds } from './sessionBounds.ts';
import type { QueuedTask, UnsavedAnswers } from './tasks.ts';
import type { ToolDescription } from './tools.ts';

export interface Call {
  readonly id: CallId;
  readonly batchId: BatchId;
  readonly index: number;
  readonly tool: string;
  readonly input: CallInput;
  /** The input held the API key: the one that is on record can't be run in its place. */
  readonly isMasked?: true;
  readonly policy: CallPolicy;
  readonly renamedFrom?: CallId;
  readonly state: CallState;
  /** The last word on whether it may run, where it had to be asked about; it counts for what it was given for. */
  readonly approval?: GivenApproval;
  /** In the words of the person who denied it. */
  readonly denialReason?: string;
  /** Failed attempts before the present one. */
  readonly failedAttempts: readonly { readonly attempt: number; readonly error: CallError }[];
  /** What its present or last attempt was about to write. */
  readonly intendedEdit?: IntendedEdit;
  /** That edit was written into its file, which can hold a part of each text while the call runs. */
  readonly isInPlace?: true;
  /** The API key stood in a path of that, so the files can't tell what became of it. */
  readonly isEditMasked?: true;
}

export interface Batch {
  readonly id: BatchId;
  readonly source: BatchSource;
  readonly permission: Permission;
  readonly cwd: string;
  readonly failFast: boolean;
  /** How many calls were asked for, where that is on record: of a turn's batch once the reply has ended. */
  readonly callCount?: number;
  /** In the order in which they were asked for. */
  readonly callIds: readonly CallId[];
  /** Its host died before it had ended; `dismissed`: and a person has seen it. Absent while it goes on, and after its end. */
  readonly cutOff?: 'interrupted' | 'dismissed';
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
  /** A call of it, one inside of that, or an agent that it started was about to change a file. */
  readonly hasEdits?: true;
  readonly state: TurnState;
}

export interface Run {
  readonly id: RunId;
  readonly agentId: AgentId;
  readonly prompt: string;
  readonly follows?: RunId;
  /** The call whose outcome tells of this run's ending. */
  readonly awaitedBy?: CallId;
  readonly startedAt: number;
  readonly turnIds: readonly TurnId[];
  readonly state: RunState;
  /** A person has seen how it ended. */
  readonly isDismissed?: true;
}

/** A text for an agent that no person wrote. */
export interface AgentMessage {
  readonly id: MessageId;
  readonly kind: MessageKind;
  readonly text: string;
  readonly about?: AboutRun;
  readonly queuedAt: number;
  readonly state: MessageState;
}

export interface Agent {
  readonly id: AgentId;
  readonly label: string;
  readonly model: string;
  readonly permission: Permission;
  readonly systemPrompt: string;
  /** Absent where the workspace's instructions were not to be read. */
  readonly instructions?: InstructionsRead;
  readonly tools: readonly string[];
  /** Of `toolSets`. */
  readonly toolsHash?: string;
  readonly parent?: AgentParent;
  readonly isBackground?: true;
  /** Absolute; the session's where absent. */
  readonly cwd?: string;
  readonly worktree?: Worktree;
  /** Absent before, and once a further run may have changed what is in it. */
  readonly worktreeFate?: WorktreeFate;
  /** Absolute paths of files that a run must have written before it can be `completed`. */
  readonly deliverables?: readonly string[];
  /** Absolute path of the file that gets the answer. */
  readonly saveFile?: string;
  readonly reportMode?: 'document';
  readonly task?: TaskPlace;
  readonly limits?: AgentLimits;
  readonly firstRun?: FirstRun;
  readonly runs: readonly Run[];
  /** As a turn's. */
  readonly hasEdits?: true;
  /** The hash of each file's text as the agent knows it, by canonical path. */
  readonly seenFiles: ReadonlyMap<string, string>;
  /** In the order in which they were queued. */
  readonly messages: readonly AgentMessage[];
  /** Its history as it is sent begins with this summary, in place of all before that turn. */
  readonly compacted?: { readonly beforeTurnId: TurnId; readonly summary: string };
}

/** A task of a parallel agents run that never got an agent. */
export interface SkippedTask extends TaskPlace {
  readonly callId?: CallId;
  readonly reason: string;
}

/** The tasks of one parallel agents run. Each is its agent's `task`, a continued one, a skipped one, or has not begun. */
export interface TaskList {
  /** The call that asked for them; absent in a session of kind `agents`. */
  readonly callId?: CallId;
  /** In order; the index is the place in the list. */
  readonly notes: readonly string[];
  readonly maxConcurrency: number;
  readonly failFast: boolean;
  readonly saveFile?: string;
  readonly debugStatistics?: true;
  /** What is to be done for each, in order; absent where an older program wrote the list. */
  readonly requests?: readonly QueuedTask[];
  /** The API key stood in some of these, and is masked there. */
  readonly isMasked?: true;
  /** Its agents read the workspace's AGENTS.md. */
  readonly readsInstructions?: true;
  /** What of the agents' definitions is lost, each with the file and the line. */
  readonly warnings?: readonly string[];
  /** Absent while it goes on, and in a list that a call asked for: of that one the call's outcome tells. */
  readonly end?: 'interrupted' | 'dismissed' | 'ended';
  /** Until a resume adds them. */
  readonly unsaved?: UnsavedAnswers;
  /** By index. */
  readonly continued: ReadonlyMap<number, ContinuedTask>;
}

/** A task that goes on with an agent that was there before, perhaps in another session. */
export interface ContinuedTask extends AboutRun {
  readonly sessionId: SessionId;
  /** Once its run has ended. */
  readonly ending?: RunEnding;
}

export interface SessionState {
  readonly id: SessionId;
  readonly kind: SessionKind;
  readonly title: string;
  readonly roots: readonly string[];
  readonly cwd: string;
  /** Who wrote the session last. */
  readonly host: SessionHost;
  /** In a session of kind `batch`, where that is on record. */
  readonly asked?: AskedBatch;
  /**
   * Its host died before anything that it was started for was on record; `dismissed`: and a person has seen
   * it.
   */
  readonly cutOff?: 'interrupted' | 'dismissed';
  /** What the nonces of its agents' notifications are made of; empty in a session that has none. */
  readonly nonce: string;
  /**
   * The bounds of the session's work. Absent if an older program wrote the session and no later one has
   * continued it.
   */
  readonly bounds?: SessionBounds;
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
  readonly skippedTasks: readonly SkippedTask[];
  readonly taskLists: readonly TaskList[];
  /** What calls and reverts were about to change in files, in the order in which that was on disk. */
  readonly fileChanges: readonly FileChange[];
  /** Oldest first. */
  readonly reverts: readonly Revert[];
  /** What agents are told of their tools, by hash. */
  readonly toolSets: ReadonlyMap<string, readonly ToolDescription[]>;
}

/** The newest run of an agent; undefined before the first. */
export function latestRun(agent: Agent): Run | undefined {
  return agent.runs.at(-1);
}

/** Whether a run has come to an ending. */
export function hasEnded(run: Run): boolean {
  return 'endedAt' in run.state;
}

/** The messages that are not yet part of the agent's history, oldest first. */
export function queuedMessages(agent: Agent): readonly AgentMessage[] {
  return agent.messages.filter(({ state }) => state.status === 'queued');
}

/** The calls of a turn, in the order of its blocks. */
export function callsOfTurn(state: SessionState, { batchId = '' }: Turn): readonly Call[] {
  return (state.batches.get(batchId)?.callIds ?? []).flatMap((id) => state.calls.get(id) ?? []);
}

/** The batch that a turn, a file or a program asked for, however deep inside other calls this one is. */
export function outermostBatch(state: SessionState, batchId: BatchId): Batch | undefined {
  const batch = state.batches.get(batchId);
  const container = batch?.source.kind === 'call' ? state.calls.get(batch.source.callId) : undefined;
  return container ? outermostBatch(state, container.batchId) : batch;
}

/** The agent whose turn the batch's calls come from; a batch of its own has none. */
export function agentOfBatch(state: SessionState, batchId: BatchId): Agent | undefined {
  const source = outermostBatch(state, batchId)?.source;
  return source?.kind === 'turn' ? state.agents.get(source.agentId) : undefined;
}
