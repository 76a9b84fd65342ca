/** How the report of the tests inside VS Code is told from everything else that VS Code prints. */

const mark = '│ ';

/** Marks every line of a text. */
export function reportLines(text: string): string {
  return text
    .split('\n')
    .map((line) => mark + line)
    .join('\n');
}

export function isReportLine(text: string): boolean {
  return text.startsWith(mark);
}
