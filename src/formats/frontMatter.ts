/** Finds the front matter of a Markdown file, wherever its author may have put it. */

/** `line` counts from 1. */
export interface Unreadable {
  readonly ok: false;
  readonly line: number;
  readonly message: string;
}

export interface FrontMatter {
  readonly ok: true;
  /** Without the fences; none where there is no front matter. */
  readonly lines: readonly string[];
  /** The number of the first of them, from 1. */
  readonly firstLine: number;
  /** The text below. */
  readonly body: string;
}

/** Marks that some editors put before a line. */
const invisible = /^[\uFEFF\u200B\u2060]+/gm;
const fence = /^[ \t]*-{3,}[ \t]*$/;
const anyFence = /^[ \t]*(?:-{3,}|\+{3,}|={3,}|`{3,}[\w.-]*|~{3,}[\w.-]*)[ \t]*$/;
const key = /^[ \t]*["']?[A-Za-z][\w -]*["']?[ \t]*[:=：]/;

/**
 * Blank lines and comments may stand before it. What looks like front matter of an agent and can't be read as such is
 * an error: taken for text, it would lift what it restricts. `isRestriction` says of a line if it names what restricts.
 */
export function findFrontMatter(
  text: string,
  isRestriction: (line: string) => boolean,
): FrontMatter | Unreadable {
  const lines = text.replace(invisible, '').split(/\r\n|\n|\r/);
  const start = beginningOf(lines);
  const whole: FrontMatter = { ok: true, lines: [], firstLine: 1, body: lines.join('\n').trim() };
  if (!fence.test(lines[start] ?? '')) return misplaced(lines, start, isRestriction) ?? whole;
  const indent = /^[ \t]*/.exec(lines[start] ?? '')?.[0] ?? '';
  const end = lines.findIndex((line, at) => at > start && isEnd(line, indent));
  if (end < 0) return isKeyAhead(lines, start) ? unreadable(start, noEnd) : whole;
  const matter = lines
    .slice(start + 1, end)
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
  const next = beginningOf(lines, end + 1);
  const again = fence.test(lines[next] ?? '') ? misplaced(lines, next, isRestriction) : undefined;
  return (
    again ?? {
      ok: true,
      lines: matter,
      firstLine: start + 2,
      body: lines
        .slice(end + 1)
        .join('\n')
        .trim(),
    }
  );
}

function isEnd(line: string, indent: string): boolean {
  return line.startsWith(indent) && /^(?:-{3,}|\.{3})[ \t]*$/.test(line.slice(indent.length));
}

const noEnd = 'The front matter that begins here has no end. Put a line "---" after its last key.';

/** The first line that is neither blank nor a comment, nor the fence of code with which a chat wraps a whole file. */
function beginningOf(lines: readonly string[], from = 0): number {
  let at = from;
  while (at < lines.length) {
    const line = lines[at]?.trim() ?? '';
    const isWrapped = /^(?:`{3,}|~{3,})[\w.-]*$/.test(line) && fence.test(lines[at + 1] ?? '');
    if (line.startsWith('<!--')) at = endOfComment(lines, at) + 1;
    else if (line === '' || isWrapped) at += 1;
    else return at;
  }
  return from;
}

function endOfComment(lines: readonly string[], start: number): number {
  const end = lines.findIndex((line, at) => at >= start && line.includes('-->'));
  return end < 0 ? lines.length : end;
}

function isKeyAhead(lines: readonly string[], start: number): boolean {
  const next = lines.slice(start + 1).find((line) => line.trim() !== '');
  return next !== undefined && key.test(next);
}

/** The error for a restriction in the first paragraph, or between the first two fences of any kind. */
function misplaced(
  lines: readonly string[],
  start: number,
  isRestriction: (line: string) => boolean,
): Unreadable | undefined {
  const first = lines.findIndex((line, at) => at >= start && anyFence.test(line));
  const second = lines.findIndex((line, at) => at > first && anyFence.test(line));
  const blank = lines.findIndex((line, at) => at > start && (line.trim() === '' || anyFence.test(line)));
  const paragraph = lines.slice(start, blank < 0 ? undefined : blank);
  const isAllKeys = paragraph.every(
    (line) => key.test(line) || /^(?:[ \t]|-)/.test(line) || anyFence.test(line),
  );
  const found = lines.findIndex(
    (line, at) =>
      isRestriction(line) &&
      ((at < start + paragraph.length && at >= start && isAllKeys) ||
        (first >= 0 && at > first && at < second)),
  );
  return found < 0 ? undefined : unreadable(found, notAtTheBeginning);
}

const notAtTheBeginning =
  'This looks like front matter, which must stand between two lines "---" at the beginning of the file.';

function unreadable(index: number, message: string): Unreadable {
  return { ok: false, line: index + 1, message };
}
