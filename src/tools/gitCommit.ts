/** git_commit: makes a commit of what is staged. */
import { z } from 'zod';
import type { Files } from '../core/filePorts.ts';
import type { Processes } from '../core/processPorts.ts';
import type { Tool } from '../core/tools.ts';
import { defineTool } from './defineTool.ts';
import { boundCommit } from './gitBinding.ts';
import { cwdInput } from './gitCwd.ts';
import type { Failed } from './askGit.ts';
import { gitSubject, gitWriteEffects, gitWritePorts, runGitWrite } from './gitWriting.ts';
import { placeOr } from './places.ts';

const maxMessageChars = 16_000;

const schema = z
  .strictObject({
    message: z
      .string()
      .max(maxMessageChars)
      .refine((text) => text.trim() !== '', 'must say something')
      .refine((text) => !text.includes('\0'), 'holds a NUL byte')
      .optional()
      .describe('The message, of any number of lines. With amend it may be left out to keep the old one.'),
    all: z.boolean().optional().describe('Stage all changes of files that git knows before. Default: false.'),
    amend: z.boolean().optional().describe('Replace the last commit of the branch. Default: false.'),
    cwd: cwdInput,
  })
  .refine(({ message, amend }) => message !== undefined || amend === true, {
    path: ['message'],
    message: '"message" is missing; only with "amend" it can be left out',
  });

type Input = z.output<typeof schema>;

export function createGitCommit(files: Files, processes: Processes): Tool {
  const ports = gitWritePorts(files, processes);
  return defineTool({
    name: 'git_commit',
    description:
      'Commits what is staged (git commit); stage it before with git_add, or give "all". The hooks of the repository ' +
      'are not run (no pre-commit, no commit-msg), and the commit is not signed: run the checks yourself before. A ' +
      'person is asked first, unless the permission is unlimited.',
    schema,
    lane: 'process',
    access: 'command',
    timeoutMs: 60_000,
    stops: 'kills',
    mayBeRepeated: () => true,
    subject: (input) => gitSubject(argumentsOf(input)),
    folderOf: ({ cwd }) => cwd,
    boundTo: async (input, place) => boundCommit(input, await placeOr(input.cwd, place, files), ports),
    async effects({ all, cwd }, place) {
      const effects = await gitWriteEffects(cwd, place, files, 'branches');
      const { writes } = await gitWriteEffects(cwd, place, files, 'tree');
      return all === true ? { ...effects, reads: writes.filter((key) => key.startsWith('tree:')) } : effects;
    },
    run: (input, context) =>
      runGitWrite(
        {
          cwd: input.cwd,
          args: argumentsOf(input),
          moves: input.all === true ? [{ from: 'tree', untracked: false }] : [],
          explain,
          note: '[the hooks of the repository were not run, and the commit is not signed]',
        },
        context,
        ports,
      ),
  });
}

function argumentsOf({ message, all, amend }: Input): readonly string[] {
  return [
    ...['commit', '--no-verify', '--no-gpg-sign', '--cleanup=whitespace'],
    ...(all === true ? ['--all'] : []),
    ...(amend === true ? ['--amend'] : []),
    ...(message === undefined ? ['--no-edit'] : ['-m', message]),
  ];
}

function explain(said: string): Failed | undefined {
  if (/^(nothing to commit|nothing added to commit|no changes added to commit)/m.test(said))
    return failure(
      'Nothing is staged, so no commit was made. Stage changes with git_add, or give "all": true.',
    );
  if (
    /identity unknown|empty ident name|no name was given|no email was given|auto-detection is disabled/.test(
      said,
    )
  )
    return failure(
      'git does not know who commits, so no commit was made. A person can set it once in a terminal: git config --global user.name "…" and git config --global user.email "…".',
    );
  return undefined;
}

function failure(message: string): Failed {
  return { ok: false, error: { kind: 'exitCode', message } };
}
