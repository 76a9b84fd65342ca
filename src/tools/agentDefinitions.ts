/** Finds an agent definition by its name in the workspace's folders. */
import path from 'node:path';
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { parseAgentDefinition, type AgentDefinition } from '../formats/agentDefinition.ts';
import { suggestion } from '../formats/nearestName.ts';
import { resolveInside } from '../safety/containment.ts';

export type FoundDefinition =
  | { readonly ok: true; readonly definition: AgentDefinition }
  | { readonly ok: false; readonly message: string };

const folders = ['.claude/agents', '.github/agents'];
const endings = ['.md', '.agent.md'];
const maxBytes = 256 * 1024;
const maxDefinitions = 500;

type DefinitionFiles = Pick<Files, 'canonical' | 'readText' | 'list'>;

/** By the name of its file or, where no file is named so, by the name in its front matter. Never rejects. */
export async function findDefinition(
  name: string,
  place: Place,
  files: DefinitionFiles,
  signal: AbortSignal,
): Promise<FoundDefinition> {
  const present = await listDefinitions(place, files, signal);
  const byFile = present.find((file) => nameOf(file) === name);
  if (byFile !== undefined) return readDefinition(byFile, place, files, signal);
  const names = [];
  for (const file of present) {
    const read = await readDefinition(file, place, files, signal);
    if (read.ok && read.definition.name === name) return read;
    names.push((read.ok ? read.definition.name : undefined) ?? nameOf(file));
  }
  const end = names.length === 0 ? ': there is none.' : suggestion(name, names);
  return { ok: false, message: `No agent definition in ${folders.join(' or ')} is named "${name}"${end}` };
}

async function listDefinitions(
  place: Place,
  files: DefinitionFiles,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const root of place.roots) {
    for (const folder of folders.map((name) => path.join(root, name))) {
      const listing = await files.list(folder, '*.md', maxDefinitions, signal);
      if (listing.ok) found.push(...listing.paths.map((file) => path.join(folder, file)));
    }
  }
  return found;
}

function nameOf(file: string): string {
  const name = path.basename(file);
  const ending = endings.findLast((candidate) => name.endsWith(candidate)) ?? '';
  return name.slice(0, name.length - ending.length);
}

async function readDefinition(
  file: string,
  place: Place,
  files: DefinitionFiles,
  signal: AbortSignal,
): Promise<FoundDefinition> {
  const resolved = await resolveInside(file, place, files);
  if (!resolved.ok) return { ok: false, message: resolved.error.message };
  const read = await files.readText(resolved.path, maxBytes, signal);
  if (!read.ok) return { ok: false, message: read.error.message };
  const parsed = parseAgentDefinition(read.text);
  return parsed.ok ? parsed : { ok: false, message: `${file}:${parsed.line}: ${parsed.message}` };
}

/** What other programs call the tools; as they write them, and in lower case. */
const otherNames: Readonly<Record<string, string>> = {
  read: 'read_file',
  view: 'read_file',
  glob: 'list_files',
  ls: 'list_files',
  grep: 'search_text',
  search: 'search_text',
  bash: 'terminal',
  shell: 'terminal',
  execute: 'terminal',
  write: 'write_file',
  edit: 'edit_file',
  multiedit: 'edit_file',
  task: 'spawn_agent',
  agent: 'spawn_agent',
};

/**
 * Which of our tools a definition names; those that only other programs have are passed over. Undefined: all. What is
 * shortened can always be read on.
 */
export function toolsOf({ tools }: AgentDefinition, known: readonly string[]): readonly string[] | undefined {
  if (!tools || tools.includes('*')) return undefined;
  const ours = tools
    .map((name) => (known.includes(name) ? name : (otherNames[name.toLowerCase()] ?? '')))
    .filter((name) => known.includes(name));
  return [...new Set(ours.length > 0 ? [...ours, 'read_output'] : [])].filter((name) => known.includes(name));
}

/** Words of other programs for models; each of ours has its id. */
const otherModels = ['inherit', 'default', 'sonnet', 'opus', 'haiku', 'opusplan'];

/** The model that a definition asks for; undefined where it names none that an API could know. */
export function modelOf({ model }: AgentDefinition): string | undefined {
  if (model === undefined || otherModels.includes(model.toLowerCase())) return undefined;
  return /^[\w.:@/-]+$/.test(model) ? model : undefined;
}
