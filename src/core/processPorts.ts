/** What is needed of processes. */
import type { CallError } from './calls.ts';
import type { SessionId } from './events.ts';
import type { Shortened } from './shorten.ts';
import type { ReadForm } from './textForm.ts';

/** One output stream of a process: the head and tail that fit, and how much there was. */
export interface CapturedStream {
  /** As it came. */
  readonly kept: Shortened;
  /** As a terminal shows it in the end. Its lines have the numbers that they have in the output file. */
  readonly shown: Shortened;
  readonly bytes: number;
  /** Much of what is shown are NULs and bytes that are no character, so it is no text. */
  readonly isBinary: boolean;
  /** How a short output was read that is not UTF-8 throughout. */
  readonly form?: ReadForm;
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
  /**
   * Folders in which a program that is named without a path is never looked for, and into which nothing of its environment leads:
   * what is there could be anybody's.
   */
  readonly notFrom?: readonly string[];
  /** The session that asks. While the process runs, the session's folder has a note of it that outlives a crash. */
  readonly sessionId?: SessionId;
  /** Names taken out of the environment; one that ends in `*` takes out all that begin so. */
  readonly withoutEnv?: readonly string[];
  /** Names that stay although `withoutEnv` has them; one that ends in `*` is a beginning here, too. */
  readonly keptEnv?: readonly string[];
  /** Keys of the settings for git that stay of those in the environment (`GIT_CONFIG_KEY_n`), whatever `withoutEnv` says. */
  readonly keptGitSettings?: RegExp;
  /** Added to the environment after that; undefined removes. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The system ends all that the process starts together with it, so nothing that runs on is looked for. */
  readonly leavesNothing?: true;
  /** Absolute path that gets all output: stdout, and below a heading stderr. Absent: nothing is kept. */
  readonly outputFile?: string;
  /** On abort the process and all that it started are ended: TERM, a grace, KILL; the promise settles when they are dead. */
  readonly signal: AbortSignal;
  readonly onChunk?: (stream: 'stdout' | 'stderr', chunk: string) => void;
}

/** What a process finds in its environment. */
export type ProcessEnvironment = Pick<ProcessSpec, 'withoutEnv' | 'keptEnv' | 'keptGitSettings' | 'env'>;

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

/** A process that a command started and that outlived it. */
export interface LeftProcess {
  readonly pid: number;
  readonly name: string;
  readonly holdsOutput: boolean;
}

/** Processes that run on after a command has ended. */
export interface LeftRunning {
  readonly isOutputHeld: boolean;
  /** Those that were found. */
  readonly processes: readonly LeftProcess[];
}

/** How a process ended. `killed`: because the signal aborted. `left`: absent when nothing is known to run on. */
export type ProcessEnd =
  | ({ readonly kind: 'exited'; readonly exitCode: number } & EndedProcess)
  | ({ readonly kind: 'signalled'; readonly signal: string } & EndedProcess)
  | ({ readonly kind: 'killed' } & EndedProcess)
  | { readonly kind: 'cannotStart'; readonly error: CallError };

interface EndedProcess {
  readonly output: ProcessOutput;
  readonly left?: LeftRunning;
}

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

/** A command's process as its note on disk names it. */
export interface NotedProcess extends ProcessIdentity {
  /** Found in the environment of all that it started, where the system shows that. */
  readonly mark?: string;
}

/** The processes of this machine, whoever started them. */
export interface RunningProcesses {
  /** The process that runs under an id now; undefined where none does. */
  find(pid: number): Promise<ProcessIdentity | undefined>;
  /**
   * Ends a process with all that it started: TERM, a grace, KILL. If it is gone, or its id belongs to another by now, only what
   * has its mark is ended. False, and nothing is done, where there is none, or where it has no start to tell. Settles when
   * nothing of it lives. Never rejects.
   */
  end(process: NotedProcess): Promise<boolean>;
}
