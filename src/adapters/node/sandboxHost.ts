/** The sandbox helper as its host sees it: started when it is needed, and again where it has died. */
import { fork, type ChildProcess } from 'node:child_process';
import { helperEnvironment } from './environment.ts';
import type { ConfinedLine, ConfineRequest, HelperReply, HelperRequest } from './sandboxMessages.ts';

/** Where programs of the system are, whatever the PATH says: in a workspace's folder anything can be named `bwrap`. */
export const systemFolders: readonly string[] = [
  '/usr/bin',
  '/bin',
  '/usr/local/bin',
  '/run/current-system/sw/bin',
];

export interface HeldLine extends ConfinedLine {
  /** Once the command has ended; settles with what its result should say. Never rejects. */
  release(): Promise<readonly string[]>;
}

/** The owner disposes it; the helper ends with the host in any case. */
export class SandboxHost {
  private readonly helperFile: string;
  private helper: ChildProcess | undefined;
  private readonly waiting = new Map<number, PromiseWithResolvers<ConfinedLine>>();
  private lastId = 0;

  /** The file is JavaScript, or TypeScript where Node itself runs it. */
  constructor(helperFile: string) {
    this.helperFile = helperFile;
  }

  /** The shell line that runs the command in the sandbox. Rejects with why there is none. */
  async confine(request: Omit<ConfineRequest, 'kind' | 'id'>): Promise<HeldLine> {
    const id = (this.lastId += 1);
    const confined = await this.ask({ kind: 'confine', id, ...request });
    return { ...confined, release: () => this.release(id) };
  }

  private async release(confined: number): Promise<readonly string[]> {
    // A helper that died has taken away what was left of its sandboxes.
    if (!this.helper) return [];
    const request: HelperRequest = { kind: 'release', id: (this.lastId += 1), confined };
    return this.ask(request).then(
      ({ remarks }) => remarks,
      () => [],
    );
  }

  dispose(): void {
    this.helper?.disconnect();
  }

  private ask(request: HelperRequest): Promise<ConfinedLine> {
    const helper = (this.helper ??= this.start());
    const waiting = Promise.withResolvers<ConfinedLine>();
    this.waiting.set(request.id, waiting);
    // Nothing but an answer that is waited for keeps this program alive.
    helper.channel?.ref();
    helper.send(request, (error) => error && this.lose(helper, error.message));
    return waiting.promise;
  }

  private start(): ChildProcess {
    const helper = fork(this.helperFile, [], {
      cwd: '/',
      env: { ...helperEnvironment(process.env), PATH: systemFolders.join(':') },
      execArgv: [],
      // It clears up after a host that was killed, also by a signal to the host's whole group.
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    helper.unref();
    helper.channel?.unref();
    helper.on('message', (reply: HelperReply) => this.take(helper, reply));
    helper.on('error', (error) => this.lose(helper, error.message));
    helper.on('exit', (code, signal) => this.lose(helper, `it ended (${signal ?? code})`));
    return helper;
  }

  private take(helper: ChildProcess, reply: HelperReply): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (this.waiting.size === 0) helper.channel?.unref();
    if (reply.ok) waiting?.resolve({ line: reply.line, remarks: reply.remarks });
    else waiting?.reject(new Error(reply.problem));
  }

  private lose(helper: ChildProcess, why: string): void {
    if (this.helper !== helper) return;
    this.helper = undefined;
    const lost = [...this.waiting.values()];
    this.waiting.clear();
    for (const { reject } of lost) reject(new Error(`The program that makes the sandbox broke off: ${why}.`));
  }
}
