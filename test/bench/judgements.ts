/** The time that judging a command line takes in an editor's host, whose helper holds the grammar. */
import { nodeClock } from '../../src/adapters/node/clock.ts';
import { createFiles } from '../../src/adapters/node/files.ts';
import { createShellWithHelper } from '../../src/adapters/node/shellWithHelper.ts';
import { readingCommand } from '../../src/safety/readingCommand.ts';
import { strictLog } from './contestants/engine.ts';

/** Lines as agents ask for them, and the whole of a script in one line. */
const lines = [
  'ls -la',
  'git status --short',
  'grep -rn "export" . | sort | head -20',
  'cat a.txt && wc -l a.txt; find . -name "*.txt"',
  'npm test -- --grep "a (b|c)"',
  `for f in *; do ${'echo "$f"; cat "$f" | tr a-z A-Z; '.repeat(60)} done`,
];

/** Milliseconds of each judgement, the helper being up; each line comes several times. */
export async function judgements(folder: string, times: number): Promise<readonly number[]> {
  const shell = createShellWithHelper(strictLog, nodeClock);
  const ports = { files: createFiles(), shell };
  const judge = (line: string): Promise<unknown> =>
    readingCommand(line, { cwd: folder, roots: [folder] }, ports);
  try {
    if (!(await judge('ls'))) throw new Error('The helper does not answer.');
    const taken: number[] = [];
    for (const line of Array.from({ length: times }, () => lines).flat()) {
      const startedAt = performance.now();
      await judge(line);
      taken.push(performance.now() - startedAt);
    }
    return taken;
  } finally {
    shell.dispose();
  }
}
