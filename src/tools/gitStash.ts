/** git_stash: puts uncommitted changes aside, and takes them up again. */
import { z } from 'zod';
import type { Files } from '../core/filePorts.ts';
import type { Processes } from '../core/processPorts.ts';
import type { Tool } from '../core/tools.ts';
import { defineTool } from './defineTool.ts';
import { boundRevisions } from './gitBinding.ts';
import { cwdInput } from './gitCwd.ts';
import type { MovedContent } from './gitFilters.ts';
import { gitSubject, gitWriteEffects, gitWritePorts, runGitWrite } from './gitWriting.ts';
import { placeOr } from './places.ts';

const maxMessageChars = 1000;

const schema = z
  .strictObject({
    action: z
      .enum(['push', 'pop', 'apply', 'drop'])
      .describe(
        'push: put changes aside. pop: take them up and remove the entry. apply: take them up and keep it. drop: throw the entry away.',
      ),
    message: z
      .string()
      .max(maxMessageChars)
      .refine((text) => !text.includes('\0'), 'holds a NUL byte')
      .optional()
      .describe('For push: what the entry is called.'),
    includeUntracked: z
      .boolean()
      .optional()
      .describe('For push: files too that git does not know. Default: false.'),
    index: z
      .int()
      .min(0)
      .max(10_000)
      .optional()
      .describe('For the others: which entry, 0 for the newest. Default: 0.'),
    cwd: cwdInput,
  })
  .superRefine((input, context) => {
    const isPush = input.action === 'push';
    for (const key of isPush ? (['index'] as const) : (['message', 'includeUntracked'] as const))
      if (input[key] !== undefined)
        context.addIssue({ code: 'custom', path: [key], message: `does not go with "${input.action}"` });
  });

type Input = z.output<typeof schema>;

export function createGitStash(files: Files, processes: Processes): Tool {
  const ports = gitWritePorts(files, processes);
  return defineTool({
    name: 'git_stash',
    description:
      'Puts the uncommitted changes of the working tree aside (push), takes them up again (pop, apply), or throws them ' +
      'away (drop); git with ["stash", "list"] shows what is there. Files that you have read may be different ' +
      'afterwards. A person is asked first, unless the permission is unlimited.',
    schema,
    lane: 'process',
    access: 'command',
    timeoutMs: 120_000,
    stops: 'kills',
    mayBeRepeated: () => true,
    subject: (input) => gitSubject(argumentsOf(input)),
    // A number counts from the newest, so with each entry it means another one.
    boundTo: async ({ action, index = 0, cwd }, place) =>
      boundRevisions(action === 'push' ? [] : [`stash@{${index}}`], await placeOr(cwd, place, files), ports),
    folderOf: ({ cwd }) => cwd,
    effects: ({ action, cwd }, place) =>
      gitWriteEffects(cwd, place, files, action === 'drop' ? 'branches' : 'tree'),
    run: (input, context) =>
      runGitWrite(
        {
          cwd: input.cwd,
          args: argumentsOf(input),
          moves: movesOf(input),
          merges: input.action === 'pop' || input.action === 'apply',
          canStopHalfway: true,
        },
        context,
        ports,
      ),
  });
}

/** A push stores what is changed and checks out the last commit; the others check out what an entry holds. */
function movesOf({ action, includeUntracked, index = 0 }: Input): readonly MovedContent[] {
  const entry = `stash@{${index}}`;
  switch (action) {
    case 'drop':
      return [];
    case 'push':
      return [
        { from: 'tree', untracked: includeUntracked === true },
        { from: 'commits', commits: ['HEAD'] },
      ];
    case 'pop':
    case 'apply':
      return [
        { from: 'commits', commits: [`${entry}^1`, entry] },
        // Untracked files are a commit of their own, which is there only if there are any.
        { from: 'whole', commit: `${entry}^3` },
      ];
  }
}

function argumentsOf({ action, message, includeUntracked, index = 0 }: Input): readonly string[] {
  if (action !== 'push') return ['stash', action, `stash@{${index}}`];
  return [
    ...['stash', 'push'],
    ...(includeUntracked === true ? ['--include-untracked'] : []),
    ...(message === undefined ? [] : ['-m', message]),
  ];
}
