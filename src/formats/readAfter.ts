/** Reads what a call of a file waits for. */
import type { Node } from 'jsonc-parser';
import type { Dependency } from '../core/calls.ts';
import { kindOf, readObject, type Report } from './jsonNodes.ts';
import { oneOf, optional, text } from './jsonValues.ts';

/** A dependency with the node of the id that it names. */
export interface DependencyInFile {
  readonly dependency: Dependency;
  readonly node: Node;
}

/** The dependencies of an `after` list; an id alone waits for success. */
export function readAfter(after: Node | undefined, report: Report): readonly DependencyInFile[] {
  if (!after) return [];
  if (after.type !== 'array') {
    report(after, `"after" must be an array of ids, not ${kindOf(after)}.`);
    return [];
  }
  return (after.children ?? []).flatMap((item) => readItem(item, report) ?? []);
}

function readItem(item: Node, report: Report): DependencyInFile | undefined {
  if (item.type !== 'object') {
    const id = text(item, 'after', report);
    return id === undefined ? undefined : { dependency: { id, when: 'succeeded' }, node: item };
  }
  const values = readObject(item, 'A dependency', ['id', 'when'], report);
  const node = values?.get('id');
  if (!values || !node) return void report(item, 'The dependency has no "id".');
  const id = text(node, 'id', report);
  const when = optional(values, 'when', oneOf(['succeeded', 'settled']), report) ?? 'succeeded';
  return id === undefined ? undefined : { dependency: { id, when }, node };
}
