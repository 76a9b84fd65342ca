/** What judging a command line needs, from this machine. */
import type { Log } from '../../core/ports.ts';
import type { Shell } from '../../core/shell.ts';
import { disk } from './disk.ts';
import { createPrograms } from './programs.ts';
import { createShellGrammar } from './shellGrammar.ts';

export function createShell(log: Pick<Log, 'warn'>): Shell {
  return { grammar: createShellGrammar({ log }), programs: createPrograms(), disk };
}
