/** Reads regular expressions in ripgrep's default syntax, and look-around and back-references beside it. */
import { isLineBreak, readClass } from './regexClass.ts';
import { readEscape } from './regexEscapes.ts';
import type { ClassSet, LookAround, RegexNode } from './regexNode.ts';
import { RegexProblem, RegexReader } from './regexReader.ts';

const lineFeed = 10;
const maxDepth = 250;
const lookArounds: readonly LookAround[] = ['?<=', '?<!', '?=', '?!'];
/** Beginnings of groups that other kinds of regular expressions have. */
const foreignGroups: Readonly<Record<string, string>> = {
  '?>': 'an atomic group: write (?:...)',
  '?#': 'a comment: leave it out',
  '?|': 'a branch reset: write (?:...)',
  '?(': 'a condition',
  '?&': 'a call of a group',
  "?'": 'a quoted group name: write (?P<name>...)',
  '?P>': 'a call of a group',
  '?P=': 'a back-reference by name: write \\k<name>',
};

export type RustRegex =
  | {
      readonly ok: true;
      readonly node: RegexNode;
      /** True with look-around or back-references, which ripgrep does not have. */
      readonly isBeyondRipgrep: boolean;
      /** Unicode properties that JavaScript does not have under such a name. */
      readonly unknownProperties: readonly string[];
    }
  /** `reason` is a clause that says what and where. */
  | { readonly ok: false; readonly reason: string };

export function readRustRegex(pattern: string): RustRegex {
  try {
    return new PatternReader(pattern).read();
  } catch (error) {
    if (error instanceof RegexProblem) return { ok: false, reason: error.message };
    throw error;
  }
}

class PatternReader {
  private readonly reader: RegexReader;
  private readonly names = new Map<string, number>();
  private readonly references: { readonly group: number; readonly at: number }[] = [];
  private groups = 0;
  private isBeyondRipgrep = false;

  constructor(pattern: string) {
    this.reader = new RegexReader(pattern);
  }

  read(): RustRegex {
    const node = this.readAlternatives(0);
    if (!this.reader.isAtEnd) this.reader.fail('")" closes nothing: write \\) for the character');
    const unknown = this.references.find(({ group }) => group > this.groups);
    if (unknown) this.reader.fail(`there is no group ${unknown.group}`, unknown.at);
    const { unknownProperties } = this.reader;
    return { ok: true, node, isBeyondRipgrep: this.isBeyondRipgrep, unknownProperties };
  }

  // Flags that are set in it end with it.
  private readAlternatives(depth: number): RegexNode {
    if (depth > maxDepth) this.reader.fail('its groups are nested too deeply');
    const { flags } = this.reader;
    const alternatives: RegexNode[] = [];
    do alternatives.push(this.readSequence(depth));
    while (this.reader.takeIf('|'));
    this.reader.flags = flags;
    const [only] = alternatives;
    return only && alternatives.length === 1 ? only : { kind: 'alternatives', of: alternatives };
  }

  private readSequence(depth: number): RegexNode {
    const of: RegexNode[] = [];
    // Flags are nothing that could be repeated.
    let isRepeatable = false;
    for (;;) {
      this.reader.skipSpace();
      if (this.reader.isAtEnd || /[|)]/.test(this.reader.next)) return { kind: 'sequence', of };
      if (/[?*+{]/.test(this.reader.next)) {
        const last = isRepeatable ? of.pop() : undefined;
        of.push(this.readRepetition(last));
        continue;
      }
      const node = this.readAtom(depth);
      isRepeatable = node !== undefined;
      if (node !== undefined) of.push(node);
    }
  }

  private readRepetition(of: RegexNode | undefined): RegexNode {
    const start = this.reader.position;
    const sign = this.reader.take();
    if (of === undefined)
      return this.reader.fail(
        `"${sign}" has nothing before it to repeat: write \\${sign} for the character`,
        start,
      );
    const [min, max] =
      sign === '{' ? this.readCounts(start) : [sign === '+' ? 1 : 0, sign === '?' ? 1 : Infinity];
    if (sign === '{') this.reader.skipSpace();
    const isLazy = this.reader.takeIf('?');
    // ripgrep takes a++ for (?:a+)+, which is a+, and which JavaScript would try in countless ways.
    if (of.kind === 'repetition' && of.max === Infinity && max === Infinity && of.min <= 1 && min <= 1)
      return { ...of, min: of.min * min, isLazy };
    return { kind: 'repetition', of, min, max, isLazy };
  }

  private readCounts(start: number): readonly [number, number] {
    const counts = this.reader.takeUntil('}') ?? '';
    const [, first, comma, second] = /^\s*(\d{1,9})\s*(,)?\s*(\d{1,9})?\s*$/.exec(counts) ?? [];
    if (first === undefined || (comma === undefined && second !== undefined))
      return this.reader.fail(
        '"{" begins no repetition such as {2} or {2,5}: write \\{ for the character',
        start,
      );
    const min = Number(first);
    const max = second === undefined ? (comma === undefined ? min : Infinity) : Number(second);
    if (min > max) return this.reader.fail(`{${min},${max}} is the wrong way round`, start);
    return [min, max];
  }

  private readAtom(depth: number): RegexNode | undefined {
    const { reader } = this;
    const { isUnicode } = reader.flags;
    if (reader.startsWith('(')) return this.readGroup(depth);
    if (reader.startsWith('[')) return this.readSet();
    if (reader.startsWith('\\')) return this.readEscaped();
    if (reader.takeIf('.')) return { kind: 'any' };
    if (reader.takeIf('^')) return { kind: 'assertion', at: 'lineStart', isUnicode };
    if (reader.takeIf('$')) return { kind: 'assertion', at: 'lineEnd', isUnicode };
    const at = reader.position;
    return this.literal(reader.take().codePointAt(0) ?? 0, at);
  }

  private readSet(): RegexNode {
    const at = this.reader.position;
    const { ignoresCase } = this.reader.flags;
    const set = readClass(this.reader);
    if (isLineBreak(set)) this.refuseLineBreak(at);
    return { kind: 'class', set, ignoresCase };
  }

  private literal(codePoint: number, at: number): RegexNode {
    if (codePoint === lineFeed) this.refuseLineBreak(at);
    return { kind: 'literal', codePoint, ignoresCase: this.reader.flags.ignoresCase };
  }

  // Without this it would silently match nothing.
  private refuseLineBreak(at: number): void {
    this.reader.fail('a line break is never matched, because each line is looked at alone', at);
  }

  private readEscaped(): RegexNode {
    const at = this.reader.position;
    const { ignoresCase, isUnicode } = this.reader.flags;
    const escape = readEscape(this.reader);
    switch (escape.kind) {
      case 'literal':
        return this.literal(escape.codePoint, at);
      case 'set':
        return { kind: 'class', set: escape.set, ignoresCase: ignoresCase && !isAscii(escape.set) };
      case 'assertion':
        return { kind: 'assertion', at: escape.at, isUnicode };
      case 'group': {
        this.isBeyondRipgrep = true;
        const group = typeof escape.group === 'number' ? escape.group : this.names.get(escape.group);
        if (group === undefined) return this.reader.fail(`there is no group "${escape.group}" before it`, at);
        this.references.push({ group, at });
        return { kind: 'backReference', group, ignoresCase };
      }
    }
  }

  private readGroup(depth: number): RegexNode | undefined {
    const start = this.reader.position;
    this.reader.take();
    this.reader.skipSpace();
    const opening = lookArounds.find((each) => this.reader.takeIf(each));
    if (opening !== undefined) {
      this.isBeyondRipgrep = true;
      return { kind: 'lookAround', of: this.readInside(depth, start), opening };
    }
    const name = this.readName(start);
    if (name === undefined && this.reader.startsWith('?')) return this.readFlags(depth, start);
    this.groups += 1;
    if (name !== undefined) this.names.set(name, this.groups);
    return { kind: 'capture', of: this.readInside(depth, start) };
  }

  private readInside(depth: number, start: number): RegexNode {
    const inside = this.readAlternatives(depth + 1);
    if (!this.reader.takeIf(')')) this.reader.fail('"(" is not closed: write \\( for the character', start);
    return inside;
  }

  private readName(start: number): string | undefined {
    if (!this.reader.takeIf('?P<') && !this.reader.takeIf('?<')) return undefined;
    const name = this.reader.takeUntil('>') ?? '';
    if (!/^[\p{Alphabetic}_][\p{Alphabetic}\p{N}_.[\]]*$/u.test(name))
      this.reader.fail('a group has no proper name', start);
    if (this.names.has(name)) this.reader.fail(`two groups are named "${name}"`, start);
    return name;
  }

  // Undefined where they hold for the rest of the group around them.
  private readFlags(depth: number, start: number): RegexNode | undefined {
    for (const [opening, what] of Object.entries(foreignGroups))
      if (this.reader.startsWith(opening))
        this.reader.fail(`(${opening} begins ${what}, which is not in this syntax`, start);
    this.reader.take();
    const letters = this.reader.takeWhile((character) => !/[:)]/.test(character));
    const [, on, off] = /^([imsUuRx]*)(?:-([imsUuRx]+))?$/.exec(letters) ?? [];
    const end = this.reader.take();
    if (on === undefined || end === '' || (letters === '' && end === ')'))
      return this.reader.fail(`(?${letters} begins no group of this syntax`, start);
    if (new Set(letters).size < letters.length) this.reader.fail(`(?${letters} names a flag twice`, start);
    const outer = this.reader.flags;
    const given = (flag: string, before: boolean): boolean =>
      on.includes(flag) || (before && !off?.includes(flag));
    this.reader.flags = {
      ignoresCase: given('i', outer.ignoresCase),
      isUnicode: given('u', outer.isUnicode),
      isSpaced: given('x', outer.isSpaced),
    };
    if (end === ')') return undefined;
    const inside = this.readInside(depth, start);
    this.reader.flags = outer;
    return { kind: 'sequence', of: [inside] };
  }
}

// Its letters are in it in both cases; the variants that they have beyond ASCII are not meant.
function isAscii(set: ClassSet): boolean {
  return set.kind === 'shorthand' && !set.isUnicode;
}
