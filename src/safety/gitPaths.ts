/** Tells which arguments of git can name files of the working tree. */
import type { GitCommand } from './gitCommands.ts';
import type { GitReach } from './gitPlace.ts';

/** The arguments that can name files of the working tree, with revisions among them. */
export function pathsOf({ takesPaths }: GitCommand, args: readonly string[]): readonly string[] {
  if (takesPaths === undefined) return [];
  const end = args.indexOf('--');
  const beforePaths = end === -1 ? args : args.slice(0, end);
  const words = takesPaths === 'afterPattern' ? withoutPatterns(beforePaths) : beforePaths;
  return [...words.filter((arg) => !arg.startsWith('-')), ...(end === -1 ? [] : args.slice(end + 1))];
}

// What looks like a pattern but is a path would go unchecked, so in doubt it is a path.
function withoutPatterns(args: readonly string[]): readonly string[] {
  const isPatternOption = (arg: string): boolean => /^-[^-e]*e/.test(arg);
  const first = args.some(isPatternOption) ? -1 : args.findIndex((arg) => !arg.startsWith('-'));
  const kept: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (/^-[^-e]*e$/.test(arg)) at += 1;
    else if (at !== first) kept.push(arg);
  }
  return kept;
}

/** Refuses ":/" and the like, which mean the top of the working tree, where that is beyond the workspace. */
export function magicProblem(
  command: GitCommand,
  args: readonly string[],
  reach: GitReach,
): string | undefined {
  const magic = pathsOf(command, args).find((arg) => arg.startsWith(':'));
  if (reach === 'repository' || magic === undefined) return undefined;
  return `The repository reaches beyond the workspace, so ${magic} is not allowed here: give paths relative to the working directory.`;
}
