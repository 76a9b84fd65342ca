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
const blank = /[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/g;
const fence = /^[ \t]*-{3,}[ \t]*(?:ya?ml)?[ \t]*$/i;
/** Also what an editor or another program makes of one. */
const anyFence = /^[ \t]*(?:-{3,}|\+{3,}|={3,}|\*{3,}|_{3,}|`{3,}|~{3,}|—+|–{2,})/;
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
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line).replace(blank, ' '));
  const next = beginningOf(lines, end + 1);
  const again = matter.some(isRestriction) ? undefined : misplaced(lines, next, isRestriction, 'atTheStart');
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

/** The error for a restriction in the first paragraph, or up to the second fence; `atTheStart`: if the first is there. */
function misplaced(
  lines: readonly string[],
  start: number,
  isRestriction: (line: string) => boolean,
  fences: 'anywhere' | 'atTheStart' = 'anywhere',
): Unreadable | undefined {
  const next = (from: number, isNext: (line: string) => boolean): number => {
    const found = lines.findIndex((line, at) => at >= from && isNext(line));
    return found < 0 ? lines.length : found;
  };
  const isFence = (line: string): boolean => anyFence.test(line);
  const opening = next(start, isFence);
  const closing = next(opening + 1, isFence);
  const isBlock = (opening === start || fences === 'anywhere') && closing < lines.length;
  const toOpening = fences === 'anywhere' && opening < lines.length ? opening : 0;
  const end = Math.max(
    next(start + 1, (line) => line.trim() === ''),
    isBlock ? closing : toOpening,
  );
  const found = next(start, isRestriction);
  return found < end ? unreadable(found, notAtTheBeginning) : undefined;
}

const notAtTheBeginning =
  'This looks like front matter, which must stand between two lines "---" at the beginning of the file.';

function unreadable(index: number, message: string): Unreadable {
  return { ok: false, line: index + 1, message };
}
