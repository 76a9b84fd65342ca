/** The places of a text that may name a file, so that those that exist can be opened. */

export interface FileMention {
  /** Of the mention in the text, in UTF-16 code units. */
  readonly offset: number;
  readonly length: number;
  /** As it is written. */
  readonly path: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
}

/** A line that is longer holds data. */
const longestLine = 2000;
/** More are not clicked, and each is looked for on the disk. */
const mostMentions = 300;

/** `src/a.ts`, `src/a.ts:15`, `a.c:2:11`, `src/a.ts(1,7)`; and `File "a.py", line 4` of Python. */
export function fileMentions(text: string): readonly FileMention[] {
  const mentions: FileMention[] = [];
  let lineStart = 0;
  for (const line of text.split('\n')) {
    if (line.length <= longestLine)
      for (const found of mentionsIn(line)) mentions.push({ ...found, offset: lineStart + found.offset });
    if (mentions.length >= mostMentions) return mentions.slice(0, mostMentions);
    lineStart += line.length + 1;
  }
  return mentions;
}

// A drive or none, folders, a name with an ending; then a line and a column in one of three forms.
const mention =
  /(?<![\w./\\-])(?<path>(?:[A-Za-z]:[\\/]|~?[\\/])?(?:[\w.@+-]+[\\/])*[\w.@+-]*\w\.[A-Za-z]\w{0,9})(?:"?, line (?<pythonLine>\d+)|:(?<line>\d+)(?::(?<column>\d+))?|\((?<tscLine>\d+),(?<tscColumn>\d+)\))?(?![\w\\/])/g;

function* mentionsIn(line: string): Iterable<FileMention> {
  for (const match of line.matchAll(mention)) {
    const { path = '', line: plain, column, pythonLine, tscLine, tscColumn } = match.groups ?? {};
    const lineNumber = plain ?? pythonLine ?? tscLine;
    const columnNumber = column ?? tscColumn;
    // An address on the web is VS Code's to open.
    if (/:\/\/\S*$/.test(line.slice(0, match.index))) continue;
    yield {
      offset: match.index,
      length: match[0].length,
      path,
      ...(lineNumber !== undefined && { line: Number(lineNumber) }),
      ...(columnNumber !== undefined && { column: Number(columnNumber) }),
    };
  }
}
