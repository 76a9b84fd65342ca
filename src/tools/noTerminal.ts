/** The environment of commands that have no terminal, and the note for an editor that could not be opened. */
import type { ProcessSpec } from '../core/processPorts.ts';
import type { ToolResult } from '../core/tools.ts';

/** No git of an agent waits for an editor or a password. A merge takes its default message. */
export const gitWithoutTerminal = {
  GIT_EDITOR: 'false',
  GIT_SEQUENCE_EDITOR: 'false',
  GIT_MERGE_AUTOEDIT: 'no',
  GIT_TERMINAL_PROMPT: '0',
} as const;

/** Only the defaults: a command line can set each of them for itself. */
export const withoutTerminal: Pick<ProcessSpec, 'withoutEnv' | 'env'> = {
  // Each of these comes before EDITOR and VISUAL, or is the terminal in which gpg asks for a passphrase.
  withoutEnv: [
    ...['GH_EDITOR', 'HGEDITOR', 'JJ_EDITOR', 'KUBE_EDITOR', 'P4EDITOR', 'SUDO_EDITOR', 'SVN_EDITOR'],
    'GPG_TTY',
  ],
  env: {
    ...gitWithoutTerminal,
    EDITOR: 'false',
    VISUAL: 'false',
    PAGER: 'cat',
    GIT_PAGER: 'cat',
    GH_PAGER: 'cat',
    MANPAGER: 'cat',
    TERM: 'dumb',
  },
};

// As git, Mercurial and Subversion say it; crontab and others name the program that failed.
const editorFailed = /editor ['"]?false\b|['"]?false['"]? (?:returned|exited|failed)|edit failed: false/i;

const editorNote =
  '[No editor can be used here: there is no terminal. Give the text in the command (git commit -m, git tag -m). ' +
  'GIT_EDITOR=true keeps the text as it is (git rebase --continue), GIT_SEQUENCE_EDITOR=COMMAND edits the list of a rebase.]';

/** The result of a command, with what to do instead if it wanted an editor. A pipe can hide that it failed. */
export function withEditorNote(result: ToolResult): ToolResult {
  if (result.output === undefined || !editorFailed.test(result.output.text)) return result;
  const output = { ...result.output, text: `${result.output.text}\n${editorNote}` };
  if (result.ok) return { ok: true, output };
  return { ...result, error: { ...result.error, message: `${result.error.message}\n${editorNote}` }, output };
}
