/** What a call reads and writes, and when two calls may not overlap. */

/**
 * One thing that can be read or written: `file:<canonical path>`, `tree:<canonical dir>`,
 * `git:<git dir>:index` or `git:<git dir>:refs`.
 */
export type EffectKey = string;

/** `unknown`: a command that is not provably read-only. */
export type Effects =
  | { readonly kind: 'known'; readonly reads: readonly EffectKey[]; readonly writes: readonly EffectKey[] }
  | { readonly kind: 'unknown' };

export const noEffects: Effects = { kind: 'known', reads: [], writes: [] };
export const unknownEffects: Effects = { kind: 'unknown' };

export function reads(...keys: readonly EffectKey[]): Effects {
  return { kind: 'known', reads: keys, writes: [] };
}

export function writes(...keys: readonly EffectKey[]): Effects {
  return { kind: 'known', reads: [], writes: keys };
}

/** Whether a call with these effects changes nothing. */
export function onlyReads(effects: Effects): boolean {
  return effects.kind === 'known' && effects.writes.length === 0;
}
