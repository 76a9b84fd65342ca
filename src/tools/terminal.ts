/** terminal: a shell command. */
import { z } from 'zod';
import { unknownEffects } from '../core/effects.ts';
import type { Files, Processes } from '../core/ports.ts';
import type { Tool, ToolResult } from '../core/tools.ts';
import { resolveInside } from '../safety/containment.ts';
import { defineTool } from './defineTool.ts';
import { toToolResult } from './processResult.ts';

const defaultTimeoutMs = 120_000;
const longestTimeoutMs = 24 * 60 * 60 * 1000;

const schema = z.strictObject({
  command: z.string().min(1).describe('The command line, as typed into a shell.'),
  cwd: z.string().min(1).optional().describe('The folder to run in. Default: the working directory.'),
  timeoutMs: z
    .int()
    .min(1)
    .max(longestTimeoutMs)
    .optional()
    .describe(`Milliseconds until the command is stopped. Default: ${defaultTimeoutMs}.`),
});

export function createTerminal(files: Files, processes: Processes): Tool {
  return defineTool({
    name: 'terminal',
    description:
      'Runs one shell command (bash or sh; cmd on Windows) and returns its exit code, stdout and stderr; a ' +
      'non-zero exit is an error. It has no input, so it can answer no questions. Each call is a new shell: ' +
      'folder and variables do not carry over. Of long output the beginning and the end are shown; read_output ' +
      'reads the rest. Prefer read_file, list_files, search_text and git where they are enough.',
    schema,
    lane: 'process',
    access: 'command',
    timeoutMs: defaultTimeoutMs,
    stops: 'kills',
    effects: () => unknownEffects,
    timeoutOf: ({ timeoutMs }) => timeoutMs,
    folderOf: ({ cwd }) => cwd,
    subject: ({ command }) => command,
    async run({ command, cwd = '.' }, context): Promise<ToolResult> {
      const folder = await resolveInside(cwd, context, files);
      if (!folder.ok) return folder;
      const end = await processes.run({
        command: { kind: 'shell', line: command },
        cwd: folder.path,
        sessionId: context.sessionId,
        outputFile: context.outputFile,
        signal: context.signal,
        onChunk: context.show,
      });
      return toToolResult(end, context.callId, () => false);
    },
  });
}
