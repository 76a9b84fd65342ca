/** The grammar helper as its host sees it: started ahead of need, and again after it died. */
import { fork, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../core/ports.ts';
import type { ShellLanguage, ShellNode } from '../../core/shell.ts';
import { helperEnvironment } from './environment.ts';
import type { GrammarReply, ParseRequest } from './grammarMessages.ts';

export interface GrammarHostOptions {
  readonly language: ShellLanguage;
  readonly clock: Pick<Clock, 'after' | 'monotonicMs'>;
  /** The helper's program; grammarHelper.ts or its bundle if absent. */
  readonly helperFile?: string;
}

/** Longer than a start on a busy machine takes, and a parse by far. */
const longestAnswerMs = 10_000;
/** How long a helper that could not start is not started again. */
const retryAfterMs = 30_000;

/** The owner disposes it; the helper ends with its host in any case. */
export class GrammarHost {
  private readonly options: GrammarHostOptions;
  private helper: Helper | undefined;
  private failed: { readonly at: number; readonly why: string } | undefined;
  private isDisposed = false;

  /** Starts the helper. */
  constructor(options: GrammarHostOptions) {
    this.options = options;
    this.helper = this.start();
  }

  /** The tree of a line; undefined if the grammar finds a fault. Rejects with the reason if no helper can tell. */
  async parse(line: string): Promise<ShellNode | undefined> {
    const first = await this.running().parse(line);
    // The line may be innocent of the helper's end, so a second helper is asked.
    const answer = first.kind === 'lost' ? await this.running().parse(line) : first;
    if (answer.kind === 'parsed') return answer.tree;
    throw new Error(answer.why);
  }

  dispose(): void {
    this.isDisposed = true;
    this.helper?.end();
  }

  private running(): Helper {
    if (this.isDisposed) throw new Error('This program is about to end.');
    if (this.helper) return this.helper;
    const { failed } = this;
    if (!failed || this.options.clock.monotonicMs() - failed.at >= retryAfterMs) this.helper = this.start();
    if (this.helper) return this.helper;
    throw new Error(this.failed?.why);
  }

  private start(): Helper | undefined {
    const { language, clock, helperFile = ownHelper() } = this.options;
    try {
      const helper = new Helper(helperFile, language, clock, (why) => this.lose(helper, why));
      return helper;
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  private fail(why: string): void {
    this.failed = { at: this.options.clock.monotonicMs(), why };
  }

  private lose(helper: Helper, why: string): void {
    if (this.helper !== helper) return;
    this.helper = undefined;
    if (helper.stage === 'starting') this.fail(why);
    // Ahead of the next line. An unused helper is replaced with that line: something may end each one that is started.
    if (helper.stage === 'used' && !this.isDisposed) this.helper = this.start();
  }
}

type Answer =
  | { readonly kind: 'parsed'; readonly tree?: ShellNode }
  | { readonly kind: 'failed' | 'lost'; readonly why: string };

/** One life of the helper. */
class Helper {
  /** `used`: it has answered. */
  stage: 'starting' | 'ready' | 'used' = 'starting';
  private readonly child: ChildProcess;
  private readonly clock: GrammarHostOptions['clock'];
  private readonly onLost: (why: string) => void;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private lastId = 0;

  constructor(
    file: string,
    language: ShellLanguage,
    clock: GrammarHostOptions['clock'],
    onLost: (why: string) => void,
  ) {
    this.clock = clock;
    this.onLost = onLost;
    this.child = fork(file, [language], {
      cwd: '/',
      env: helperEnvironment(process.env),
      execArgv: [...smallHeap],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.unref();
    this.child.channel?.unref();
    this.child.on('message', (reply: GrammarReply) => this.take(reply));
    this.child.on('error', (error) => this.lose(error.message));
    this.child.on('exit', (code, signal) => this.lose(`it ended (${signal ?? code})`));
  }

  /** Never rejects. */
  parse(line: string): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const id = (this.lastId += 1);
    const deadline = this.clock.after(longestAnswerMs, () => this.giveUp(id));
    this.waiting.set(id, (answer) => {
      deadline.dispose();
      resolve(answer);
    });
    // Only an answer that is waited for keeps this program alive.
    this.child.channel?.ref();
    this.child.send({ id, line } satisfies ParseRequest, (error) => error && this.lose(error.message));
    return promise;
  }

  end(): void {
    if (this.child.connected) this.child.disconnect();
  }

  private take(reply: GrammarReply): void {
    if (reply.kind === 'ready') {
      this.stage = 'ready';
      return;
    }
    this.stage = 'used';
    this.settle(reply.id, reply.kind === 'parsed' ? reply : { kind: 'failed', why: reply.problem });
  }

  private giveUp(id: number): void {
    this.settle(id, { kind: 'failed', why: `no answer came within ${longestAnswerMs / 1000} s` });
    this.child.kill('SIGKILL');
  }

  private settle(id: number, answer: Answer): void {
    this.waiting.get(id)?.(answer);
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.child.channel?.unref();
  }

  private lose(why: string): void {
    const reason = `The program that parses command lines broke off: ${why}.`;
    this.onLost(reason);
    for (const id of [...this.waiting.keys()]) this.settle(id, { kind: 'lost', why: reason });
  }
}

/** The helper holds a grammar and one line. */
const smallHeap: readonly string[] = ['--max-semi-space-size=1', '--max-old-space-size=64'];

/** Beside the bundles; in the sources beside this file. */
function ownHelper(): string {
  const built = path.join(import.meta.dirname, 'grammarHelper.js');
  return existsSync(built) ? built : path.join(import.meta.dirname, 'grammarHelper.ts');
}
