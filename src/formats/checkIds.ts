/** Checks what only all calls of a file together can show: repeated ids, unknown ones, circles. */
import { dependencyCycles } from './dependencyCycles.ts';
import type { PlaceOf } from './jsonPlaces.ts';
import type { Report } from './jsonNodes.ts';
import { nearestName } from './nearestName.ts';
import type { CallInFile } from './readBatchCall.ts';

/** Reports every problem between calls. */
export function checkIds(calls: readonly CallInFile[], placeOf: PlaceOf, report: Report): void {
  const firstById = new Map<string, CallInFile>();
  for (const call of calls) {
    if (!call.id) continue;
    const first = firstById.get(call.id.name);
    if (!first) firstById.set(call.id.name, call);
    else if (first.id) {
      const { line, column } = placeOf(first.id.node.offset);
      report(call.id.node, `The id "${call.id.name}" is taken already, at ${line}:${column}.`);
    }
  }
  for (const call of calls) checkAfter(call, firstById, report);
  checkCycles(firstById, report);
}

function checkAfter(call: CallInFile, known: ReadonlyMap<string, CallInFile>, report: Report): void {
  const seen = new Set<string>();
  for (const { dependency, node } of call.after) {
    const { id } = dependency;
    if (id === call.id?.name) report(node, `The call "${id}" can't wait for itself.`);
    else if (!known.has(id))
      report(node, `"after" names "${id}", which no call has as its id${hint(id, known)}`);
    if (seen.has(id)) report(node, `"after" names "${id}" a second time.`);
    seen.add(id);
  }
}

function hint(id: string, known: ReadonlyMap<string, unknown>): string {
  const nearest = known.size > 1000 ? undefined : nearestName(id, [...known.keys()]);
  return nearest === undefined ? '.' : `, did you mean "${nearest}"?`;
}

function checkCycles(calls: ReadonlyMap<string, CallInFile>, report: Report): void {
  const graph = new Map([...calls].map(([id, { after }]) => [id, after.map((item) => item.dependency.id)]));
  for (const cycle of dependencyCycles(graph)) {
    const [first = '', second] = cycle;
    const place = calls.get(first)?.after.find((item) => item.dependency.id === second);
    if (place)
      report(
        place.node,
        `Calls wait for each other in a circle: ${[...cycle, first].join(' -> ')}. None could start.`,
      );
  }
}
