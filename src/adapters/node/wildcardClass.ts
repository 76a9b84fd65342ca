/** Reads a bracket expression of a pattern, such as `[a-z]` or `[![:digit:]]`, as git does. */

/** `end` is the index after the closing bracket. */
export interface WildcardClass {
  readonly end: number;
  readonly includes: (character: string) => boolean;
}

type Includes = (character: string) => boolean;

const namedClasses: Readonly<Record<string, RegExp>> = {
  alnum: /^[A-Za-z0-9]$/,
  alpha: /^[A-Za-z]$/,
  blank: /^[ \t]$/,
  cntrl: /^[\0-\x1f\x7f]$/,
  digit: /^[0-9]$/,
  graph: /^[!-~]$/,
  lower: /^[a-z]$/,
  print: /^[ -~]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^[ \t-\r]$/,
  upper: /^[A-Z]$/,
  xdigit: /^[0-9A-Fa-f]$/,
};

/**
 * The class that begins at the bracket at `start`; undefined if it has no end or names an unknown class. If case is ignored, it is
 * asked for lower case alone.
 */
export function readClass(
  pattern: readonly string[],
  start: number,
  ignoresCase: boolean,
): WildcardClass | undefined {
  const isNegated = ['!', '^'].includes(pattern[start + 1] ?? '');
  const first = start + (isNegated ? 2 : 1);
  const members: Includes[] = [];
  let before: string | undefined;
  let at = first;
  // A closing bracket in the first place is a member.
  while (at === first || pattern[at] !== ']') {
    const member = readMember(pattern, at, before);
    if (member === undefined) return undefined;
    members.push(ignoresCase && member.isOfMany ? inEitherCase(member.includes) : member.includes);
    before = member.canBegin;
    at = member.end;
  }
  const includes: Includes = (character) =>
    character !== '/' && members.some((member) => member(character)) !== isNegated;
  return { end: at + 1, includes };
}

// A single character counts as it is written: so git has it.
function inEitherCase(includes: Includes): Includes {
  return (character) => includes(character) || includes(character.toUpperCase());
}

/** `canBegin` is the character that a range can begin with. */
interface Member {
  readonly includes: Includes;
  readonly isOfMany: boolean;
  readonly end: number;
  readonly canBegin: string | undefined;
}

function readMember(pattern: readonly string[], at: number, before: string | undefined): Member | undefined {
  const character = pattern[at];
  if (character === undefined) return undefined;
  if (character === '\\') return single(pattern[at + 1], at + 2);
  const next = pattern[at + 1];
  if (character === '-' && before !== undefined && next !== undefined && next !== ']')
    return range(before, pattern, at + 1);
  if (character === '[' && next === ':') return named(pattern, at);
  return single(character, at + 1);
}

function single(character: string | undefined, end: number): Member | undefined {
  if (character === undefined) return undefined;
  return { includes: (other) => other === character, isOfMany: false, end, canBegin: character };
}

function range(first: string, pattern: readonly string[], at: number): Member | undefined {
  const isEscaped = pattern[at] === '\\';
  const last = pattern[isEscaped ? at + 1 : at];
  if (last === undefined) return undefined;
  const [from, to] = [codeOf(first), codeOf(last)];
  const includes: Includes = (other) => codeOf(other) >= from && codeOf(other) <= to;
  return { includes, isOfMany: true, end: at + (isEscaped ? 2 : 1), canBegin: undefined };
}

function named(pattern: readonly string[], at: number): Member | undefined {
  const end = pattern.indexOf(']', at + 2);
  if (end === -1) return undefined;
  // Without a second colon it is a plain bracket.
  if (end === at + 2 || pattern[end - 1] !== ':') return single('[', at + 1);
  const known = namedClasses[pattern.slice(at + 2, end - 1).join('')];
  if (known === undefined) return undefined;
  return { includes: (other) => known.test(other), isOfMany: true, end: end + 1, canBegin: undefined };
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
