/** Asks git for what has to be known before it is let at a repository. */
import type { CallError } from '../core/calls.ts';
import type { ProcessEnd, ProcessEnvironment, Processes, ProcessSpec } from '../core/processPorts.ts';
import type { ToolContext } from '../core/tools.ts';
import { gitEnvironment } from '../safety/gitHardening.ts';
import { toToolResult } from './processResult.ts';

/** On whose behalf git is asked. */
export type GitCaller = Pick<ToolContext, 'roots' | 'signal' | 'callId'>;

export type Failed = { readonly ok: false; readonly error: CallError };

/** Runs git for a look of our own; `args` are whole. */
export function ask(
  args: readonly string[],
  cwd: string,
  { signal, roots }: GitCaller,
  { processes }: { readonly processes: Processes },
  more: ProcessEnvironment & Pick<ProcessSpec, 'onChunk'> = gitEnvironment,
): Promise<ProcessEnd> {
  const command = { kind: 'program', file: 'git', args } as const;
  return processes.run({ command, cwd, notFrom: roots, signal, ...more });
}

/** The failure of a look, in git's words. */
export function failed(end: ProcessEnd, { callId }: GitCaller): Failed {
  const result = toToolResult(end, callId, () => false);
  if (!result.ok) return result;
  return { ok: false, error: { kind: 'internal', message: 'git gave no reason.' } };
}
