/** The way that every git command takes which changes something: hardened, and told apart where a lock was in its way. */
import type { Effects } from '../core/effects.ts';
import type { Files } from '../core/filePorts.ts';
import type { ProcessEnd, Processes } from '../core/processPorts.ts';
import type { Place, ToolContext, ToolResult } from '../core/tools.ts';
import { gitArguments } from '../safety/gitHardening.ts';
import { findWrittenLinkOut } from '../safety/gitWritten.ts';
import { withRepositoriesBelow } from './gitCwd.ts';
import { filterProblem, type MovedContent } from './gitFilters.ts';
import { findGitFolder } from './gitFolder.ts';
import type { Asking } from './gitListing.ts';
import { blockedByLock, busy } from './gitLocks.ts';
import { type Failed } from './askGit.ts';
import { lookAtRepository, type GitPorts, type SeenRepository } from './gitRepository.ts';
import { gitSnapshot } from './gitSnapshot.ts';
import { checkSubmodules } from './gitSubmodules.ts';
import { gitWithoutTerminal } from './noTerminal.ts';
import { toToolResult } from './processResult.ts';
import { SharedLook } from './sharedLook.ts';
import { placeAt, placeOr } from './places.ts';

/** One git command that changes something. */
export interface GitWrite {
  /** The folder to run in, as it was named. */
  readonly cwd: string | undefined;
  /** The subcommand with all its arguments, checked. */
  readonly args: readonly string[];
  /** Content that goes from the working tree into the repository or back, in which filters would have a part. */
  readonly moves: readonly MovedContent[];
  /** Whether it merges, for which the repository's config could name programs. */
  readonly merges?: boolean;
  /** Whether a lock can stop it halfway, so that it can't simply be run again. */
  readonly canStopHalfway?: boolean;
  /** Branches that it may write, beside the current one. */
  readonly branches?: readonly string[];
  /** Says in plain words what an exit code means, where git's own words don't help. */
  readonly explain?: (said: string, asking: Asking) => Failed | undefined | Promise<Failed | undefined>;
  /** Ends the text of a success. */
  readonly note?: string;
}

export function gitWritePorts(files: Files, processes: Processes): GitPorts {
  return { files, processes, looks: new SharedLook() };
}

type KnownEffects = Extract<Effects, { kind: 'known' }>;

/** What every command may write in the repository of the named folder: the index and the branches; beside them the whole tree where it changes files. */
export async function gitWriteEffects(
  named: string | undefined,
  place: Place,
  files: Files,
  touches: 'index' | 'branches' | 'tree',
): Promise<KnownEffects> {
  const cwd = await files.canonical((await placeOr(named, place, files)).cwd);
  const { gitDir, commonDir, top } = (await findGitFolder(cwd, files)) ?? {
    ...{ gitDir: cwd, commonDir: cwd, top: cwd },
  };
  const keys = [`git:${gitDir}:index`];
  if (touches !== 'index') keys.push(`git:${commonDir}:refs`);
  if (touches === 'tree') keys.push(`tree:${top}`);
  return { kind: 'known', reads: [], writes: keys };
}

/** The command as a person reads it: each word as a shell would take it, and nothing left out. */
export function gitSubject(args: readonly string[]): string {
  const quoted = args.map((word) =>
    /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
  );
  return ['git', ...quoted].join(' ');
}

/** Runs the command, without hooks, signing, editor and whatever else a repository could make git run. */
export async function runGitWrite(
  write: GitWrite,
  caller: ToolContext,
  ports: GitPorts,
): Promise<ToolResult> {
  const at = await placeAt(write.cwd ?? '.', caller, ports.files);
  if (!at.ok) return at;
  const context = at.place;
  const looked = await lookAtRepository(context.cwd, context, ports);
  if (!looked.ok) return withRepositoriesBelow(looked, context.cwd, ports.files);
  const { repository } = looked;
  const problem = await writeProblem(write, repository, context, ports);
  if (problem !== undefined) return problem;
  const whole = gitArguments({ subcommand: write.args, paths: [] }, repository.switchedOff);
  if (!whole.ok) return whole;
  const snapshot = (): Promise<string> => gitSnapshot(write, repository, context, ports);
  const before = write.canStopHalfway === true ? await snapshot() : undefined;
  const leading = [...(write.args[0] === 'add' ? ['--literal-pathspecs'] : []), ...settingArguments];
  const end = await run([...leading, ...whole.args], repository, context, ports);
  const lock = blockedByLock(end);
  if (lock === undefined) return told(write, end, { repository, caller: context, ports });
  const isHalfDone = before !== undefined && (await snapshot()) !== before;
  return { ...toFailure(end, context), ...(isHalfDone ? stoppedHalfway(write, lock) : busy(lock)) };
}

// What it would do beside the command: run programs in the background, guess who the author is, say how to force it.
const settings = [
  'gc.auto=0',
  'maintenance.auto=false',
  'user.useConfigOnly=true',
  'advice.addIgnoredFile=false',
];
const settingArguments = settings.flatMap((value) => ['-c', value]);

function run(
  args: readonly string[],
  { cwd, environment }: SeenRepository,
  context: ToolContext,
  { processes }: GitPorts,
): Promise<ProcessEnd> {
  return processes.run({
    command: { kind: 'program', file: 'git', args },
    cwd,
    notFrom: context.roots,
    sessionId: context.sessionId,
    ...environment,
    // What git says is read where it fails.
    env: { ...environment.env, ...gitWithoutTerminal, LC_ALL: 'C' },
    outputFile: context.outputFile,
    signal: context.signal,
    onChunk: context.show,
  });
}

async function told(write: GitWrite, end: ProcessEnd, asking: Asking): Promise<ToolResult> {
  const result = toToolResult(end, asking.caller.callId, () => false);
  if (result.ok) {
    const { note } = write;
    const { output } = result;
    return note === undefined ? result : { ok: true, output: { ...output, text: `${output.text}\n${note}` } };
  }
  const { stdout = '', stderr = '' } = result.output ?? {};
  const explained = end.kind === 'exited' ? await write.explain?.(`${stdout}\n${stderr}`, asking) : undefined;
  return explained === undefined ? result : { ...result, ...explained };
}

function toFailure(end: ProcessEnd, { callId }: ToolContext): Pick<ToolResult, 'output'> {
  const { output } = toToolResult(end, callId, () => false);
  return output === undefined ? {} : { output };
}

async function writeProblem(
  write: GitWrite,
  repository: SeenRepository,
  context: ToolContext,
  ports: GitPorts,
): Promise<Failed | undefined> {
  const { top, reach, location, mergeDrivers } = repository;
  if (top === undefined) return refused('The repository has no working tree.');
  if (reach === 'folder')
    return refused(
      `The repository reaches beyond the workspace, up to ${top}, and more than the workspace would change.`,
    );
  const filter = await filterProblem(write.moves, { repository, caller: context, ports });
  if (filter !== undefined) return filter;
  const [driver] = write.merges === true ? mergeDrivers : [];
  if (driver !== undefined)
    return refused(
      `The repository's own config names a merge driver (${driver}), which is a program that is not run here.`,
    );
  const link = await findWrittenLinkOut(location, write.branches ?? [], context, ports.files);
  if (link !== undefined) return refused(`In the repository, ${link}, outside the workspace.`);
  return checkSubmodules(repository, context, ports);
}

function stoppedHalfway({ args: [name] }: GitWrite, lock: string): Failed {
  const message =
    `git ${name} met a lock (${lock}) when a part of it was done already, so it is not tried again. ` +
    'Look at git ["status"] and ["stash", "list"] before you go on.';
  return { ok: false, error: { kind: 'changed', message } };
}

function refused(why: string): Failed {
  const message = `${why} Nothing was changed. Say in your reply what should be done, so that a person can do it, or use terminal.`;
  return { ok: false, error: { kind: 'refused', message } };
}
