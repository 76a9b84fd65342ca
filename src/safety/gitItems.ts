/** Finds arguments of git that are not one item each. */

/**
 * Says how the items are to be cut, for arguments that git would refuse as they are; undefined if nothing in them
 * looks like several items, or like the program's own name.
 */
export function itemProblem(args: readonly string[], commands: readonly string[]): string | undefined {
  const [first = '', ...rest] = args;
  const isNamed = /^git(\s|$)/.test(first);
  const words = first
    .trim()
    .split(/\s+/)
    .slice(isNamed ? 1 : 0);
  const isLine = first.includes(' ') && commands.includes(words[0] ?? '');
  const glued = rest.find((arg) => /^(-[a-zA-Z]|--[\w-]+)\s/.test(arg));
  if (!isNamed && !isLine && glued === undefined) return undefined;
  const items = [...words, ...rest.flatMap((arg) => (arg === glued ? arg.trim().split(/\s+/) : [arg]))];
  const name = isNamed ? ', without "git"' : '';
  // How a line with quotes is cut depends on the shell that it was meant for.
  const isQuoted = /["'\\]/.test([first, glued].join(' '));
  return `Give the arguments one item each${name}: ${isQuoted ? '["log", "-n", "5"]' : JSON.stringify(items).replaceAll('","', '", "')}.`;
}
