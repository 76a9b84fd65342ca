/** The batch file: its shape. */
import type { Dependency } from '../core/calls.ts';
import type { Permission } from '../core/agents.ts';

export interface BatchCall {
  readonly id: string;
  readonly tool: string;
  readonly input: unknown;
  readonly after?: readonly Dependency[];
  readonly timeoutMs?: number;
  readonly retries?: number;
  readonly onFailure?: 'continue' | 'abort';
}

/** A batch file that was checked; see design.md, "Contracts". */
export interface BatchFile {
  readonly version: 1;
  readonly calls: readonly BatchCall[];
  readonly failFast?: boolean;
  /** Can only narrow what the host allows. */
  readonly permission?: Permission;
  /** Relative to the batch file's folder. */
  readonly cwd?: string;
}
