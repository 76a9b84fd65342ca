/** The shell of this machine, as judging a command line needs it. */
import type { Log } from '../../core/ports.ts';
import type { Shell } from '../../core/shell.ts';
import { loadGrammar } from './grammarParser.ts';
import { createShellGrammar } from './shellGrammar.ts';
import { shellLanguage, shellWith } from './shellPorts.ts';

/** For a program of our own, in which the grammar is loaded. */
export function createShell(log: Pick<Log, 'warn'>): Shell {
  return shellWith(createShellGrammar({ log, load: () => loadGrammar(shellLanguage) }));
}
