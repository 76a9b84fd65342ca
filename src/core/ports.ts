/** What the engine, tools and agents need from the outside; adapters implement these. */
import type { AgentId, Permission } from './agents.ts';
import type {
  ApprovalAnswer,
  ApprovalRequest,
  CallError,
  CallId,
  CallState,
  FileTraits,
  IntendedEdit,
} from './calls.ts';
import type { Disposable } from './emitter.ts';
import type { EventBody, LiveEvent, SessionId } from './events.ts';
import type { Shortened } from './shorten.ts';
import type { SessionState } from './states.ts';
import type { Lane } from './tools.ts';

/** The one source of time. */
export interface Clock {
  /** Epoch milliseconds, for journals and people. */
  now(): number;
  /** Milliseconds that never jump, for durations and deadlines. */
  monotonicMs(): number;
  /** Calls back once after `delayMs`; disposing cancels. */
  after(delayMs: number, callback: () => void): Disposable;
}

/** The log channel; for causes, never for secrets. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string, cause?: unknown): void;
}

/** The one writer of a session: takes its events in order. */
export interface Recorder {
  /** The fold of all that took effect so far. */
  readonly state: SessionState;
  /**
   * Journals an event, then applies it to the state and tells everyone. With `durable` it settles when
   * the event is on disk; otherwise the event may be buffered. Events take effect in the order of the calls.
   * Never rejects: a journal that can't be written is told to the person by its owner.
   * `texts` of files are kept by their hash, exactly as they are, and are on disk before the event.
   */
  record(event: EventBody, durability: 'durable' | 'buffered', texts?: readonly string[]): Promise<void>;
  /**
   * True while the journal can't be written and nobody has agreed to go on without: a call with effects must not start.
   * Its intent settles at once then; all else that is durable waits for the person's answer.
   */
  readonly refusesIntents?: boolean;
}

/** A session that can't be saved. */
export interface UnsavedSession {
  readonly sessionId: SessionId;
  readonly title: string;
  /** What happened, in a sentence for the person. */
  readonly problem: string;
}

/** `nobodyThere`: nobody can be asked, as in a script; the session is stopped. */
export type UnsavedAnswer = 'goOn' | 'stop' | 'nobodyThere';

/** Tells the person that a session can't be saved, once a session, and asks whether it goes on in memory alone. */
export interface UnsavedSessions {
  ask(session: UnsavedSession): Promise<UnsavedAnswer>;
}

/** Shows what grows; see LiveEvent. */
export interface LiveChannel {
  show(event: LiveEvent): void;
}

/** Where the whole output of calls is kept. */
export interface Outputs {
  /** An absolute path that an attempt may write to; its folder exists. */
  fileFor(callId: CallId, attempt: number): Promise<string>;
  /** Keeps a text that a tool returned in the attempt's file, and names the file. */
  keep(callId: CallId, attempt: number, text: string): Promise<string>;
}

/** Asks a person. */
export interface Approvals {
  /** Settles with the answer, or rejects with the signal's reason. */
  ask(request: ApprovalRequest, signal: AbortSignal): Promise<ApprovalAnswer>;
  /** Answers a question that waits; false where it waits no more. */
  answer?(request: ApprovalRequest, answer: ApprovalAnswer): boolean;
}

/** What a person allowed for good, in settings that no repository can change. */
export interface ApprovalRules {
  /** Whether a rule covers the call, so that nobody has to be asked. Never throws. */
  allows(request: ApprovalRequest): Promise<boolean>;
}

/** `at` is where the file was while it was open, with all links resolved; absent where the text did not come from the disk. */
export type FileRead =
  | {
      readonly ok: true;
      readonly text: string;
      readonly bytes: number;
      readonly isUnsaved: boolean;
      readonly at?: string;
    }
  | { readonly ok: false; readonly error: CallError };

/** A whole text for a file. */
export interface FileWrite {
  /** Canonical. */
  readonly path: string;
  readonly text: string;
  /** The text that must stand there now, as `readText` gives it. Absent: no file may be there. */
  readonly replaces?: string;
  /** What the file is to have; where absent, what it has. */
  readonly traits?: FileTraits;
  /** This text and no other may come of it: what an editor does to a text when it saves it is taken back. */
  readonly isExact?: true;
}

/** `text` is what stands there now: an editor may have formatted it. `isUnsaved`: in the editor, not on the disk. */
export type FileWritten =
  | { readonly ok: true; readonly text: string; readonly isUnsaved: boolean }
  | { readonly ok: false; readonly error: CallError };

/** A file that is no longer where it was. */
export type FileGone = { readonly ok: true } | { readonly ok: false; readonly error: CallError };

/** The files of the workspace. All paths are absolute. */
export interface Files {
  /** The path with every link resolved; of a path that does not exist, its nearest existing folder's. */
  canonical(path: string): Promise<string>;
  /**
   * The whole text of a regular file of at most `maxBytes`, as the editor shows it where it is open.
   * Folders, devices, FIFOs, binary and larger files are errors; nothing blocks on them.
   */
  readText(path: string, maxBytes: number, signal: AbortSignal): Promise<FileRead>;
  /** SHA-256 of a regular file's bytes in hex; undefined where there is none, or it can't be read. Rejects when it is stopped. */
  bytesHash(path: string, signal: AbortSignal): Promise<string | undefined>;
  /** Of a regular file on the disk; undefined where there is none. Never rejects. */
  traits(path: string): Promise<FileTraits | undefined>;
  /**
   * Writes a regular file whole or not at all, through the editor where there is one. The file keeps its mode and its byte
   * order mark; missing folders are made. Where something else stands there than was expected, nothing is overwritten.
   */
  write(write: FileWrite, signal: AbortSignal): Promise<FileWritten>;
  /** Whether the last part of a path is a link itself, wherever it leads. */
  isLink(path: string): Promise<boolean>;
  /**
   * Deletes a regular file in which the text `replaces` stands: through the editor, with its trash, or for good.
   * One with unsaved changes is not deleted.
   */
  remove(path: string, replaces: string, signal: AbortSignal): Promise<FileGone>;
  /**
   * Moves a regular file to where none is; missing folders are made. Nothing is overwritten. Both paths are canonical.
   * Through the editor, where there is one: unsaved changes go with the file.
   */
  move(from: string, to: string, signal: AbortSignal): Promise<FileGone>;
  /** Files below `folder` that match a glob, relative with forward slashes, in order; ignore rules apply. */
  list(folder: string, glob: string, limit: number, signal: AbortSignal): Promise<FileListing>;
}

/** What stands under a virtual path. `other`: a link, or what is no file. */
export interface VirtualEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** The files of a workspace that is not on a disk, as the editor has them. Paths are those of `virtualPath`. */
export interface VirtualDisk {
  /** Rejects where nothing is there. */
  stat(path: string): Promise<{ readonly kind: VirtualEntry['kind']; readonly bytes: number }>;
  /** Rejects where no folder is there. */
  readFolder(path: string): Promise<readonly VirtualEntry[]>;
  /** Rejects where no file is there. */
  readFile(path: string): Promise<Uint8Array>;
  /** Of a document that is open and has unsaved changes. */
  unsavedText(path: string): string | undefined;
}

/** An error in a file, as a language service tells it. `line` counts from 1. */
export interface FileError {
  readonly line: number;
  readonly message: string;
}

/** What the editor's language services report of files. Paths are canonical. */
export interface Diagnostics {
  /** The errors that are known of a file now, unsaved changes included. */
  errorsOf(path: string): readonly FileError[];
  /** Calls back each time a service has reported on the file; the caller disposes. Undefined: none is expected to. */
  watch(path: string, onReport: () => void): Disposable | undefined;
}

export type FileListing =
  | { readonly ok: true; readonly paths: readonly string[]; readonly isCut: boolean }
  | { readonly ok: false; readonly error: CallError };

export interface TextQuery {
  readonly pattern: string;
  readonly isRegex: boolean;
  /** A glob that limits the files; relative to `path`. */
  readonly glob?: string;
  /** Absolute file or folder. */
  readonly path: string;
  readonly maxMatches: number;
}

export interface TextMatch {
  /** Absolute. */
  readonly path: string;
  /** Counts from 1. */
  readonly line: number;
  readonly text: string;
}

export type TextSearchResult =
  | { readonly ok: true; readonly matches: readonly TextMatch[]; readonly isCut: boolean }
  | { readonly ok: false; readonly error: CallError };

/** Searches text in files; ignore rules apply. */
export interface TextSearch {
  search(query: TextQuery, signal: AbortSignal): Promise<TextSearchResult>;
}

/** One output stream of a process: the head and tail that fit, and how much there was. */
export interface CapturedStream {
  readonly kept: Shortened;
  readonly bytes: number;
  /** It holds NUL bytes, so it is no text. */
  readonly isBinary: boolean;
  /** The line of the output file that it begins at, counted from 1. */
  readonly firstLine: number;
}

export interface ProcessSpec {
  /** A program with arguments, never through a shell; or a command line for the system's shell. */
  readonly command:
    | { readonly kind: 'program'; readonly file: string; readonly args: readonly string[] }
    | { readonly kind: 'shell'; readonly line: string };
  /** `ownModules`: a shell with modules loads none but its own. */
  readonly loads?: 'ownModules';
  readonly cwd: string;
  /** Folders in which a program that is named without a path is never looked for: it could be anybody's. */
  readonly notFrom?: readonly string[];
  /** The session that asks. While the process runs, the session's folder has a note of it that outlives a crash. */
  readonly sessionId?: SessionId;
  /** Names taken out of the environment; one that ends in `*` takes out all that begin so. */
  readonly withoutEnv?: readonly string[];
  /** Added to the environment after that; undefined removes. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Absolute path that gets all output: stdout, and below a heading stderr. Absent: nothing is kept. */
  readonly outputFile?: string;
  /** On abort the process and all that it started are ended: TERM, a grace, KILL; the promise settles when they are dead. */
  readonly signal: AbortSignal;
  readonly onChunk?: (stream: 'stdout' | 'stderr', chunk: string) => void;
}

export interface ProcessOutput {
  readonly stdout: CapturedStream;
  readonly stderr: CapturedStream;
  /** Absent when there was no output. */
  readonly file?: string;
  /** Why the file does not hold everything, where writing it failed. */
  readonly fileProblem?: string;
  /** What the file lacks: it had its `maxBytes` already, or there is a `fileProblem`. */
  readonly notKept?: { readonly bytes: number; readonly maxBytes: number };
}

/** How a process ended. `killed`: because the signal aborted. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number; readonly output: ProcessOutput }
  | { readonly kind: 'signalled'; readonly signal: string; readonly output: ProcessOutput }
  | { readonly kind: 'killed'; readonly output: ProcessOutput }
  | { readonly kind: 'cannotStart'; readonly error: CallError };

export interface Processes {
  /** Never rejects. */
  run(spec: ProcessSpec): Promise<ProcessEnd>;
  /** Kills all that runs with all that it started, at once and without waiting, for a host that is about to end. */
  killAll(): void;
}

/** A process, told from every other that had or will have its id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; absent where the system does not tell. */
  readonly start?: string;
}

/** The processes of this machine, whoever started them. */
export interface RunningProcesses {
  /** The process that runs under an id now; undefined where none does. */
  find(pid: number): Promise<ProcessIdentity | undefined>;
  /**
   * Ends a process with all that it started: TERM, a grace, KILL. False, and nothing is done, where it is gone, where its
   * id belongs to another by now, or where it has no start to tell. Settles when nothing of it lives. Never rejects.
   */
  end(process: ProcessIdentity): Promise<boolean>;
}

/** What became so far of the calls of the open sessions. */
export interface KnownCalls {
  find(sessionId: SessionId, callId: CallId): CallState | undefined;
}

/** What sessions know of the files that their agents read and write; it is in their journals. */
export interface FileMemory {
  /** The hash of the text of a file that an agent knows; undefined where it knows none, and outside of agents. */
  lastSeen(sessionId: SessionId, agentId: AgentId | undefined, path: string): string | undefined;
  /**
   * Journals what a running call is about to write, and keeps the text that stands there before, so that it can be restored.
   * Settles when both are on disk, or with why the write must not be made.
   */
  intend(
    sessionId: SessionId,
    callId: CallId,
    edit: IntendedEdit,
    textBefore: string | undefined,
  ): Promise<CallError | undefined>;
}

/** What a call kept: in a file of any size, or as a short text. */
export type KeptOutput =
  { readonly kind: 'file'; readonly path: string } | { readonly kind: 'text'; readonly text: string };

/** Lines are counted from 1; no last line means the end. */
export interface LineSpan {
  readonly first: number;
  readonly last?: number;
}

/** One line as far as it was read, without its end. */
export interface OutputLine {
  readonly number: number;
  readonly text: string;
  /** Size of the whole line. */
  readonly bytes: number;
  /** Whether `text` is only its beginning, or for a match the part around it. */
  readonly isCut: boolean;
}

export type OutputLines =
  | {
      readonly ok: true;
      readonly lines: readonly OutputLine[];
      /** Whether there were more lines, or matches, than were asked for. */
      readonly isCut: boolean;
      /** Of the whole output; of a search that stopped early as far as it came. */
      readonly totalLines: number;
    }
  | { readonly ok: false; readonly error: CallError };

/** Reads what calls kept, in bounded memory; neither rejects. After an abort all that they started has ended. */
export interface OutputReader {
  /** The lines of the span that fit into `maxChars`, 8 counted for each line's number; of a first that doesn't, its beginning. */
  read(output: KeptOutput, span: LineSpan, maxChars: number, signal: AbortSignal): Promise<OutputLines>;
  /** The lines of the span that match. */
  search(
    output: KeptOutput,
    query: LineSpan & Pick<TextQuery, 'pattern' | 'isRegex' | 'maxMatches'>,
    signal: AbortSignal,
  ): Promise<OutputLines>;
}

/** How often and how patiently something that failed is tried again. */
export interface RetrySettings {
  /** How often one turn is asked again. */
  readonly turn: number;
  /** The longest wait that the API may ask for, in milliseconds. */
  readonly longestWaitMs: number;
}

/** What a user's settings say; read each time, because they change. */
export interface Settings {
  lanes(): Readonly<Record<Lane, number>>;
  /** The deadline of a tool in milliseconds, where the user set one. */
  timeoutMs(tool: string): number | undefined;
  model(): string;
  maxTokens(): number;
  retries(): RetrySettings;
  /** The most that is kept of one call's output in a file. */
  maxOutputFileBytes(): number;
  baseUrl(): string | undefined;
  /** How deep agents may be nested, and how many a session may have; 2 and 200 where absent. */
  agentLimits?(): { readonly depth: number; readonly agents: number };
  /** The most that agents may do now, where a setting says so: what was started under a wider one gets no more than this. */
  permission?(): Permission;
  /** `off` where absent. */
  sandbox?(): SandboxUse;
  /** Whether a person is asked about each edit under `workspace-write`; false where absent. */
  reviewsEdits?(): boolean;
  /** What the user wrote as rules of approval, unchecked; none where absent. */
  approvalRules?(): unknown;
}

/**
 * What becomes of terminal commands: `on` confines them where this machine can, `required` refuses them where it can't.
 */
export const sandboxUses = ['off', 'on', 'required'] as const;
export type SandboxUse = (typeof sandboxUses)[number];

/** Whether commands can be confined here; `reason` says for a person why they can't be, and what to do. */
export type SandboxState =
  { readonly kind: 'works' } | { readonly kind: 'unavailable'; readonly reason: string };

/** What a confined command may touch. All paths are canonical. */
export interface ConfinedPlace {
  /** The workspace folders: they can be read, also where they lie in the state folder. */
  readonly roots: readonly string[];
  /** Those of them that can be written to, without what steers git and the editor. */
  readonly writable: readonly string[];
}

/** A command line for the user's shell that runs in the sandbox and nowhere else. */
export interface ConfinedCommand {
  readonly line: string;
  readonly env: Readonly<Record<string, string>>;
  /** Once the command has ended: takes away what was made for it. Never rejects. */
  release(): Promise<void>;
}

export type Confinement =
  | { readonly ok: true; readonly command: ConfinedCommand }
  | { readonly ok: false; readonly error: CallError };

/** Keeps commands from the network, from secrets, and from writing outside of what they are given. Nothing rejects. */
export interface Sandbox {
  /** Found out by trying. */
  state(): Promise<SandboxState>;
  confine(command: string, place: ConfinedPlace): Promise<Confinement>;
}

/** Where the API key is kept. */
export interface Secrets {
  apiKey(): Promise<string | undefined>;
}
