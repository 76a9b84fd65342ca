/** Names and ids as the API takes them: letters, digits, `_` and `-`, whatever another model or a transcript used. */
import type { CallId } from '../core/calls.ts';

/** The API refuses a longer name of a tool. */
const longestName = 128;

/** The name of a tool that a model asked for; a name that no tool has can be anything. */
export function wireName(name: string): string {
  return onlyAllowed(name).slice(0, longestName);
}

/** Gives each call id of one request its form on the wire. The same messages get the same ids in every request. */
export class WireIds {
  private readonly wireIds = new Map<CallId, string>();
  private readonly taken = new Set<string>();

  /** Its own form where the API takes it, else one that no other call of the request has. */
  of(id: CallId): string {
    const known = this.wireIds.get(id);
    if (known !== undefined) return known;
    const wanted = onlyAllowed(id);
    let wireId = wanted;
    for (let number = 2; this.taken.has(wireId); number += 1) wireId = `${wanted}_${number}`;
    this.taken.add(wireId);
    this.wireIds.set(id, wireId);
    return wireId;
  }
}

function onlyAllowed(text: string): string {
  return text.replaceAll(/[^a-zA-Z0-9_-]/g, '_') || '_';
}
