/** What taking edits back is made of: a target, what each file is to be again, and what was journalled of it. */
import type { AgentId, TurnId } from './agents.ts';
import type { CallId, FileTraits, IntendedEdit } from './calls.ts';
import type { SessionId } from './events.ts';

export type RevertId = string;

/**
 * Whose edits are taken back. A turn's are those of its calls, of the calls inside of them, and of the agents that they
 * started; an agent's are those of all its turns. A revert's are what it restored itself: so it is undone.
 */
export type RevertTarget =
  | { readonly kind: 'turn'; readonly turnId: TurnId }
  | { readonly kind: 'agent'; readonly agentId: AgentId }
  | { readonly kind: 'revert'; readonly revertId: RevertId };

/** One file that a revert restores; as with an edit, `before` is what stands there until then. */
export type RevertedFile = Pick<
  IntendedEdit,
  'path' | 'before' | 'after' | 'movedFrom' | 'traits' | 'setsTraits'
>;

/** A file that was not restored, and why, for a person. */
export interface LeftFile {
  /** Canonical. */
  readonly path: string;
  readonly why: string;
}

/** A revert in a session's state. */
export interface Revert {
  readonly id: RevertId;
  readonly target: RevertTarget;
  /** The calls whose edits it covers; of the undoing of a revert those of that one. */
  readonly callIds: readonly CallId[];
  readonly files: readonly RevertedFile[];
  /** What it covers and did not touch. */
  readonly leftOut: readonly LeftFile[];
  /** Once it has ended: those of `files` that are not restored all the same. */
  readonly notRestored?: readonly LeftFile[];
}

/** Who changed a file. */
export type ChangedBy =
  | { readonly kind: 'call'; readonly callId: CallId; readonly attempt: number }
  | { readonly kind: 'revert'; readonly revertId: RevertId };

/** One change of one file that was intended; a move is two. In the order in which they were on disk. */
export interface FileChange {
  readonly by: ChangedBy;
  /** Canonical. */
  readonly path: string;
  /** The hash of the text; null: no file. */
  readonly before: string | null;
  readonly after: string | null;
  /** Of the file that is there before. */
  readonly traits?: FileTraits;
  readonly setsTraits?: true;
  /** Where the file went with this change. */
  readonly movedTo?: string;
}

/** How a file stands that a revert covers. `callId`: somebody else's call of this session, where it made the change. */
export type FileStanding =
  | { readonly kind: 'asLeft' }
  | { readonly kind: 'asBefore' }
  | { readonly kind: 'changed'; readonly when: 'since' | 'between'; readonly callId?: CallId }
  | { readonly kind: 'impossible'; readonly why: string };

/** A file that a revert covers. */
export interface PlannedFile {
  /** Canonical. */
  readonly path: string;
  /** The workspace folder or worktree that holds it, canonical; absent where the session knows none. */
  readonly root?: string;
  /** The hash of what stands there now; null: no file; undefined: it can't be read. */
  readonly found: string | null | undefined;
  readonly restoreTo: string | null;
  /** Of the file that is restored. */
  readonly traits?: FileTraits;
  /** The file lies there, and moves back from it. */
  readonly movesFrom?: string;
  /** The file moves back to there. */
  readonly movesTo?: string;
  readonly standing: FileStanding;
}

/** What a revert would do now; a person sees it before it is done. */
export interface RevertPlan {
  readonly sessionId: SessionId;
  readonly target: RevertTarget;
  readonly callIds: readonly CallId[];
  /** In the order of their paths. */
  readonly files: readonly PlannedFile[];
}

/** What a revert did. */
export interface RevertResult {
  /** Absent where there was nothing to restore. */
  readonly revertId?: RevertId;
  readonly restored: readonly RevertedFile[];
  /** Those of `restored` that stand in the editor, beside a person's unsaved changes there, and not yet on the disk. */
  readonly unsaved: readonly string[];
  readonly left: readonly LeftFile[];
}

/** The changes of files that an edit or a restored file stands for. */
export function fileChangesOf(edit: RevertedFile, by: ChangedBy): readonly FileChange[] {
  const { path, before, after, movedFrom, traits, setsTraits } = edit;
  if (movedFrom === undefined)
    return [{ by, path, before, after, ...(traits && { traits }), ...(setsTraits && { setsTraits }) }];
  return [
    { by, path: movedFrom, before: after, after: null, movedTo: path, ...(traits && { traits }) },
    { by, path, before: null, after },
  ];
}
