/** What a child process finds in its environment. */

// Keys are the user's, not the model's; the others would make a child behave as if it were the editor.
const alwaysTakenOut = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_CUSTOM_HEADERS',
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
  const takenOut = [...alwaysTakenOut, ...without];
  const kept = Object.entries(base).filter(([name]) => !takenOut.some((pattern) => matches(name, pattern)));
  const environment = Object.fromEntries(kept);
  return Object.fromEntries(
    Object.entries({ ...environment, ...added }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}

function matches(name: string, pattern: string): boolean {
  // Windows does not tell names apart by case.
  const upper = name.toUpperCase();
  return pattern.endsWith('*') ? upper.startsWith(pattern.slice(0, -1)) : upper === pattern;
}
