/** git: subcommands that only read, as an argument list. */
import path from 'node:path';
import { z } from 'zod';
import { reads } from '../core/effects.ts';
import type { Files } from '../core/filePorts.ts';
import type { ProcessOutput, Processes, ProcessSpec } from '../core/processPorts.ts';
import type { Disk } from '../core/shell.ts';
import type { Tool, ToolContext, ToolResult } from '../core/tools.ts';
import {
  comparesFiles,
  followsLinks,
  gitArguments,
  looksIntoSubmodules,
  planGit,
  showsAddresses,
  type GitPlan,
} from '../safety/gitHardening.ts';
import { leadingOptions } from '../safety/gitLeading.ts';
import { withoutSecrets } from './addressesShown.ts';
import { defineTool } from './defineTool.ts';
import { cwdInput, withRepositoriesBelow } from './gitCwd.ts';
import { filterNote } from './gitFilters.ts';
import { findGitFolder } from './gitFolder.ts';
import {
  checkLinks,
  checkPaths,
  lookAtRepository,
  type GitPorts,
  type SeenRepository,
} from './gitRepository.ts';
import { checkSubmodules } from './gitSubmodules.ts';
import { submoduleIndexProblem, withOwnIndex, type OwnIndexPorts } from './ownIndex.ts';
import { toToolResult } from './processResult.ts';
import { SharedLook } from './sharedLook.ts';
import { placeAt, placeOr } from './places.ts';

const schema = z.strictObject({
  cwd: cwdInput,
  args: z
    .array(z.string())
    .min(1)
    .describe('The subcommand and its arguments, one item each: ["log", "-n", "5", "--", "src"].'),
});

type Input = z.output<typeof schema>;

interface GitToolPorts {
  readonly files: Files;
  readonly processes: Processes;
  readonly shell: { readonly disk: Disk };
}

export function createGit({ files, processes, shell }: GitToolPorts): Tool {
  const ports: GitPorts = { files, processes, looks: new SharedLook() };
  return defineTool({
    name: 'git',
    description:
      'Runs a git subcommand that only reads: status, log, diff, show, blame, grep, ls-files, ls-tree, rev-parse, ' +
      'rev-list, cat-file, describe, shortlog, merge-base, range-diff, for-each-ref and others; branch, tag, remote, ' +
      'stash, worktree, submodule, reflog and config in their listing forms. It runs in "cwd", without a shell, ' +
      'without a pager, and without the programs and outside files that a repository can configure. ' +
      'To change things use git_add, git_commit, git_switch and git_stash.',
    schema,
    lane: 'process',
    access: 'read',
    timeoutMs: 60_000,
    stops: 'kills',
    subject: ({ args }) => `git ${args.join(' ')}`,
    folderOf: folderIn,
    async effects(input, place) {
      const cwd = await files.canonical((await placeOr(folderIn(input), place, files)).cwd);
      const folder = (await findGitFolder(cwd, files)) ?? {
        ...{ gitDir: cwd, commonDir: cwd, top: cwd },
      };
      return reads(`git:${folder.gitDir}:index`, `git:${folder.commonDir}:refs`, `tree:${folder.top}`);
    },
    async run(input, caller): Promise<ToolResult> {
      const args = leadingOptions(input.args).rest;
      const allowed = planGit(args);
      if (!allowed.ok) return allowed;
      const at = await placeAt(folderIn(input) ?? '.', caller, files);
      if (!at.ok) return at;
      const context = at.place;
      const looked = await lookAtRepository(context.cwd, context, ports);
      if (!looked.ok) return withRepositoriesBelow(looked, context.cwd, files);
      const plan = planGit(args, looked.repository.reach);
      if (!plan.ok) return plan;
      const { subcommand } = plan.plan;
      const withDisk = { ...ports, disk: shell.disk };
      return withOwnIndex(subcommand, looked.repository, context, withDisk, (repository) =>
        read(plan.plan, repository, context, withDisk),
      );
    },
  });
}

/** The folder of `cwd` and of each `-C`, which start from one another as git has them do. */
function folderIn({ cwd, args }: Input): string | undefined {
  const folders = [...(cwd === undefined ? [] : [cwd]), ...leadingOptions(args).folders];
  if (folders.length === 0) return undefined;
  return folders.reduce((from, folder) => (path.isAbsolute(folder) ? folder : path.join(from, folder)));
}

async function read(
  plan: GitPlan,
  repository: SeenRepository,
  context: ToolContext,
  ports: OwnIndexPorts,
): Promise<ToolResult> {
  const ofSubmodule = (submodule: SeenRepository): ReturnType<typeof submoduleIndexProblem> =>
    submoduleIndexProblem(submodule, ports.disk);
  const problem =
    (await checkPaths(plan.paths, context, ports.files)) ??
    (followsLinks(plan.subcommand) ? await checkLinks(repository, context, ports) : undefined) ??
    (looksIntoSubmodules(plan.subcommand)
      ? await checkSubmodules(repository, context, ports, ofSubmodule)
      : undefined);
  if (problem !== undefined) return problem;
  const whole = gitArguments(plan, repository.switchedOff);
  if (!whole.ok) return whole;
  const asked = spec(whole.args, repository, context);
  const end = showsAddresses(plan.subcommand)
    ? withoutSecrets(await ports.processes.run(asked))
    : await ports.processes.run({ ...asked, outputFile: context.outputFile, onChunk: context.show });
  const result = toToolResult(end, context.callId, isAnswer);
  if (!comparesFiles(plan.subcommand)) return result;
  return withNote(result, await filterNote({ repository, caller: context, ports }));
}

function withNote(result: ToolResult, note: string | undefined): ToolResult {
  if (note === undefined || result.output === undefined) return result;
  return { ...result, output: { ...result.output, text: `${result.output.text}\n${note}` } };
}

// grep, merge-base --is-ancestor, diff --exit-code and others say "no" with 1, and errors on stderr.
function isAnswer(exitCode: number, output: ProcessOutput): boolean {
  return exitCode === 1 && output.stderr.bytes === 0;
}

function spec(
  args: readonly string[],
  { cwd, environment }: SeenRepository,
  context: ToolContext,
): ProcessSpec {
  return {
    command: { kind: 'program', file: 'git', args },
    cwd,
    notFrom: context.roots,
    sessionId: context.sessionId,
    ...environment,
    signal: context.signal,
  };
}
