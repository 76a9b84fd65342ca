/** Compares what two readers make of a line of PowerShell: the grammar's tree and our own strict reading. */
import type { ShellNode } from '../core/shell.ts';
import type { PowerShellCommand } from './powerShellLine.ts';

/** Whether the tree holds these commands with these words, piped alike, and nothing else. */
export function isSamePowerShell(tree: ShellNode, commands: readonly PowerShellCommand[]): boolean {
  const found: FoundCommand[] = [];
  return (
    collect(tree, found) &&
    found.length === commands.length &&
    found.every((command, index) => isSame(command, commands[index]))
  );
}

interface FoundCommand {
  readonly isPiped: boolean;
  readonly words: readonly Span[];
}

interface Span {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

function isSame(found: FoundCommand, read: PowerShellCommand | undefined): boolean {
  return (
    found.isPiped === read?.isPiped &&
    found.words.length === read.words.length &&
    found.words.every(({ type, start, end }, index) => {
      const word = read.words[index];
      return word?.start === start && word.end === end && (typesOf[word.kind] ?? []).includes(type);
    })
  );
}

/** As what the grammar knows a kind of word. */
const typesOf: Readonly<Record<string, readonly string[]>> = {
  name: ['command_name', 'generic_token'],
  parameter: ['command_parameter'],
  number: ['decimal_integer_literal'],
  quoted: ['verbatim_string_characters', 'expandable_string_literal'],
};

const holders: ReadonlySet<string> = new Set(['program', 'statement_list', 'pipeline']);

/** Adds the commands in their order; false where something else than these is in the tree. */
function collect(node: ShellNode, found: FoundCommand[]): boolean {
  if (holders.has(node.type)) return node.children.every((child) => collect(child, found));
  if (node.type === 'empty_statement') return node.children.every(({ type }) => type === ';');
  return node.type === 'pipeline_chain' && collectPiped(node, found);
}

function collectPiped({ children }: ShellNode, found: FoundCommand[]): boolean {
  return children.every((child, index) => {
    if (index % 2 === 1) return child.type === '|' && index + 1 < children.length;
    const words = child.type === 'command' ? wordsOf(child) : undefined;
    if (words === undefined) return false;
    found.push({ isPiped: index > 0, words });
    return true;
  });
}

function wordsOf({ children: [name, elements, ...others] }: ShellNode): readonly Span[] | undefined {
  if (name?.type !== 'command_name' || !isLeaf(name) || others.length > 0) return undefined;
  if (elements === undefined) return [name];
  if (elements.type !== 'command_elements') return undefined;
  const parts = elements.children.filter(({ type }) => type !== 'command_argument_sep').map(literal);
  const words = parts.filter((part) => part !== undefined);
  return words.length === parts.length ? [name, ...words] : undefined;
}

// The grammar wraps numbers and strings in an expression of nothing else.
const wrappers: ReadonlySet<string> = new Set([
  'array_literal_expression',
  'unary_expression',
  'string_literal',
  'integer_literal',
]);

function literal(node: ShellNode): Span | undefined {
  if (!wrappers.has(node.type)) return isLeaf(node) ? node : undefined;
  const [only, ...others] = node.children;
  const isWhole = only?.start === node.start && only.end === node.end && others.length === 0;
  return isWhole ? literal(only) : undefined;
}

function isLeaf({ isNamed, children }: ShellNode): boolean {
  return isNamed && children.length === 0;
}
