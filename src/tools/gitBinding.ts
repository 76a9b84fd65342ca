/** What an answer about a git command is bound to: the commits that it goes by, and what it would store. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { BoundFile } from '../core/calls.ts';
import type { Place } from '../core/tools.ts';
import { resolveInside } from '../safety/containment.ts';
import { gitArguments } from '../safety/gitHardening.ts';
import { readNames } from '../safety/gitNames.ts';
import { ask, type GitCaller } from './askGit.ts';
import { lookAtRepository, type GitPorts, type SeenRepository } from './gitRepository.ts';

const longestLookMs = 10_000;
/** Of more files than these nobody reads the names; they are bound as one. */
const maxNames = 100;

/**
 * The commits that revisions stand for, each as a file of the repository. Nothing where git can't be let at the repository:
 * the command is refused there. Rejects where git fails.
 */
export async function boundRevisions(
  revisions: readonly string[],
  place: Place,
  ports: GitPorts,
): Promise<readonly BoundFile[]> {
  const looker = await Looker.at(place, ports);
  return looker === undefined ? [] : looker.revisions(revisions);
}

/** What a commit would be made of: the branch with its commit, what is staged, with `all` also what is changed. As above. */
export async function boundCommit(
  { all = false }: { readonly all?: boolean | undefined },
  place: Place,
  ports: GitPorts,
): Promise<readonly BoundFile[]> {
  const looker = await Looker.at(place, ports);
  return looker === undefined ? [] : looker.commit(all);
}

const noFile = '000000';

/** A file that differs, as it is on the newer side. */
interface Entry {
  readonly name: string;
  readonly mode: string;
  readonly blob: string;
}

class Looker {
  private readonly repository: SeenRepository;
  private readonly caller: GitCaller;
  private readonly ports: GitPorts;

  private constructor(repository: SeenRepository, caller: GitCaller, ports: GitPorts) {
    this.repository = repository;
    this.caller = caller;
    this.ports = ports;
  }

  static async at(place: Place, ports: GitPorts): Promise<Looker | undefined> {
    const caller = { roots: place.roots, callId: '', signal: AbortSignal.timeout(longestLookMs) };
    const cwd = await resolveInside('.', place, ports.files);
    const looked = cwd.ok ? await lookAtRepository(cwd.path, caller, ports) : cwd;
    // Beyond the workspace nothing is changed, so there is nothing to be bound to.
    if (!looked.ok || looked.repository.reach === 'folder') return undefined;
    return new Looker(looked.repository, caller, ports);
  }

  async revisions(names: readonly string[]): Promise<readonly BoundFile[]> {
    const bound: BoundFile[] = [];
    for (const name of names) bound.push({ path: this.inGit(name), hash: await this.commitOf(name) });
    return bound;
  }

  async commit(all: boolean): Promise<readonly BoundFile[]> {
    const branch = (await this.say(['symbolic-ref', '--quiet', 'HEAD'], 1)).trim();
    const commit = await this.commitOf('HEAD');
    const head = { path: this.inGit('HEAD'), hash: `${branch} ${commit ?? ''}` };
    const staged = await this.staged();
    return [head, ...(all ? await this.changed(commit, staged) : this.few(staged, 'index'))];
  }

  private async staged(): Promise<readonly BoundFile[]> {
    const entries = await this.entries(['--cached']);
    return entries.map(({ name, mode, blob }) => ({
      path: this.inTree(name),
      hash: mode === noFile ? null : `${mode} ${blob}`,
    }));
  }

  /** Against the last commit, because of files in conflict git shows a part alone against what is staged. */
  private async changed(commit: string | null, staged: readonly BoundFile[]): Promise<readonly BoundFile[]> {
    const against = commit === null ? [] : [commit];
    const changed: BoundFile[] = [];
    for (const { name, mode } of await this.entries(against)) {
      const hash = mode === noFile ? null : `${mode} ${await this.inWorkingTree(name, mode, against)}`;
      changed.push({ path: this.inTree(name), hash });
    }
    // What is staged and was then changed back is no change, and what was staged of it is not stored.
    return this.few(commit === null ? [...staged, ...changed] : changed, 'index');
  }

  /** Git gives no hash of what is not staged; of links and submodules its patch holds all there is. */
  private async inWorkingTree(name: string, mode: string, against: readonly string[]): Promise<string> {
    if (mode.startsWith('100')) {
      const hash = await this.ports.files.bytesHash(this.inTree(name), this.caller.signal);
      if (hash === undefined) throw new Error(`${name} could not be read`);
      return hash;
    }
    const patch = ['diff', '--full-index', '--irreversible-delete', ...exactly, ...against];
    return hashOf(await this.say([...patch, '--', `:(top,literal)${name}`]));
  }

  private async entries(which: readonly string[]): Promise<readonly Entry[]> {
    const listing = await this.say(['diff', '--raw', '--no-abbrev', ...exactly, ...which, '--']);
    return listing.split('\n').flatMap((line) => {
      const [, mode, blob, quoted] = /^:\d+ (\d+) \w+ (\w+) \w+\t(.+)$/.exec(line) ?? [];
      const [name] = readNames(quoted ?? '');
      return mode === undefined || blob === undefined || name === undefined ? [] : [{ mode, blob, name }];
    });
  }

  private few(files: readonly BoundFile[], name: string): readonly BoundFile[] {
    if (files.length <= maxNames) return files;
    const hash = hashOf(JSON.stringify(files.map((file) => [file.path, file.hash])));
    return [{ path: this.inGit(name), hash }];
  }

  private async commitOf(revision: string): Promise<string | null> {
    const said = await this.say(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`], 1);
    return said.trim() || null;
  }

  /** What git prints. Rejects where it ends with another exit code than 0 and this one. */
  private async say(subcommand: readonly string[], alsoEndsWith = 0): Promise<string> {
    const { cwd, switchedOff, environment } = this.repository;
    const whole = gitArguments({ subcommand, paths: [] }, switchedOff);
    if (!whole.ok) throw new Error(whole.error.message);
    const chunks: string[] = [];
    const onChunk = (stream: string, chunk: string): void => {
      if (stream === 'stdout') chunks.push(chunk);
    };
    const end = await ask(whole.args, cwd, this.caller, this.ports, { ...environment, onChunk });
    const isAnswer = end.kind === 'exited' && (end.exitCode === 0 || end.exitCode === alsoEndsWith);
    if (!isAnswer) throw new Error(`git ${subcommand[0]} gave no answer`);
    return chunks.join('');
  }

  private inGit(name: string): string {
    return path.join(this.repository.location.gitDir, name);
  }

  private inTree(name: string): string {
    return path.join(this.repository.top ?? this.repository.cwd, name);
  }
}

// Whatever the repository's config hides or shortens.
const exactly = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-renames',
  '--no-relative',
  '--ignore-submodules=dirty',
];

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
