/** Runs git on a repository and its worktrees for a person's or an agent's isolation, without what a repository's config could run. */
import type { CallError } from '../core/calls.ts';
import type { Files } from '../core/filePorts.ts';
import type { Processes } from '../core/processPorts.ts';
import type { WorktreeProblem } from '../core/worktrees.ts';
import { gitArguments } from '../safety/gitHardening.ts';
import { lookAtRepository, type LookedAt, type SeenRepository } from '../tools/gitRepository.ts';
import { SharedLook } from '../tools/sharedLook.ts';

export interface WorktreeGitPorts {
  readonly files: Files;
  readonly processes: Processes;
}

export interface GitRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Answer = ({ readonly ok: true } & GitRun) | WorktreeProblem;

/** Added to what makes git harmless: it must neither ask for a signature nor refuse a file for its line ends. */
const settings = ['commit.gpgSign=false', 'core.safecrlf=false', 'merge.verifySignatures=false'];

const maxOutputChars = 64 * 1024 * 1024;

/** Git in one working tree, with what its repository configures switched off. */
export class WorktreeGit {
  readonly repository: SeenRepository;
  private readonly ports: WorktreeGitPorts;
  private readonly signal: AbortSignal;

  private constructor(repository: SeenRepository, ports: WorktreeGitPorts, signal: AbortSignal) {
    this.repository = repository;
    this.ports = ports;
    this.signal = signal;
  }

  /** Looks at the repository of a folder; `roots` are the folders that it may be seen through. */
  static async open(
    cwd: string,
    roots: readonly string[],
    ports: WorktreeGitPorts,
    signal: AbortSignal,
  ): Promise<{ readonly ok: true; readonly git: WorktreeGit } | WorktreeProblem> {
    const looks = new SharedLook<LookedAt | undefined>();
    const looked = await lookAtRepository(cwd, { roots, signal, callId: '' }, { ...ports, looks });
    if (!looked.ok) return looked;
    return { ok: true, git: new WorktreeGit(looked.repository, ports, signal) };
  }

  /** The top of the working tree; undefined in a bare repository. */
  get top(): string | undefined {
    return this.repository.top;
  }

  /** Any exit code is an answer. */
  async ask(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const { repository, ports, signal } = this;
    const whole = gitArguments({ subcommand: args, paths: [] }, repository.switchedOff);
    if (!whole.ok) return whole;
    const said = { stdout: '', stderr: '' };
    const end = await ports.processes.run({
      command: { kind: 'program', file: 'git', args: [...settingArguments, ...whole.args] },
      cwd: repository.top ?? repository.cwd,
      notFrom: [repository.top ?? repository.cwd],
      ...repository.environment,
      env: { ...repository.environment.env, ...env },
      signal,
      onChunk: (stream, chunk) => {
        if (said[stream].length < maxOutputChars) said[stream] += chunk;
      },
    });
    if (end.kind === 'cannotStart') return { ok: false, error: end.error };
    if (end.kind === 'killed') return failure('cancelled', `git ${args[0]} was stopped.`);
    if (end.kind === 'signalled') return failure('signal', `git ${args[0]} ended by signal ${end.signal}.`);
    if (said.stdout.length >= maxOutputChars)
      return failure('tooLarge', `git ${args[0]} said more than can be read.`);
    return { ok: true, exitCode: end.exitCode, ...said };
  }

  /** Every exit code but 0 is a problem. */
  async run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Answer> {
    const answer = await this.ask(args, env);
    if (!answer.ok || answer.exitCode === 0) return answer;
    const reason = answer.stderr.trim() || answer.stdout.trim() || 'it gave no reason';
    return failure('exitCode', `git ${args[0]} failed (exit ${answer.exitCode}): ${reason.slice(-1000)}`);
  }

  /** The one line that it prints. */
  async line(
    ...args: readonly string[]
  ): Promise<{ readonly ok: true; readonly text: string } | WorktreeProblem> {
    const answer = await this.run(args);
    return answer.ok ? { ok: true, text: answer.stdout.trim() } : answer;
  }
}

const settingArguments = settings.flatMap((value) => ['-c', value]);

/** A merge would run the drivers that the repository's own config names, and no switch keeps git from it. */
export async function mergeDriverProblem(git: WorktreeGit): Promise<WorktreeProblem | undefined> {
  const asked = await git.ask([
    'config',
    '--show-scope',
    '--name-only',
    '--get-regexp',
    '^merge\\..*\\.driver$',
  ]);
  if (!asked.ok) return asked;
  if (!/^(local|worktree)\t/m.test(asked.stdout)) return undefined;
  return failure(
    'refused',
    'The repository’s own config names merge drivers, which are programs, so it is not merged here. Apply the changes, or merge the branch in a terminal.',
  );
}

export function failure(kind: CallError['kind'], message: string): WorktreeProblem {
  return { ok: false, error: { kind, message } };
}
