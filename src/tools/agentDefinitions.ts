/** Finds an agent definition by its name in the workspace's folders. */
import type { Files } from '../core/filePorts.ts';
import type { Place } from '../core/tools.ts';
import { parseAgentDefinition, type AgentDefinition } from '../formats/agentDefinition.ts';
import { suggestion } from '../formats/nearestName.ts';
import { resolveInside } from '../safety/containment.ts';
import { definitionFolders, listDefinitionFiles, type DefinitionFile } from './definitionFiles.ts';
import { readProblem } from './readProblem.ts';

export type FoundDefinition =
  | { readonly ok: true; readonly definition: AgentDefinition; readonly file: string }
  | {
      readonly ok: false;
      readonly message: string;
      /** The line of the definition that is wrong. */
      readonly at?: { readonly file: string; readonly line: number };
    };

const maxBytes = 256 * 1024;

type DefinitionPorts = Pick<Files, 'canonical' | 'readText' | 'names'>;

/** By the name of its file or, where no file is named so, by the name in its front matter. Never rejects. */
export async function findDefinition(
  name: string,
  place: Place,
  files: DefinitionPorts,
  signal: AbortSignal,
): Promise<FoundDefinition> {
  const present = await listDefinitionFiles(place, files, signal);
  const read = ({ file }: DefinitionFile): Promise<FoundDefinition> =>
    readDefinition(file, present.place, files, signal);
  const byFile = present.files.find((file) => file.name === name || file.inFolder === name);
  if (byFile) return read(byFile);
  const names: string[] = [];
  const notRead = [...present.notRead];
  for (const file of present.files) {
    const found = await read(file);
    if (found.ok && found.definition.name === name) return found;
    names.push((found.ok ? found.definition.name : undefined) ?? file.name);
    if (!found.ok)
      notRead.push(found.at ? `${found.at.file}:${found.at.line}: ${found.message}` : found.message);
  }
  return { ok: false, message: notFound(name, names, notRead) };
}

const mostToldUnread = 3;

function notFound(name: string, names: readonly string[], notRead: readonly string[]): string {
  const end = names.length === 0 ? ': there is none.' : suggestion(name, names);
  const told = notRead.slice(0, mostToldUnread).join(' ');
  const more = notRead.length > mostToldUnread ? ` And ${notRead.length - mostToldUnread} more.` : '';
  const unread = notRead.length === 0 ? '' : ` Not read: ${told}${more}`;
  return `No agent definition in ${definitionFolders.join(' or ')} is named "${name}"${end}${unread}`;
}

async function readDefinition(
  file: string,
  place: Place,
  files: DefinitionPorts,
  signal: AbortSignal,
): Promise<FoundDefinition> {
  const resolved = await resolveInside(file, place, files);
  if (!resolved.ok) return { ok: false, message: resolved.error.message };
  const read = await files.readText(resolved.path, maxBytes, signal);
  if (!read.ok) return { ok: false, message: readProblem(file, read.error) };
  const parsed = parseAgentDefinition(read.text);
  if (!parsed.ok) return { ok: false, message: parsed.message, at: { file, line: parsed.line } };
  return { ...parsed, file };
}
