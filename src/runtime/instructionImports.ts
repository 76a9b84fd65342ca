/** Finds what a file of instructions imports: `@docs/style.md`, as Claude Code writes it. */

/** A link to another file, as it is written. */
export interface Import {
  /** `docs/style.md`, `../shared.md`, `~/mine.md`. */
  readonly path: string;
  /** It can only be meant as a file, so that its absence is worth a word; `@types/node` may be anything. */
  readonly isPlainlyFile: boolean;
}

// A word that begins with @: an address (a@b.c) has it inside.
const mention = /(?<![^\s([{"'*_])@(?<path>[^\s@`]+)/g;
// A sentence goes on behind the name.
const behind = /[.,;:!?)\]}"'*]+$/;
const fileName = /\.(?:md|mdc|markdown|txt|rst|adoc)$/i;
const fence = /^ {0,3}(?:`{3,}|~{3,})/;

/** The imports of a text in their order, each once; none of code, whose @ means something else. */
export function importsOf(text: string): readonly Import[] {
  const paths = new Set<string>();
  for (const line of proseLines(text)) {
    for (const { groups } of line.replace(/`[^`]*`/g, ' ').matchAll(mention)) {
      const path = (groups?.['path'] ?? '').replace(behind, '');
      if (path !== '') paths.add(path);
    }
  }
  return [...paths].map((path) => ({
    path,
    isPlainlyFile: /^(?:\.{1,2}|~)?\//.test(path) || fileName.test(path),
  }));
}

/** The lines that are in no fenced block of code. */
function* proseLines(text: string): Iterable<string> {
  let isCode = false;
  for (const line of text.split(/\r\n|[\r\n]/)) {
    if (fence.test(line)) isCode = !isCode;
    else if (!isCode) yield line;
  }
}
