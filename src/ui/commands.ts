/** Registers a feature's commands; a command that fails tells the person instead of failing silently. */
import * as vscode from 'vscode';
import type { CommandId } from '../contributions.ts';
import type { Log } from '../core/ports.ts';
import { messageText } from '../views/plainText.ts';

export type CommandHandler = (...args: unknown[]) => unknown;

/** Each handler may return a promise; its rejection is logged and shown. */
export function registerCommands(
  log: Log,
  handlers: Readonly<Partial<Record<CommandId, CommandHandler>>>,
): vscode.Disposable {
  const registrations = Object.entries(handlers).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        return await handler(...args);
      } catch (error) {
        log.error(`${id} failed.`, error);
        showError(error);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}

/** Does what a button stands for; a failure is logged and shown. */
export function runSafely(log: Log, action: () => unknown): void {
  const failed = (error: unknown): void => {
    log.error('What a button stands for failed.', error);
    showError(error);
  };
  new Promise((resolve) => resolve(action())).catch(failed);
}

function showError(error: unknown): void {
  void vscode.window.showErrorMessage(messageText(messageOf(error))); // Nothing follows from its closing.
}

/** The message of an error that is meant for a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Shows a message with buttons, and does what the person chose. What others wrote in it is words, never a link. */
export async function offer(
  show: (message: string, ...buttons: string[]) => PromiseLike<string | undefined>,
  message: string,
  actions: Readonly<Record<string, () => unknown>>,
): Promise<void> {
  const chosen = await show(messageText(message), ...Object.keys(actions));
  if (chosen !== undefined) await actions[chosen]?.();
}

/** As `offer`, for a message that nothing waits for. */
export function tell(log: Log, ...message: Parameters<typeof offer>): void {
  offer(...message).catch((error: unknown) => {
    log.error('What a message offered failed.', error);
    showError(error);
  });
}
