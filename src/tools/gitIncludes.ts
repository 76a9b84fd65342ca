/** Keeps git from reading configs outside the workspace, which a repository's own config can name. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { ProcessEnd, Processes } from '../core/processPorts.ts';
import { resolveInside } from '../safety/containment.ts';
import { includeListing, readIncludeListing, type NamedConfig } from '../safety/gitConfig.ts';
import { findGitFolder } from './gitFolder.ts';
import { ask, failed, type Failed, type GitCaller } from './askGit.ts';

interface IncludePorts {
  readonly files: Pick<Files, 'canonical' | 'readText'>;
  readonly processes: Processes;
}

/** Git itself reads no further than ten configs deep. */
const mostConfigs = 100;

/**
 * Refuses a repository of which a config, or one that is named there in turn, names a config outside the workspace: git shows its
 * lines in complaints, and what it sets in answers.
 */
export async function checkIncludes(
  cwd: string,
  context: GitCaller,
  ports: IncludePorts,
): Promise<Failed | undefined> {
  // Git names the repository's config from the top of the working tree.
  const { top } = (await findGitFolder(cwd, ports.files)) ?? { top: cwd };
  const seen = new Set<string>();
  const waiting: (string | undefined)[] = [undefined];
  while (waiting.length > 0) {
    const config = waiting.pop();
    const end = await ask(includeListing(config), cwd, context, ports);
    if (end.kind !== 'exited' || end.exitCode > 1) return failed(end, context);
    const stdout = wholeText(end);
    if (stdout === undefined || seen.size > mostConfigs) return tooMany;
    for (const named of readIncludeListing(stdout, config)) {
      const found = await configAt(named, top, context, ports);
      if (typeof found !== 'string') return found;
      if (!seen.has(found)) waiting.push(found);
      seen.add(found);
    }
  }
  return undefined;
}

async function configAt(
  { value, by }: NamedConfig,
  top: string,
  { roots }: GitCaller,
  { files }: IncludePorts,
): Promise<string | Failed> {
  // "~" and "%(prefix)" are git's own beginnings of paths elsewhere.
  const isElsewhere = /^(~|%\()/.test(value);
  const file = path.resolve(top, path.dirname(by), value);
  const resolved = await resolveInside(file, { cwd: top, roots }, files);
  return !isElsewhere && resolved.ok ? resolved.path : outside(value);
}

function wholeText(end: Extract<ProcessEnd, { kind: 'exited' }>): string | undefined {
  const { kept } = end.output.stdout;
  return kept.isWhole ? kept.text : undefined;
}

function outside(value: string): Failed {
  const message =
    `The repository's config includes ${value}, which is outside the workspace, so git is not used on it. ` +
    'Use read_file, list_files and search_text here.';
  return { ok: false, error: { kind: 'outsideWorkspace', message } };
}

const tooMany: Failed = {
  ok: false,
  error: { kind: 'refused', message: 'The repository’s config includes more configs than can be looked at.' },
};
