/** Looks at a repository before git is let at it. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { ProcessEnvironment, ProcessOutput, Processes, ProcessSpec } from '../core/processPorts.ts';
import type { Place, ToolContext } from '../core/tools.ts';
import { resolveInside } from '../safety/containment.ts';
import { configListing, readConfigListing, type RepositoryConfig } from '../safety/gitConfig.ts';
import { gitArguments, gitEnvironment, hardenedArguments, type SwitchedOff } from '../safety/gitHardening.ts';
import { readNames } from '../safety/gitNames.ts';
import { findPlainRepository } from '../safety/gitPlain.ts';
import {
  judgePlace,
  locationQuery,
  readLocation,
  type GitLocation,
  type GitReach,
} from '../safety/gitPlace.ts';
import { ask, failed, type Failed, type GitCaller } from './askGit.ts';
import { checkIncludes } from './gitIncludes.ts';
import type { SharedLook } from './sharedLook.ts';

/** What git may be let at, and what is to be switched off for it. */
export interface SeenRepository {
  readonly cwd: string;
  readonly top: string | undefined;
  readonly location: GitLocation;
  readonly reach: GitReach;
  readonly switchedOff: SwitchedOff;
  /** Programs of its own config that a merge would run; they can't be switched off. */
  readonly mergeDrivers: readonly string[];
  /** What git finds in its environment there. */
  readonly environment: ProcessEnvironment;
}

export type LookedAt = { readonly ok: true; readonly repository: SeenRepository } | Failed;

export interface GitPorts {
  readonly files: Files;
  readonly processes: Processes;
  /** Looks that calls have in common which ask at the same time. */
  readonly looks: SharedLook<LookedAt | undefined>;
}

/**
 * Refuses what is no repository, and one that would show what lies outside the workspace. Git itself is asked
 * only where the repository's own files leave a question open: two more processes take longer than most answers.
 */
export async function lookAtRepository(cwd: string, context: GitCaller, ports: GitPorts): Promise<LookedAt> {
  const { files, looks } = ports;
  const place = { cwd, roots: context.roots };
  const plain = await looks.ask(JSON.stringify(place), () => lookAtPlain(place, files));
  if (plain !== undefined) return plain;
  const seen = await askGit(cwd, context, ports);
  return seen.ok ? judge(seen, place, files) : seen;
}

interface Seen extends Pick<SeenRepository, 'location' | 'switchedOff' | 'mergeDrivers' | 'environment'> {
  readonly ok: true;
}

async function judge(seen: Seen, place: Place, files: Files): Promise<LookedAt> {
  const { location, switchedOff, mergeDrivers, environment } = seen;
  const judged = await judgePlace(location, place, files);
  if (!judged.ok) return judged;
  const { cwd } = place;
  const { reach } = judged;
  const { top } = location;
  return {
    ok: true,
    repository: { cwd, top, location, reach, switchedOff, mergeDrivers, environment },
  };
}

async function lookAtPlain(place: Place, files: Files): Promise<LookedAt | undefined> {
  // Whatever keeps it from being read here, git is asked, and has an answer or an error.
  const plain = await findPlainRepository(place.cwd, files).catch(() => undefined);
  if (plain === undefined) return undefined;
  const env = { ...gitEnvironment.env, GIT_CEILING_DIRECTORIES: plain.ceiling };
  const switchedOff = { filters: [], files: [] };
  const environment = { ...gitEnvironment, env };
  const { location } = plain;
  return judge({ ok: true, location, switchedOff, mergeDrivers: [], environment }, place, files);
}

async function askGit(cwd: string, context: GitCaller, ports: GitPorts): Promise<Seen | Failed> {
  const config = await readConfig(cwd, context, ports);
  if (!config.ok) return config;
  // In a bare repository it prints no top, and fails.
  const asked = await ask(hardenedArguments(locationQuery), cwd, context, ports);
  const located = asked.kind === 'exited' ? readLocation(wholeText(asked.output), cwd) : undefined;
  if (located === undefined) return failed(asked, context);
  const { filters, converters, hooks, mergeDrivers, setsWorktree } = config.config;
  const files = await filesOutside(config.config, located.top ?? cwd, context, ports);
  return {
    ok: true,
    location: { ...located, isTopConfigured: setsWorktree },
    switchedOff: { filters, converters, hooks, files },
    mergeDrivers,
    environment: gitEnvironment,
  };
}

/** Refuses paths that lead out of the workspace. Revisions among them are harmless: they lead nowhere. */
export async function checkPaths(
  paths: readonly string[],
  context: ToolContext,
  files: Files,
): Promise<Failed | undefined> {
  for (const named of paths) {
    // No path on Windows has a colon there, a revision's does.
    if (process.platform === 'win32' && /^..+:/s.test(named)) continue;
    const resolved = await resolveInside(named, context, files);
    if (!resolved.ok) return resolved;
  }
  return undefined;
}

const maxListChars = 32 * 1024 * 1024;

/**
 * Refuses a working tree in which tracked files lie behind a link out of the workspace: grep would open them.
 * To git's diff they are deleted.
 */
export async function checkLinks(
  repository: SeenRepository,
  context: GitCaller,
  ports: GitPorts,
): Promise<Failed | undefined> {
  const { cwd, top = cwd, switchedOff, environment } = repository;
  const options = ['--no-ext-diff', '--no-textconv', '--ignore-submodules=all', '--no-relative'];
  const subcommand = ['diff-files', ...options, '--name-only', '--diff-filter=D', '--', '.'];
  const whole = gitArguments({ subcommand, paths: [] }, switchedOff);
  if (!whole.ok) return whole;
  let listing = '';
  const onChunk: ProcessSpec['onChunk'] = (stream, chunk) => {
    if (stream === 'stdout' && listing.length < maxListChars) listing += chunk;
  };
  const end = await ask(whole.args, cwd, context, ports, { ...environment, onChunk });
  if (end.kind !== 'exited' || end.exitCode !== 0) return failed(end, context);
  const names = readNames(listing);
  const folders = new Set(names.map((name) => path.resolve(top, path.dirname(name))));
  for (const folder of folders) {
    const resolved = await resolveInside(folder, { cwd, roots: context.roots }, ports.files);
    if (!resolved.ok) return resolved;
  }
  return undefined;
}

function wholeText({ stdout }: ProcessOutput): string {
  return stdout.kept.isWhole ? stdout.kept.text : '';
}

type ReadConfig = { readonly ok: true; readonly config: RepositoryConfig } | Failed;

/** What the config of the repository around a folder says. */
async function readConfig(
  cwd: string,
  context: GitCaller,
  ports: Pick<GitPorts, 'processes' | 'files'>,
): Promise<ReadConfig> {
  const included = await checkIncludes(cwd, context, ports);
  if (included !== undefined) return included;
  const end = await ask(configListing, cwd, context, ports);
  if (end.kind !== 'exited' || end.exitCode > 1) return failed(end, context);
  const { kept } = end.output.stdout;
  if (!kept.isWhole) {
    const message = 'The repository configures more than can be switched off one by one.';
    return { ok: false, error: { kind: 'refused', message } };
  }
  const config = readConfigListing(kept.text);
  if (config.isRepository) return { ok: true, config };
  return { ok: false, error: { kind: 'notFound', message: `${cwd} is in no git repository.` } };
}

// "~" and "%(prefix)" are git's own beginnings of paths elsewhere.
async function filesOutside(
  { files: settings }: RepositoryConfig,
  top: string,
  { roots }: GitCaller,
  { files }: GitPorts,
): Promise<readonly string[]> {
  const outside: string[] = [];
  for (const { key, value } of settings) {
    const isElsewhere = /^(~|%\()/.test(value);
    const named = await resolveInside(path.resolve(top, value), { cwd: top, roots }, files);
    if (isElsewhere || !named.ok) outside.push(key);
  }
  return outside;
}
