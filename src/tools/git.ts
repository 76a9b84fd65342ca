/** git: subcommands that only read, as an argument list. */
import { z } from 'zod';
import { reads } from '../core/effects.ts';
import type { Files, ProcessEnd, ProcessOutput, Processes } from '../core/ports.ts';
import type { Tool, ToolContext, ToolResult } from '../core/tools.ts';
import {
  filterListing,
  gitArguments,
  gitEnvironment,
  planGit,
  readFilterListing,
} from '../safety/gitHardening.ts';
import { resolveInside } from '../safety/containment.ts';
import { defineTool } from './defineTool.ts';
import { findGitFolder } from './gitFolder.ts';
import { toToolResult } from './processResult.ts';

const schema = z.strictObject({
  args: z
    .array(z.string())
    .min(1)
    .describe('The subcommand and its arguments, one item each: ["log", "-n", "5", "--", "src"].'),
});

export function createGit(files: Files, processes: Processes): Tool {
  return defineTool({
    name: 'git',
    description:
      'Runs a git subcommand that only reads: status, log, diff, show, blame, grep, ls-files, ls-tree, rev-parse, ' +
      'rev-list, cat-file, describe, shortlog, merge-base, for-each-ref and others; branch, tag, remote, stash, ' +
      'worktree, reflog and config in their listing forms. It runs in the working directory, without a shell, ' +
      'without a pager, and without the programs that a repository can configure. Use terminal to change things.',
    schema,
    lane: 'process',
    access: 'read',
    timeoutMs: 60_000,
    stops: 'kills',
    subject: ({ args }) => `git ${args.join(' ')}`,
    async effects(_input, place) {
      const cwd = await files.canonical(place.cwd);
      const folder = (await findGitFolder(cwd, files)) ?? { gitDir: cwd, top: cwd };
      return reads(`git:${folder.gitDir}:index`, `git:${folder.gitDir}:refs`, `tree:${folder.top}`);
    },
    async run({ args }, context): Promise<ToolResult> {
      const planned = planGit(args);
      if (!planned.ok) return planned;
      const cwd = await resolveInside('.', context, files);
      if (!cwd.ok) return cwd;
      const filters = await repositoryFilters(processes, cwd.path, context);
      if (!filters.ok) return filters;
      const whole = gitArguments(planned.plan, filters.names);
      if (!whole.ok) return whole;
      const end = await processes.run(spec(whole.args, cwd.path, context));
      return toToolResult(end, context.callId, isAnswer);
    },
  });
}

// grep, merge-base --is-ancestor, diff --exit-code and others say "no" with 1, and errors on stderr.
function isAnswer(exitCode: number, output: ProcessOutput): boolean {
  return exitCode === 1 && output.stderr.bytes === 0;
}

function spec(args: readonly string[], cwd: string, context: ToolContext): Parameters<Processes['run']>[0] {
  return {
    command: { kind: 'program', file: 'git', args },
    cwd,
    ...gitEnvironment,
    outputFile: context.outputFile,
    signal: context.signal,
    onChunk: context.show,
  };
}

type Filters = { ok: true; names: readonly string[] } | Extract<ToolResult, { ok: false }>;

async function repositoryFilters(
  processes: Processes,
  cwd: string,
  { signal, callId }: ToolContext,
): Promise<Filters> {
  const command = { kind: 'program', file: 'git', args: filterListing } as const;
  const end = await processes.run({ command, cwd, ...gitEnvironment, signal });
  if (end.kind !== 'exited' || end.exitCode > 1) return failedListing(end, callId);
  const { kept } = end.output.stdout;
  if (!kept.isWhole) {
    const message = 'The repository configures more filters than can be switched off one by one.';
    return { ok: false, error: { kind: 'refused', message } };
  }
  const { isRepository, filters } = readFilterListing(kept.text);
  if (isRepository) return { ok: true, names: filters };
  return { ok: false, error: { kind: 'notFound', message: `${cwd} is in no git repository.` } };
}

function failedListing(end: ProcessEnd, callId: string): Extract<ToolResult, { ok: false }> {
  const result = toToolResult(end, callId, () => false);
  if (!result.ok) return result;
  return { ok: false, error: { kind: 'internal', message: 'git gave no reason.' } };
}
