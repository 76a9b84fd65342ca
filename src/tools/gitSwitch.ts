/** git_switch: goes to another branch, or makes one. */
import { z } from 'zod';
import type { Files } from '../core/filePorts.ts';
import type { Processes } from '../core/processPorts.ts';
import type { Tool } from '../core/tools.ts';
import { branchNameProblem, commitWordProblem } from '../safety/gitBranchName.ts';
import { defineTool } from './defineTool.ts';
import { boundRevisions } from './gitBinding.ts';
import { cwdInput } from './gitCwd.ts';
import type { Failed } from './askGit.ts';
import { gitLines, type Asking } from './gitListing.ts';
import { gitSubject, gitWriteEffects, gitWritePorts, runGitWrite } from './gitWriting.ts';
import { placeOr } from './places.ts';

const schema = z
  .strictObject({
    branch: z
      .string()
      .superRefine((name, context) => report(branchNameProblem(name), context))
      .describe('The name of the branch.'),
    create: z.boolean().optional().describe('Make the branch; it must not exist. Default: false.'),
    startPoint: z
      .string()
      .superRefine((word, context) => report(commitWordProblem(word), context))
      .optional()
      .describe('Branch, tag or commit that a new branch begins at. Default: the current commit.'),
    cwd: cwdInput,
  })
  .refine(({ create, startPoint }) => startPoint === undefined || create === true, {
    path: ['startPoint'],
    message: 'counts only with "create": true',
  });

function report(problem: string | undefined, context: { addIssue(message: string): void }): void {
  if (problem !== undefined) context.addIssue(problem);
}

type Input = z.output<typeof schema>;

export function createGitSwitch(files: Files, processes: Processes): Tool {
  const ports = gitWritePorts(files, processes);
  return defineTool({
    name: 'git_switch',
    description:
      'Goes to another local branch, or makes one with "create" (git switch). Uncommitted changes come along; where ' +
      'they would be overwritten it fails and changes nothing. Files that you have read may be different afterwards. ' +
      'The hooks of the repository are not run. A person is asked first, unless the permission is unlimited.',
    schema,
    lane: 'process',
    access: 'command',
    timeoutMs: 120_000,
    stops: 'kills',
    mayBeRepeated: () => true,
    subject: (input) => gitSubject(argumentsOf(input)),
    folderOf: ({ cwd }) => cwd,
    boundTo: async (input, place) =>
      boundRevisions(revisionsOf(input), await placeOr(input.cwd, place, files), ports),
    effects: ({ cwd }, place) => gitWriteEffects(cwd, place, files, 'tree'),
    run: (input, context) =>
      runGitWrite(
        {
          cwd: input.cwd,
          args: argumentsOf(input),
          moves: revisionsOf(input).map(
            (target) => ({ from: 'commits', commits: ['HEAD', target] }) as const,
          ),
          canStopHalfway: true,
          branches: [input.branch],
          explain: (said, asking) => explain(input, said, asking),
        },
        context,
        ports,
      ),
  });
}

/** What decides which files there are afterwards; a branch that begins here changes none. */
function revisionsOf({ branch, create, startPoint }: Input): readonly string[] {
  if (create !== true) return [`refs/heads/${branch}`];
  return startPoint === undefined ? [] : [startPoint];
}

function argumentsOf({ branch, create, startPoint }: Input): readonly string[] {
  return [
    // Without the last, files that git ignores would be overwritten.
    ...['switch', '--no-guess', '--no-recurse-submodules', '--no-overwrite-ignore'],
    ...(create === true ? ['--create'] : []),
    branch,
    ...(startPoint === undefined ? [] : [startPoint]),
  ];
}

async function explain({ branch }: Input, said: string, asking: Asking): Promise<Failed | undefined> {
  const [, kind] = /a branch is expected, got ([a-z ]+?) '/.exec(said) ?? [];
  const begin = (startPoint: string): string =>
    `"create": true and "startPoint": ${JSON.stringify(startPoint)}`;
  if (kind !== undefined)
    return failure(
      `${branch} is no local branch but a ${kind}. Make a branch that begins there: give a name of your own, ${begin(branch)}.`,
    );
  if (!/invalid reference/.test(said)) return undefined;
  const listed = await gitLines(
    ['for-each-ref', '--format=%(refname:short)', `refs/remotes/*/${branch}`],
    asking,
  );
  const [remote] = listed.ok ? listed.lines : [];
  if (remote !== undefined)
    return failure(
      `There is no local branch ${branch} yet, only ${remote} (git: invalid reference). Give ${begin(remote)}.`,
    );
  return undefined;
}

function failure(message: string): Failed {
  return { ok: false, error: { kind: 'exitCode', message } };
}
