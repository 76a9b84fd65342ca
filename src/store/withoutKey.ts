/** Keeps the API key in use out of what is written. */

/** The value with the key's every occurrence masked, as JSON has it; the value itself where it has none. */
export function withoutKey<T>(value: T, key: string | undefined): T {
  if (!key) return value;
  const json = JSON.stringify(value);
  return json.includes(key) ? (JSON.parse(json.replaceAll(key, '[API key]')) as T) : value;
}
