/** Tells where git gave up because another git process holds a lock. */
import type { ProcessEnd } from '../core/processPorts.ts';
import type { Failed } from './askGit.ts';

/** What holds git up, in words: the lock's file where git names it. Undefined where it failed for another reason or did not fail. */
export function blockedByLock(end: ProcessEnd): string | undefined {
  if (end.kind !== 'exited' || end.exitCode === 0) return undefined;
  const said = [end.output.stderr, end.output.stdout]
    .map(({ kept }) => (kept.isWhole ? kept.text : kept.tail))
    .join('\n');
  const named = /Unable to create '(.+\.lock)': File exists/.exec(said)?.[1];
  if (named !== undefined) return named;
  const config = /could not lock config file (.+): File exists/.exec(said)?.[1];
  if (config !== undefined) return `${config}.lock`;
  // Of a lock in its own way, git stash says nothing at all, or nothing that helps.
  const rest = said.replace(/^(The stash entry is kept in case|Cannot save the current status).*$/gm, '');
  return rest.trim() === '' ? 'which one, git does not say' : undefined;
}

/** The failure, for the engine to try again. No lock is ever removed here, however old: its owner may be at work. */
export function busy(lock: string): Failed {
  const message =
    `Another git process has locked the repository (${lock}), or one died and left the lock behind. Nothing was changed, ` +
    'and the lock was left alone. If it stays, a person can see whether a git or an editor is at work there, and delete the file only where none is.';
  return { ok: false, error: { kind: 'busy', message } };
}
