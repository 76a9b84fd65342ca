/** The ports of this machine's shell around a grammar. */
import type { Shell, ShellGrammar, ShellLanguage } from '../../core/shell.ts';
import { disk } from './disk.ts';
import { createPrograms } from './programs.ts';
import { readingEnvironment } from './readingEnvironment.ts';

/** The language of this machine's terminal. */
export const shellLanguage: ShellLanguage = process.platform === 'win32' ? 'powershell' : 'bash';

export function shellWith(grammar: ShellGrammar): Shell {
  return {
    language: shellLanguage,
    environment: (searchPath) => readingEnvironment(shellLanguage, searchPath),
    grammar,
    programs: createPrograms(),
    disk,
  };
}
