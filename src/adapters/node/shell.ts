/** What judging a command line needs, from this machine. */
import type { Log } from '../../core/ports.ts';
import type { Shell } from '../../core/shell.ts';
import { disk } from './disk.ts';
import { createPrograms } from './programs.ts';
import { readingEnvironment } from './readingEnvironment.ts';
import { createShellGrammar } from './shellGrammar.ts';

export function createShell(log: Pick<Log, 'warn'>): Shell {
  const language = process.platform === 'win32' ? 'powershell' : 'bash';
  return {
    language,
    environment: (searchPath) => readingEnvironment(language, searchPath),
    grammar: createShellGrammar({ log, language }),
    programs: createPrograms(),
    disk,
  };
}
