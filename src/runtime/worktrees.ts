/** Git worktrees of agents' own, in the state folder: made, looked at, taken over, discarded, found again. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { Clock } from '../core/ports.ts';
import type { Processes } from '../core/processPorts.ts';
import type { Disk } from '../core/shell.ts';
import type {
  Discarded,
  KnownWorktree,
  MadeWorktree,
  WorktreeOwner,
  WorktreeProblem,
  WorktreeRequest,
  Worktrees,
  WorktreeSummary,
} from '../core/worktrees.ts';
import { contentOf, summaryOf } from './worktreeContent.ts';
import { discardWorktree, type SeenWorktree } from './worktreeDiscard.ts';
import { failure, WorktreeGit } from './worktreeGit.ts';
import { lacksOf } from './worktreeLacks.ts';
import { WorktreeList } from './worktreeList.ts';
import { placeIn } from './worktreePlace.ts';
import { WorktreeRecords, type WorktreeRecord } from './worktreeRecords.ts';
import { applyChanges, mergeChanges, writePatch, type Taken } from './worktreeTaking.ts';

export interface WorktreePorts {
  readonly files: Files;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly shell: { readonly disk: Pick<Disk, 'copy'> };
  /** Absolute. */
  readonly stateDir: string;
}

export function createWorktrees(ports: WorktreePorts): Worktrees {
  return new StoredWorktrees(ports);
}

class StoredWorktrees implements Worktrees {
  private readonly ports: WorktreePorts;
  private readonly records: WorktreeRecords;
  private readonly list: WorktreeList;

  constructor(ports: WorktreePorts) {
    this.ports = ports;
    this.list = new WorktreeList(ports.clock);
    this.records = new WorktreeRecords(ports.stateDir);
  }

  create(request: WorktreeRequest): Promise<MadeWorktree | WorktreeProblem> {
    return settled(() => this.make(request));
  }

  find(owner: WorktreeOwner): Promise<KnownWorktree | undefined> {
    return this.records.read(owner);
  }

  summary(known: KnownWorktree, signal: AbortSignal): Promise<WorktreeSummary | WorktreeProblem> {
    return settled(async () => {
      const seen = await this.see(known, signal);
      return seen.ok ? seen.summary : seen;
    });
  }

  changes(known: KnownWorktree, signal: AbortSignal): ReturnType<Worktrees['changes']> {
    return settled(async () => {
      const record = await this.records.read(known);
      if (!record) return gone(known);
      const seen = await this.see(known, signal);
      if (!seen.ok) return seen;
      const changes = seen.summary.files.map((file) => ({ ...file, file: path.join(record.top, file.path) }));
      return { ok: true, changes };
    });
  }

  textBefore(known: KnownWorktree, file: string, signal: AbortSignal): ReturnType<Worktrees['textBefore']> {
    return settled(async () => {
      const record = await this.records.read(known);
      if (!record) return gone(known);
      const opened = await WorktreeGit.open(record.top, [record.top, record.repository], this.ports, signal);
      if (!opened.ok) return opened;
      const shown = await opened.git.run(['cat-file', 'blob', `${record.worktree.base}:${file}`]);
      return shown.ok ? { ok: true, text: shown.stdout } : shown;
    });
  }

  diff(known: KnownWorktree, signal: AbortSignal): ReturnType<Worktrees['diff']> {
    return settled(async () => {
      const seen = await this.see(known, signal);
      if (!seen.ok) return seen;
      const file = this.beside(known, 'changes.patch');
      const problem = await writePatch(seen.gits.worktree, known.worktree.base, seen.content.tree, file);
      return problem ?? { ok: true, file };
    });
  }

  apply(known: KnownWorktree, signal: AbortSignal): Promise<Taken> {
    const patch = this.beside(known, 'applied.patch');
    return this.take(known, signal, ({ gits, content }, record) =>
      applyChanges(gits, record, content, patch),
    );
  }

  merge(known: KnownWorktree, signal: AbortSignal): Promise<Taken> {
    return this.take(known, signal, ({ gits, content }, record) => mergeChanges(gits, record, content));
  }

  async discard(known: KnownWorktree, isConfirmed: boolean, signal: AbortSignal): Promise<Discarded> {
    const discarded = await settled(async () => {
      const record = await this.records.read(known);
      if (!record) return gone(known);
      const seen = await this.see(known, signal);
      const keptName = `${known.sessionId}-${known.agentId}-${this.ports.clock.now()}`;
      const discarded = { record, seen, isConfirmed, keptName };
      const result = await this.list.inTurn(() => discardWorktree(discarded, this.records));
      return { ok: true, result } as const;
    });
    return discarded.ok ? discarded.result : { kind: 'failed', error: discarded.error };
  }

  async leftovers(isOpen: Parameters<Worktrees['leftovers']>[0]): Promise<readonly KnownWorktree[]> {
    const left: KnownWorktree[] = [];
    for (const record of await this.records.all()) if (!(await isOpen(record.sessionId))) left.push(record);
    return left;
  }

  private async make(request: WorktreeRequest): Promise<MadeWorktree | WorktreeProblem> {
    const { sessionId, agentId, label, signal } = request;
    const opened = await WorktreeGit.open(request.cwd, request.roots, this.ports, signal);
    if (!opened.ok) return needsRepository(opened);
    const { git } = opened;
    if (git.top === undefined)
      return failure('refused', 'A worktree needs a repository with a working tree, and this one is bare.');
    const base = await git.line('rev-parse', '--verify', 'HEAD^{commit}');
    if (!base.ok) return (await hasNoCommit(git)) ? failure('refused', noCommit) : base;
    const repository = await this.ports.files.canonical(git.top);
    const holder = await this.ports.files.canonical(this.records.folderOf(request));
    const top = path.join(holder, path.basename(repository));
    const branch = `allsettled/${sessionId}-${agentId}`;
    const place = await placeIn(top, repository, request, this.ports.files);
    const worktree = { path: place.root, branch, base: base.text };
    const createdAt = this.ports.clock.now();
    const inTheWay = await this.clearLeft(request, git);
    if (inTheWay) return inTheWay;
    // Noted before it is made, so that what a crash leaves is found.
    await this.records.write({ v: 1, sessionId, agentId, label, worktree, repository, top, createdAt });
    await mkdir(holder, { recursive: true, mode: 0o700 });
    const added = await this.list.add(git, { branch, top, base: base.text }, signal);
    if (!added.ok) {
      await this.records.remove(request);
      return added;
    }
    const isThere = await git.ask([
      'status',
      '--porcelain',
      '--untracked-files=normal',
      '--ignore-submodules=dirty',
    ]);
    await mkdir(place.cwd, { recursive: true });
    return {
      ok: true,
      worktree,
      cwd: place.cwd,
      note: [
        noteOf(base.text, isThere.ok && isThere.stdout !== ''),
        ...(await lacksOf(top, repository, this.ports, signal)),
      ].join(' '),
    };
  }

  /**
   * Removes the worktree of an attempt that died before its agent was on record. The worktree stays if
   * somebody has worked in it since.
   */
  private async clearLeft(request: WorktreeRequest, git: WorktreeGit): Promise<WorktreeProblem | undefined> {
    const left = await this.records.read(request);
    if (!left) return undefined;
    const { top, worktree } = left;
    const discarded = await this.discard(left, false, request.signal);
    if (discarded.kind !== 'discarded')
      return failure(
        'busy',
        `A worktree that was made for this agent before is left in ${top}, and something is in it. It stays for a person to look at. Try again: the next agent gets another one.`,
      );
    // If git itself died, it has noted more than it has made. A branch with nothing of its own is removed.
    await this.list.inTurn(() => git.ask(['worktree', 'remove', '--force', '--force', top]));
    await git.ask(['update-ref', '-d', `refs/heads/${worktree.branch}`, worktree.base]);
    return undefined;
  }

  private take(
    known: KnownWorktree,
    signal: AbortSignal,
    take: (seen: SeenWorktree, record: WorktreeRecord) => Promise<Taken>,
  ): Promise<Taken> {
    return settled(async () => {
      const record = await this.records.read(known);
      if (!record) return gone(known);
      const seen = await this.see(known, signal);
      if (!seen.ok) return seen;
      if (seen.summary.files.length === 0 && seen.summary.commits === 0)
        return { ok: true, text: `${known.label} changed nothing.` };
      const taken = await take(seen, record);
      if (taken.ok) await this.records.write({ ...record, takenTree: seen.content.tree });
      return taken;
    });
  }

  private async see(known: KnownWorktree, signal: AbortSignal): Promise<SeenWorktree | WorktreeProblem> {
    const record = await this.records.read(known);
    if (!record) return gone(known);
    const { top, repository, worktree, takenTree } = record;
    const roots = [top, repository];
    const ofRepository = await WorktreeGit.open(repository, roots, this.ports, signal);
    if (!ofRepository.ok) return ofRepository;
    const opened = await WorktreeGit.open(top, roots, this.ports, signal);
    if (!opened.ok) return opened;
    // Where its own link to the repository is broken, git would look for a repository above it.
    if (opened.git.top === undefined || (await this.ports.files.canonical(opened.git.top)) !== top)
      return failure('notFound', `${top} is no worktree any more.`);
    const content = await contentOf(
      opened.git,
      this.beside(known, `index-${this.ports.clock.now()}`),
      this.ports.shell.disk,
    );
    if (!content.ok) return content;
    const summary = await summaryOf(opened.git, worktree.base, content, takenTree);
    if (!summary.ok) return summary;
    return { ok: true, gits: { worktree: opened.git, repository: ofRepository.git }, content, summary };
  }

  private beside(owner: WorktreeOwner, name: string): string {
    return path.join(this.records.folderOf(owner), `.${name}`);
  }
}

function noteOf(base: string, isDirty: boolean): string {
  const lacks = isDirty ? ' The uncommitted changes of the parent’s working tree are not in it.' : '';
  return `It works in a git worktree of its own, which begins at commit ${base.slice(0, 12)}.${lacks}`;
}

function needsRepository(problem: WorktreeProblem): WorktreeProblem {
  const message = `A worktree needs a git repository: ${problem.error.message} Leave the isolation out, or work in a folder of a repository.`;
  return { ok: false, error: { ...problem.error, message } };
}

function gone({ label }: KnownWorktree): WorktreeProblem {
  return failure('notFound', `The worktree of ${label} is gone.`);
}

/** Files can fail at every step; that is a problem to tell, not a fault. */
async function settled<T>(work: () => Promise<T>): Promise<T | WorktreeProblem> {
  try {
    return await work();
  } catch (error) {
    return failure('io', error instanceof Error ? error.message : String(error));
  }
}

const noCommit = 'The repository has no commit yet, so there is nothing a worktree could begin with.';

/** Only then HEAD names a branch that is not there: git refuses a repository of another owner altogether. */
async function hasNoCommit(git: WorktreeGit): Promise<boolean> {
  const branch = await git.line('symbolic-ref', 'HEAD');
  return branch.ok && !(await git.run(['rev-parse', '--verify', '--quiet', branch.text])).ok;
}
