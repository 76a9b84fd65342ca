/** Takes a glob apart at its commas and braces. */

const mostPatterns = 500;

/** The parts between the commas outside of braces, without the blanks around them. */
export function splitAtCommas(glob: string): readonly string[] {
  const commas: number[] = [];
  let depth = 0;
  for (const { sign, at } of signsOf(glob)) {
    if (sign === '{') depth += 1;
    else if (sign === '}') depth = Math.max(0, depth - 1);
    else if (depth === 0) commas.push(at);
  }
  return cut(glob, 0, commas, glob.length)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/**
 * The patterns that a glob with braces stands for: `a.{ts,tsx}` is `a.ts` and `a.tsx`. Braces without a comma are plain
 * characters. Undefined if there are too many.
 */
export function expandBraces(glob: string): readonly string[] | undefined {
  let patterns: readonly string[] = [glob];
  for (;;) {
    const expanded = patterns.flatMap(expandFirst);
    if (expanded.length > mostPatterns) return undefined;
    if (expanded.length === patterns.length) return [...new Set(expanded)];
    patterns = expanded;
  }
}

function expandFirst(glob: string): readonly string[] {
  const group = firstGroup(glob);
  if (group === undefined) return [glob];
  const { start, commas, end } = group;
  return cut(glob, start + 1, commas, end).map((part) => glob.slice(0, start) + part + glob.slice(end + 1));
}

interface Group {
  readonly start: number;
  readonly commas: number[];
  readonly end: number;
}

/** The first braces with a comma of their own. */
function firstGroup(glob: string): Group | undefined {
  const open: { readonly start: number; readonly commas: number[] }[] = [];
  let first: Group | undefined;
  for (const { sign, at } of signsOf(glob)) {
    const group = open.at(-1);
    if (sign === '{') open.push({ start: at, commas: [] });
    else if (sign === ',') group?.commas.push(at);
    else if (group !== undefined) {
      open.pop();
      if (group.commas.length > 0 && (first === undefined || group.start < first.start))
        first = { ...group, end: at };
    }
  }
  return first;
}

function cut(text: string, start: number, commas: readonly number[], end: number): string[] {
  const starts = [start, ...commas.map((comma) => comma + 1)];
  const ends = [...commas, end];
  return starts.map((from, index) => text.slice(from, ends[index]));
}

/** Braces and commas that are neither escaped nor in a class. */
function* signsOf(glob: string): Generator<{ readonly sign: '{' | '}' | ','; readonly at: number }> {
  for (const { 0: text, index } of glob.matchAll(/\\.|\[[!^]?\]?[^\]/]*\]|[{},]/gs))
    if (text === '{' || text === '}' || text === ',') yield { sign: text, at: index };
}
