/** What a call, its outcome and its live states are: the words of the design as types. */
import type { TextEncoding } from './textForm.ts';

/** The API's `tool_use` id, or the id of a batch file; unique in its session. */
export type CallId = string;
export type BatchId = string;

/** Every status in which a call has ended. */
export const outcomeStatuses = [
  'succeeded',
  'failed',
  'timedOut',
  'denied',
  'skipped',
  'cancelled',
  'interrupted',
] as const;
export type OutcomeStatus = (typeof outcomeStatuses)[number];

/** What went wrong, for policies and tests; the message beside it is for people and the model. */
export type ErrorKind =
  | 'unparsableInput'
  | 'invalidInput'
  | 'unknownTool'
  | 'notFound'
  | 'notRegularFile'
  | 'binary'
  | 'tooLarge'
  | 'outsideWorkspace'
  | 'notRead'
  | 'changed'
  | 'refused'
  | 'exitCode'
  | 'signal'
  | 'cannotStart'
  | 'busy'
  | 'io'
  | 'connection'
  | 'timeout'
  | 'denied'
  | 'dependency'
  | 'innerCalls'
  | 'failFast'
  | 'cycle'
  | 'cancelled'
  | 'hostExit'
  | 'recordLost'
  | 'limit'
  | 'agentNotCompleted'
  | 'badResult'
  | 'internal';

/** `message` says what happened, where, and what to try next. */
export interface CallError {
  readonly kind: ErrorKind;
  readonly message: string;
}

/** What a call produced. */
export interface CallOutput {
  /** What the model is given; head and tail only where the whole is long. */
  readonly text: string;
  /** Shortened as `text` is. */
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
  readonly signal?: string;
  /** Size of the whole output, in bytes. */
  readonly bytes: number;
  /** Absolute path of the file that holds the whole output. */
  readonly file?: string;
  /** Bytes that the file does not hold, because it had reached its cap or could not be written. */
  readonly notKeptBytes?: number;
  /** The file whose text the agent knows by this call. */
  readonly seen?: SeenFile;
  /** Absolute folders whose instructions stand at the end of `text`. */
  readonly instructionsOf?: readonly string[];
  /** The command ran in a sandbox. */
  readonly confined?: true;
  /** Processes that the command started and that outlived it; empty if only their hold of its output is known. */
  readonly leftRunning?: readonly { readonly pid: number; readonly name: string }[];
  /** The file that the call took away: what the agent knew of its text, it knows of `movedTo` from then on. */
  readonly gone?: GoneFile;
}

/** A file as an agent knows it: its canonical path, and the hash of its text. */
export interface SeenFile {
  readonly path: string;
  readonly hash: string;
}

/** Canonical paths; no `movedTo`: the file was deleted. */
export interface GoneFile {
  readonly path: string;
  readonly movedTo?: string;
}

/** What a call is about to write, on disk before it does, so that the file's hash can tell later whether it did. */
export interface IntendedEdit {
  /** Canonical. */
  readonly path: string;
  /** The hash of the text that stands there before; null: no file. */
  readonly before: string | null;
  /**
   * The hash of the text that is to stand there; null: no file. Of a moved file that is no text, of its bytes. The same as
   * `before` only for an edit that gives the file a byte order mark and changes nothing else.
   */
  readonly after: string | null;
  /** Canonical: the file moves from here, and none is left there. */
  readonly movedFrom?: string;
  /** How the file that is there before stands on the disk, beside its text. */
  readonly traits?: FileTraits;
  /** The file that is there before gets other traits. */
  readonly setsTraits?: true;
  /** What the outcome will say, and the size of the new text. */
  readonly text: string;
  readonly bytes: number;
}

/** What a file on the disk has beside its text. */
export interface FileTraits {
  /** The permission bits. */
  readonly mode: number;
  /** It begins with a byte order mark. */
  readonly hasMark: boolean;
  /** Absent: UTF-8. */
  readonly encoding?: TextEncoding;
}

/**
 * The cause that stopped a call. A call stopped by `host` or `wallTime` is interrupted, and a call that had
 * not started stays open.
 */
export type Canceller = 'person' | 'parent' | 'discardedTurn' | 'host' | 'wallTime';

/** How a call ended. `mayStillRun`: the tool ignored its signal, or something that it started could not be ended. */
export type Outcome =
  | { readonly status: 'succeeded'; readonly output: CallOutput }
  | { readonly status: 'failed'; readonly error: CallError; readonly output?: CallOutput }
  | {
      readonly status: 'timedOut';
      readonly error: CallError;
      readonly output?: CallOutput;
      readonly mayStillRun?: true;
    }
  | { readonly status: 'denied'; readonly error: CallError; readonly by: 'permission' | 'person' }
  | { readonly status: 'skipped'; readonly error: CallError; readonly because: CallId }
  | {
      readonly status: 'cancelled';
      readonly error: CallError;
      readonly by: Canceller;
      readonly output?: CallOutput;
      readonly mayStillRun?: true;
    }
  | { readonly status: 'interrupted'; readonly error: CallError; readonly output?: CallOutput };

/** The question that a person is asked before a call may run. */
export interface ApprovalRequest {
  /** The session that `callId` is unique in. */
  readonly sessionId: string;
  readonly callId: CallId;
  readonly tool: string;
  /** The exact bytes that will run or be written. */
  readonly subject: string;
  readonly cwd: string;
  /** What is asked for; a command where absent. */
  readonly access?: 'write' | 'command';
  /** What the answer is bound to beside these bytes: where one of these files has changed, it does not count. */
  readonly bound?: readonly BoundFile[];
  /** In words: what the call may run although no answer can be bound to it, `the script that $f names`. */
  readonly notHeld?: readonly string[];
  /** The canonical paths of what has changed since it was allowed, so that it is asked again. */
  readonly changed?: readonly string[];
}

/** A file as it was when a question about it was asked. */
export interface BoundFile {
  /** Canonical. */
  readonly path: string;
  /**
   * The hash of its bytes; null: no file was there. Of a file that an edit changes: of its text as the editor shows it. Of
   * one that a commit stores: of what is staged. Of a folder that a link leads a command to: a word.
   */
  readonly hash: string | null;
}

/** One file before and after an edit that was not made yet; undefined: no file. */
export interface ProposedEdit {
  /** Canonical. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What an edit would do now, or why it would fail. */
export type Proposal =
  | { readonly ok: true; readonly edits: readonly ProposedEdit[] }
  | { readonly ok: false; readonly error: CallError };

/** A side of an edit that was made. `notKept`: no text of that hash is left, as of a large or binary file. */
export type SideOfEdit =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'noFile' }
  | { readonly kind: 'notKept'; readonly hash: string };

/** One file before and after an edit that was made. */
export interface EditedFile {
  /** Canonical. */
  readonly path: string;
  readonly movedFrom?: string;
  readonly before: SideOfEdit;
  readonly after: SideOfEdit;
  /** The file still holds what the edit left in it. */
  readonly isAsLeft: boolean;
}

/** `nobodyThere`: nobody can be asked, as in a script. `allowAlways`: a rule of the user's own was written, too. */
export type ApprovalAnswer = 'allowOnce' | 'allowForSession' | 'allowAlways' | 'deny' | 'nobodyThere';

/** Why a call that had to be asked about may run, or why it may not: a person's answer, theirs for the session, a rule of theirs. */
export type GivenApproval =
  | { readonly by: 'person'; readonly request: ApprovalRequest; readonly answer: ApprovalAnswer }
  | { readonly by: 'session' | 'rule'; readonly request: ApprovalRequest };

/** What a person allowed for good. `exact`: these very bytes; `prefix`: a simple command that begins with these words. */
export interface ApprovalRule {
  readonly tool: string;
  readonly command: string;
  readonly match: 'exact' | 'prefix';
  /** Absolute: in this folder alone. */
  readonly cwd?: string;
}

/**
 * Returns the scope of an answer as one text: this tool, in this folder, with exactly these bytes. The answer
 * holds while the bound files are as they were, and while no more is left unheld than the question said.
 */
export function approvalKey({ tool, cwd, subject, bound = [], notHeld = [] }: ApprovalRequest): string {
  return JSON.stringify([tool, cwd, subject, ...bound.map(({ path, hash }) => [path, hash]), ...notHeld]);
}

/** Where a call stands; a settled call carries its outcome and its times. */
export type CallState =
  | { readonly status: 'queued' }
  | { readonly status: 'blocked'; readonly waitsFor: readonly CallId[] }
  | { readonly status: 'awaitingApproval'; readonly request: ApprovalRequest }
  | { readonly status: 'running'; readonly attempt: number; readonly startedAt: number }
  | (Outcome & SettledTimes);

export interface SettledTimes {
  /** Epoch milliseconds of the first attempt; absent when the call never started. */
  readonly startedAt?: number;
  /**
   * From the first attempt's start to the outcome; 0 when the call never started, absent where the end is not
   * known.
   */
  readonly durationMs?: number;
  readonly attempts: number;
}

/** The times of a call that its host's death left running. */
export function timesOfLeft({ startedAt, attempt }: Extract<CallState, { status: 'running' }>): SettledTimes {
  return { startedAt, attempts: attempt };
}

export type SettledState = Outcome & SettledTimes;

/** Whether the state is terminal. */
export function isSettled(state: CallState): state is SettledState {
  return (outcomeStatuses as readonly string[]).includes(state.status);
}

/** A dependency declared by the author of a batch: `settled` asks for order alone. */
export interface Dependency {
  readonly id: CallId;
  readonly when: 'succeeded' | 'settled';
}

/** What an author asks of one call beside its input. */
export interface CallPolicy {
  readonly after?: readonly Dependency[];
  /** Per attempt, in milliseconds. */
  readonly timeoutMs?: number;
  /** Further attempts after a failed one; the author's consent to repeat the call. */
  readonly retries?: number;
  readonly onFailure?: 'continue' | 'abort';
}

/** The input of a call: parsed JSON, or the raw text where it could not be parsed. */
export type CallInput =
  | { readonly kind: 'parsed'; readonly value: unknown }
  | { readonly kind: 'unparsable'; readonly raw: string; readonly problem: string };

/** One call as it is asked for, before anything was checked. */
export interface CallRequest extends CallPolicy {
  readonly id: CallId;
  readonly tool: string;
  readonly input: CallInput;
}

/** A call's record, as the CLI, the API and results show it. */
export interface CallRecord {
  readonly id: CallId;
  readonly tool: string;
  readonly input: unknown;
  readonly status: CallState['status'];
  /** Epoch milliseconds. */
  readonly startedAt?: number;
  /** Absent where the end is not known. */
  readonly durationMs?: number;
  readonly attempts: number;
  readonly output?: CallOutput;
  readonly error?: CallError;
  readonly because?: CallId;
}
