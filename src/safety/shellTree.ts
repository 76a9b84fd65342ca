/** Compares what two readers make of a command line: a grammar's tree and our own strict reading. */
import type { ShellNode } from '../core/shell.ts';
import type { SimpleCommand } from './shellLine.ts';

/** Whether the tree holds these commands with these words, these redirections, and nothing else that is run. */
export function isSameLine(tree: ShellNode, commands: readonly SimpleCommand[]): boolean {
  const found: Found = { commands: [], redirections: [] };
  if (!collect(tree, found) || found.commands.length !== commands.length) return false;
  // The grammar gives a redirection at the end of a list to the whole list. It leads nowhere, so that is the same.
  return (
    found.commands.every((words, index) => isSame(words, commands[index]?.words)) &&
    isSame(
      found.redirections,
      commands.flatMap(({ redirections }) => redirections),
    )
  );
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Found {
  /** The words of each. */
  readonly commands: Span[][];
  readonly redirections: Span[];
}

function isSame(found: readonly Span[], read: readonly Span[] = []): boolean {
  return (
    found.length === read.length &&
    found.every(({ start, end }, index) => start === read[index]?.start && end === read[index]?.end)
  );
}

const holders: ReadonlySet<string> = new Set(['program', 'list', 'pipeline', 'redirected_statement']);
const separators: ReadonlySet<string> = new Set(['|', '&&', '||', ';', '\n']);

/** Adds the commands in their order; false where something else than these is in the tree. */
function collect(node: ShellNode, found: Found): boolean {
  if (holders.has(node.type)) return node.children.every((child) => collect(child, found));
  if (node.type === 'comment') return true;
  if (!node.isNamed) return separators.has(node.type);
  if (node.type === 'file_redirect') return collectRedirection(node, found);
  return node.type === 'command' && collectCommand(node, found);
}

function collectCommand(node: ShellNode, found: Found): boolean {
  const words: Span[] = [];
  found.commands.push(words);
  return node.children.every((child) => {
    if (child.type === 'file_redirect') return collectRedirection(child, found);
    words.push(child);
    return isLiteral(child.type === 'command_name' ? child.children : [child]);
  });
}

function collectRedirection(node: ShellNode, found: Found): boolean {
  found.redirections.push(node);
  return node.children.every(({ type, children }) => redirectParts.has(type) && children.length === 0);
}

const redirectParts: ReadonlySet<string> = new Set(['file_descriptor', '>', '<', '>&', 'word', 'number']);

// Of a string only its quotes, its text and a dollar sign that expands nothing.
const literalParts: Readonly<Record<string, readonly string[]>> = {
  word: [],
  number: [],
  raw_string: [],
  string_content: [],
  string: ['"', 'string_content', '$'],
  concatenation: ['word', 'number', 'raw_string', 'string'],
};

function isLiteral(nodes: readonly ShellNode[]): boolean {
  return nodes.every(({ type, children }) => {
    const parts = literalParts[type];
    if (parts === undefined) return children.length === 0 && (type === '"' || type === '$');
    return children.every((child) => parts.includes(child.type)) && isLiteral(children);
  });
}
