/** The commands of a parsed line, wherever in it they are, with the words that each is given and what it reads. */
import type { ShellNode } from '../core/shell.ts';
import { variablesOf } from './shellVariables.ts';
import { ShellWords, type StepWord } from './shellWords.ts';

/** The input of a command. `isTold`: the line itself says which texts and files that are. */
export type StepInput =
  | { readonly kind: 'none' }
  | { readonly kind: 'pipe'; readonly isTold: boolean }
  | { readonly kind: 'text'; readonly text: StepWord };

export interface ShellStep {
  readonly words: readonly StepWord[];
  readonly input: StepInput;
}

export interface ShellSteps {
  readonly steps: readonly ShellStep[];
  /** The variables that the line sets; the words of loops and redirections, which no command is given. */
  readonly settings: readonly { readonly name: string; readonly value: StepWord }[];
  readonly loose: readonly StepWord[];
  /** Names that stand for something else in this line. */
  readonly functions: ReadonlySet<string>;
}

/** Never rejects; the tree is the line's. */
export function shellSteps(line: string, tree: ShellNode): ShellSteps {
  const walk = new Walk(line, new ShellWords(line, variablesOf(line, tree)));
  walk.go(tree, { kind: 'none' });
  return walk;
}

const noWords: ReadonlySet<string> = new Set([
  'variable_assignment',
  'file_redirect',
  'herestring_redirect',
  'heredoc_redirect',
]);

class Walk implements ShellSteps {
  readonly steps: ShellStep[] = [];
  readonly settings: { name: string; value: StepWord }[] = [];
  readonly loose: StepWord[] = [];
  readonly functions = new Set<string>();
  private readonly line: string;
  private readonly words: ShellWords;

  constructor(line: string, words: ShellWords) {
    this.line = line;
    this.words = words;
  }

  go(node: ShellNode, input: StepInput): void {
    const own = this.inputOf(node) ?? input;
    if (node.type === 'command') this.addCommand(node, own);
    if (node.type === 'variable_assignment') this.addSetting(node);
    if (node.type === 'for_statement') this.addLoop(node);
    if (node.type === 'file_redirect') this.addLoose(node.children.at(-1));
    if (node.type === 'function_definition') this.functions.add(this.textOf(node.children.find(isWord)));
    // A command inside a substitution is given nothing of this input.
    const isInner = node.type.endsWith('_substitution');
    const isPipe = node.type === 'pipeline';
    node.children.forEach((child, index) => {
      const before = isPipe ? node.children[index - 2] : undefined;
      const isLater = node.type === 'heredoc_redirect' && child.type === 'pipeline';
      if (isLater) this.go(child, { kind: 'pipe', isTold: false });
      else if (before) this.go(child, { kind: 'pipe', isTold: this.isTold(before) });
      else this.go(child, isInner ? { kind: 'none' } : own);
    });
  }

  /** Of a command, or of several in brackets, where a redirection gives it one. */
  private inputOf(node: ShellNode): StepInput | undefined {
    if (node.type !== 'redirected_statement' && node.type !== 'command') return undefined;
    for (const child of node.children) {
      const [sign, ...rest] = child.children;
      const last = rest.at(-1);
      if (child.type === 'herestring_redirect' && last) return { kind: 'text', text: this.words.word(last) };
      if (child.type === 'heredoc_redirect') return { kind: 'text', text: this.bodyOf(child) };
      // The file itself is one of the words that are bound.
      if (child.type === 'file_redirect' && sign?.type === '<')
        return { kind: 'pipe', isTold: last !== undefined && this.words.word(last).patterns !== undefined };
    }
    return undefined;
  }

  private bodyOf(redirect: ShellNode): StepWord {
    const body = redirect.children.find(({ type }) => type === 'heredoc_body');
    const source = this.textOf(body);
    const start = redirect.children.find(({ type }) => type === 'heredoc_start');
    const isPlain = !/[$`]/.test(source) || /['"\\]/.test(this.textOf(start));
    return {
      source: '<<',
      patterns: isPlain ? [source.replace(/[\\*?[\]{},~!]/g, String.raw`\$&`)] : undefined,
    };
  }

  private isTold(stage: ShellNode): boolean {
    if (stage.type !== 'command') return false;
    const [name, ...words] = stage.children.map((child) => this.words.word(child));
    return (
      /^(echo|printf|cat)$/.test(name?.source ?? '') && words.every(({ patterns }) => patterns !== undefined)
    );
  }

  private addCommand(node: ShellNode, input: StepInput): void {
    const words = node.children
      .filter(({ type }) => !noWords.has(type))
      .map((child) => this.words.word(child));
    if (words.length > 0) this.steps.push({ words, input });
  }

  private addSetting({ children: [name, , value] }: ShellNode): void {
    const set = value ? this.words.word(value) : { source: '', patterns: [''] };
    this.settings.push({ name: this.textOf(name), value: set });
    this.loose.push(set);
  }

  private addLoop({ children }: ShellNode): void {
    const body = children.find(({ type }) => type === 'do_group');
    for (const child of children.slice(2))
      if (child.isNamed && child.start < (body?.start ?? 0)) this.addLoose(child);
  }

  private addLoose(node: ShellNode | undefined): void {
    if (node?.isNamed) this.loose.push(this.words.word(node));
  }

  private textOf(node: ShellNode | undefined): string {
    return node ? this.words.source(node) : '';
  }
}

function isWord({ type }: ShellNode): boolean {
  return type === 'word';
}
