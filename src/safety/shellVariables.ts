/** Follows the variables that a line sets and uses itself. */
import { homedir } from 'node:os';
import type { ShellNode } from '../core/shell.ts';
import { quotedPattern } from './shellPattern.ts';
import { ShellWords, type VariableLookup } from './shellWords.ts';

/** One place that sets a variable. `until`: it is sure to hold from `from` to there. */
interface Setting {
  readonly name: string;
  readonly from: number;
  readonly until: number;
  readonly values: readonly ShellNode[];
}

/**
 * Looks up what a variable is. Of one that is set in a way, or at a place, that is not plain nothing is known: it may be what
 * the environment says.
 */
export function variablesOf(line: string, tree: ShellNode): VariableLookup {
  const settings: Setting[] = [];
  collect(tree, tree.end, (node, until) => settings.push(...settingsOf(node, until, line)));
  const isUnder = new Set<string>();
  const lookup: VariableLookup = (name, at) => {
    const own = settings.filter((setting) => setting.name === name);
    if (own.length === 0) return isMentioned(line, name, 0) ? undefined : ofShell(name);
    const isSure = own.some(({ from, until }) => from <= at && at < until);
    if (!isSure || isMentioned(line, name, own.length) || isUnder.has(name)) return undefined;
    isUnder.add(name);
    const words = own.flatMap(({ values }) => values.map((value) => reader.word(value).patterns));
    isUnder.delete(name);
    if (words.length === 0) return [''];
    // A value of several words would be several words again.
    const isKnown = words.every((patterns) => patterns?.every((pattern) => !/\s/.test(pattern)));
    return isKnown ? words.flatMap((patterns) => patterns ?? []) : undefined;
  };
  const reader = new ShellWords(line, lookup);
  return lookup;
}

function ofShell(name: string): readonly string[] | undefined {
  if (name === 'PWD') return ['.'];
  return name === 'HOME' ? [quotedPattern(homedir())] : undefined;
}

/** Tells whether it may be set in more places than these: by read, printf -v, an operator, or under a name that is made. */
function isMentioned(line: string, name: string, count: number): boolean {
  const named = line.match(new RegExp(String.raw`(?<![$\w{./-])${name}(?![\w./-])|-v${name}`, 'g')) ?? [];
  const withOperator = new RegExp(String.raw`\$\{${name}[^}\w]`).test(line);
  return named.length > count || withOperator || setsMadeName.test(line);
}

const setsMadeName =
  /\b(read|mapfile|readarray|declare|typeset|local|export|let|getopts|eval|unset|printf\s+-v)\b[^;|&\n]*\$/;

/** Calls back for each node with the offset up to which what it sets is sure to hold. */
function collect(node: ShellNode, until: number, onNode: (node: ShellNode, until: number) => void): void {
  onNode(node, until);
  for (const [index, child] of node.children.entries()) {
    const isSure = isSequence(node, child) && node.children[index + 1]?.type !== '&';
    collect(child, isSure ? until : child.end, onNode);
  }
}

/** Tells whether the child is run for sure, and in the shell of the line itself. */
function isSequence(node: ShellNode, child: ShellNode): boolean {
  if (node.type === 'program' || node.type === 'compound_statement' || node.type === 'variable_assignments')
    return true;
  return node.type === 'list' && node.children[0] === child;
}

function settingsOf(node: ShellNode, until: number, line: string): readonly Setting[] {
  const [first, second, ...others] = node.children;
  const text = (named: ShellNode | undefined): string => line.slice(named?.start, named?.end);
  if (node.type === 'variable_assignment') {
    const isPlain = first?.type === 'variable_name' && second?.type === '=' && others.length <= 1;
    return [
      {
        name: text(first).split('[', 1)[0] ?? '',
        from: node.end,
        until: isPlain ? until : 0,
        values: others,
      },
    ];
  }
  const body = node.children.find(({ type }) => type === 'do_group');
  if (node.type !== 'for_statement' || body === undefined) return [];
  // Without a list it goes through the arguments.
  const list =
    others[0]?.type === 'in' ? others.filter(({ isNamed, start }) => isNamed && start < body.start) : [];
  return [{ name: text(second), from: body.start, until: list.length > 0 ? node.end : 0, values: list }];
}
