/** Finds the variables of an editor's terminal whose programs need other variables that commands never get. */
import path from 'node:path';

/** A program of the editor in a variable, and what it asks the editor by. */
const helpers: readonly { readonly name: string; readonly needs: RegExp }[] = [
  { name: 'GIT_ASKPASS', needs: /^VSCODE_GIT_ASKPASS_/i },
  { name: 'SSH_ASKPASS', needs: /^VSCODE_GIT_ASKPASS_/i },
  { name: 'BROWSER', needs: /^VSCODE_IPC_HOOK_CLI$/i },
];

/**
 * The names of variables that lead to a helper of the editor. Without its partner such a helper fails, or waits for
 * an answer that nobody can give. A program that the person named is not among them.
 */
export function editorHelpers(base: NodeJS.ProcessEnv): readonly string[] {
  const names = Object.keys(base);
  const partners = names.filter((name) => /^VSCODE_/i.test(name));
  const found = helpers
    .filter(({ needs }) => partners.some((name) => needs.test(name)))
    .filter(({ name }) => isOfEditor(base, name))
    .map(({ name }) => name);
  return found.includes('SSH_ASKPASS') ? [...found, 'SSH_ASKPASS_REQUIRE'] : found;
}

// The editor's extension for git and its server bring these files, whatever the editor is called.
const ownFile = /[\\/](?:extensions[\\/]git[\\/]|helpers[\\/]browser)/i;

function isOfEditor(base: NodeJS.ProcessEnv, name: string): boolean {
  const value = base[name] ?? '';
  const main = base.VSCODE_GIT_ASKPASS_MAIN;
  return ownFile.test(value) || (main !== undefined && path.dirname(main) === path.dirname(value));
}
