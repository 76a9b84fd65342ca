/** Keeps the API key in use out of what is written. */
import { keyForms, maskKeyIn } from '../core/keyMask.ts';

/** The value with the key's every occurrence masked, in texts and names; the value itself where it has none. */
export function withoutKey<T>(value: T, key: string | undefined): T {
  return maskKeyIn(value, keyForms(key));
}
