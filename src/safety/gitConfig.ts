/** What a repository's own config says that matters to safety. */
import { hardenedArguments, ignoredRevisions } from './gitHardening.ts';

/** Lists the settings that matter here: git has no switch that keeps it from `filter.*`, or from these files. */
export const configListing: readonly string[] = hardenedArguments([
  ...['config', '--get-regexp', '-z', '--show-scope'],
  '^(core\\..*|filter\\..*|blame\\.ignorerevsfile|mailmap\\.file)$',
]);

const fileSettings = ['core.excludesfile', 'core.attributesfile', ignoredRevisions, 'mailmap.file'];

/** What a repository's own config says; the user's own settings are not in it. */
export interface RepositoryConfig {
  readonly isRepository: boolean;
  readonly filters: readonly string[];
  /** Settings that name a file of which git shows lines. */
  readonly files: readonly { readonly key: string; readonly value: string }[];
  readonly setsWorktree: boolean;
}

/** Reads what `configListing` printed. */
export function readConfigListing(stdout: string): RepositoryConfig {
  const own = [...ownSettings(stdout)];
  const names = own.map(({ key }) => /^filter\.(.+)\.[^.]+$/s.exec(key)?.[1]);
  return {
    isRepository: own.length > 0,
    filters: [...new Set(names.filter((name) => name !== undefined))],
    files: own.filter(({ key }) => fileSettings.includes(key)),
    setsWorktree: own.some(({ key }) => key === 'core.worktree'),
  };
}

// The user's own filters stay (git would report every large file as changed); a repository's do not.
function* ownSettings(stdout: string): Generator<{ key: string; value: string }> {
  const fields = stdout.split('\0');
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [scope = '', setting = ''] = fields.slice(at, at + 2);
    if (scope !== 'local' && scope !== 'worktree') continue;
    const end = setting.indexOf('\n');
    yield end === -1
      ? { key: setting, value: '' }
      : { key: setting.slice(0, end), value: setting.slice(end + 1) };
  }
}
