/** What the extension, the CLI and the exported API can ask of AllSettled. */
import type { AgentId, Permission, RunEnding, RunId, TurnId, WorktreeFate } from '../core/agents.ts';
import type {
  ApprovalAnswer,
  ApprovalRequest,
  CallId,
  CallRecord,
  EditedFile,
  Proposal,
} from '../core/calls.ts';
import type { Disposable } from '../core/emitter.ts';
import type { LiveEvent, SessionEvent, SessionId } from '../core/events.ts';
import type { RevertPlan, RevertResult, RevertTarget } from '../core/reverts.ts';
import type { AskedBounds } from '../core/sessionBounds.ts';
import type { SessionState } from '../core/states.ts';
import type { TaskResult } from '../core/tasks.ts';
import type { InputProblem, ToolDescription } from '../core/tools.ts';
import type { WaitingApproval } from '../core/waitingApprovals.ts';
import type { KnownWorktree, WorktreeOwner, Worktrees } from '../core/worktrees.ts';
import type { AgentsFile } from '../formats/agentsFile.ts';
import type { ToolCatalog } from '../formats/toolCatalog.ts';
import type { ListedModel } from '../models/modelList.ts';
import type { BatchFile } from '../formats/batchFile.ts';
import type { AnswerFate } from './approvalAnswers.ts';
import type { ExportForm } from './exportSession.ts';
import type { SessionSummary } from './pastSessions.ts';
import type { ResumedWork } from './resumeSession.ts';
import type { RevertOptions } from './reverting.ts';

/** The folder that work happens in: `cwd` is one of the roots, or inside one. All absolute. */
export interface Workplace {
  readonly cwd: string;
  readonly roots: readonly string[];
}

export interface StartAgentOptions extends Workplace {
  readonly prompt: string;
  readonly permission: Permission;
  /** The name in the tree; the prompt's first words where absent. */
  readonly label?: string;
  /** Model id; the setting's where absent. */
  readonly model?: string;
  /** A transcript whose turns are played in place of asking the API; the tools run for real. */
  readonly replay?: readonly SessionEvent[];
  /** Whether AGENTS.md, or else CLAUDE.md, of `cwd` becomes part of the system prompt: only where the person trusts it. */
  readonly readsInstructions?: boolean;
}

/** A run under way. `ended` never rejects. */
export interface StartedRun {
  readonly sessionId: SessionId;
  readonly agentId: AgentId;
  readonly runId: RunId;
  readonly ended: Promise<RunEnding>;
}

export interface RunBatchOptions extends Workplace {
  readonly batch: BatchFile;
  /** Absolute path of the batch file, for the title and for paths in results. */
  readonly file?: string;
  /** What the host allows; the batch can only narrow it. */
  readonly permission: Permission;
}

/** A batch under way. `settled` never rejects and has one record per call, in file order. */
export interface StartedBatch {
  readonly sessionId: SessionId;
  readonly settled: Promise<readonly CallRecord[]>;
}

export interface RunAgentsOptions extends Workplace {
  readonly agents: AgentsFile;
  /** Absolute path of the agents file, for the title and for paths in it; those of another source start from `cwd`. */
  readonly file?: string;
  /** What the host allows; the file can only narrow it. */
  readonly permission: Permission;
  /** Absolute path of the file that a person named for the answers, in place of the agents file's. */
  readonly saveFile?: string;
  /** The refusal of a list that names no file for its answers. Absent: none is refused, and they stay in the session. */
  readonly withoutSaveFile?: string;
  /** Whether the person trusts the workspace, so that its AGENTS.md and its agent definitions count. */
  readonly isTrusted?: boolean;
}

/** The results of parallel agents: one per task, in order. The session's list names unsaved answers. */
export interface EndedAgents {
  readonly tasks: readonly TaskResult[];
}

/**
 * Parallel agents under way; or every problem, at its path in the agents file, and nothing was started. `settled` never
 * rejects. `warnings`: what of their definitions is lost.
 */
export type StartedAgents =
  | {
      readonly ok: true;
      readonly sessionId: SessionId;
      readonly warnings: readonly InputProblem[];
      readonly settled: Promise<EndedAgents>;
    }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

export interface Runtime {
  /** Every event of every session, after it is on disk and in the state. */
  readonly onEvent: (listener: (event: SessionEvent) => void) => Disposable;
  readonly onLive: (listener: (event: LiveEvent) => void) => Disposable;
  /** The tools as the model is told of them. */
  readonly tools: readonly ToolDescription[];
  /** The git worktrees of agents, whoever made them. */
  readonly worktrees: Worktrees;
  /** Notes what a person did with an agent's worktree. Rejects as `resume` does. */
  noteWorktree(owner: WorktreeOwner, fate: WorktreeFate): Promise<void>;
  /** The worktrees of sessions that no program has open, newest first. */
  leftoverWorktrees(): Promise<readonly KnownWorktree[]>;
  /** Checks inputs, for the readers of files. */
  readonly catalog: ToolCatalog;
  /** The sessions in memory, oldest first. */
  sessions(): readonly SessionState[];
  session(id: SessionId): SessionState | undefined;
  /** The sessions in the journal folder, newest first. */
  pastSessions(): Promise<readonly SessionSummary[]>;
  /**
   * Reads a past session back into memory, and takes it over where its host is gone. `replay`: what plays its agents'
   * further turns, in place of the API. Rejects with a message for a person where it can't.
   */
  openSession(id: SessionId, replay?: readonly SessionEvent[]): Promise<SessionState>;
  /**
   * Goes on, as further runs without a prompt, with an agent that did not complete; without an agent, with all of the
   * session that was interrupted, where a parent speaks for its sub-agents. Rejects, with a message for a person, where
   * there is nothing to resume, another program has the session, or its bounds can't be kept here. `asked`: what the person
   * names of them; anything weaker than the record is refused.
   */
  resume(sessionId: SessionId, agentId?: AgentId, asked?: AskedBounds): Promise<ResumedWork>;
  /** As `resume`, for all of a session that was interrupted, sub-agents too. */
  resumeAll(sessionId: SessionId): Promise<ResumedWork>;
  /** Notes that a person has seen an interruption: what had not started never will. Rejects as `resume` does. */
  dismiss(sessionId: SessionId, agentId?: AgentId): Promise<void>;
  /**
   * What taking back the edits of a turn or an agent would do, or undoing that; nothing is changed. What commands did is not
   * part of it. Rejects, with a message for a person, while an agent that it covers is at work, or another program has the session.
   */
  planRevert(sessionId: SessionId, target: RevertTarget): Promise<RevertPlan>;
  /**
   * Restores what a person was shown: a file that has changed even since then is left as it is. It can be undone, by the target
   * of its id. Rejects as `planRevert` does; an abort stops it between two files.
   */
  revert(plan: RevertPlan, options: RevertOptions, signal: AbortSignal): Promise<RevertResult>;
  /** A text that was kept before a file was changed; undefined where there is none of that hash. */
  keptText(sessionId: SessionId, hash: string): Promise<string | undefined>;
  /** The session as a text that stands for itself. Rejects with a message for a person where it can't be read. */
  exportSession(id: SessionId, form: ExportForm): Promise<string>;
  /** Closes the session and removes it from the disk. Rejects, with a message for a person, while it is at work, here or elsewhere. */
  deleteSession(id: SessionId): Promise<void>;
  startAgent(options: StartAgentOptions): Promise<StartedRun>;
  /**
   * Continues an agent's conversation as a new run. Rejects, with a message for a person, while a run of it
   * is under way, another program has the session, or its bounds can't be kept here.
   */
  followUp(sessionId: SessionId, agentId: AgentId, prompt: string): Promise<StartedRun>;
  runBatch(options: RunBatchOptions): Promise<StartedBatch>;
  /** Runs tasks in parallel, each with an agent of its own, after everything was checked. */
  runAgents(options: RunAgentsOptions): Promise<StartedAgents>;
  /** The questions that a person can answer here: of what goes on, and those that dead hosts left in the open sessions. */
  waitingApprovals(): readonly WaitingApproval[];
  /**
   * Takes a person's answer to a call that waits; `request` is the question as the person saw it. Where what asked has ended
   * with its host, the answer is journalled, and the agent's next run, or the rest of the batch, starts with it. Rejects,
   * with a message for a person, where another program has the session. The agent is told the reason of a denial.
   */
  answerApproval(request: ApprovalRequest, answer: ApprovalAnswer, reason?: string): Promise<AnswerFate>;
  /** What the edit of a call would do now. Rejects with the signal's reason alone. */
  proposalOf(sessionId: SessionId, callId: CallId, signal: AbortSignal): Promise<Proposal>;
  /** What the edits of a call changed, as far as its texts are kept or follow from what is. Rejects with the signal's reason alone. */
  editTexts(sessionId: SessionId, callId: CallId, signal: AbortSignal): Promise<readonly EditedFile[]>;
  /** Cancels an agent's run; its running calls end `cancelled`. */
  stopAgent(sessionId: SessionId, agentId: AgentId): void;
  /** Cancels all that runs in a session. */
  stopSession(sessionId: SessionId): void;
  /** Cancels all that goes on, in every session. */
  stopAll(): void;
  cancelCall(sessionId: SessionId, callId: CallId): void;
  /** Cancels the calls of a turn that have not ended; its agent goes on with what they came to. */
  cancelTurn(sessionId: SessionId, turnId: TurnId): void;
  /** The models that the API offers. Rejects with ModelError. */
  listModels(signal: AbortSignal): Promise<readonly ListedModel[]>;
  /** Stops everything and flushes the journals, within 5 s. */
  dispose(): Promise<void>;
  /** For a program's last moment: flushes what can be flushed before it returns, and gives the sessions up. */
  disposeNow(): void;
}
