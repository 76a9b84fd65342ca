/** Forms that one JSON value can take in another type without a loss. */
import type { JsonSchema } from '../core/tools.ts';

/** Returns the value of a string that is the JSON of an array, an object or a string; undefined for any other text. */
export function decodedJson(text: string): unknown {
  if (!/^\s*["[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Returns the number that a text is in JSON; undefined where it is none, or one that JavaScript can't hold. */
export function numberIn(text: string): number | undefined {
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text.trim())) return undefined;
  const number = Number(text);
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number))
    ? number
    : undefined;
}

/** Returns the text of a whole number, `true` or `false`. A fraction has several texts: 3.1 may have been 3.10. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** Returns the types that a schema names; none where it takes any. */
export function typesOf({ type }: JsonSchema): readonly string[] {
  return (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string');
}

/** Tells an object from arrays and null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
