/** The status bar item. */
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import type { Disposable } from '../core/emitter.ts';
import { statusBarView } from '../views/statusBar.ts';
import type { StatusBarView } from '../views/statusBar.ts';
import type { Host } from './host.ts';
import { throttled } from './throttle.ts';
import { waitingIn } from './waiting.ts';

const backgrounds: Readonly<Record<StatusBarView['background'], vscode.ThemeColor | undefined>> = {
  none: undefined,
  warning: new vscode.ThemeColor('statusBarItem.warningBackground'),
  error: new vscode.ThemeColor('statusBarItem.errorBackground'),
};

export function registerStatusBar({ runtime, clock }: Host): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('allsettled.status', vscode.StatusBarAlignment.Left, 10);
  item.name = 'AllSettled';
  let nextSecond: Disposable | undefined;
  const draw = (): void => {
    nextSecond?.dispose();
    const view = statusBarView(runtime.sessions(), clock.now(), waitingIn(runtime).length);
    item.command = view.opens === 'questions' ? commands.answerApprovals : commands.showAgents;
    item.text = view.text;
    item.tooltip = view.tooltip;
    item.backgroundColor = backgrounds[view.background];
    item.accessibilityInformation = { label: view.accessibilityLabel, role: 'button' };
    nextSecond = view.countsDown ? clock.after(1000, draw) : undefined;
  };
  const redraw = throttled(clock, draw);
  draw();
  item.show();
  return vscode.Disposable.from(
    item,
    redraw,
    { dispose: () => nextSecond?.dispose() },
    runtime.onEvent(() => redraw.changed()),
    runtime.onOpened(() => redraw.changed()),
  );
}
