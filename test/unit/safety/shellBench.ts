/** Judges command lines in a workspace of its own, with the real grammar and programs that are all there. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { disk } from '../../../src/adapters/node/disk.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { readingEnvironment } from '../../../src/adapters/node/readingEnvironment.ts';
import { loadGrammar } from '../../../src/adapters/node/grammarParser.ts';
import { createShellGrammar } from '../../../src/adapters/node/shellGrammar.ts';
import type { Shell } from '../../../src/core/shell.ts';
import { readingCommand, type ReadingCommand } from '../../../src/safety/readingCommand.ts';
import { strictLog } from '../../fixtures/memorySession.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

export interface ShellBench {
  /** The workspace's only root. In it: file, other, sub/file, sub/only, sub/deep/file, and links that lead in and out. */
  readonly root: string;
  readonly ports: { readonly files: ReturnType<typeof createFiles>; readonly shell: Shell };
  /** What the line reads, from the root or a folder in it; undefined where it is not provably reading. */
  judge(line: string, folder?: string): Promise<ReadingCommand | undefined>;
  isReading(line: string, folder?: string): Promise<boolean>;
}

// A grammar is a program of its own in memory; one of each is enough for all tests of a file.
const grammars = {
  bash: createShellGrammar({ log: strictLog, load: () => loadGrammar('bash') }),
  powershell: createShellGrammar({ log: strictLog, load: () => loadGrammar('powershell') }),
};

export async function shellBench(t: TestContext, shell: Partial<Shell> = {}): Promise<ShellBench> {
  const { language = 'bash' } = shell;
  const folder = await temporaryFolder(t);
  const root = path.join(folder, 'root');
  await mkdir(path.join(root, 'sub/deep'), { recursive: true });
  await mkdir(path.join(folder, 'root-twin'));
  const names = ['file', 'other', 'sub/file', 'sub/only', 'sub/deep/file'];
  for (const file of [...names.map((name) => `root/${name}`), 'root-twin/secret'])
    await writeFile(path.join(folder, file), 'text\n');
  await symlink('../root-twin', path.join(root, 'out'));
  await symlink('../root-twin/secret', path.join(root, 'outFile'));
  await symlink('sub/deep', path.join(root, 'in'));
  const programs = { searchPath: () => Promise.resolve('/usr/bin') };
  const ports = {
    files: createFiles(),
    shell: {
      language,
      environment: (searchPath: string | undefined) => readingEnvironment(language, searchPath),
      grammar: grammars[language],
      programs,
      disk,
      ...shell,
    },
  };
  const judge: ShellBench['judge'] = (line, from = '.') =>
    readingCommand(line, { cwd: path.join(root, from), roots: [root] }, ports);
  return {
    root,
    ports,
    judge,
    isReading: async (line, from) => (await judge(line, from)) !== undefined,
  };
}
