/** git_add: puts files into the index. */
import path from 'node:path';
import { z } from 'zod';
import type { EffectKey } from '../core/effects.ts';
import type { Files } from '../core/filePorts.ts';
import type { Processes } from '../core/processPorts.ts';
import type { Tool, ToolResult } from '../core/tools.ts';
import { resolveInside } from '../safety/containment.ts';
import { defineTool } from './defineTool.ts';
import { cwdInput, placeAt, placeOr } from './gitCwd.ts';
import { gitSubject, gitWriteEffects, gitWritePorts, runGitWrite } from './gitWriting.ts';

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
      const write = { cwd, args: argumentsOf(relative, update), moves };
      return runGitWrite(write, caller, ports);
    },
  });
}

function argumentsOf(paths: readonly string[], update: Input['update']): readonly string[] {
  return ['add', ...(update === true ? ['--update'] : []), '--', ...paths];
}
