/** Keeps the context keys that menus and welcome texts ask for. */
import * as vscode from 'vscode';
import { contextKeys } from '../contributions.ts';
import { hasInterruption } from '../core/unresolved.ts';
import { sessionIsWorking } from '../views/sessionLook.ts';
import type { Host } from './host.ts';
import { throttled } from './throttle.ts';

export function registerContextKeys({ runtime, keys, clock, log }: Host): vscode.Disposable {
  const known = new Map<string, boolean>();
  const set = (key: string, value: boolean): void => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value); // VS Code's own command does not fail.
  };
  const draw = (): void => {
    const sessions = runtime.sessions();
    set(contextKeys.isWorking, sessions.some(sessionIsWorking));
    set(contextKeys.isAsking, runtime.waitingApprovals().length > 0);
    set(contextKeys.hasInterrupted, sessions.some(hasInterruption));
    set(
      contextKeys.hasAgents,
      sessions.some(({ agents }) => agents.size > 0),
    );
  };
  const readKey = (): void => {
    const failed = (error: unknown): void => log.error('The secret storage can not be read.', error);
    keys.apiKey().then((key) => set(contextKeys.hasApiKey, key !== undefined), failed);
  };
  const redraw = throttled(clock, draw);
  readKey();
  return vscode.Disposable.from(
    redraw,
    runtime.onEvent(() => redraw.changed()),
    runtime.onOpened(() => redraw.changed()),
    keys.onApiKeyChange(readKey),
  );
}
