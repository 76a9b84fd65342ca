/** Takes parts out of a JSON value until the rest is small enough. */

/** A part that was taken out, and the keys that lead to it. */
export interface Part {
  readonly at: readonly string[];
  readonly value: unknown;
}

/** A value whose large parts are taken out; `bytes` counts the places of these parts too. */
interface Shortened {
  readonly rest: unknown;
  readonly parts: readonly Part[];
  readonly bytes: number;
}

/**
 * The value with `null` for each part that was taken out: texts that are too large by themselves, else the smallest
 * lists and objects that are, and at last whole members of the value. `placeBytes` is what a part's place costs.
 */
export function takeOutLarge(
  value: object,
  maxBytes: number,
  placeBytes: (part: Part) => number,
): { readonly rest: object; readonly parts: readonly Part[] } {
  const takeOut = (part: Part): Shortened => ({
    rest: null,
    parts: [part],
    bytes: nullBytes + placeBytes(part),
  });
  const shorten = (part: unknown, at: readonly string[]): Shortened => {
    const shortened = typeof part === 'object' && part !== null ? members(part, at) : leaf(part);
    return shortened.bytes > maxBytes ? takeOut({ at, value: part }) : shortened;
  };
  const members = (part: object, at: readonly string[]): Shortened =>
    joined(part, new Map(Object.entries(part).map(([key, child]) => [key, shorten(child, [...at, key])])));

  const children = new Map(Object.entries(value).map(([key, child]) => [key, shorten(child, [key])]));
  const room = maxBytes - placesBytes;
  let whole = joined(value, children);
  const bySize = [...children].sort(([, a], [, b]) => b.bytes - a.bytes);
  for (const [key] of bySize) {
    if (whole.bytes <= room) break;
    const child = (value as Readonly<Record<string, unknown>>)[key];
    children.set(key, takeOut({ at: [key], value: child }));
    whole = joined(value, children);
  }
  return { rest: whole.rest as object, parts: whole.parts };
}

const nullBytes = 4;

/** The key and the brackets around all places. */
const placesBytes = 16;

function leaf(value: unknown): Shortened {
  return { rest: value, parts: [], bytes: Buffer.byteLength(JSON.stringify(value)) };
}

function joined(value: object, children: ReadonlyMap<string, Shortened>): Shortened {
  const rest = [...children].map(([key, child]): [string, unknown] => [key, child.rest]);
  const isList = Array.isArray(value);
  let bytes = 2;
  for (const [key, child] of children)
    bytes += child.bytes + 1 + (isList ? 0 : Buffer.byteLength(JSON.stringify(key)) + 1);
  return {
    rest: isList ? rest.map(([, child]) => child) : Object.fromEntries(rest),
    parts: [...children.values()].flatMap(({ parts }) => parts),
    bytes,
  };
}
