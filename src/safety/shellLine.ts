/** Reads a command line that has no expansion in it but that of file names, by rules stricter than any shell's. */

/** One word. */
export interface ShellWord {
  /** What the program gets. */
  readonly text: string;
  /** Where it stands in the line, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** Whether nothing in it is quoted or escaped. */
  readonly isBare: boolean;
  /** Whether the shell puts the files in its place that it fits; `text` is then the pattern. */
  readonly isGlob: boolean;
}

export type ShellOperator = '|' | '&&' | '||' | ';';

/** One program with its arguments; `before` is the operator that it comes after, absent for the first. */
export interface SimpleCommand {
  readonly before?: ShellOperator;
  readonly words: readonly ShellWord[];
  readonly redirections: readonly { readonly start: number; readonly end: number }[];
}

/**
 * The commands of a line that consists of literal words, patterns of file names, `|`, `&&`, `||`, `;`, newlines, comments and redirections to
 * nowhere. Undefined for every other line: what is not known to be literal is not taken for it.
 */
export function readShellLine(
  line: string,
  system: NodeJS.Platform = process.platform,
): readonly SimpleCommand[] | undefined {
  if (line.length > maxChars || !hasPlainText(line)) return undefined;
  const reading = new LineReading(line, system);
  return reading.run() ? reading.commands : undefined;
}

/** How long a line may be to be read, and how many words may be in it. */
export const maxChars = 10_000;
export const maxWords = 500;

/** Whether nothing in it is invisible, changes the direction, separates words in some locale, or is obeyed by a terminal. */
export function hasPlainText(line: string): boolean {
  return /^[\t\n\x20-\x7e\p{L}\p{N}\p{P}\p{S}\p{M}]*$/u.test(line) && !invisible.test(line);
}

const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Co}\p{Cn}\u2800\ufffc\ufffd]/u;

const blank = /[ \t]+/y;
const operator = /\|\||&&|\||;|\n/y;
const comment = /#[^\n]*/y;
// Redirections that neither read nor write a file of anybody's.
const redirection = /(?:[12]?>[ \t]?\/dev\/null|0?<[ \t]?\/dev\/null|2>&1|1?>&2)(?=[ \t\n;|&]|$)/y;
// Unquoted, these stand for themselves in every shell, wherever in a word they are. Beyond ASCII all do that
// `hasPlainText` lets through; a mark that begins a piece would be drawn over what is before it. `looksLikeAscii`
// has what people would read as an option, a slash or a quote.
const bareText = /(?!\p{M})[A-Za-z0-9_./:,@%+=\u{80}-\u{10ffff}-]+/uy;
const globText = /(?!\p{M})[A-Za-z0-9_./:,@%+=*?\u{80}-\u{10ffff}-]+/uy;
const looksLikeAscii = /[\p{Pd}\p{Pi}\p{Pf}\p{Sm}\p{Sk}]/u;
// To the shell of macOS these two bytes of UTF-8 can be blanks of their own.
const bytesThatSplit: readonly number[] = [0x85, 0xa0];

function isPlainWord(text: string, system: NodeJS.Platform): boolean {
  const beyond = text.replace(/[\x00-\x7f]+/g, '');
  if (beyond === '') return true;
  // Such as full-width letters and ligatures.
  if (looksLikeAscii.test(beyond) || /[\x00-\x7f]/.test(beyond.normalize('NFKC'))) return false;
  return system !== 'darwin' || !Buffer.from(beyond).some((byte) => bytesThatSplit.includes(byte));
}

const singleQuoted = /'([^']*)'/y;
// A dollar sign before the closing quote expands nothing.
const doubleQuoted = /"((?:[^"\\$`]|\\[^\n])*\$?)"/y;
const escaped = /\\([!-/:-@[-`{-~ ])/y;
const loneMark = /!(?=[ \t])/y;
const markInWord = /[#^]/y;

class LineReading {
  readonly commands: SimpleCommand[] = [];
  private at = 0;
  /** Whether an operator came where a command was due. */
  private lacksCommand = false;
  private wordsLeft = maxWords;
  private before: ShellOperator | undefined;
  private words: ShellWord[] = [];
  private redirections: { start: number; end: number }[] = [];
  private readonly line: string;
  private readonly system: NodeJS.Platform;

  constructor(line: string, system: NodeJS.Platform) {
    this.line = line;
    this.system = system;
  }

  /** Whether the whole line was understood. */
  run(): boolean {
    while (this.at < this.line.length) {
      const isUnderstood =
        this.take(blank) !== undefined ||
        this.take(comment) !== undefined ||
        this.readRedirection() ||
        this.readOperator() ||
        this.readWord();
      if (!isUnderstood) return false;
    }
    if (this.words.length > 0) this.endCommand(';');
    if (this.lacksCommand || this.redirections.length > 0) return false;
    return this.commands.length > 0 && this.isWhole;
  }

  /** Whether no operator is left that needs a command after it. */
  private get isWhole(): boolean {
    return this.before === undefined || this.before === ';';
  }

  private readRedirection(): boolean {
    const start = this.at;
    if (this.take(redirection) === undefined) return false;
    this.redirections.push({ start, end: this.at });
    return true;
  }

  private readOperator(): boolean {
    const read = this.take(operator)?.[0];
    if (read === undefined) return false;
    // An empty line; a command that goes on in the next line is left to a person.
    if (this.words.length === 0) {
      if (read !== '\n' || this.redirections.length > 0 || !this.isWhole) this.lacksCommand = true;
      return true;
    }
    this.endCommand(read === '\n' ? ';' : (read as ShellOperator));
    return true;
  }

  private endCommand(next: ShellOperator): void {
    const { words, redirections, before } = this;
    this.commands.push({ words, redirections, ...(before && { before }) });
    this.before = next;
    this.words = [];
    this.redirections = [];
  }

  private readWord(): boolean {
    return this.readGlob() || this.readLiteral();
  }

  /** A pattern of which nothing is quoted, so that it is plain what in it stands for itself. */
  private readGlob(): boolean {
    const start = this.at;
    const text = this.takeBare(globText) ?? '';
    if (/[*?]/.test(text) && this.isAtBoundary && (this.wordsLeft -= 1) >= 0) {
      this.words.push({ text, start, end: this.at, isBare: true, isGlob: true });
      return true;
    }
    this.at = start;
    return false;
  }

  private readLiteral(): boolean {
    const start = this.at;
    let text = '';
    let isBare = true;
    for (;;) {
      const bare = this.takeBare(bareText) ?? (this.at > start ? this.take(markInWord)?.[0] : undefined);
      const quoted = bare === undefined ? this.takeQuoted(start) : undefined;
      if (bare === undefined && quoted === undefined) break;
      if (quoted !== undefined) isBare = false;
      text += bare ?? quoted;
    }
    if (this.at === start || !this.isAtBoundary || (this.wordsLeft -= 1) < 0) return false;
    this.words.push({ text, start, end: this.at, isBare, isGlob: false });
    return true;
  }

  private takeBare(pattern: RegExp): string | undefined {
    const start = this.at;
    const text = this.take(pattern)?.[0];
    if (text === undefined || isPlainWord(text, this.system)) return text;
    this.at = start;
    return undefined;
  }

  private takeQuoted(start: number): string | undefined {
    // Alone, and not before a command, it is a word like any other.
    if (this.at === start && this.words.length > 0 && this.take(loneMark)) return '!';
    const inDouble = this.take(doubleQuoted)?.[1];
    if (inDouble !== undefined) return inDouble.replace(/\\([$`"\\])/g, '$1');
    return (this.take(singleQuoted) ?? this.take(escaped))?.[1];
  }

  private get isAtBoundary(): boolean {
    return this.at >= this.line.length || /[ \t\n;|&]/.test(this.line.charAt(this.at));
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.line);
    if (found === null || found[0] === '') return undefined;
    this.at = pattern.lastIndex;
    return found;
  }
}
