/** Commands on the git worktrees of agents: view, apply, merge, discard. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { WorktreeFate } from '../core/agents.ts';
import type { Agent } from '../core/states.ts';
import type { KnownWorktree, Worktrees } from '../core/worktrees.ts';
import { messageText, oneLine } from '../views/plainText.ts';
import { discardedText } from '../views/worktreeText.ts';
import { messageOf, registerCommands, tell } from './commands.ts';
import type { Host } from './host.ts';
import { agentFor, isAtWork } from './rowTargets.ts';
import { mayWork } from './workplace.ts';
import { showWorktreeChanges } from './worktreeChanges.ts';

export function registerWorktreeCommands(host: Host): vscode.Disposable {
  return registerCommands(host.log, {
    [commands.viewWorktree]: (asked) => withWorktree(host, asked, (found) => view(host, found)),
    [commands.applyWorktree]: (asked) => withWorktree(host, asked, (found) => take(host, found, 'apply')),
    [commands.mergeWorktree]: (asked) => withWorktree(host, asked, (found) => take(host, found, 'merge')),
    [commands.discardWorktree]: (asked) => withWorktree(host, asked, (found) => discardNoted(host, found)),
  });
}

/** A worktree, and what works on it. */
interface Found {
  readonly worktrees: Worktrees;
  readonly known: KnownWorktree;
  readonly label: string;
}

async function withWorktree(host: Host, asked: unknown, act: (found: Found) => Promise<void>): Promise<void> {
  const { runtime } = host;
  // A repository's configuration can name programs.
  if (!mayWork(host.log, 'Git')) return;
  if (asked === undefined && !runtime.sessions().some(({ agents }) => [...agents.values()].some(hasWorktree)))
    return tell(
      host.log,
      vscode.window.showInformationMessage,
      'No agent of an open session has a worktree.',
      {},
    );
  const found = await agentFor(runtime, asked, 'Whose worktree?', hasWorktree, hasWorktree);
  if (!found) return;
  const { state, agent } = found;
  const label = oneLine(agent.label, 60);
  const { worktrees } = await runtime.get();
  const known = await worktrees.find({ sessionId: state.id, agentId: agent.id });
  const problem = problemOf(agent, known, label);
  if (problem !== undefined) return tell(host.log, vscode.window.showWarningMessage, problem, {});
  if (known) await act({ worktrees, known, label });
}

function hasWorktree({ worktree, worktreeFate }: Agent): boolean {
  return worktree !== undefined && worktreeFate !== 'discarded';
}

function problemOf(agent: Agent, known: KnownWorktree | undefined, label: string): string | undefined {
  if (!agent.worktree) return `“${label}” has no worktree of its own.`;
  if (!known) return `The worktree of “${label}” is gone.`;
  return isAtWork(agent) ? `“${label}” is still working. Wait, or stop it first.` : undefined;
}

/** More files than this make the editor for changes slow; a patch is one document. */
const mostCompared = 200;

async function view(host: Host, { worktrees, known, label }: Found): Promise<void> {
  const title = `Comparing the worktree of “${label}”`;
  const seen = await working(title, (signal) => worktrees.changes(known, signal));
  if (!seen.ok) throw new Error(seen.error.message);
  const { changes } = seen;
  if (changes.length === 0)
    return tell(host.log, vscode.window.showInformationMessage, `“${label}” changed nothing.`, {});
  if (changes.length <= mostCompared) return showWorktreeChanges(known, changes);
  const diff = await working(title, (signal) => worktrees.diff(known, signal));
  if (!diff.ok) throw new Error(diff.error.message);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(diff.file));
  await vscode.languages.setTextDocumentLanguage(document, 'diff');
  await vscode.window.showTextDocument(document, { preview: true });
}

async function take(host: Host, found: Found, how: 'apply' | 'merge'): Promise<void> {
  const { worktrees, known, label } = found;
  const title = how === 'apply' ? `Applying the changes of “${label}”` : `Merging the work of “${label}”`;
  const taken = await working(title, (signal) => worktrees[how](known, signal));
  if (!taken.ok) throw new Error(taken.error.message);
  await note(host, known, how === 'apply' ? 'applied' : 'merged');
  tell(host.log, vscode.window.showInformationMessage, taken.text, {
    'Remove Worktree': () => discardNoted(host, found),
  });
}

/** As `discard`, for the worktree of a session that is open. */
async function discardNoted(host: Host, found: Found): Promise<void> {
  if (await discard(host, found)) await note(host, found.known, 'discarded');
}

/** What was done stays done where it can't be noted. */
async function note({ runtime, log }: Host, owner: KnownWorktree, fate: WorktreeFate): Promise<void> {
  const failed = (error: unknown): void => log.warn(`The worktree’s fate is not noted: ${messageOf(error)}`);
  await (await runtime.get()).noteWorktree(owner, fate).catch(failed);
}

/** False where the person kept it. Asks before anything is lost; what was not taken is kept as a patch all the same. */
export async function discard(
  { log }: Pick<Host, 'log'>,
  { worktrees, known, label }: Found,
): Promise<boolean> {
  const remove = (isConfirmed: boolean): ReturnType<Worktrees['discard']> =>
    working(`Removing the worktree of “${label}”`, (signal) => worktrees.discard(known, isConfirmed, signal));
  let discarded = await remove(false);
  if (discarded.kind === 'needsConfirmation') {
    const question = messageText(`Discard the worktree of “${label}”?`);
    const detail = `In it: ${oneLine(discarded.text, 600)}. It is kept in AllSettled’s folder: changes as a patch, ignored files as they are.`;
    const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, 'Discard');
    if (answer !== 'Discard') return false;
    discarded = await remove(true);
  }
  if (discarded.kind === 'failed') throw new Error(discarded.error.message);
  if (discarded.kind === 'needsConfirmation') throw new Error(`It was not discarded: ${discarded.text}.`);
  const { keptPatch } = discarded;
  tell(log, vscode.window.showInformationMessage, discardedText(label, discarded), {
    ...(keptPatch !== undefined && {
      'Open Patch': () => vscode.window.showTextDocument(vscode.Uri.file(keptPatch)),
    }),
  });
  return true;
}

/** Shows progress that can be stopped while git works. */
async function working<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopping = new AbortController();
  const { Notification } = vscode.ProgressLocation;
  const options = { location: Notification, title: messageText(title), cancellable: true };
  return vscode.window.withProgress(options, (_, token) => {
    token.onCancellationRequested(() => stopping.abort());
    return work(stopping.signal);
  });
}
