/** Markdown that holds text of others without letting it break out of its place. */
import { shownText } from '../core/visibleText.ts';
import { escapeAfter, inertMarkdown } from './inertMarkdown.ts';

export { fenced } from './inertMarkdown.ts';

/** The text as a quote; every line is marked, so that nothing in it ends the quote, and it is as inert as `contained`. */
export function quoted(text: string): string {
  return inertMarkdown(shownText(text))
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

/** One line of code, with backquotes longer than any run of them inside. */
export function inlineCode(line: string): string {
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return line === '' ? '' : `${mark}${space}${line}${space}${mark}`;
}

/** One line of words, in which no character is markup. */
export function words(line: string): string {
  // Inside a word an underscore is only an underscore.
  return line.replace(/[\\`*{}[\]<>#!|~&$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (character, at: number) =>
    escapeAfter(line.slice(0, at))(character),
  );
}

/**
 * A model's Markdown, except for what would reach beyond it: an open fence is closed, headings go below those of the
 * document, underlined ones become text, and so do HTML, images (a preview fetches them) and links behind other words.
 */
export function contained(text: string): string {
  return inertMarkdown(shownText(text), containedLine);
}

function containedLine(line: string): string {
  return line
    .replace(/^( {0,3})(#{1,6})(?=\s|$)/, (_, indent: string, marks: string) => indent + below(marks))
    .replace(/^( {0,3})(?=(=+|-+)\s*$)/, '$1\\');
}

function below(marks: string): string {
  return '#'.repeat(Math.min(6, marks.length + 3));
}
