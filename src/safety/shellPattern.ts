/**
 * The words of a shell as patterns: a backslash before each sign that was quoted, so that what is left bare is what the shell
 * still reads in it.
 */

const special = /[\\*?[\]{},~!]/g;
const maxAlternatives = 200;

/** The pattern of a text that the shell takes as it is. */
export function quotedPattern(text: string): string {
  return text.replace(special, String.raw`\$&`);
}

/** The pattern of unquoted text as it is written in the line. */
export function barePattern(source: string): string {
  return source.replace(/\\(\r?\n)/g, '').replace(/\\(.)/gs, (_, escaped: string) => quotedPattern(escaped));
}

/** The text that a pattern without anything to expand stands for. */
export function literalOf(pattern: string): string {
  return pattern.replace(/\\(.)/gs, '$1');
}

/** Tells whether files are put in its place. */
export function hasWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern.replace(/\\./gs, ''));
}

/**
 * The pattern as `globMatches` knows it, which finds at least as much; undefined where a wildcard in it is quoted. A set of
 * characters becomes any character.
 */
export function globOf(pattern: string): string | undefined {
  const widened = pattern.replace(
    /(\\.)|\[[^\]]+\]/gs,
    (set, escaped?: string) => escaped ?? (set ? '?' : ''),
  );
  return /\\[*?]/.test(widened) ? undefined : literalOf(widened);
}

/** The patterns that braces make of one; undefined where they are too many. */
export function expandBraces(pattern: string): readonly string[] | undefined {
  let open = [pattern];
  const done: string[] = [];
  while (open.length > 0) {
    if (open.length + done.length > maxAlternatives) return undefined;
    const [first = '', ...others] = open;
    const expanded = expandOnce(first);
    if (expanded === undefined) done.push(first);
    open = [...(expanded ?? []), ...others];
  }
  return done;
}

/** Replaces the first pair of braces that holds no other one. */
function expandOnce(pattern: string): readonly string[] | undefined {
  const found = /^((?:[^\\]|\\.)*?)\{((?:[^\\{}]|\\.)*)\}(.*)$/s.exec(pattern);
  if (found === null) return undefined;
  const [, before = '', inside = '', after = ''] = found;
  const parts = rangeOf(inside) ?? inside.match(/(?:[^\\,]|\\.)+|(?<=,|^)(?=,|$)/gs) ?? [];
  // Braces without a list stand for themselves.
  if (parts.length < 2) return [`${before}\\{${inside}\\}${after}`];
  return parts.map((part) => before + part + after);
}

function rangeOf(inside: string): readonly string[] | undefined {
  const found = /^(-?\d+|[a-z])\.\.(-?\d+|[a-z])$/i.exec(inside);
  if (found === null) return undefined;
  const [from, to] = found.slice(1).map((end) => (/\d/.test(end) ? Number(end) : (end.codePointAt(0) ?? 0)));
  if (from === undefined || to === undefined || Math.abs(to - from) > maxAlternatives) return undefined;
  const isLetter = !/\d/.test(inside);
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, step) => {
    const value = from + (to > from ? step : -step);
    return isLetter ? String.fromCodePoint(value) : String(value);
  });
}
