/** What a child process finds in its environment. */
import path from 'node:path';
import { holdsKey } from '../../core/keyMask.ts';
import { editorHelpers } from './editorHelpers.ts';

// Keys are the user's, not the model's; the others would make a child behave as if it were the editor.
const alwaysTakenOut = [
  'ANTHROPIC_*',
  'ELECTRON_RUN_AS_NODE',
  'VSCODE_*',
  // Start-up files of a shell that is not interactive.
  'BASH_ENV',
  'ENV',
];

/**
 * The environment without the secrets, without the names of `without` that are not in `kept`, then with `added`.
 */
export function childEnvironment(
  base: NodeJS.ProcessEnv,
  without: readonly string[] = [],
  added: Readonly<Record<string, string | undefined>> = {},
  kept: readonly string[] = [],
): Record<string, string> {
  const isNever = matcher([...alwaysTakenOut, ...editorHelpers(base)]);
  const [isWithout, isKept] = [matcher(without), matcher(kept)];
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value === undefined || isNever(name)) continue;
    if (!isWithout(name) || (isKept(name) && isFixed(name, value))) environment[name] = value;
  }
  for (const [name, value] of Object.entries(added)) {
    if (value === undefined) delete environment[name];
    else environment[name] = value;
  }
  return environment;
}

// Relative to a repository, such a file would be the repository's.
function isFixed(name: string, value: string): boolean {
  return !/^GIT_CONFIG_(GLOBAL|SYSTEM)$/i.test(name) || value === '' || path.isAbsolute(value);
}

/**
 * The environment of a program of our own. Nothing in it makes Node or its loader run further code. Folders of
 * libraries stay, because Node may need them to start.
 */
export function helperEnvironment(base: NodeJS.ProcessEnv): Record<string, string> {
  const loaded = ['NODE_*', 'LD_PRELOAD', 'LD_AUDIT', 'DYLD_INSERT_LIBRARIES', 'OPENSSL_*', 'SSL_*'];
  return childEnvironment(base, loaded, { ELECTRON_RUN_AS_NODE: '1' });
}

/** The environment without variables of any name that hold one of the forms of the API key. */
export function environmentWithoutKey(
  base: NodeJS.ProcessEnv,
  keyForms: readonly string[],
): NodeJS.ProcessEnv {
  if (keyForms.length === 0) return base;
  return Object.fromEntries(
    Object.entries(base).filter(([, value]) => value === undefined || !holdsKey(value, keyForms)),
  );
}

// An editor's environment is long, and this stands before each start of a process.
function matcher(patterns: readonly string[]): (name: string) => boolean {
  const names = new Set(patterns.filter((pattern) => !pattern.endsWith('*')));
  const beginnings = patterns
    .filter((pattern) => pattern.endsWith('*'))
    .map((pattern) => pattern.slice(0, -1));
  return (name) => {
    // Windows does not tell names apart by case.
    const upper = name.toUpperCase();
    return names.has(upper) || beginnings.some((beginning) => upper.startsWith(beginning));
  };
}
