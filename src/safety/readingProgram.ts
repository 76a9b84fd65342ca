/** What is known of a program that only reads, and whether given arguments stay within that. */

/** A program of which every named option is known to read and print only, in all its common versions. */
export interface ReadingProgram {
  /** Short options without a value; they may be clustered. */
  readonly letters?: string;
  /** Short options with a number as value: attached or as the next word. */
  readonly numbers?: string;
  /** Short options with a text as value that names no file: attached or as the next word. */
  readonly texts?: string;
  /** Long options, by spaces: `name`, `name=` with a text, `name=#` with a number, `name?` with or without an attached text. */
  readonly long?: string;
  /** Long options, by spaces, that take the next two words, which are texts. */
  readonly pairs?: string;
  /** Whether `-5` is a number of lines. */
  readonly digits?: true;
  /** Whether each word that begins with one dash is one option. */
  readonly isUnclustered?: true;
  /** Whether the value of a short option is always a word of its own, and what follows in its cluster are options. */
  readonly valuesApart?: true;
  /**
   * What its operands are. `pattern`: the first is a text, unless an option of `patternOptions` was given. `numbers`: whole
   * ones below a million. `anything`: no word means more to it than any other, not even an option.
   */
  readonly operands: 'paths' | 'texts' | 'names' | 'numbers' | 'pattern' | 'anything' | 'none';
  readonly patternOptions?: readonly string[];
  /** The most operands that it takes without writing one of them, options after an operand included. */
  readonly most?: number;
  /** Whether a folder among its operands leads it to what lies behind links. */
  readonly filesOnly?: true;
  /** True if the program opens no file among its operands, so that it does not wait at a FIFO or a device. */
  readonly looksOnly?: true;
  /** Whether the shell has it built in, so that no program of that name is run. */
  readonly isBuiltIn?: true;
  /** Whether the first operand is as harmless as the options, where its operands tell what to do. */
  readonly allowsFirst?: (operand: string, options: readonly string[]) => boolean;
  /** Whether any number of further operands changes nothing about the first ones, though it has a `read` of its own. */
  readonly takesMany?: true;
  /** Judges all arguments itself, in place of the above. */
  readonly read?: (args: readonly string[]) => ReadArguments | undefined;
}

/** Arguments that only read. */
export interface ReadArguments {
  /** Those that name files or folders. */
  readonly paths: readonly string[];
  /** Those of them beside which any number of further ones may stand. */
  readonly many: readonly string[];
}

/** No file at all. */
export const nothing: ReadArguments = { paths: [], many: [] };

/** What the arguments read; undefined where one of them is not known to be harmless. */
export function readArguments(program: ReadingProgram, args: readonly string[]): ReadArguments | undefined {
  if (program.read !== undefined) return program.read(args);
  const parsed = parseOptions(program, args);
  if (parsed === undefined) return undefined;
  const { options, operands, late } = parsed;
  if (operands.length + late.length > (program.most ?? Infinity)) return undefined;
  const [first] = operands;
  if (program.allowsFirst && !program.allowsFirst(first ?? '', options)) return undefined;
  const paths = pathsOf(program, operands, options);
  return paths && { paths: [...paths, ...late], many: paths };
}

/** Whether an argument may be a pattern, for which the shell puts any number of files, wherever it stands among them. */
export function takesGlob(
  program: ReadingProgram,
  glob: string,
  args: readonly string[],
  { many }: ReadArguments,
): boolean {
  if (program.operands === 'anything') return true;
  if (program.most !== undefined || (program.read !== undefined && !program.takesMany)) return false;
  return countOf(glob, args) === countOf(glob, many);
}

function countOf(word: string, words: readonly string[]): number {
  return words.filter((each) => each === word).length;
}

function pathsOf(
  { operands: kind, patternOptions = [] }: ReadingProgram,
  operands: readonly string[],
  options: readonly string[],
): readonly string[] | undefined {
  switch (kind) {
    case 'paths':
      return operands;
    case 'texts':
    case 'anything':
      return [];
    case 'names':
      return operands.every((name) => /^[A-Za-z0-9_][\w.+-]*$/.test(name)) ? [] : undefined;
    case 'numbers':
      return operands.every((operand) => /^\d{1,6}$/.test(operand)) ? [] : undefined;
    case 'none':
      return operands.length === 0 ? [] : undefined;
    case 'pattern':
      return options.some((option) => patternOptions.includes(option)) ? operands : operands.slice(1);
  }
}

interface ParsedOptions {
  readonly options: string[];
  readonly operands: string[];
  /** What stands after an operand and is an option or its value: to a program that stops at the first operand they are operands. */
  readonly late: string[];
}

function parseOptions(program: ReadingProgram, args: readonly string[]): ParsedOptions | undefined {
  const parsed: ParsedOptions = { options: [], operands: [], late: [] };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (parsed.operands.length > 0 && arg.startsWith('-') && arg !== '-') parsed.late.push(arg);
    if (arg === '--') {
      parsed.operands.push(...rest);
      return parsed;
    }
    if (!arg.startsWith('-') || arg === '-') parsed.operands.push(arg);
    else if (!takeOption(program, arg, rest, parsed)) return undefined;
  }
  return parsed;
}

function takeOption(program: ReadingProgram, arg: string, rest: string[], parsed: ParsedOptions): boolean {
  if (arg.startsWith('--')) return takeLong(program, arg, rest, parsed);
  if (program.digits && /^-\d+$/.test(arg)) return true;
  return takeShort(program, arg, rest, parsed);
}

function takeLong(
  { long = '', pairs = '' }: ReadingProgram,
  arg: string,
  rest: string[],
  parsed: ParsedOptions,
): boolean {
  if (pairs.split(' ').includes(arg.slice(2)))
    return takeValue(undefined, rest, false, parsed) && takeValue(undefined, rest, false, parsed);
  const [, name = '', attached] = /^--([a-z0-9-]+)(?:=(.*))?$/s.exec(arg) ?? [];
  const known = long.split(' ').find((entry) => name !== '' && entry.replace(/[=#?]+$/, '') === name);
  if (known === undefined) return false;
  parsed.options.push(`--${name}`);
  if (known.endsWith('?')) return true;
  if (known === name) return attached === undefined;
  return takeValue(attached, rest, known.endsWith('#'), parsed);
}

function takeShort(program: ReadingProgram, arg: string, rest: string[], parsed: ParsedOptions): boolean {
  const { letters = '', numbers = '', texts = '' } = program;
  for (let at = 1; at < arg.length; at += 1) {
    const letter = arg.charAt(at);
    parsed.options.push(`-${letter}`);
    if (numbers.includes(letter) || texts.includes(letter)) {
      if (program.valuesApart && at + 1 < arg.length) return false;
      return takeValue(arg.slice(at + 1) || undefined, rest, numbers.includes(letter), parsed);
    }
    if (!letters.includes(letter) || (program.isUnclustered && arg.length > 2)) return false;
  }
  return true;
}

const number = /^[-+]?\d+[A-Za-z]{0,3}$/;

function takeValue(
  attached: string | undefined,
  rest: string[],
  isNumber: boolean,
  { operands, late }: ParsedOptions,
): boolean {
  const value = attached ?? rest.shift();
  if (value === undefined) return false;
  if (attached === undefined && operands.length > 0) late.push(value);
  return !isNumber || number.test(value);
}
