/** Every event that a journal can hold. State is a fold over these and over nothing else. */
import type {
  AboutRun,
  AgentId,
  AgentLimits,
  AgentParent,
  FirstRun,
  InstructionsRead,
  MessageId,
  MessageKind,
  Permission,
  RunEnding,
  RunId,
  TaskPlace,
  TurnBlock,
  TurnId,
  Usage,
  WaitingFor,
  Worktree,
  WorktreeFate,
} from './agents.ts';
import type {
  ApprovalAnswer,
  ApprovalRequest,
  BatchId,
  CallError,
  CallId,
  CallPolicy,
  CallInput,
  IntendedEdit,
  Outcome,
  SettledTimes,
} from './calls.ts';

import type { LeftFile, RevertedFile, RevertId, RevertTarget } from './reverts.ts';
import type { SessionBounds } from './sessionBounds.ts';
import type { QueuedTask, UnsavedAnswers } from './tasks.ts';
import type { ToolDescription } from './tools.ts';

export type SessionId = string;

/** What a session was started for. */
export type SessionKind = 'agent' | 'batch' | 'agents';

/** The program that writes a session, and its process id. */
export interface SessionHost {
  readonly name: string;
  readonly version: string;
  readonly pid: number;
}

/** Who asked for a batch. */
export type BatchSource =
  | { readonly kind: 'turn'; readonly agentId: AgentId; readonly turnId: TurnId }
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'call'; readonly callId: CallId }
  | { readonly kind: 'api' };

/** A batch before anything of it is on record. */
export interface AskedBatch {
  readonly source: BatchSource;
  readonly callCount: number;
}

/** An event before the journal gave it a number and a time. */
export type EventBody =
  | {
      readonly type: 'session.started';
      readonly kind: SessionKind;
      readonly title: string;
      readonly roots: readonly string[];
      readonly cwd: string;
      readonly host: SessionHost;
      /**
       * Of a session of kind `batch`: so that a host which dies before the batch is on record loses no
       * number.
       */
      readonly batch?: AskedBatch;
      /** What each agent's nonce is made of, which its `<task-notification>`s carry, so that no file, result or agent can forge one. */
      readonly nonce?: string;
      /** The bounds of the session's work; absent if an older program wrote this event. */
      readonly bounds?: SessionBounds;
    }
  | {
      /** A later life goes on within tighter bounds, or notes those of a session that had none on record. */
      readonly type: 'session.bounded';
      readonly bounds: SessionBounds;
    }
  | {
      /** Another program, or a later life of the same one, goes on with the session. */
      readonly type: 'session.reopened';
      readonly host: SessionHost;
    }
  /** Its host died before anything that it was started for was on record. */
  | { readonly type: 'session.interrupted' }
  /** A person has seen that. */
  | { readonly type: 'session.dismissed' }
  | {
      readonly type: 'agent.created';
      readonly agentId: AgentId;
      readonly label: string;
      readonly model: string;
      readonly permission: Permission;
      readonly systemPrompt: string;
      /** Absent where the workspace's instructions were not to be read. */
      readonly instructions?: InstructionsRead;
      readonly tools: readonly string[];
      readonly parent?: AgentParent;
      /** The call that started it returned at once. */
      readonly isBackground?: true;
      /** Absolute; the session's where absent. */
      readonly cwd?: string;
      readonly worktree?: Worktree;
      /** Absolute paths of files that a run must have written before it can be `completed`. */
      readonly deliverables?: readonly string[];
      /** Absolute path of the file that gets the answer. */
      readonly saveFile?: string;
      readonly reportMode?: 'document';
      readonly task?: TaskPlace;
      readonly limits?: AgentLimits;
      /** So that a host which dies before the run is queued loses no prompt. */
      readonly firstRun?: FirstRun;
    }
  | {
      /** Its tools as the agent is told of them: a newer program, with other words for them, sends it the same. */
      readonly type: 'tools.described';
      readonly agentId: AgentId;
      readonly toolsHash: string;
      /** Absent where the session has described tools of that hash already. */
      readonly tools?: readonly ToolDescription[];
    }
  | {
      readonly type: 'run.queued';
      readonly agentId: AgentId;
      readonly runId: RunId;
      /** Empty where the run only delivers messages, or resumes: then the history has no text of its own for it. */
      readonly prompt: string;
      /** The run that this one continues. */
      readonly follows?: RunId;
      /** The call whose outcome tells of this run's ending, so that no notification does. */
      readonly awaitedBy?: CallId;
    }
  | { readonly type: 'run.started'; readonly agentId: AgentId; readonly runId: RunId }
  | {
      readonly type: 'run.waiting';
      readonly agentId: AgentId;
      readonly runId: RunId;
      readonly waitingFor: WaitingFor;
      /** Epoch milliseconds, if the end of the waiting is known. */
      readonly until?: number;
      /** The length of that wait from `at` on: the clock that `until` is of can be set meanwhile. */
      readonly waitMs?: number;
    }
  | { readonly type: 'run.continued'; readonly agentId: AgentId; readonly runId: RunId }
  | {
      readonly type: 'run.ended';
      readonly agentId: AgentId;
      readonly runId: RunId;
      readonly ending: RunEnding;
    }
  | {
      /** A person has seen an ended run that called for attention. */
      readonly type: 'run.dismissed';
      readonly agentId: AgentId;
      readonly runId: RunId;
    }
  | {
      /** A person took over what is in the agent's worktree, or discarded it. */
      readonly type: 'worktree.settled';
      readonly agentId: AgentId;
      readonly fate: WorktreeFate;
    }
  | {
      /** A text for an agent that is not yet in its history. */
      readonly type: 'message.queued';
      readonly agentId: AgentId;
      readonly messageId: MessageId;
      readonly kind: MessageKind;
      readonly text: string;
      readonly about?: AboutRun;
    }
  | {
      /** From here on the messages stand in the history, in this order, as user text right before that turn's request. */
      readonly type: 'message.placed';
      readonly agentId: AgentId;
      readonly messageIds: readonly MessageId[];
      readonly turnId: TurnId;
    }
  | {
      /** A request with the messages was accepted, or a call's result told what they say. */
      readonly type: 'message.delivered';
      readonly agentId: AgentId;
      readonly messageIds: readonly MessageId[];
      readonly how: 'accepted' | 'waited';
    }
  | {
      /** The history that is sent begins with this summary, in place of all that came before that turn. */
      readonly type: 'history.compacted';
      readonly agentId: AgentId;
      readonly beforeTurnId: TurnId;
      readonly summary: string;
    }
  | {
      /** Parallel agents begin: all that is to be done, before any of it starts. */
      readonly type: 'tasks.queued';
      /** The call that asked for them; absent in a session of kind `agents`. */
      readonly callId?: CallId;
      /** In order; the index is the place in the list. */
      readonly notes: readonly string[];
      readonly maxConcurrency: number;
      readonly failFast: boolean;
      /** Absolute path of the file that gets each answer. */
      readonly saveFile?: string;
      readonly debugStatistics?: true;
      /** What is to be done for each, checked; in a list that no call asked for. */
      readonly requests?: readonly QueuedTask[];
      /** Its agents read the workspace's AGENTS.md. */
      readonly readsInstructions?: true;
      /** What of the agents' definitions is lost, each with the file and the line. */
      readonly warnings?: readonly string[];
    }
  /** The host of a list that no call asked for died, or was closed, before the list had ended. */
  | {
      readonly type: 'tasks.interrupted';
      /** Its tasks have ended, and the save file lacks answers. */
      readonly unsaved?: UnsavedAnswers;
    }
  /** What had not ended goes on. */
  | { readonly type: 'tasks.resumed' }
  /** A person has seen that the list was interrupted; what had not begun never will. */
  | { readonly type: 'tasks.dismissed' }
  /** Each task of a list that no call asked for has ended, and its answer is in the save file, if there is one. */
  | { readonly type: 'tasks.ended' }
  | {
      /** A task goes on with the conversation of an agent that was there before, perhaps in another session. */
      readonly type: 'task.continued';
      readonly callId?: CallId;
      readonly index: number;
      readonly continues: AboutRun & { readonly sessionId: SessionId };
    }
  | {
      /** The run of a continued task has ended; of any other task its agent tells. */
      readonly type: 'task.ended';
      readonly callId?: CallId;
      readonly index: number;
      readonly ending: RunEnding;
    }
  | {
      /** A task of a parallel agents run that never got an agent. */
      readonly type: 'task.skipped';
      readonly callId?: CallId;
      readonly index: number;
      readonly note: string;
      readonly reason: string;
    }
  | {
      readonly type: 'turn.started';
      readonly agentId: AgentId;
      readonly runId: RunId;
      readonly turnId: TurnId;
      readonly attempt: number;
      readonly model: string;
    }
  | {
      readonly type: 'block.received';
      readonly agentId: AgentId;
      readonly turnId: TurnId;
      /** The block's place in its turn, calls counted too. */
      readonly index: number;
      readonly block: TurnBlock;
    }
  | {
      readonly type: 'turn.ended';
      readonly agentId: AgentId;
      readonly turnId: TurnId;
      readonly stopReason: string | null;
      readonly usage: Usage;
      /** How many calls the reply asked for; absent where an older program wrote it. */
      readonly callCount?: number;
    }
  | {
      /** What the turn had so far is void; the same turn may start again as a further attempt. */
      readonly type: 'turn.discarded';
      readonly agentId: AgentId;
      readonly turnId: TurnId;
      readonly reason: string;
      /** What the API counted until then, as far as it said so. */
      readonly usage?: Usage;
    }
  | {
      readonly type: 'batch.started';
      readonly batchId: BatchId;
      readonly source: BatchSource;
      readonly permission: Permission;
      readonly cwd: string;
      readonly failFast: boolean;
      /**
       * How many calls were asked for; absent in a turn's, which are counted at its end, and where an older
       * program wrote it.
       */
      readonly callCount?: number;
    }
  /** The host of a batch that no turn and no call asked for died before the batch had ended. */
  | { readonly type: 'batch.interrupted'; readonly batchId: BatchId }
  /** What had not ended goes on. */
  | { readonly type: 'batch.resumed'; readonly batchId: BatchId }
  /** A person has seen that the batch was interrupted. */
  | { readonly type: 'batch.dismissed'; readonly batchId: BatchId }
  | {
      readonly type: 'call.queued';
      readonly callId: CallId;
      readonly batchId: BatchId;
      /** The call's place: in its turn's blocks, or in its batch. */
      readonly index: number;
      readonly tool: string;
      readonly input: CallInput;
      readonly policy?: CallPolicy;
      /** The id that was asked for, where it was taken already. */
      readonly renamedFrom?: CallId;
    }
  | { readonly type: 'call.blocked'; readonly callId: CallId; readonly waitsFor: readonly CallId[] }
  | { readonly type: 'approval.requested'; readonly callId: CallId; readonly request: ApprovalRequest }
  | {
      /** Why the person is about to deny the call, in their words. */
      readonly type: 'approval.explained';
      readonly callId: CallId;
      readonly reason: string;
    }
  | { readonly type: 'approval.answered'; readonly callId: CallId; readonly answer: ApprovalAnswer }
  | {
      /** Nobody had to be asked: the person had allowed it for the session, or by a rule. */
      readonly type: 'approval.given';
      readonly callId: CallId;
      readonly by: 'session' | 'rule';
      readonly request: ApprovalRequest;
    }
  | { readonly type: 'call.started'; readonly callId: CallId; readonly attempt: number }
  | {
      /** A running call is about to write a file. Recorded at once before the write, and on disk by then. */
      readonly type: 'edit.intended';
      readonly callId: CallId;
      readonly edit: IntendedEdit;
    }
  | {
      /** The write that is under way can't replace its file, so it writes into it. On disk before, and so are both texts. */
      readonly type: 'edit.inPlace';
      readonly callId: CallId;
    }
  | {
      /** Files are about to be restored. On disk before the first of them is, and so is the text of each. */
      readonly type: 'revert.started';
      readonly revertId: RevertId;
      readonly target: RevertTarget;
      readonly callIds: readonly CallId[];
      readonly files: readonly RevertedFile[];
      readonly leftOut: readonly LeftFile[];
    }
  | {
      /** Each of its files is restored or is named here. */
      readonly type: 'revert.ended';
      readonly revertId: RevertId;
      readonly notRestored: readonly LeftFile[];
    }
  | {
      /** An attempt failed and a further one will follow. */
      readonly type: 'call.attemptFailed';
      readonly callId: CallId;
      readonly attempt: number;
      readonly error: CallError;
      readonly delayMs: number;
    }
  | {
      /**
       * A settled call is queued again, as a further attempt: an interrupted one that only reads, or an inner call
       * of a container that is attempted again. The one way out of an outcome.
       */
      readonly type: 'call.requeued';
      readonly callId: CallId;
    }
  | {
      readonly type: 'call.settled';
      readonly callId: CallId;
      readonly outcome: Outcome;
      readonly times: SettledTimes;
      /** The messages whose text the outcome tells, so that they do not come again. */
      readonly delivered?: { readonly agentId: AgentId; readonly messageIds: readonly MessageId[] };
    };

export type EventType = EventBody['type'];

/** What the journal adds to an event; `seq` counts from 1 without a gap, `at` is epoch milliseconds. */
export interface EventEnvelope {
  readonly v: 1;
  readonly seq: number;
  readonly at: number;
  readonly sessionId: SessionId;
  /** The API key stood in it and is masked, so its texts are not what was asked for. */
  readonly isMasked?: true;
}

export type SessionEvent = EventEnvelope & EventBody;

/** What is shown while it grows and never journalled: deltas of text and chunks of output. */
export type LiveEvent =
  | {
      readonly type: 'live.text';
      readonly sessionId: SessionId;
      readonly agentId: AgentId;
      readonly turnId: TurnId;
      readonly index: number;
      readonly block: 'text' | 'thinking';
      readonly delta: string;
    }
  | {
      readonly type: 'live.output';
      readonly sessionId: SessionId;
      readonly callId: CallId;
      readonly stream: 'stdout' | 'stderr';
      readonly chunk: string;
    };
