/** Tells a Node.js that is too old for this program. Imports nothing, so that any Node.js can load it. */

/** The first major version that has all that is used; the manifest's `engines` says the same. */
export const oldestNode = 22;

/** Says what is needed and what was found; undefined where this Node.js will do. */
export function nodeProblem(version: string, path: string): string | undefined {
  const major = Number(/^v?(\d+)\./.exec(version)?.[1]);
  if (major >= oldestNode) return undefined;
  return `Node.js ${oldestNode} or newer is needed, and ${path} is ${version}. Install a newer one, or start this with it.`;
}
