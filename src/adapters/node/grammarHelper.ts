/**
 * A program of its own that parses command lines, for an editor: V8's flags that keep the grammar small belong to a whole process,
 * and the extension host is shared. Usage: grammarHelper.js bash|powershell
 */
import type { ShellLanguage } from '../../core/shell.ts';
import type { GrammarReply, ParseRequest } from './grammarMessages.ts';
import { loadGrammar, type ParseInProcess } from './grammarParser.ts';

const language: ShellLanguage = process.argv[2] === 'powershell' ? 'powershell' : 'bash';
const loading = loadGrammar(language);

process.on('message', (request: ParseRequest) => {
  void answer(request); // Never rejects.
});
process.on('disconnect', () => process.exit());
// These are meant for the host, which may still have commands to judge.
process.on('SIGINT', () => undefined);
process.on('SIGQUIT', () => undefined);
process.on('SIGHUP', () => undefined);

loading.then(
  () => reply({ kind: 'ready' }),
  () => undefined, // Each line is answered with the problem.
);

async function answer({ id, line }: ParseRequest): Promise<void> {
  try {
    const parse: ParseInProcess = await loading;
    const tree = parse(line);
    reply({ kind: 'parsed', id, ...(tree && { tree }) });
  } catch (error) {
    reply({ kind: 'failed', id, problem: error instanceof Error ? error.message : String(error) });
  }
}

function reply(message: GrammarReply): void {
  process.send?.(message);
}
