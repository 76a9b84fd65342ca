/** terminal: a shell command. */
import path from 'node:path';
import { z } from 'zod';
import { reads, unknownEffects } from '../core/effects.ts';
import type { Files } from '../core/filePorts.ts';
import type { ProcessEnd, ProcessSpec } from '../core/processPorts.ts';
import type { Shell } from '../core/shell.ts';
import type { Place, Tool, ToolContext, ToolResult } from '../core/tools.ts';
import { answersWithOne } from '../safety/answeringCommand.ts';
import { bindCommand } from '../safety/boundFiles.ts';
import { resolveInside } from '../safety/containment.ts';
import { readingCommand, type ReadingCommand } from '../safety/readingCommand.ts';
import { asConfined, confinesCommands, runCommand, type ConfinementPorts } from './confinement.ts';
import { defineTool } from './defineTool.ts';
import { withEditorNote, withoutTerminal } from './noTerminal.ts';
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

type TerminalInput = z.output<typeof schema>;

export interface TerminalPorts extends ConfinementPorts {
  readonly files: Files;
  readonly shell: Shell;
}

export function createTerminal(ports: TerminalPorts): Tool {
  const { files } = ports;
  return defineTool({
    name: 'terminal',
    description:
      'Runs one shell command (bash or sh; on Windows, Windows PowerShell 5.1, which has no && and ||) and returns its ' +
      'exit code, stdout and stderr; a non-zero exit is an error, but for the 1 of grep, rg, diff, test and the like. ' +
      'It has no input and no terminal, so it can answer no questions and opens no editor: use git commit -m. Each ' +
      'call is a new shell: folder and variables do not carry over. Of long output the beginning and the end are shown; ' +
      'read_output reads the rest. A command that provably only reads files of the workspace (such as ls, cat, head, ' +
      'grep, rg, find, wc, sort and jq, joined by |, && or ;, with literal words and * alone: no variables, ' +
      'substitutions or redirections to files) runs without a question; in PowerShell such as Get-ChildItem (not ' +
      '-Recurse), Get-Content, Select-String, Select-Object and Measure-Object, joined by | or ;, with whole parameter ' +
      'names. Prefer read_file, list_files, search_text and git where they are enough.',
    schema,
    lane: 'process',
    access: 'command',
    timeoutMs: defaultTimeoutMs,
    stops: 'kills',
    async accessOf(input, place) {
      if (await readingOf(input, place, ports)) return 'read';
      return (await confinesCommands(place, ports)) ? 'confined' : 'command';
    },
    async effects(input, place) {
      const reading = await readingOf(input, place, ports);
      return reading ? reads(...reading.roots.map((root) => `tree:${root}`)) : unknownEffects;
    },
    timeoutOf: ({ timeoutMs }) => timeoutMs,
    folderOf: ({ cwd }) => cwd,
    subject: ({ command }) => command,
    async boundTo({ command, cwd = '.' }, place) {
      const folder = await resolveInside(cwd, place, files);
      if (!folder.ok) return [];
      const { files: bound } = await bindCommand(command, { ...place, cwd: folder.path }, ports);
      const isNamed = folder.path === path.resolve(await files.canonical(place.cwd), cwd);
      return isNamed ? bound : [{ path: folder.path, hash: 'folder' }, ...bound];
    },
    async notHeld({ command, cwd = '.' }, place) {
      const folder = await resolveInside(cwd, place, files);
      if (!folder.ok) return [];
      return (await bindCommand(command, { ...place, cwd: folder.path }, ports)).notHeld;
    },
    async run(input, context): Promise<ToolResult> {
      const folder = await resolveInside(input.cwd ?? '.', context, files);
      if (!folder.ok) return folder;
      const reading = await readingOf(input, context, ports);
      if (!reading && mayOnlyRead(context)) return noLongerReads;
      const spec = {
        cwd: folder.path,
        sessionId: context.sessionId,
        ...(reading ? withNothing(ports.shell.environment(reading.searchPath)) : withoutTerminal),
        outputFile: context.outputFile,
        signal: context.signal,
        onChunk: context.show,
      };
      const ran = await runCommand(input.command, spec, context, ports);
      if (!ran.ok) return ran;
      const isAnswer = await answerOf(input.command, ran.end, ports.shell);
      const told = toToolResult(ran.end, context.callId, () => isAnswer);
      const result = reading ? told : withEditorNote(told);
      return ran.confined ? asConfined(result, ran.confined) : result;
    },
  });
}

/** True if the command ended with 1 to say "no" or "different", as grep, diff and test do. */
async function answerOf(line: string, end: ProcessEnd, { language, grammar }: Shell): Promise<boolean> {
  if (language !== 'bash' || end.kind !== 'exited' || end.exitCode !== 1) return false;
  const { kept, bytes } = end.output.stderr;
  // A shell that can't redirect ends with 1, too, and says why. cmp speaks where one file is shorter.
  if (bytes > 0 && !(kept.isWhole && /^cmp: EOF on .*\n$/.test(kept.text))) return false;
  const tree = await grammar.parse(line);
  return tree !== undefined && answersWithOne(line, tree);
}

/** Without the walls of the sandbox. */
function mayOnlyRead({ allowedAs, permission }: ToolContext): boolean {
  return allowedAs === 'read' || (permission === 'read-only' && allowedAs !== 'confined');
}

async function readingOf(
  { command, cwd = '.' }: TerminalInput,
  place: Place,
  ports: TerminalPorts,
): Promise<ReadingCommand | undefined> {
  const folder = await resolveInside(cwd, place, ports.files);
  return folder.ok ? readingCommand(command, { cwd: folder.path, roots: place.roots }, ports) : undefined;
}

/** A command that nobody was asked about gets none of the person's variables and modules. */
function withNothing(
  env: Readonly<Record<string, string>>,
): Pick<ProcessSpec, 'withoutEnv' | 'env' | 'loads'> {
  return { withoutEnv: ['*'], env, loads: 'ownModules' };
}

const noLongerReads: ToolResult = {
  ok: false,
  error: {
    kind: 'refused',
    message:
      'Since this command was allowed because it only reads, the files that it names have changed, and it was not run. ' +
      'Use read_file, list_files and search_text.',
  },
};
