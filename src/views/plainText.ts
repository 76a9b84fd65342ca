/** Makes text of a model, a tool or a file harmless in one line of the interface. */
import { visibleCode, visibleText, withoutLinks, withoutSequences } from '../core/visibleText.ts';

/** How much longer than what is shown a text may be for the sake of what is taken out of it. */
const searched = 16;
/** A page shows them as one, and so many more push away what follows. */
const manySpaces = / {2,}/g;
const emptyLines = /\n(?:[ \t]*\n){3,}/g;
const tabFlood = /\t{5,}/g;

/** The text in one line of at most `maxLength` characters: no control characters, no escape sequences, nothing hidden. */
export function oneLine(text: string, maxLength = 80): string {
  const line = visibleText(
    withoutSequences(beginning(text, maxLength)).replace(/[\p{Cc}\u2028\u2029]+/gu, ' '),
  );
  return cut(line.replace(/ {2,}/g, ' ').trim(), maxLength);
}

/** The text in lines, without other control characters and escape sequences, of at most `maxLength` characters. */
export function manyLines(text: string, maxLength: number): string {
  const lines = withoutSequences(beginning(text, maxLength)).replace(/\r\n?/g, '\n');
  const calm = lines.replace(emptyLines, '\n\n').replace(tabFlood, '\t\t\t\t');
  return cut(visibleText(calm.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, ' ')), maxLength);
}

/** As `oneLine`, for what will run or be written: each control character becomes a sign, and spaces in a row are counted. */
export function exactLine(text: string, maxLength = 80): string {
  const line = visibleCode(beginning(text, maxLength).replace(/[\t\n]/g, controlSign));
  return cut(
    line.trim().replace(manySpaces, (spaces) => `⟨${spaces.length} spaces⟩`),
    maxLength,
  );
}

/** As `manyLines`, for what will run or be written: nothing of it is hidden, each control character becomes a sign. */
export function exactLines(text: string, maxLength: number): string {
  return cut(visibleCode(beginning(text, maxLength)), maxLength);
}

/** The line with its middle left out, where it is longer than `maxLength` characters: both ends tell it apart. */
export function middleCut(line: string, maxLength: number): string {
  const characters = [...line];
  if (characters.length <= maxLength) return line;
  const tail = Math.floor((maxLength - 1) / 2);
  const head = maxLength - 1 - tail;
  return `${characters.slice(0, head).join('')}…${characters.slice(-tail).join('')}`;
}

/** Words of a message, with what others wrote in them: one line, and nothing in it to click on. */
export function messageText(text: string, maxLength = 1000): string {
  return withoutLinks(oneLine(text, maxLength));
}

function controlSign(control: string): string {
  return String.fromCharCode(0x2400 + control.charCodeAt(0));
}

/** What is cut off anyway need not be searched. */
function beginning(text: string, maxLength: number): string {
  return text.slice(0, maxLength * searched).replace(/[\ud800-\udbff]$/, '');
}

function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const characters = [...text];
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : text;
}
