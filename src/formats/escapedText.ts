/** Text inside tags of our own: nothing in it can forge a tag, and reading it back gives it exactly. */

const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' };
const characters: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(names).map(([character, name]) => [name, character]),
);

// Control characters could drive a terminal that the file is shown on, and bidirectional ones reorder what is read; of
// them a text keeps tabs and line feeds.
const inText = /[&<>\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const inAttribute = /[&<>"\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** For what stands between two tags. Half characters, which UTF-8 doesn't know, become U+FFFD. */
export function escapeText(text: string): string {
  return text.toWellFormed().replace(inText, reference);
}

/** For a value in double quotes; it stays on one line. */
export function escapeAttribute(value: string): string {
  return value.toWellFormed().replace(inAttribute, reference);
}

function reference(character: string): string {
  return `&${names[character] ?? `#${character.charCodeAt(0)}`};`;
}

/** The text as it was. A reference that nobody wrote stays as it is. */
export function unescape(escaped: string): string {
  return escaped.replace(/&(?:([a-z]+)|#(\d{1,7}));/g, (whole, name: string | undefined, code: string) =>
    name === undefined ? fromCode(Number(code), whole) : (characters[name] ?? whole),
  );
}

function fromCode(code: number, whole: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}
