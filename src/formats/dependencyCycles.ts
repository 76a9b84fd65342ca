/** Finds circles in what waits for what. */

/** The names that each name waits for. */
export type WaitGraph = ReadonlyMap<string, readonly string[]>;

/**
 * Circles of names, each from the name that comes first in the graph: `['a', 'b']` says that a waits for b
 * and b for a. Every name that stands in a circle of its own is in at least one of them; names that the graph
 * doesn't know, and names that wait for themselves, are passed over.
 */
export function dependencyCycles(graph: WaitGraph): readonly (readonly string[])[] {
  const order = new Map([...graph.keys()].map((name, index) => [name, index]));
  const done = new Set<string>();
  const inCycle = new Set<string>();
  const cycles: (readonly string[])[] = [];
  for (const start of graph.keys()) {
    for (const cycle of cyclesFrom(start, graph, done)) {
      if (cycle.every((name) => inCycle.has(name))) continue;
      for (const name of cycle) inCycle.add(name);
      cycles.push(fromFirst(cycle, order));
    }
  }
  return cycles;
}

interface Step {
  readonly name: string;
  next: number;
}

/** A depth-first walk with a stack of its own: a chain of 10,000 names would overflow the call stack. */
function* cyclesFrom(start: string, graph: WaitGraph, done: Set<string>): Generator<readonly string[]> {
  if (done.has(start)) return;
  const path: Step[] = [{ name: start, next: 0 }];
  const depthOf = new Map([[start, 0]]);
  for (let step = path.at(-1); step; step = path.at(-1)) {
    const target = graph.get(step.name)?.[step.next++];
    if (target === undefined) {
      done.add(step.name);
      depthOf.delete(step.name);
      path.pop();
      continue;
    }
    const depth = depthOf.get(target);
    if (depth !== undefined && target !== step.name) yield path.slice(depth).map(({ name }) => name);
    if (depth !== undefined || done.has(target) || !graph.has(target)) continue;
    depthOf.set(target, path.length);
    path.push({ name: target, next: 0 });
  }
}

function fromFirst(cycle: readonly string[], order: ReadonlyMap<string, number>): readonly string[] {
  const places = cycle.map((name) => order.get(name) ?? 0);
  const first = places.indexOf(Math.min(...places));
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}
