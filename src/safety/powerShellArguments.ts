/** What is known of a command of PowerShell that only reads, and whether given arguments stay within that. */
import type { PowerShellWord } from './powerShellLine.ts';
import { isPattern, powerShellPath } from './powerShellPath.ts';

/**
 * What a parameter takes: nothing (`switch`), a path, a path that is no pattern (`literal`), a pattern for names without a
 * folder, a number, any text, the name of a property that only holds data, or one of some words.
 */
export type ParameterValue =
  | 'switch'
  | 'path'
  | 'literal'
  | 'fileName'
  | 'number'
  | 'text'
  | 'property'
  | 'encoding'
  | 'onError'
  | 'word';

/** A command of which every named parameter is known to read and print only. */
export interface PowerShellProgram {
  /** By its whole name in lower case; an abbreviation is another name in another version. */
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** Those that words without a parameter's name belong to, in their order. */
  readonly positions: readonly string[];
  /** Whether the last of these takes all further words, too. */
  readonly takesRest?: true;
  /** Those of which one has to be there. */
  readonly needs?: readonly string[];
  /** What a `word` may be. */
  readonly words?: readonly string[];
  /** What it does with the objects of a command before it: it may have none, sees text alone, or only their data. */
  readonly takes: 'nothing' | 'text' | 'data';
  /** True if the command opens no file that its arguments name, so it never waits at a FIFO or a device. */
  readonly looksOnly?: true;
  /** What it hands on: text, objects, or what it was given unless it picks properties. */
  readonly gives: 'text' | 'objects' | 'same';
}

/** Arguments that only read. */
export interface PowerShellArguments {
  /** Those that name files or folders, as this system spells them. */
  readonly paths: readonly string[];
  /** Whether it makes new objects of properties. */
  readonly picksProperties: boolean;
}

/** What the arguments read; undefined where one of them is not known to be harmless. */
export function readPowerShellArguments(
  program: PowerShellProgram,
  words: readonly PowerShellWord[],
): PowerShellArguments | undefined {
  const bound = new BoundParameters(program);
  const rest = [...words];
  const operands: PowerShellWord[] = [];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word.kind !== 'parameter') operands.push(word);
    else if (!bound.bindNamed(word.text.slice(1).toLowerCase(), rest)) return undefined;
  }
  const isKnown = operands.every((operand) => bound.bindNext(operand)) && bound.isComplete;
  return isKnown ? { paths: bound.paths, picksProperties: bound.picksProperties } : undefined;
}

class BoundParameters {
  readonly paths: string[] = [];
  picksProperties = false;
  private readonly names = new Set<string>();
  private readonly program: PowerShellProgram;

  constructor(program: PowerShellProgram) {
    this.program = program;
  }

  get isComplete(): boolean {
    return this.program.needs?.some((name) => this.names.has(name)) ?? true;
  }

  /** Takes the parameter's value from what follows it. */
  bindNamed(name: string, rest: PowerShellWord[]): boolean {
    const takes = this.program.parameters.get(name) ?? common.get(name);
    if (takes === undefined || this.names.has(name)) return false;
    this.names.add(name);
    if (takes === 'switch') return true;
    const value = rest.shift();
    return value !== undefined && this.accept(value, takes);
  }

  /** Gives the word to the first position that no name has taken. */
  bindNext(word: PowerShellWord): boolean {
    const { positions, takesRest, parameters } = this.program;
    const free = positions.find((name) => !this.names.has(name) && !this.excludes(name));
    const name = free ?? (takesRest ? positions.at(-1) : undefined);
    const takes = name === undefined ? undefined : parameters.get(name);
    if (name === undefined || takes === undefined) return false;
    this.names.add(name);
    return this.accept(word, takes);
  }

  private excludes(name: string): boolean {
    return name === 'path' && this.names.has('literalpath');
  }

  private accept(word: PowerShellWord, takes: ParameterValue): boolean {
    if (word.kind === 'parameter') return false;
    if (takes === 'number') return word.kind === 'number';
    if (takes === 'text') return true;
    if (word.kind === 'number') return false;
    if (takes === 'path' || takes === 'literal') return this.acceptPath(word.text, takes);
    if (takes === 'property') this.picksProperties = true;
    return this.isOneOf(word.text, takes);
  }

  private acceptPath(text: string, takes: 'path' | 'literal'): boolean {
    const path = powerShellPath(text);
    if (path === undefined || (takes === 'literal' && isPattern(path))) return false;
    this.paths.push(path);
    return true;
  }

  private isOneOf(text: string, takes: ParameterValue): boolean {
    if (takes === 'fileName') return fileName.test(text);
    const known = takes === 'word' ? this.program.words : valuesOf[takes];
    return known?.includes(text.toLowerCase()) ?? false;
  }
}

const common: ReadonlyMap<string, ParameterValue> = new Map([['erroraction', 'onError']]);

// A separator in it would lead into other folders.
const fileName = /^(?!.*\.\.)[\w.*? +=-]+$/;

const valuesOf: Readonly<Partial<Record<ParameterValue, readonly string[]>>> = {
  // Others compute something, or lead to further objects, such as the folder above.
  property: (
    'name fullname basename extension length mode attributes psiscontainer directoryname creationtime ' +
    'creationtimeutc lastwritetime lastwritetimeutc lastaccesstime lastaccesstimeutc path hash algorithm line linenumber ' +
    'filename pattern count lines words characters sum average maximum minimum'
  ).split(' '),
  encoding: 'ascii bigendianunicode byte default oem string unicode utf7 utf8 utf32'.split(' '),
  onError: ['silentlycontinue', 'continue', 'ignore', 'stop'],
};
