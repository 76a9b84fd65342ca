/** What a tool is to the engine: a schema, effects, a lane and a run. */
import type { AgentId, Permission } from './agents.ts';
import type { BoundFile, CallError, CallId, CallOutput, CallRequest, Proposal } from './calls.ts';
import type { Effects } from './effects.ts';
import type { SessionId } from './events.ts';
import type { Call } from './states.ts';

/** Where a call waits for a slot; a container takes none. */
export type Lane = 'io' | 'process' | 'model';

/** The kind of access that the permission judges. `confined`: a command that a sandbox keeps from harm. */
export type Access = 'read' | 'write' | 'command' | 'confined';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A problem in an input, with the path to it: `['edits', 0, 'oldText']`. */
export interface InputProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** Where it is in another file that the input names. */
  readonly at?: FileLine;
}

/** A line of a file; the path is absolute, lines count from 1. */
export interface FileLine {
  readonly file: string;
  readonly line: number;
}

export type CheckedInput<Input> =
  | { readonly ok: true; readonly input: Input }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

/** What a tool is told beside its input. */
export interface ToolContext {
  readonly sessionId: SessionId;
  readonly callId: CallId;
  readonly agentId?: AgentId;
  readonly permission: Permission;
  /** What the permission or a person allowed it as; the tool's access where absent. `confined`: it may run in a sandbox only. */
  readonly allowedAs?: Access;
  /** Absolute folder that relative paths start from; one of `roots`, or inside one. */
  readonly cwd: string;
  /** Absolute workspace folders. */
  readonly roots: readonly string[];
  /** Absolute path that this attempt may write its whole output to. The folder exists. */
  readonly outputFile: string;
  /** Aborts on cancellation and when the deadline has passed. */
  readonly signal: AbortSignal;
  /**
   * For containers alone: runs calls as a batch below this one and gives them in order, each with its outcome.
   * Ids and dependencies are those inside the batch. Never rejects.
   */
  readonly runCalls: (calls: readonly CallRequest[], failFast: boolean) => Promise<readonly Call[]>;
  /** Whether other calls of the batch wait for this one, so that it should not dawdle. */
  readonly isAwaited?: boolean;
  /** Shows output while it grows; never kept. */
  readonly show: (stream: 'stdout' | 'stderr', chunk: string) => void;
}

/** Expected failures are values: a tool rejects only by mistake. Partial output goes into `output`. */
export type ToolResult =
  | { readonly ok: true; readonly output: CallOutput }
  | { readonly ok: false; readonly error: CallError; readonly output?: CallOutput };

/** What a tool needs in order to name its effects. */
export interface Place {
  readonly cwd: string;
  readonly roots: readonly string[];
}

export interface Tool<Input = unknown> {
  readonly name: string;
  /** For the model: what it does, when to use it, what it returns. */
  readonly description: string;
  readonly inputSchema: JsonSchema;
  /** `none`: a container, which holds neither slot nor lock and has no deadline of its own. */
  readonly lane: Lane | 'none';
  readonly access: Access;
  /** Per attempt, in milliseconds, where neither the call nor a setting says otherwise; a container's is Infinity. */
  readonly timeoutMs: number;
  /**
   * `kills`: after an abort, `run` settles only when all it started is dead.
   * `cooperates`: it runs in this process and can only be asked to stop.
   */
  readonly stops: 'kills' | 'cooperates';
  /** For containers alone: an interrupted call can run again, because what it had done by then stands. */
  readonly goesOn?: true;
  /** For a container of calls: no such container can hold another. */
  readonly holdsCalls?: true;
  check(input: unknown): CheckedInput<Input>;
  /** The access of this very input, where it is less than the tool's: a command that provably only reads. Never more. */
  accessOf?(input: Input, place: Place & { readonly sessionId: SessionId }): Promise<Access> | Access;
  effects(input: Input, place: Place): Promise<Effects> | Effects;
  /** The deadline that the input itself asks for, in milliseconds; undefined where it asks for none. */
  timeoutOf?(input: Input): number | undefined;
  /** The folder that the input itself asks to run in, as it was written. */
  folderOf?(input: Input): string | undefined;
  /** Whether a call that changes something may be repeated after a passing failure, because a failure changed nothing. */
  mayBeRepeated?(input: Input): boolean;
  /** The exact bytes that a person approves: the command, or what will be written. */
  subject(input: Input): string;
  /**
   * The files whose text decides what the call does: scripts that a command runs, the file that an edit changes. An approval
   * counts only while they are as they were when it was asked for.
   */
  boundTo?(input: Input, place: Place): Promise<readonly BoundFile[]>;
  /** In words that go on after "Not held:", what the call may run beside these files. Absent: nothing. */
  notHeld?(input: Input, place: Place): Promise<readonly string[]>;
  /** For edits alone: what would stand in the files after it, computed from what stands there now. Changes nothing. */
  proposes?(input: Input, place: Place, signal: AbortSignal): Promise<Proposal>;
  run(input: Input, context: ToolContext): Promise<ToolResult>;
}

/** A tool as the model is told of it. */
export type ToolDescription = Pick<Tool, 'name' | 'description' | 'inputSchema'>;
