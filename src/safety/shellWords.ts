/** Tells of the words of a parsed line which texts the shell makes of them, as far as the line itself says so. */
import type { ShellNode } from '../core/shell.ts';
import { barePattern, expandBraces, quotedPattern } from './shellPattern.ts';

/** One word of a line. */
export interface StepWord {
  /** As it is written. */
  readonly source: string;
  /** The patterns of all that it can be; undefined where the line does not say that. */
  readonly patterns: readonly string[] | undefined;
}

/** All that a variable can be at an offset of the line; undefined where that is not known. */
export type VariableLookup = (name: string, at: number) => readonly string[] | undefined;

const maxPatterns = 64;

export class ShellWords {
  private readonly line: string;
  private readonly variables: VariableLookup;

  constructor(line: string, variables: VariableLookup) {
    this.line = line;
    this.variables = variables;
  }

  word(node: ShellNode): StepWord {
    const raw = this.patterns(node);
    const expanded = raw?.map(expandBraces);
    const isKnown = expanded?.every((each) => each !== undefined);
    return {
      source: this.source(node),
      patterns: isKnown ? expanded?.flatMap((each) => each ?? []) : undefined,
    };
  }

  source({ start, end }: Pick<ShellNode, 'start' | 'end'>): string {
    return this.line.slice(start, end);
  }

  private patterns(node: ShellNode): readonly string[] | undefined {
    const source = this.source(node);
    switch (node.type) {
      case 'raw_string':
        return [quotedPattern(source.slice(1, -1))];
      case 'string':
        return this.joined(node, inDoubleQuotes);
      case 'concatenation':
      case 'command_name':
        return this.joined(node, barePattern);
      case 'ansi_c_string':
        return source.includes('\\') ? undefined : [quotedPattern(source.slice(2, -1))];
      case 'simple_expansion':
      case 'expansion':
        return this.variable(node);
      case 'command_substitution':
        return /^(\$\(\s*pwd(\s+-[LP])?\s*\)|`\s*pwd(\s+-[LP])?\s*`)$/.test(source) ? ['.'] : undefined;
      default:
        return node.children.length === 0 || node.type === 'brace_expression'
          ? [barePattern(source)]
          : undefined;
    }
  }

  /** Of the parts, and of what is between them, which the grammar leaves out. */
  private joined(node: ShellNode, read: (source: string) => string): readonly string[] | undefined {
    let whole: readonly string[] = [''];
    let at = node.start;
    const add = (parts: readonly string[]): void => {
      whole = whole.flatMap((before) => parts.map((part) => before + part));
    };
    for (const child of node.children) {
      if (child.start > at) add([read(this.line.slice(at, child.start))]);
      at = child.end;
      if (child.type === '"') continue;
      const parts = child.type === 'string_content' ? [read(this.source(child))] : this.patterns(child);
      if (parts === undefined || parts.length * whole.length > maxPatterns) return undefined;
      add(parts);
    }
    if (at < node.end) add([read(this.line.slice(at, node.end))]);
    return whole;
  }

  private variable(node: ShellNode): readonly string[] | undefined {
    const [, name, ...others] = node.children;
    const isPlain = others.every(({ type }) => type === '}');
    if (name?.type !== 'variable_name' || !isPlain) return undefined;
    return this.variables(this.source(name), node.start);
  }
}

function inDoubleQuotes(source: string): string {
  return quotedPattern(source.replace(/\\\r?\n/g, '').replace(/\\([$`"\\])/g, '$1'));
}

const maxQuote = 60;

/** The values that an option holds behind its name: `--require=./x.js`, `-r./x.js`, `if=x`. */
export function partsOf(pattern: string): readonly string[] {
  const value = /^-{0,2}[\w.-]*=(.+)$/s.exec(pattern)?.[1];
  const attached = /^-\w(.+)$/s.exec(pattern)?.[1];
  return [value, attached].filter((part) => part !== undefined);
}

/** The words as one, with blanks between them, as `eval` reads them. */
export function joinedWords(args: readonly StepWord[]): StepWord {
  const isKnown = args.every(({ patterns }) => patterns?.length === 1);
  return {
    source: args.map(({ source }) => source).join(' '),
    patterns: isKnown ? [args.map(({ patterns }) => patterns?.[0] ?? '').join(' ')] : undefined,
  };
}

/** The word as it is written, in a sentence. */
export function quote({ source }: StepWord): string {
  return `\`${cut(source)}\``;
}

/** The beginning of what is written, in one line. */
export function cut(source: string): string {
  const line = source.replace(/\s+/g, ' ');
  return line.length > maxQuote ? `${line.slice(0, maxQuote)}…` : line;
}
