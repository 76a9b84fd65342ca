/** The tools that edit a text, as if a file held another one, so that an edit can be computed again. */
import type { CallError } from '../core/calls.ts';
import type { FileRead, Files } from '../core/filePorts.ts';
import type { Tool } from '../core/tools.ts';
import { createEditFile } from '../tools/editFile.ts';
import { createWriteFile } from '../tools/writeFile.ts';
import { createFileMemory } from './fileMemory.ts';

/** Their `proposes` computes, and needs no memory; they are not to be run. */
export function editToolsOn(
  text: string | undefined,
  { files, stateDir }: { readonly files: Files; readonly stateDir: string },
): ReadonlyMap<string, Tool> {
  const error: CallError = { kind: 'notFound', message: 'There was no file.' };
  const read: FileRead =
    text === undefined
      ? { ok: false, error }
      : { ok: true, text, bytes: Buffer.byteLength(text), isUnsaved: false };
  const ports = {
    files: { ...files, readText: () => Promise.resolve(read) },
    stateDir,
    memory: createFileMemory(
      () => undefined,
      files,
      () => undefined,
    ),
  };
  return new Map([createEditFile(ports), createWriteFile(ports)].map((tool) => [tool.name, tool]));
}
