/** Finds the folder that a batch or agents file names, also where the file has mistakes. */
import type { FilePlace } from './fileProblem.ts';
import { nodeAt } from './jsonNodes.ts';
import { placesIn } from './jsonPlaces.ts';
import { readJsonTree } from './readJsonTree.ts';

/** A folder as a file names it, and its place there. */
export interface NamedFolder {
  readonly path: string;
  readonly place: FilePlace;
}

/** Returns the value of "cwd"; undefined if the file names no folder, or is no JSON. */
export function readCwd(text: string): NamedFolder | undefined {
  const tree = readJsonTree(text);
  if (!tree.ok) return undefined;
  const node = nodeAt(tree.root, ['cwd']);
  if (node === tree.root || node.type !== 'string' || node.value === '') return undefined;
  const { offset, length } = node;
  return { path: node.value as string, place: { offset, length, ...placesIn(text)(offset) } };
}
