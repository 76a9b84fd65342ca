/** Commands that take the edits of a turn or an agent back, and bring them back again. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { RevertPlan, RevertTarget } from '../core/reverts.ts';
import { revertToUndo, standingReverts } from '../core/standingReverts.ts';
import type { SessionState } from '../core/states.ts';
import { nothingToRevert, revertedText, revertQuestion, targetText } from '../views/revertText.ts';
import type { RevertQuestion } from '../views/revertText.ts';
import { messageText } from '../views/plainText.ts';
import { targetOf } from '../views/rowIds.ts';
import { agentOfTarget } from '../views/shownAgents.ts';
import { turnRow } from '../views/turnRow.ts';
import { registerCommands, tell } from './commands.ts';
import type { Host } from './host.ts';
import { registerKeptDocuments, showRestored } from './keptDocuments.ts';
import { pickItem } from './pickItem.ts';
import { agentFor, isAtWork, stateOfRow } from './rowTargets.ts';
import { mayWork } from './workplace.ts';

export function registerRevertCommands(host: Host): vscode.Disposable {
  return vscode.Disposable.from(
    registerKeptDocuments(host),
    registerCommands(host.log, {
      [commands.revertTurn]: (asked) =>
        chosen(host, () => ofRow(host, asked, 'turn') ?? pickTurn(host, asked)),
      [commands.revertAgent]: (asked) => chosen(host, () => pickAgent(host, asked)),
      [commands.undoRevert]: (asked) => chosen(host, () => undoOfRow(host, asked) ?? pickRevert(host)),
    }),
  );
}

interface Chosen {
  readonly state: SessionState;
  readonly target: RevertTarget;
}

async function chosen(host: Host, choose: () => Chosen | Promise<Chosen | undefined>): Promise<void> {
  if (!mayWork(host.log, 'A revert')) return;
  const found = await choose();
  if (found) await revert(host, found);
}

function ofRow({ runtime }: Host, asked: unknown, kind: 'turn' | 'agent'): Chosen | undefined {
  const state = stateOfRow(runtime, asked);
  const target = state && targetOf(state, asked as string);
  if (!state || !target) return undefined;
  if (target.kind === 'turn')
    return kind === 'turn' ? { state, target: { kind, turnId: target.turnId } } : undefined;
  const agent = kind === 'agent' ? agentOfTarget(state, target) : undefined;
  return agent && { state, target: { kind: 'agent', agentId: agent.id } };
}

function undoOfRow(host: Host, asked: unknown): Chosen | undefined {
  const row = ofRow(host, asked, 'turn') ?? ofRow(host, asked, 'agent');
  const undone = row && revertToUndo(row.state, row.target);
  return undone && { state: row.state, target: { kind: 'revert', revertId: undone.id } };
}

async function pickAgent({ runtime }: Host, asked: unknown): Promise<Chosen | undefined> {
  const found = await agentFor(
    runtime,
    asked,
    'Revert whose edits?',
    (agent) => agent.hasEdits === true && !isAtWork(agent),
    ({ hasEdits }) => hasEdits === true,
  );
  return found && { state: found.state, target: { kind: 'agent', agentId: found.agent.id } };
}

async function pickTurn(host: Host, asked: unknown): Promise<Chosen | undefined> {
  const found = await pickAgent(host, asked);
  const agent = found?.target.kind === 'agent' ? found.state.agents.get(found.target.agentId) : undefined;
  if (!found || !agent) return undefined;
  const { state } = found;
  const turns = agent.runs.flatMap(({ turnIds }) => turnIds.flatMap((id) => state.turns.get(id) ?? []));
  const items = turns
    .filter(({ hasEdits }) => hasEdits)
    .toReversed()
    .map((turn) => {
      const { label, description } = turnRow(state, turn);
      return pickItem({ label, description, turnId: turn.id });
    });
  const item = await vscode.window.showQuickPick(items, { placeHolder: 'Revert the edits of which turn?' });
  return item && { state, target: { kind: 'turn', turnId: item.turnId } };
}

async function pickRevert({ runtime, log }: Host): Promise<Chosen | undefined> {
  const items = runtime
    .sessions()
    .toReversed()
    .flatMap((state) =>
      standingReverts(state)
        .toReversed()
        .map((revert) => ({ state, revert })),
    )
    .map(({ state, revert }) =>
      pickItem({
        label: targetText(state, revert.target),
        description: `${revert.files.length} ${revert.files.length === 1 ? 'file' : 'files'}`,
        chosen: { state, target: { kind: 'revert', revertId: revert.id } } as const,
      }),
    );
  if (items.length === 0)
    tell(log, vscode.window.showInformationMessage, 'No revert of an open session can be undone.', {});
  if (items.length <= 1) return items[0]?.chosen;
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Undo the revert of which edits?' }))
    ?.chosen;
}

/** Shows what would be done, does what the person chose, and offers to undo it. */
async function revert(host: Host, { state, target }: Chosen): Promise<void> {
  const runtime = await host.runtime.get();
  const plan = await runtime.planRevert(state.id, target);
  const question = revertQuestion(state, plan);
  if (!question)
    return tell(host.log, vscode.window.showInformationMessage, nothingToRevert(state, plan), {});
  const includesChanged = await ask(question, plan);
  if (includesChanged === undefined) return;
  const result = await working(question.question, (signal, onProgress) =>
    runtime.revert(plan, { includesChanged, onProgress }, signal),
  );
  const { revertId, restored, left } = result;
  const show = left.length > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  tell(host.log, show, revertedText(state, target, result), {
    ...(revertId !== undefined && {
      Undo: () => revert(host, { state, target: { kind: 'revert', revertId } }),
      'Show Changes': () => showRestored(state.id, targetText(state, target), restored),
    }),
  });
}

/** Whether what somebody else has changed is restored too; undefined where the person wants nothing of it. */
async function ask({ question, detail, plain, changed }: RevertQuestion, { target }: RevertPlan) {
  const verb = target.kind === 'revert' ? 'Undo Revert' : 'Revert';
  const answers: Readonly<Record<string, boolean>> =
    changed === 0
      ? { [verb]: false }
      : plain === 0
        ? { 'Revert Changed Files': true }
        : { 'Leave Changed Files': false, 'Revert All Files': true };
  const answer = await vscode.window.showWarningMessage(
    messageText(question),
    { modal: true, detail },
    ...Object.keys(answers),
  );
  return answer === undefined ? undefined : answers[answer];
}

async function working<T>(
  title: string,
  work: (signal: AbortSignal, onProgress: (done: number, of: number) => void) => Promise<T>,
): Promise<T> {
  const stopping = new AbortController();
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: messageText(title.replace(/\?$/, '')),
    cancellable: true,
  };
  return vscode.window.withProgress(options, (progress, token) => {
    token.onCancellationRequested(() => stopping.abort());
    return work(stopping.signal, (done, of) =>
      progress.report({ message: `${done} of ${of}`, increment: 100 / of }),
    );
  });
}
