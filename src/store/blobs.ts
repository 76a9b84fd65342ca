/** Keeps a journal's lines short: what makes one longer than 32 KB becomes a file that is named by its hash. */
import { createHash } from 'node:crypto';
import { takeOutLarge, type Part } from './largeParts.ts';

/** design.md, "The journal": anything over 32 KB is a blob. */
const longestLineBytes = 32 * 1024;

/** A text that must be on disk before the line that names it. */
export interface Blob {
  readonly name: string;
  readonly text: string;
  /** The name of a text that is kept: this one need only be kept as what differs from it. */
  readonly like?: string;
}

/** Where in its line a blob belongs; `json`: it holds a whole value, not one text. */
interface BlobPlace {
  readonly at: readonly string[];
  readonly holds: 'text' | 'json';
  readonly name: string;
}

/** The names stand apart from the values: an input may look like anything. No event has a key like this one. */
const placesKey = '$blobs';

/** An event as JSON, its large parts taken out. */
export function toLine(event: object): { readonly line: string; readonly blobs: readonly Blob[] } {
  const whole = JSON.stringify(event);
  if (Buffer.byteLength(whole) <= longestLineBytes) return { line: whole, blobs: [] };
  const { rest, parts } = takeOutLarge(JSON.parse(whole) as object, longestLineBytes, placeBytes);
  const taken = parts.map(({ at, value }) => ({ at, ...blobOf(value) }));
  const places = taken.map(({ at, holds, blob }): BlobPlace => ({ at, holds, name: blob.name }));
  const blobs = new Map(taken.map(({ blob }) => [blob.name, blob]));
  return { line: JSON.stringify({ ...rest, [placesKey]: places }), blobs: [...blobs.values()] };
}

/** Whether a parsed line has large parts in files. */
export function hasBlobs(line: object): boolean {
  return Object.hasOwn(line, placesKey);
}

/** The names of the blobs of a parsed line. */
export function blobNames(line: unknown): readonly string[] {
  return [...new Set(placesOf(line).map(({ name }) => name))];
}

/** The event of a parsed line, its large parts put back. */
export function withBlobs(line: unknown, texts: ReadonlyMap<string, string>): unknown {
  const places = placesOf(line);
  if (places.length === 0) return line;
  const event = Object.fromEntries(Object.entries(line as object).filter(([key]) => key !== placesKey));
  return places.reduce<unknown>((value, { at, holds, name }) => {
    const text = texts.get(name);
    return putBack(value, at, text === undefined || holds === 'text' ? (text ?? lost) : parsed(text));
  }, event);
}

/**
 * What a parsed line lacks where these texts are all that is left of its blobs. `resultText`: nothing but the text of an
 * outcome or of an ending, whose status stands without it.
 */
export function lossWithout(
  line: unknown,
  texts: ReadonlyMap<string, string>,
): 'nothing' | 'resultText' | 'event' {
  const missing = placesOf(line).filter(({ name }) => !texts.has(name));
  if (missing.length === 0) return 'nothing';
  return missing.every(isResultText) ? 'resultText' : 'event';
}

function isResultText({ at, holds }: BlobPlace): boolean {
  const place = at.join('/');
  return holds === 'text' && (place.startsWith('outcome/output/') || place === 'ending/text');
}

const lost = '[This text was lost: its file is missing or damaged.]';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return lost;
  }
}

/** How much a part's place adds to the line; every name is as long as this one. */
function placeBytes({ at, value }: Part): number {
  const place: BlobPlace = { at, holds: typeof value === 'string' ? 'text' : 'json', name: '0'.repeat(64) };
  return Buffer.byteLength(JSON.stringify(place)) + 1;
}

function blobOf(value: unknown): { readonly holds: BlobPlace['holds']; readonly blob: Blob } {
  // UTF-8 has no half of a surrogate pair; JSON writes it as an escape.
  const holds = typeof value === 'string' && value.isWellFormed() ? 'text' : 'json';
  const text = holds === 'text' ? (value as string) : JSON.stringify(value);
  return { holds, blob: { name: createHash('sha256').update(text).digest('hex'), text } };
}

function placesOf(line: unknown): readonly BlobPlace[] {
  if (typeof line !== 'object' || line === null || !Object.hasOwn(line, placesKey)) return [];
  const places = (line as { readonly [placesKey]: unknown })[placesKey];
  return Array.isArray(places) ? places.filter(isPlace) : [];
}

/** A name leads to a file, so it may be nothing but a hash. */
function isPlace(value: unknown): value is BlobPlace {
  const { at, holds, name } = (value ?? {}) as Partial<Record<keyof BlobPlace, unknown>>;
  return (
    Array.isArray(at) &&
    at.every((key) => typeof key === 'string') &&
    (holds === 'text' || holds === 'json') &&
    typeof name === 'string' &&
    /^[0-9a-f]{64}$/.test(name)
  );
}

function putBack(value: unknown, at: readonly string[], part: unknown): unknown {
  const [key, ...deeper] = at;
  if (key === undefined) return part;
  if (typeof value !== 'object' || value === null) return value;
  const replaced = Object.entries(value).map(([name, child]): [string, unknown] => [
    name,
    name === key ? putBack(child, deeper, part) : child,
  ]);
  return Array.isArray(value) ? replaced.map(([, child]) => child) : Object.fromEntries(replaced);
}
