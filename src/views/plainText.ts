/** Makes text of a model, a tool or a file harmless in one line of the interface. */

// Escape sequences drive a terminal, and bidirectional controls reorder what a person reads.
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const reordering = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

// What a sequence sets is no text: without its escape character alone, `[31m` would be left to read. A text for the
// terminal itself (a title, a link's address) counts only where it ends, or an unended one would hide all after it.
const terminalTexts =
  /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)/g;
const terminalCommands = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]/g;

/** How much longer than what is shown a text may be for the sake of what is taken out of it. */
const searched = 16;

/** The text in one line of at most `maxLength` characters, without control characters and escape sequences. */
export function oneLine(text: string, maxLength = 80): string {
  return inOneLine(withoutSequences(text, maxLength), maxLength);
}

/** The text in lines, without other control characters and escape sequences, of at most `maxLength` characters. */
export function manyLines(text: string, maxLength: number): string {
  return inLines(withoutSequences(text, maxLength), maxLength);
}

/** As `oneLine`, for what will run or be written: nothing of it is hidden, each control character becomes a sign. */
export function exactLine(text: string, maxLength = 80): string {
  return inOneLine(withSigns(text, maxLength), maxLength);
}

/** As `manyLines`, for what will run or be written: nothing of it is hidden, each control character becomes a sign. */
export function exactLines(text: string, maxLength: number): string {
  return inLines(withSigns(text, maxLength), maxLength);
}

/** The line with its middle left out, where it is longer than `maxLength` characters: both ends tell it apart. */
export function middleCut(line: string, maxLength: number): string {
  const characters = [...line];
  if (characters.length <= maxLength) return line;
  const tail = Math.floor((maxLength - 1) / 2);
  const head = maxLength - 1 - tail;
  return `${characters.slice(0, head).join('')}…${characters.slice(-tail).join('')}`;
}

function inOneLine(text: string, maxLength: number): string {
  const line = text.replace(controls, ' ').replace(/ {2,}/g, ' ').trim();
  const characters = [...line];
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : line;
}

function inLines(text: string, maxLength: number): string {
  const lines = text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ');
  return lines.length > maxLength ? `${lines.slice(0, maxLength)}…` : lines;
}

// Both slice first: what is cut off anyway need not be searched.
function withoutSequences(text: string, maxLength: number): string {
  return text
    .slice(0, maxLength * searched)
    .replace(terminalTexts, '')
    .replace(terminalCommands, '')
    .replace(reordering, '');
}

function withSigns(text: string, maxLength: number): string {
  return text
    .slice(0, maxLength * searched)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, signOf)
    .replace(reordering, '\ufffd');
}

function signOf(control: string): string {
  const code = control.charCodeAt(0);
  if (code === 0x7f) return '\u2421';
  return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
}
