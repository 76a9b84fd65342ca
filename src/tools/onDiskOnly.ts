/** A tool that works on a disk alone: in a virtual workspace its calls are refused with the reason, and nobody is asked. */
import path from 'node:path';
import { noEffects } from '../core/effects.ts';
import type { CallError } from '../core/calls.ts';
import type { Place, Tool } from '../core/tools.ts';
import { virtualAddress } from '../core/virtualPath.ts';

/** The same tool in every other place. */
export function onDiskOnly(tool: Tool): Tool {
  const isVirtual = (input: unknown, { cwd }: Place): boolean =>
    virtualAddress(path.resolve(cwd, tool.folderOf?.(input) ?? '.')) !== undefined;
  const error = refusal(tool);
  return {
    ...tool,
    // A refusal changes nothing.
    accessOf: (input, place) =>
      isVirtual(input, place) ? 'read' : (tool.accessOf?.(input, place) ?? tool.access),
    effects: (input, place) => (isVirtual(input, place) ? noEffects : tool.effects(input, place)),
    ...(tool.boundTo && {
      boundTo: async (input: unknown, place: Place) =>
        isVirtual(input, place) ? [] : ((await tool.boundTo?.(input, place)) ?? []),
    }),
    ...(tool.notHeld && {
      notHeld: async (input: unknown, place: Place) =>
        isVirtual(input, place) ? [] : ((await tool.notHeld?.(input, place)) ?? []),
    }),
    ...(tool.proposes && {
      proposes: (input: unknown, place: Place, signal: AbortSignal) =>
        (isVirtual(input, place) ? undefined : tool.proposes?.(input, place, signal)) ??
        Promise.resolve({ ok: false as const, error }),
    }),
    run: (input, context) =>
      isVirtual(input, context) ? Promise.resolve({ ok: false, error }) : tool.run(input, context),
  };
}

function refusal({ name, access }: Tool): CallError {
  const why = access === 'write' ? 'files are written' : 'commands and git run';
  return {
    kind: 'refused',
    message: `This workspace is virtual: it is not on a disk, and ${why} in a folder on disk alone, so ${name} is not available. Use read_file, list_files and search_text.`,
  };
}
