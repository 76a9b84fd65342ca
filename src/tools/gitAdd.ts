/** git_add: puts files into the index. */
import path from 'node:path';
import { z } from 'zod';
import type { EffectKey } from '../core/effects.ts';
import type { Files } from '../core/filePorts.ts';
import type { Processes } from '../core/processPorts.ts';
import type { Tool, ToolResult } from '../core/tools.ts';
import { resolveInside } from '../safety/containment.ts';
import { defineTool } from './defineTool.ts';
import { cwdInput } from './gitCwd.ts';
import type { Failed } from './askGit.ts';
import { gitLines, someOf, type Asking } from './gitListing.ts';
import { gitSubject, gitWriteEffects, gitWritePorts, runGitWrite, type GitWrite } from './gitWriting.ts';
import { placeAt, placeOr } from './places.ts';

const schema = z.strictObject({
  paths: z
    .array(z.string().min(1))
    .min(1)
    .max(1000)
    .describe('Files and folders, relative to "cwd" or absolute; ["."] for all in it. No patterns.'),
  update: z.boolean().optional().describe('Only files that git knows already. Default: false.'),
  cwd: cwdInput,
});

type Input = z.output<typeof schema>;

export function createGitAdd(files: Files, processes: Processes): Tool {
  const ports = gitWritePorts(files, processes);
  return defineTool({
    name: 'git_add',
    description:
      'Stages files for the next commit, deleted ones too (git add). Files that .gitignore excludes are never staged. ' +
      'Paths are taken as they are, without patterns. A person is asked first, unless the permission is unlimited.',
    schema,
    lane: 'process',
    access: 'command',
    timeoutMs: 60_000,
    stops: 'kills',
    mayBeRepeated: () => true,
    subject: ({ paths, update }) => gitSubject(argumentsOf(paths, update)),
    folderOf: ({ cwd }) => cwd,
    async effects({ paths, cwd }, place) {
      const at = await placeOr(cwd, place, files);
      const reads: EffectKey[] = [];
      for (const named of paths) {
        const resolved = await resolveInside(named, at, files);
        if (resolved.ok) reads.push(`tree:${resolved.path}`);
      }
      return { ...(await gitWriteEffects(cwd, place, files, 'index')), reads };
    },
    async run({ paths, update, cwd }, caller): Promise<ToolResult> {
      const at = await placeAt(cwd, caller, files);
      if (!at.ok) return at;
      const context = at.place;
      for (const named of paths) {
        const resolved = await resolveInside(named, context, files);
        if (!resolved.ok) return resolved;
      }
      // Git goes by the real working directory, where the one that the paths start from may be a link.
      const relative = paths.map(
        (named) => path.relative(context.cwd, path.resolve(context.cwd, named)) || '.',
      );
      const literal = relative.map((named) => `:(literal)${named}`);
      const moves = [{ from: 'tree', paths: literal, untracked: update !== true }] as const;
      const explain: GitWrite['explain'] = (said, asking) => explained(said, literal, asking);
      const write = { cwd, args: argumentsOf(relative, update), moves, explain };
      return runGitWrite(write, caller, ports);
    },
  });
}

function argumentsOf(paths: readonly string[], update: Input['update']): readonly string[] {
  return ['add', ...(update === true ? ['--update'] : []), '--', ...paths];
}

const leftOut: readonly (readonly [said: RegExp, why: string])[] = [
  [
    /paths are ignored by one of your \.gitignore files:\n((?:(?!hint:).+\n)+)/,
    'because .gitignore has them ignored',
  ],
  [
    /outside of your sparse-checkout definition[^:]*:\n((?:(?!hint:).+\n)+)/,
    'because they are outside of the sparse checkout',
  ],
];

/** Git fails if it leaves one path out, and stages the others all the same. */
async function explained(
  said: string,
  paths: readonly string[],
  asking: Asking,
): Promise<Failed | undefined> {
  for (const [pattern, why] of leftOut) {
    const [, names] = pattern.exec(said) ?? [];
    if (names === undefined) continue;
    const staged = await gitLines(
      ['diff', '--cached', '--name-only', '--no-ext-diff', '--', ...paths],
      asking,
    );
    const others =
      staged.ok && staged.lines.length > 0
        ? `these are staged: ${someOf(staged.lines)}`
        : 'nothing is staged';
    const message = `Not staged, ${why}: ${someOf(names.trim().split('\n'))}. Of the paths that you gave, ${others}.`;
    return { ok: false, error: { kind: 'exitCode', message } };
  }
  return undefined;
}
