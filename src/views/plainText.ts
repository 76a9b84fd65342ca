/** Makes text of a model, a tool or a file harmless in one line of the interface. */

// Escape sequences drive a terminal, and bidirectional controls reorder what a person reads.
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const reordering = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** The text in one line of at most `maxLength` characters, without control characters. */
export function oneLine(text: string, maxLength = 80): string {
  // A slice first: what is cut off anyway need not be searched.
  const line = text
    .slice(0, maxLength * 4)
    .replace(reordering, '')
    .replace(controls, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  const characters = [...line];
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : line;
}

/** The text in lines, without any other control character, of at most `maxLength` characters. */
export function manyLines(text: string, maxLength: number): string {
  const shown = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return shown.replace(reordering, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ');
}
