/** Gives an agent the instructions of a folder below its working directory when it first works there. */
import path from 'node:path';
import type { AgentId } from '../core/agents.ts';
import { isSettled, type CallOutput } from '../core/calls.ts';
import type { SessionId } from '../core/events.ts';
import type { Place, Tool, ToolContext, ToolResult } from '../core/tools.ts';
import { agentOfBatch, type Agent, type SessionState } from '../core/states.ts';
import { foldersUp } from '../safety/repositoryTop.ts';
import { instructionFolders, isWithin } from './instructionPlaces.ts';
import { InstructionReader, type InstructionFiles } from './instructions.ts';

/** Those that work on files under a path of their input. */
const workingTools: ReadonlySet<string> = new Set([
  'read_file',
  'list_files',
  'search_text',
  'write_file',
  'edit_file',
  'delete_file',
  'rename_file',
]);

/** The instructions of one call, in characters: a result should still be mostly its own. */
const maxCharacters = 16_000;

export interface NestedInstructionsPorts {
  readonly files: InstructionFiles;
  readonly stateOf: (id: SessionId) => SessionState | undefined;
}

/** The tool, whose result is followed by the instructions of the folders that its call worked in for the first time. */
export function withNestedInstructions(
  tool: Tool,
  ports: NestedInstructionsPorts,
  givenTo: GivenFolders,
): Tool {
  if (!workingTools.has(tool.name)) return tool;
  return {
    ...tool,
    async run(input, context): Promise<ToolResult> {
      const result = await tool.run(input, context);
      const state = ports.stateOf(context.sessionId);
      const agent = context.agentId === undefined ? undefined : state?.agents.get(context.agentId);
      if (!result.ok || !state || !agent?.instructions) return result;
      const known = givenTo.of(state, agent);
      const news = (await workedIn(tool, input, context)).filter((folder) => !known.has(folder));
      if (news.length === 0) return result;
      // Before anything is awaited: calls of one turn work in a folder together.
      for (const folder of news) known.add(folder);
      const { text, folders } = await instructionsOf(news, context, ports.files);
      return text === '' ? result : { ok: true, output: withText(result.output, text, folders) };
    },
  };
}

/**
 * The folders whose instructions an agent has: by the results on record, and by those under way. After its history was
 * summed up it has none.
 */
export class GivenFolders {
  private readonly folders = new Map<string, Set<string>>();

  of(state: SessionState, { id, compacted }: Agent): Set<string> {
    const key = JSON.stringify([state.id, id, compacted?.beforeTurnId]);
    const folders = this.folders.get(key) ?? new Set(compacted ? [] : onRecord(state, id));
    this.folders.set(key, folders);
    return folders;
  }
}

function onRecord(state: SessionState, agentId: AgentId): readonly string[] {
  return [...state.calls.values()].flatMap((call) => {
    const output = isSettled(call.state) && 'output' in call.state ? call.state.output : undefined;
    return output?.instructionsOf && agentOfBatch(state, call.batchId)?.id === agentId
      ? output.instructionsOf
      : [];
  });
}

/** The folders that a call worked in, and all above them. */
async function workedIn(tool: Tool, input: unknown, context: ToolContext): Promise<readonly string[]> {
  const effects = await tool.effects(input, context);
  const keys = effects.kind === 'known' ? [...effects.reads, ...effects.writes] : [];
  const folders = keys.flatMap((key) => {
    const [, kind, file = ''] = /^(file|tree):(.*)$/s.exec(key) ?? [];
    return kind === undefined ? [] : foldersUp(kind === 'tree' ? file : path.dirname(file));
  });
  return [...new Set(folders)];
}

/** The instructions of folders that are new, nearest first; those above the working directory are in the system prompt. */
async function instructionsOf(
  news: readonly string[],
  context: Place,
  files: InstructionFiles,
): Promise<{ readonly text: string; readonly folders: readonly string[] }> {
  const place = await instructionFolders(context, files);
  const folders = news.filter((folder) => isWithin(folder, place) && !place.nearestFirst.includes(folder));
  const reader = new InstructionReader(place, await files.canonical(context.cwd), files, maxCharacters);
  for (const folder of folders) await reader.addFolder(folder);
  return { text: reader.result().text, folders };
}

function withText(output: CallOutput, text: string, folders: readonly string[]): CallOutput {
  const told = `${output.text}\n\n${nestedTitle}\n\n${text}`;
  return { ...output, text: told, instructionsOf: folders };
}

const nestedTitle =
  'Instructions of the folder that this call worked in, which hold there beside those that you have:';
