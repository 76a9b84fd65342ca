/** Another's Markdown in which nothing is HTML, an image, a link behind other words or maths; what else it is stays. */

/** A fence's content, or a line of prose. */
type Piece =
  | { readonly kind: 'code'; readonly language: string; readonly lines: string[] }
  | { readonly kind: 'line'; readonly line: string };

/** Extensions of the preview draw other languages, mermaid say, and those can load images. */
const languages = new Set(
  (
    'bash bat c clojure cmake cpp cs csharp css csv dart diff dockerfile elixir erl erlang fish fsharp go graphql groovy ' +
    'haskell hs html http ini java javascript js json json5 jsonc jsonl jsx julia kotlin less lua make makefile markdown md nix ' +
    'objc ocaml patch perl php plaintext powershell prisma proto ps1 py python r rb regex ruby rs rust scala scss sh shell ' +
    'sql svelte swift tcl terraform text toml ts tsx txt typescript vb vim vue xml yaml yml zig zsh'
  ).split(' '),
);
/** Only these characters make a table, whose cells end at a bar also inside of code. */
const tableRule = /^(?=.*-)[\s\d.)>*+:|-]+$/;
const openingFence = /^(\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?)(`{3,}(?=[^`]*$)|~{3,})\s*(\S*)/;
/** What would be something else than words after an escape. */
const harmful = /[<$]|!\[|\][(:[]/;

/** Its lines, each through `shape`; fences stand alone, are closed, and are longer than every fence inside. */
export function inertMarkdown(text: string, shape: (line: string) => string = (line) => line): string {
  const pieces = piecesOf(text.split(/\r\n|\r|\n/));
  const hasTable = pieces.some((piece) => piece.kind === 'line' && tableRule.test(piece.line));
  return pieces
    .map((piece) =>
      piece.kind === 'line'
        ? shape(inertLine(piece.line, hasTable))
        : fenced(piece.lines.join('\n'), piece.language),
    )
    .join('\n');
}

/** The text between fences longer than any fence inside it. */
export function fenced(text: string, language = 'text'): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.endsWith('\n') ? text : `${text}\n`}${fence}`;
}

/** Indented fences end with what they are indented in, so each is taken out of it. */
function piecesOf(lines: readonly string[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let open: { readonly fence: string; readonly indent: number; readonly lines: string[] } | undefined;
  for (const line of lines) {
    if (open) {
      if (closes(line, open.fence)) open = undefined;
      else open.lines.push(withoutIndent(line, open.indent));
      continue;
    }
    const [, before = '', fence, language = ''] = openingFence.exec(line) ?? [];
    if (fence === undefined) {
      pieces.push({ kind: 'line', line });
      continue;
    }
    if (before.trim() !== '') pieces.push({ kind: 'line', line: before.trimEnd() });
    open = { fence, indent: before.length, lines: [] };
    pieces.push({ kind: 'code', language: knownLanguage(language), lines: open.lines });
  }
  return pieces;
}

function closes(line: string, fence: string): boolean {
  const marks = line.trim();
  return marks.length >= fence.length && marks === fence.charAt(0).repeat(marks.length);
}

function withoutIndent(line: string, indent: number): string {
  const own = line.length - line.trimStart().length;
  return line.slice(Math.min(own, indent));
}

function knownLanguage(language: string): string {
  if (language === '') return '';
  return languages.has(language.toLowerCase()) ? language : 'text';
}

/** What is not words alone: an escape, backquotes, the beginnings of HTML, addresses, images, links and maths. */
const token = /\\?<[a-z][\w+.-]*:|\\[!-/:-@[-`{-~]|`+|(?<=\])[(:]|!\[|[^\\`<\]!$]+|[^]/iy;

/** Behind an angle bracket. */
const beginsHtml = /[a-z/!?]/i;

/** An address takes in what follows it up to the next blank, backslashes and backquotes too. */
const address = /\/\/|mailto:/i;
const longestSign = 'mailto:'.length;

/** Code of one line stays code; a backquote without its partner there would pair with one of another line. */
function inertLine(line: string, isInTable: boolean): string {
  const closings = closingsOf(line);
  let shown = '';
  let isAddress = false;
  for (let at = 0; at < line.length;) {
    token.lastIndex = at;
    const [found] = token.exec(line) ?? [line.slice(at)];
    const isMarked = found.startsWith('`') && !isAddress;
    const code: string | undefined = isMarked ? codeAt(line, at, found.length, closings) : undefined;
    const isCut = isInTable && code?.includes('|') && harmful.test(code);
    const kept: string | undefined = isCut ? undefined : code;
    const taken: string = kept ?? found;
    const isPlain = found === '<' && !beginsHtml.test(line.charAt(at + 1));
    shown += kept ?? (isPlain ? found : inertToken(found, isAddress ? byNumber : byBackslash));
    const word = /\S*$/.exec(line.slice(Math.max(0, at - longestSign), at + taken.length))?.[0] ?? '';
    isAddress = (isAddress && !/\s/.test(taken)) || address.test(word);
    at += taken.length;
  }
  return shown;
}

/** What is escaped in a line, one character at a time; `before` is what stands before it. */
export function escapeAfter(before: string): Escape {
  return address.test(/\S*$/.exec(before)?.[0] ?? '') ? byNumber : byBackslash;
}

type Escape = (character: string) => string;
const byBackslash: Escape = (character) => `\\${character}`;
const byNumber: Escape = (character) => `&#${character.charCodeAt(0)};`;

function inertToken(found: string, escape: Escape): string {
  const [, name] = /^\\?<(.+):$/.exec(found) ?? [];
  if (name !== undefined) return escape('<') + name + (/^(?:https?|mailto)$/i.test(name) ? ':' : escape(':'));
  if (found === '![') return `!${escape('[')}`;
  if (found.startsWith('\\') && found.length === 2) return escape(found.charAt(1));
  return /^(?:`+|[<$(:])$/.test(found) ? found.replace(/./g, escape) : found;
}

/** Where runs of backquotes begin, by their length; the last comes first. */
function closingsOf(line: string): ReadonlyMap<number, number[]> {
  const closings = new Map<number, number[]>();
  for (const { 0: run, index } of [...line.matchAll(/`+/g)].reverse()) {
    const starts = closings.get(run.length) ?? [];
    starts.push(index);
    closings.set(run.length, starts);
  }
  return closings;
}

/** The code between backquotes at a place and as many after it; undefined where it has no end in the line. */
function codeAt(
  line: string,
  at: number,
  length: number,
  closings: ReadonlyMap<number, number[]>,
): string | undefined {
  const starts = closings.get(length) ?? [];
  // Places are asked for from left to right.
  while (starts.length > 0 && (starts.at(-1) ?? 0) < at + length) starts.pop();
  const end = starts.at(-1);
  return end === undefined ? undefined : line.slice(at, end + length);
}
