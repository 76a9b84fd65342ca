/** The shell of this machine for a process that is shared with others: another process holds the grammar. */
import type { Clock, Log } from '../../core/ports.ts';
import type { Shell } from '../../core/shell.ts';
import { GrammarHost } from './grammarHost.ts';
import { createShellGrammar } from './shellGrammar.ts';
import { shellLanguage, shellWith } from './shellPorts.ts';

export interface OwnedShell extends Shell {
  /** Ends the helper. */
  dispose(): void;
}

/** Starts the helper at once, ahead of the first line. */
export function createShellWithHelper(log: Pick<Log, 'warn'>, clock: Clock): OwnedShell {
  const host = new GrammarHost({ language: shellLanguage, clock });
  const load = () => Promise.resolve((line: string) => host.parse(line));
  return { ...shellWith(createShellGrammar({ log, load })), dispose: () => host.dispose() };
}
