/** Masks the API key in texts, also where it comes in pieces; pure. */

/** What stands in the key's place. */
export const keySign = '[API key]';

/** Why something can't be carried out by a later host. */
export const keyNotKept = 'It held the API key, which is not kept; ask for it again.';

/** No key is that short, and to mask a common word would destroy every text. */
const fewestChars = 6;

/** The ways in which a key is written that are masked: as it is, inside of JSON, and inside of an address. */
export function keyForms(key: string | undefined): readonly string[] {
  const plain = key?.trim() ?? '';
  if (plain.length < fewestChars) return [];
  const inJson = JSON.stringify(plain).slice(1, -1);
  return [...new Set([plain, inJson, percentEncoded(plain)])];
}

/** Whether the text holds one of the forms. */
export function holdsKey(text: string, forms: readonly string[]): boolean {
  return forms.some((form) => text.includes(form));
}

/** The text with a sign in place of each form. */
export function maskKey(text: string, forms: readonly string[]): string {
  if (!holdsKey(text, forms)) return text;
  const mask = new KeyMask(forms);
  return mask.push(text) + mask.end();
}

/** The value with all of its texts masked, also the names in it; the value itself where there is nothing to mask. */
export function maskKeyIn<T>(value: T, forms: readonly string[]): T {
  return (forms.length > 0 ? masked(value, forms) : value) as T;
}

function masked(value: unknown, forms: readonly string[]): unknown {
  if (typeof value === 'string') return maskKey(value, forms);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => masked(item, forms));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  let isMasked = false;
  const members = Object.entries(value).map(([name, member]: [string, unknown]): [string, unknown] => {
    const pair: [string, unknown] = [maskKey(name, forms), masked(member, forms)];
    isMasked ||= pair[0] !== name || pair[1] !== member;
    return pair;
  });
  return isMasked ? Object.fromEntries(members) : value;
}

/**
 * Masks a text that comes in pieces, wherever they are cut: what may be the beginning of a form is held back until more has
 * come, and that is less than one form.
 */
export class KeyMask {
  private readonly forms: readonly string[];
  private readonly longest: number;
  private readonly pattern: RegExp;
  private held = '';

  constructor(forms: readonly string[]) {
    this.forms = forms;
    this.longest = Math.max(0, ...forms.map(({ length }) => length));
    this.pattern = new RegExp(forms.map(literally).join('|') || '(?!)', 'g');
  }

  /** The text that is sure by now; can be empty. */
  push(piece: string): string {
    const text = this.held + piece;
    let sure = '';
    let from = 0;
    for (const { index, 0: form } of text.matchAll(this.pattern)) {
      sure += text.slice(from, index) + keySign;
      from = index + form.length;
    }
    const end = this.beginningOfForm(text, from);
    this.held = text.slice(end);
    return sure + text.slice(from, end);
  }

  /** What was held back: it was no form. */
  end(): string {
    const rest = this.held;
    this.held = '';
    return rest;
  }

  private beginningOfForm(text: string, from: number): number {
    for (let at = Math.max(from, text.length - this.longest + 1); at < text.length; at += 1) {
      const rest = text.slice(at);
      if (this.forms.some((form) => form.startsWith(rest))) return at;
    }
    return text.length;
  }
}

function percentEncoded(plain: string): string {
  try {
    return encodeURIComponent(plain);
  } catch {
    return plain; // Half a character is no part of an address.
  }
}

function literally(form: string): string {
  return form.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
