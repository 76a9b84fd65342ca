/** Tells of a command line if its exit code 1 is an answer and no failure. */
import type { ShellNode } from '../core/shell.ts';

/**
 * True if exit code 1 can only come from a program that says "no" or "different" with it. `tree` is the line's tree in
 * the grammar of bash.
 */
export function answersWithOne(line: string, tree: ShellNode): boolean {
  return new Reading(line).answers(tree);
}

/** Programs that end with 1 for "none", "different" or "false", and with another code for an error. */
const answering: ReadonlySet<string> = new Set([
  ...['grep', 'egrep', 'fgrep', 'zgrep', 'rg', 'ag', 'ack', 'pgrep', 'pidof'],
  ...['diff', 'cmp', 'test', '['],
]);

/** Subcommands of git that do the same, and the options without which some of them don't. */
const answeringGit: ReadonlyMap<string, RegExp | undefined> = new Map([
  ['grep', undefined],
  ['diff', /^--(?:exit-code|quiet|no-index)$/],
  ['diff-files', /^--(?:exit-code|quiet)$/],
  ['diff-index', /^--(?:exit-code|quiet)$/],
  ['diff-tree', /^--(?:exit-code|quiet)$/],
  ['merge-base', /^--is-ancestor$/],
  ['check-ignore', undefined],
  ['show-ref', /^(?:-q|--quiet)$/],
  ['symbolic-ref', /^(?:-q|--quiet)$/],
  ['rev-parse', /^(?:-q|--quiet)$/],
  ['config', /^--get(?:-all|-regexp)?$/],
]);

class Reading {
  private readonly line: string;

  constructor(line: string) {
    this.line = line;
  }

  answers(node: ShellNode): boolean {
    const parts = node.children.filter(({ type }) => type !== 'comment');
    const [first, operator, second] = parts;
    switch (node.type) {
      case 'program':
      case 'redirected_statement':
      case 'negated_command':
      case 'subshell':
        return this.only(
          parts.filter(({ isNamed, type }) => isNamed && !type.endsWith('_redirect')),
          parts,
        );
      case 'pipeline':
        return isLast(parts) && this.answersAt(parts.at(-1));
      case 'list':
        // What comes after || alone decides; both sides of && can.
        return (
          this.answersAt(second) &&
          (operator?.type === '||' || (operator?.type === '&&' && this.answersAt(first)))
        );
      case 'test_command':
        return true;
      case 'command':
        return this.isAnswering(parts);
      default:
        return false;
    }
  }

  private only(commands: readonly ShellNode[], parts: readonly ShellNode[]): boolean {
    // In the background a command hands on no exit code.
    return commands.length === 1 && !parts.some(({ type }) => type === '&') && this.answersAt(commands[0]);
  }

  private answersAt(node: ShellNode | undefined): boolean {
    return node !== undefined && this.answers(node);
  }

  private isAnswering(parts: readonly ShellNode[]): boolean {
    const words = parts
      .filter(({ type }) => type !== 'variable_assignment' && !type.endsWith('_redirect'))
      .map(({ start, end }) => this.line.slice(start, end));
    const [name = '', ...args] = words[0] === 'command' ? words.slice(1) : words;
    if (answering.has(name)) return true;
    return name === 'git' && isAnsweringGit(args);
  }
}

function isLast(parts: readonly ShellNode[]): boolean {
  return parts.length > 0 && parts.at(-1)?.isNamed === true;
}

function isAnsweringGit(args: readonly string[]): boolean {
  let at = 0;
  while (args[at]?.startsWith('-') === true) at += args[at] === '-C' || args[at] === '-c' ? 2 : 1;
  const [subcommand = '', ...rest] = args.slice(at);
  if (!answeringGit.has(subcommand)) return false;
  const needed = answeringGit.get(subcommand);
  return needed === undefined || rest.some((arg) => needed.test(arg));
}
