/** Reads a line of PowerShell that consists of literal words alone, by rules stricter than PowerShell's. */
import { hasPlainText, maxChars, maxWords } from './shellLine.ts';

/**
 * One word. `name`: not quoted, so it may stand for a command; `parameter`: a dash with a name; `number`: plain decimal digits;
 * `quoted`: a string, which is never a parameter.
 */
export interface PowerShellWord {
  readonly kind: 'name' | 'parameter' | 'number' | 'quoted';
  /** What the command gets; of a parameter with its dash. */
  readonly text: string;
  /** Where it stands in the line, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** One command with its arguments. */
export interface PowerShellCommand {
  /** Whether it gets the objects of the command before it. */
  readonly isPiped: boolean;
  readonly words: readonly PowerShellWord[];
}

/**
 * The commands of a line that has no more in it than words, strings without expansion, `|`, `;` and newlines. Undefined for
 * every other line: what is not known to be literal is not taken for it.
 */
export function readPowerShellLine(line: string): readonly PowerShellCommand[] | undefined {
  if (line.length > maxChars || !hasPlainText(line) || typographic.test(line)) return undefined;
  const reading = new LineReading(line);
  return reading.run() ? reading.commands : undefined;
}

// PowerShell takes these for quotes and dashes, also within strings.
const typographic = /[\u2013-\u2015\u2018-\u201e]/;

const blanks = / +/y;
const operator = /[|;\n]/y;
// A word that begins in another way may be a number, an operator, a dotted number or a splatted variable. A colon belongs to
// a drive or has a meaning of its own.
const bareWord = /(?:[A-Za-z]:(?=[\\/]))?(?:[A-Za-z_*?\\/]|\.(?!\d))[A-Za-z0-9_.*?\\/=+-]*/y;
const parameter = /-[A-Za-z]+/y;
const digits = /\d{1,9}/y;
// A quote that is doubled stands for one; between the double ones nothing is let through that expands or escapes.
const singleQuoted = /'((?:[^'\n]|'')*)'/y;
const doubleQuoted = /"([^"$`\n]*)"/y;

class LineReading {
  readonly commands: PowerShellCommand[] = [];
  private at = 0;
  private wordsLeft = maxWords;
  private isPiped = false;
  private words: PowerShellWord[] = [];
  private readonly line: string;

  constructor(line: string) {
    this.line = line;
  }

  /** Whether the whole line was understood. */
  run(): boolean {
    while (this.at < this.line.length) {
      if (this.take(blanks) !== undefined) continue;
      const read = this.take(operator)?.[0];
      if (!(read === undefined ? this.readWord() : this.passOperator(read))) return false;
    }
    return this.endCommand() && this.commands.length > 0;
  }

  /** Where a command is due, nothing but an empty line may stand. */
  private passOperator(read: string): boolean {
    if ((this.words.length === 0 && read !== '\n') || !this.endCommand()) return false;
    this.isPiped = read === '|';
    return true;
  }

  private endCommand(): boolean {
    if (this.words.length === 0) return !this.isPiped;
    this.commands.push({ isPiped: this.isPiped, words: this.words });
    this.isPiped = false;
    this.words = [];
    return true;
  }

  private readWord(): boolean {
    const start = this.at;
    const read = this.takeWord();
    if (read === undefined || !this.isAtBoundary || (this.wordsLeft -= 1) < 0) return false;
    this.words.push({ ...read, start, end: this.at });
    return true;
  }

  private takeWord(): Pick<PowerShellWord, 'kind' | 'text'> | undefined {
    const quoted = this.take(singleQuoted)?.[1]?.replaceAll("''", "'") ?? this.take(doubleQuoted)?.[1];
    if (quoted !== undefined) return { kind: 'quoted', text: quoted };
    for (const [kind, pattern] of kinds) {
      const text = this.take(pattern)?.[0];
      if (text !== undefined) return { kind, text };
    }
    return undefined;
  }

  private get isAtBoundary(): boolean {
    return this.at >= this.line.length || /[ \n;|]/.test(this.line.charAt(this.at));
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.line);
    if (found === null) return undefined;
    this.at = pattern.lastIndex;
    return found;
  }
}

const kinds = [
  ['name', bareWord],
  ['parameter', parameter],
  ['number', digits],
] as const;
