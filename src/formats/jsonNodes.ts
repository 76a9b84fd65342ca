/** Reads values and properties out of a JSON tree, and tells a problem at a node. */
import type { Node } from 'jsonc-parser';
import type { FileLine } from '../core/tools.ts';
import { suggestion } from './nearestName.ts';
import type { RawProblem } from './fileProblem.ts';

/** Takes a problem at a node. */
export type Report = (node: Node, message: string) => void;

/** A report that fills a list, with problems that lie `at` a place in another file. An object or array is marked at its opening brace, not over all its lines. */
export function reportInto(problems: RawProblem[], at?: FileLine): Report {
  return (node, message) => {
    const isContainer = node.type === 'object' || node.type === 'array';
    problems.push({ message, offset: node.offset, length: isContainer ? 1 : node.length, ...(at && { at }) });
  };
}

/** The JSON value below a node; every key is an own property, `__proto__` too. */
export function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value as unknown;
  return Object.fromEntries(properties(node).map(({ key, value }) => [key.value as string, valueOf(value)]));
}

/** What a value is, in words. */
export function kindOf(node: Node): string {
  if (node.type === 'null') return 'null';
  return node.type === 'array' || node.type === 'object' ? `an ${node.type}` : `a ${node.type}`;
}

/** One property of an object: the nodes of its key and value. */
export interface Property {
  readonly key: Node;
  readonly value: Node;
}

/** The properties of an object in their order. */
export function properties(object: Node): readonly Property[] {
  return (object.children ?? []).flatMap(({ children }) => {
    const [key, value] = children ?? [];
    return key && value ? [{ key, value }] : [];
  });
}

/** A key that editors write at the head of a file; it says nothing to a reader that knows the file's format. */
const schemaKey = '$schema';

/** As `readObject`, for the object that is the whole file. */
export function readRoot(
  node: Node,
  what: string,
  allowed: readonly string[],
  report: Report,
): ReadonlyMap<string, Node> | undefined {
  return readObject(node, what, allowed, report, [schemaKey]);
}

/**
 * The values by key of an object that may hold only `allowed` keys, and passed-over ones; undefined where it is no
 * object.
 */
export function readObject(
  node: Node,
  what: string,
  allowed: readonly string[],
  report: Report,
  passedOver: readonly string[] = [],
): ReadonlyMap<string, Node> | undefined {
  if (node.type !== 'object') {
    report(node, `${what} must be an object, not ${kindOf(node)}.`);
    return undefined;
  }
  const found = new Map<string, Node>();
  for (const { key, value } of properties(node)) {
    const name = key.value as string;
    if (passedOver.includes(name)) continue;
    if (!allowed.includes(name)) report(key, `Unknown key "${name}"${suggestion(name, allowed)}`);
    else if (!found.has(name)) found.set(name, value);
  }
  return found;
}

/** Reports each key that an object holds twice, at any depth. */
export function reportRepeatedKeys(node: Node, report: Report): void {
  if (node.type === 'array') for (const child of node.children ?? []) reportRepeatedKeys(child, report);
  if (node.type !== 'object') return;
  const seen = new Set<string>();
  for (const { key, value } of properties(node)) {
    const name = key.value as string;
    if (seen.has(name)) report(key, `The key "${name}" stands here a second time.`);
    seen.add(name);
    reportRepeatedKeys(value, report);
  }
}

/** The node at a path; where the path leads to nothing, the deepest node on it. */
export function nodeAt(root: Node, path: readonly (string | number)[]): Node {
  let node = root;
  for (const step of path) {
    const next =
      node.type === 'array'
        ? node.children?.[Number(step)]
        : properties(node).find(({ key }) => key.value === step)?.value;
    if (next === undefined) return node;
    node = next;
  }
  return node;
}
