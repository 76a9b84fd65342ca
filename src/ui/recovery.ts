/** At the start of a window: shows what its folders' dead hosts left, as soon as they are trusted, and deletes what is kept too long. */
import * as vscode from 'vscode';
import type { Host } from './host.ts';
import { isOfThisWindow } from './workplace.ts';

/**
 * Runs after activation, in the background; the tree and the status bar show what it finds, and nobody is asked
 * anything. Failures are logged: a session that can't be read must not keep the others away.
 */
export function registerRecovery(host: Host): vscode.Disposable {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = (work: (host: Host, signal: AbortSignal) => Promise<void>): void => {
    void work(host, signal).catch((error: unknown) =>
      host.log.error('Past sessions can not be looked through.', error),
    );
  };
  setImmediate(() => run(vscode.workspace.isTrusted ? recoverAndPrune : prune));
  const trust = vscode.workspace.onDidGrantWorkspaceTrust(() => run(recover));
  return vscode.Disposable.from(trust, { dispose: () => stopping.abort() });
}

async function recoverAndPrune(host: Host, signal: AbortSignal): Promise<void> {
  await recover(host, signal);
  await prune(host, signal);
}

/** Takes a dead host's sessions over: ends what it left running, and names what was cut off. */
async function recover({ past, runtime, log }: Host, signal: AbortSignal): Promise<void> {
  for (const { id, cwd } of await past.interrupted()) {
    if (signal.aborted) return;
    if (!isOfThisWindow(cwd)) continue;
    await runtime
      .openSession(id)
      .catch((error: unknown) => log.error(`Session ${id} can not be opened.`, error));
  }
}

async function prune({ past, settings, clock, log }: Host, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const deleted = await past.prune(settings.keepSessions(), await past.noteStart(clock.now()));
  if (deleted.length > 0) log.info(`Deleted ${deleted.length} past sessions that were too old, or too much.`);
}
