/** Compares what two readers make of a command line: a grammar's tree and our own strict reading. */
import type { ShellNode } from '../core/shell.ts';
import type { SimpleCommand } from './shellLine.ts';

/** Whether the tree holds these commands with these words and redirections, and nothing else that is run. */
export function isSameLine(tree: ShellNode, commands: readonly SimpleCommand[]): boolean {
  const found: FoundCommand[] = [];
  if (!collect(tree, found)) return false;
  return (
    found.length === commands.length &&
    found.every(({ words, redirections }, index) => {
      const read = commands[index];
      return isSame(words, read?.words) && isSame(redirections, read?.redirections);
    })
  );
}

interface Span {
  readonly start: number;
  readonly end: number;
}

interface FoundCommand {
  readonly words: Span[];
  readonly redirections: Span[];
}

function isSame(found: readonly Span[], read: readonly Span[] = []): boolean {
  return (
    found.length === read.length &&
    found.every(({ start, end }, index) => start === read[index]?.start && end === read[index]?.end)
  );
}

const holders: ReadonlySet<string> = new Set(['program', 'list', 'pipeline']);
const separators: ReadonlySet<string> = new Set(['|', '&&', '||', ';', '\n']);

/** Adds the commands in their order; false where something else than these is in the tree. */
function collect(node: ShellNode, found: FoundCommand[]): boolean {
  if (holders.has(node.type)) return node.children.every((child) => collect(child, found));
  if (node.type === 'comment') return true;
  if (!node.isNamed) return separators.has(node.type);
  if (node.type === 'command' || node.type === 'redirected_statement') return collectOne(node, found);
  return false;
}

function collectOne(node: ShellNode, found: FoundCommand[]): boolean {
  const command: FoundCommand = { words: [], redirections: [] };
  found.push(command);
  return addParts(node, command);
}

function addParts(node: ShellNode, command: FoundCommand): boolean {
  return node.children.every((child) => {
    if (child.type === 'command' && node.type === 'redirected_statement') return addParts(child, command);
    if (child.type === 'command_name') return isLiteral(child.children) && addSpan(child, command.words);
    if (child.type === 'file_redirect')
      return isLiteralRedirect(child) && addSpan(child, command.redirections);
    return isLiteral([child]) && addSpan(child, command.words);
  });
}

function addSpan({ start, end }: ShellNode, spans: Span[]): boolean {
  spans.push({ start, end });
  return true;
}

const redirectParts: ReadonlySet<string> = new Set(['file_descriptor', '>', '<', '>&', 'word', 'number']);

function isLiteralRedirect(node: ShellNode): boolean {
  return node.children.every(({ type, children }) => redirectParts.has(type) && children.length === 0);
}

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
