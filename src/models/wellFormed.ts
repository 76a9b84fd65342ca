/** Replaces halves of characters, which JSON can hold and the API refuses. */

/** The same value with U+FFFD in the place of each lone surrogate, in keys too. */
export function wellFormed<T>(value: T): T {
  return replace(value) as T;
}

function replace(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(replace);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key.toWellFormed(), replace(entry)]),
  );
}
