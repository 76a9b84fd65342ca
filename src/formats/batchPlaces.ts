/** The places of the calls in a batch file's text, also in one that has problems. */
import { nodeAt, valueOf } from './jsonNodes.ts';
import { readJsonTree } from './readJsonTree.ts';

export interface CallPlace {
  readonly id: string;
  readonly tool: unknown;
  readonly input: unknown;
  /** Of the call in the text, in UTF-16 code units. */
  readonly offset: number;
  readonly length: number;
}

/** In the order of the text; none while the text is not JSON. Of calls with the same id the first counts. */
export function batchPlaces(text: string): readonly CallPlace[] {
  const tree = readJsonTree(text);
  if (!tree.ok || tree.root.type !== 'object') return [];
  const calls = nodeAt(tree.root, ['calls']);
  if (calls.type !== 'array') return [];
  const places = new Map<string, CallPlace>();
  for (const node of calls.children ?? []) {
    if (node.type !== 'object') continue;
    const { id, tool, input } = valueOf(node) as Readonly<Record<string, unknown>>;
    const { offset, length } = node;
    if (typeof id === 'string' && !places.has(id)) places.set(id, { id, tool, input, offset, length });
  }
  return [...places.values()];
}
