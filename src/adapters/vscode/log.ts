/** The log port on a log output channel. */
import type * as vscode from 'vscode';
import type { Log } from '../../core/ports.ts';
import { shownText } from '../../core/visibleText.ts';

export function createLog(channel: vscode.LogOutputChannel): Log {
  return {
    info: (message) => channel.info(entry(message)),
    warn: (message) => channel.warn(entry(message)),
    error: (message, cause) =>
      channel.error(entry(cause === undefined ? message : `${message}\n${told(cause)}`)),
  };
}

/** The file is read in terminals, too; and no text begins a line that looks like an entry of its own. */
function entry(text: string): string {
  return shownText(text).replaceAll('\n', '\n    ');
}

function told(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}
