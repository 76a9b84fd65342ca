/** What the waiting edits that somebody looks at would do now; computed again when one of their files changes. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { Clock } from '../core/ports.ts';
import { proposalDiffs } from '../views/proposalView.ts';
import type { ProposalDiff } from '../views/proposalView.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';
import type { LazyRuntime } from './lazyRuntime.ts';
import { throttled } from './throttle.ts';

interface Looked {
  diffs: Promise<readonly ProposalDiff[]>;
  readonly watches: vscode.Disposable[];
  readonly stop: AbortController;
}

export class Proposals {
  private readonly runtime: LazyRuntime;
  private readonly clock: Clock;
  private readonly onChange: (key: string) => void;
  private readonly looked = new Map<string, Looked>();

  /** `onChange`: what the edit of a call would do may have changed. */
  constructor(runtime: LazyRuntime, clock: Clock, onChange: (key: string) => void) {
    this.runtime = runtime;
    this.clock = clock;
    this.onChange = onChange;
  }

  /** Looks until `forget`. */
  async of(call: WaitingCall): Promise<readonly ProposalDiff[]> {
    const known = this.looked.get(call.key);
    if (known) return known.diffs;
    const stop = new AbortController();
    const looked: Looked = { diffs: this.compute(call, stop.signal), watches: [], stop };
    this.looked.set(call.key, looked);
    const diffs = await looked.diffs.catch((error: unknown) => {
      this.forget(call.key);
      throw error;
    });
    if (!stop.signal.aborted) looked.watches.push(this.watch(call, looked, diffs));
    return looked.diffs;
  }

  forget(key: string): void {
    const looked = this.looked.get(key);
    this.looked.delete(key);
    looked?.stop.abort();
    looked?.watches.forEach((watch) => void watch.dispose());
  }

  dispose(): void {
    for (const key of [...this.looked.keys()]) this.forget(key);
  }

  private async compute(call: WaitingCall, signal: AbortSignal): Promise<readonly ProposalDiff[]> {
    const runtime = await this.runtime.get();
    return proposalDiffs(await runtime.proposalOf(call.sessionId, call.callId, signal), call.asker);
  }

  /** Files on the disk and, where they are open, with what is not saved yet. */
  private watch(call: WaitingCall, looked: Looked, diffs: readonly ProposalDiff[]): vscode.Disposable {
    const paths = diffs.flatMap((diff) => diff.paths);
    const names = new Set(paths.map((file) => path.basename(file)));
    const refresh = throttled(this.clock, () => {
      looked.diffs = this.compute(call, looked.stop.signal);
      looked.diffs.catch(() => undefined); // Whoever shows it hears of it; nobody may.
      this.onChange(call.key);
    });
    const touch = ({ fsPath }: vscode.Uri): void => {
      if (names.has(path.basename(fsPath))) refresh.changed();
    };
    const watchers = [...new Set(paths.map((file) => path.dirname(file)))].flatMap((folder) => {
      const pattern = new vscode.RelativePattern(vscode.Uri.file(folder), '*');
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      return [watcher, watcher.onDidChange(touch), watcher.onDidCreate(touch), watcher.onDidDelete(touch)];
    });
    const typed = vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.scheme === 'file') touch(document.uri);
    });
    return vscode.Disposable.from(refresh, typed, ...watchers);
  }
}
