/** Markdown that holds text of others without letting it break out of its place. */

/** The text between fences longer than any fence inside it. */
export function fenced(text: string, language = 'text'): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.endsWith('\n') ? text : `${text}\n`}${fence}`;
}

/** The text as a quote; every line is marked, so that nothing in it ends the quote. */
export function quoted(text: string): string {
  return lines(text)
    .map((line) => `> ${withoutImages(line)}`.trimEnd())
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
  return line.replace(/[\\`*{}[\]<>#!|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&');
}

/**
 * A model's Markdown as it is, except for what would reach beyond it: an open fence is closed, headings go
 * below those of the document, HTML and underlined headings become text, and images (a preview fetches them) too.
 */
export function contained(text: string): string {
  let fence: string | undefined;
  const shown = lines(text).map((line) => {
    const mark = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line);
    if (fence !== undefined) {
      if (mark && closes(mark, fence)) fence = undefined;
      return line;
    }
    if (!mark || (mark[1]?.startsWith('`') && mark[2]?.includes('`'))) return containedLine(line);
    fence = mark[1];
    return line;
  });
  return [...shown, ...(fence === undefined ? [] : [fence])].join('\n');
}

function closes(mark: RegExpExecArray, fence: string): boolean {
  const [, run = '', rest = ''] = mark;
  return run[0] === fence[0] && run.length >= fence.length && rest.trim() === '';
}

function containedLine(line: string): string {
  return withoutImages(line)
    .replace(/^( {0,3})(#{1,6})(?=\s|$)/, (_, indent: string, marks: string) => indent + below(marks))
    .replace(/^( {0,3})(?=(=+|-+)\s*$)/, '$1\\')
    .replace(/^( {0,3})</, '$1\\<');
}

function below(marks: string): string {
  return '#'.repeat(Math.min(6, marks.length + 3));
}

function withoutImages(line: string): string {
  return line.replaceAll('![', '!\\[');
}

function lines(text: string): string[] {
  return text.split(/\r\n|\r|\n/);
}
