/** Git worktrees of agents' own: how they are asked for, and what can be done with what is in them. */
import type { AgentId, Worktree } from './agents.ts';
import type { CallError } from './calls.ts';
import type { SessionId } from './events.ts';
import type { Place } from './tools.ts';

/** The agent that is to get a worktree; the place is its parent's. */
export interface WorktreeRequest extends Place {
  readonly sessionId: SessionId;
  readonly agentId: AgentId;
  readonly label: string;
  readonly signal: AbortSignal;
}

/** Nothing was done; the message says why, and what to do instead. */
export interface WorktreeProblem {
  readonly ok: false;
  readonly error: CallError;
}

/** The agent's `roots` are `[worktree.path]` and nothing else; `cwd` is in there. */
export interface MadeWorktree {
  readonly ok: true;
  readonly worktree: Worktree;
  readonly cwd: string;
  /** For the parent: what the worktree begins with, and what it lacks. */
  readonly note: string;
}

/** Whose worktree it is. */
export interface WorktreeOwner {
  readonly sessionId: SessionId;
  readonly agentId: AgentId;
}

/** A file that differs from the commit that the worktree began at. */
export interface ChangedFile {
  /** Relative to the top of the repository. */
  readonly path: string;
  readonly change: 'added' | 'changed' | 'deleted';
  /** Lines; undefined for binary files. */
  readonly added: number | undefined;
  readonly removed: number | undefined;
}

/** A changed file, and where it is now. */
export interface WorktreeChange extends ChangedFile {
  /** Absolute; no file is there where it was deleted. */
  readonly file: string;
}

/** What is in a worktree that its beginning had not; ignored files are not counted. */
export interface WorktreeSummary {
  readonly ok: true;
  readonly files: readonly ChangedFile[];
  /** Commits since the beginning. */
  readonly commits: number;
  /** It was applied or merged just as it is now. */
  readonly isTaken: boolean;
  /** Repositories inside it, whose content no patch can hold. */
  readonly repositories: readonly string[];
  /** "3 files changed, 12 lines added, 4 removed, in 1 commit and uncommitted changes" */
  readonly text: string;
}

/** A worktree that is on the disk. */
export interface KnownWorktree extends WorktreeOwner {
  readonly label: string;
  readonly worktree: Worktree;
  /** The top of the working tree that it belongs to. */
  readonly repository: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export type Discarded =
  | {
      readonly kind: 'discarded';
      /** Holds what was in it, where that was not taken. */
      readonly keptPatch?: string;
      /** Where files were moved to that no patch holds: those that git ignores, or all, where git could not tell what they are. */
      readonly keptFolder?: string;
      /** Stays, because it has commits that are nowhere else. */
      readonly keptBranch?: string;
    }
  /** Something would be lost that a person has not agreed to lose; nothing was done. */
  | { readonly kind: 'needsConfirmation'; readonly text: string }
  | { readonly kind: 'failed'; readonly error: CallError };

/** No method rejects. */
export interface Worktrees {
  create(request: WorktreeRequest): Promise<MadeWorktree | WorktreeProblem>;
  find(owner: WorktreeOwner): Promise<KnownWorktree | undefined>;
  summary(known: KnownWorktree, signal: AbortSignal): Promise<WorktreeSummary | WorktreeProblem>;
  changes(
    known: KnownWorktree,
    signal: AbortSignal,
  ): Promise<{ readonly ok: true; readonly changes: readonly WorktreeChange[] } | WorktreeProblem>;
  /** The text that a file, named as `changes` names it, had where the worktree began. */
  textBefore(
    known: KnownWorktree,
    path: string,
    signal: AbortSignal,
  ): Promise<{ readonly ok: true; readonly text: string } | WorktreeProblem>;
  /** Writes all changes as one patch, and names the file, which the caller may read and leave. */
  diff(
    known: KnownWorktree,
    signal: AbortSignal,
  ): Promise<{ readonly ok: true; readonly file: string } | WorktreeProblem>;
  /** Puts the changes into the repository's working tree, uncommitted; all or none. */
  apply(
    known: KnownWorktree,
    signal: AbortSignal,
  ): Promise<{ readonly ok: true; readonly text: string } | WorktreeProblem>;
  /** Merges them into the repository's current branch, what is uncommitted as a commit of its own; or changes nothing. */
  merge(
    known: KnownWorktree,
    signal: AbortSignal,
  ): Promise<{ readonly ok: true; readonly text: string } | WorktreeProblem>;
  /** Removes folder and branch. What was not taken is kept as a patch, what git ignores as files; both leave only where `isConfirmed`. */
  discard(known: KnownWorktree, isConfirmed: boolean, signal: AbortSignal): Promise<Discarded>;
  /** Those of sessions that nobody has open, newest first. */
  leftovers(isOpen: (id: SessionId) => boolean | Promise<boolean>): Promise<readonly KnownWorktree[]>;
}
