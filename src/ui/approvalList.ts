/** The list of all calls that wait, with buttons that answer; it stays until all are answered. */
import * as vscode from 'vscode';
import { approvalTitles, commands } from '../contributions.ts';
import { subjectLine } from '../views/approvalText.ts';
import { withoutIcons } from '../core/visibleText.ts';
import { exactLine } from '../views/plainText.ts';
import type { WaitingCall } from '../views/waitingCalls.ts';
import { runSafely } from './commands.ts';
import type { Host } from './host.ts';
import { throttled } from './throttle.ts';
import { waitingIn } from './waiting.ts';

interface CallItem extends vscode.QuickPickItem {
  readonly call?: WaitingCall;
}

const buttons = {
  review: { iconPath: new vscode.ThemeIcon('diff'), tooltip: approvalTitles.reviewEdit },
  accept: { iconPath: new vscode.ThemeIcon('check'), tooltip: approvalTitles.accept },
  reject: { iconPath: new vscode.ThemeIcon('close'), tooltip: approvalTitles.reject },
  allow: { iconPath: new vscode.ThemeIcon('check'), tooltip: approvalTitles.allowOnce },
  deny: { iconPath: new vscode.ThemeIcon('close'), tooltip: approvalTitles.deny },
} satisfies Readonly<Record<string, vscode.QuickInputButton>>;

const allowAllButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('check-all'),
  tooltip: approvalTitles.allowAll,
};

const commandOfButton = new Map<vscode.QuickInputButton, string>([
  [buttons.review, commands.reviewEdit],
  [buttons.accept, commands.acceptEdit],
  [buttons.reject, commands.rejectEdit],
  [buttons.allow, commands.approveCall],
  [buttons.deny, commands.denyCall],
]);

/** Lists what waits; of one call alone, its answers. */
export function showApprovalList(host: Host): void {
  const waiting = waitingIn(host.runtime);
  if (waiting.length === 0) {
    void vscode.window.showInformationMessage('No call waits for your answer.'); // Nothing follows from its closing.
    return;
  }
  if (waiting.length === 1) runSafely(host.log, () => showAnswers(host, waiting[0] as WaitingCall));
  else showList(host);
}

function showList(host: Host): void {
  const { runtime, clock, log } = host;
  const list = vscode.window.createQuickPick<CallItem>();
  list.buttons = [allowAllButton];
  list.onDidTriggerButton(() => runSafely(log, () => vscode.commands.executeCommand(commands.allowAllCalls)));
  const draw = (): void => {
    const waiting = waitingIn(runtime);
    if (waiting.length === 0) list.hide();
    list.items = itemsOf(waiting);
    list.title = `${waiting.length === 1 ? '1 call waits' : `${waiting.length} calls wait`} for your answer`;
  };
  const redraw = throttled(clock, draw);
  const subscription = runtime.onEvent(() => redraw.changed());
  list.placeholder = 'Answer with the buttons, or choose a call to see all answers';
  list.ignoreFocusOut = true;
  list.keepScrollPosition = true;
  list.matchOnDescription = true;
  list.matchOnDetail = true;
  list.onDidTriggerItemButton(({ item: { call }, button }) => {
    const command = commandOfButton.get(button);
    if (call && command !== undefined)
      runSafely(log, () => vscode.commands.executeCommand(command, call.rowId));
  });
  list.onDidAccept(() => {
    const [chosen] = list.selectedItems;
    list.hide();
    const call = chosen?.call;
    if (call) runSafely(log, () => showAnswers(host, call));
  });
  list.onDidHide(() => {
    subscription.dispose();
    redraw.dispose();
    list.dispose();
  });
  draw();
  list.show();
}

/** Below a heading for each agent. */
function itemsOf(waiting: readonly WaitingCall[]): readonly CallItem[] {
  const groups = Map.groupBy(waiting, ({ asker }) => asker);
  return [...groups].flatMap(([asker, calls]) => [
    { label: asker, kind: vscode.QuickPickItemKind.Separator },
    ...calls.map(itemOf),
  ]);
}

function itemOf(call: WaitingCall): CallItem {
  const { request, kind } = call;
  const line = withoutIcons(subjectLine(call, 120));
  return {
    label: `$(${kind === 'edit' ? 'diff' : 'terminal'}) ${line}`,
    description: exactLine(request.tool),
    detail: `In ${exactLine(request.cwd, 300)}`,
    buttons:
      kind === 'edit' ? [buttons.review, buttons.accept, buttons.reject] : [buttons.allow, buttons.deny],
    call,
  };
}

interface AnswerItem extends vscode.QuickPickItem {
  readonly command: string;
}

/** All that can be answered to one call; after that the list again, while any waits. */
async function showAnswers(host: Host, call: WaitingCall): Promise<void> {
  const chosen = await vscode.window.showQuickPick(await answersTo(host, call), {
    title: `${call.asker}: ${exactLine(call.request.tool)} in ${exactLine(call.request.cwd, 300)}`,
    placeHolder: subjectLine(call, 200),
    ignoreFocusOut: true,
  });
  if (!chosen) return;
  await vscode.commands.executeCommand(chosen.command, call.rowId);
  const opensEditor = chosen.command === commands.reviewEdit || chosen.command === commands.reviewCall;
  const others = waitingIn(host.runtime).some(({ key }) => key !== call.key);
  if (others && !opensEditor) showApprovalList(host);
}

async function answersTo(host: Host, { kind, request }: WaitingCall): Promise<readonly AnswerItem[]> {
  if (kind === 'edit')
    return [
      {
        label: `$(diff) ${approvalTitles.reviewEdit}`,
        description: 'Opens the diff',
        command: commands.reviewEdit,
      },
      {
        label: `$(check) ${approvalTitles.accept}`,
        description: 'Once you have seen the diff',
        command: commands.acceptEdit,
      },
      {
        label: `$(close) ${approvalTitles.reject}`,
        description: 'The agent is told that you said no',
        command: commands.rejectEdit,
      },
      {
        label: `$(comment) ${approvalTitles.denyWithReason}`,
        description: 'The agent is told why, or what to do instead',
        command: commands.denyCallWithReason,
      },
    ];
  return [
    {
      label: `$(check) ${approvalTitles.allowOnce}`,
      description: 'Runs it now; the next one asks again',
      command: commands.approveCall,
    },
    {
      label: `$(check-all) ${approvalTitles.allowForSession}`,
      description: 'Exactly this, in this folder, does not ask again',
      command: commands.approveCallForSession,
    },
    ...(request.tool === 'terminal' ? await alwaysItems(host, request.subject) : []),
    {
      label: `$(close) ${approvalTitles.deny}`,
      description: 'The agent is told that you said no',
      command: commands.denyCall,
    },
    {
      label: `$(comment) ${approvalTitles.denyWithReason}`,
      description: 'The agent is told why, or what to do instead',
      command: commands.denyCallWithReason,
    },
    {
      label: `$(eye) ${approvalTitles.review}`,
      description: 'In an editor, with nothing hidden',
      command: commands.reviewCall,
    },
  ];
}

async function alwaysItems({ suggestPrefix }: Host, command: string): Promise<readonly AnswerItem[]> {
  const prefix = await suggestPrefix(command);
  const exact = {
    label: `$(pass) ${approvalTitles.allowAlways}`,
    description: 'In this folder, in every session',
    command: commands.allowCallAlways,
  };
  if (prefix === undefined) return [exact];
  const label = `$(pass-filled) Always Allow Commands That Begin With “${withoutIcons(exactLine(prefix))}”…`;
  return [
    exact,
    { label, description: 'In this folder, in every session', command: commands.allowCallsLikeIt },
  ];
}
