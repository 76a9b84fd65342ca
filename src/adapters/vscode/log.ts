/** The log port on a log output channel. */
import type * as vscode from 'vscode';
import type { Log } from '../../core/ports.ts';

export function createLog(channel: vscode.LogOutputChannel): Log {
  return {
    info: (message) => channel.info(message),
    warn: (message) => channel.warn(message),
    error: (message, cause) => (cause === undefined ? channel.error(message) : channel.error(message, cause)),
  };
}
