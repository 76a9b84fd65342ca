/** What a command works with. */
import type { Runtime } from '../runtime/runtime.ts';
import type { ExitCode } from './exitCodes.ts';
import type { Result } from './results.ts';
import type { SessionState } from '../core/states.ts';

export interface CommandContext {
  /** Forgets its sessions when the program is to end, so a command takes a session's state as soon as it has begun. */
  readonly runtime: Runtime;
  /** Aborts with a StopCause when the program is to end. */
  readonly stopping: AbortSignal;
  /** The folder that the program was started in; absolute. */
  readonly startFolder: string;
  /** The folder that sessions are kept in; absolute, and perhaps not there yet. */
  readonly stateDir: string;
  readonly hasApiKey: boolean;
  /** Canonical path of the file that holds the key, where one does. */
  readonly keyFile: string | undefined;
  readonly now: () => number;
}

/** Why nothing that asks the API can run. */
export const noApiKey =
  'No API key is set. Set it in the environment variable ANTHROPIC_API_KEY, or name --api-key-file FILE or --api-key-fd N.';

/** How a command ended. */
export interface CommandEnd {
  readonly result: Result;
  readonly exitCode: ExitCode;
  /** Absent where nothing ran. */
  readonly state?: SessionState;
  /** Absolute path of the file that the result is to be written to. */
  readonly report?: string;
}
