/** What a child process finds in its environment. */
import { holdsKey } from '../../core/keyMask.ts';

// Keys are the user's, not the model's; the others would make a child behave as if it were the editor.
const alwaysTakenOut = [
  'ANTHROPIC_*',
  'ELECTRON_RUN_AS_NODE',
  'VSCODE_*',
  // Start-up files of a shell that is not interactive.
  'BASH_ENV',
  'ENV',
];

/** The environment without the secrets and the names of `without`, then with `added`. */
export function childEnvironment(
  base: NodeJS.ProcessEnv,
  without: readonly string[] = [],
  added: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const isTakenOut = matcher([...alwaysTakenOut, ...without]);
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(base))
    if (value !== undefined && !isTakenOut(name)) environment[name] = value;
  for (const [name, value] of Object.entries(added)) {
    if (value === undefined) delete environment[name];
    else environment[name] = value;
  }
  return environment;
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
