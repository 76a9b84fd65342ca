/** What a repository's own config says that matters to safety. */
import { hardenedArguments, ignoredRevisions } from './gitHardening.ts';

/** Lists the settings that matter here: git has no switch that keeps it from `filter.*`, or from these files. */
export const configListing: readonly string[] = hardenedArguments([
  ...['config', '--get-regexp', '-z', '--show-scope'],
  '^(core\\..*|filter\\..*|hook\\..*|merge\\..*\\.driver|blame\\.ignorerevsfile|mailmap\\.file)$',
]);

const fileSettings = ['core.excludesfile', 'core.attributesfile', ignoredRevisions, 'mailmap.file'];

/** What a repository's own config says; the user's own settings are not in it. */
export interface RepositoryConfig {
  readonly isRepository: boolean;
  readonly filters: readonly string[];
  /** Names of hooks that the config itself holds, beside those in the folder of hooks. */
  readonly hooks: readonly string[];
  readonly mergeDrivers: readonly string[];
  /** Settings that name a file of which git shows lines. */
  readonly files: readonly { readonly key: string; readonly value: string }[];
  readonly setsWorktree: boolean;
}

/** Reads what `configListing` printed. */
export function readConfigListing(stdout: string): RepositoryConfig {
  const own = [...ownSettings(stdout)];
  return {
    isRepository: own.length > 0,
    filters: namesIn(own, 'filter'),
    hooks: namesIn(own, 'hook'),
    mergeDrivers: namesIn(own, 'merge'),
    files: own.filter(({ key }) => fileSettings.includes(key)),
    setsWorktree: own.some(({ key }) => key === 'core.worktree'),
  };
}

interface Setting {
  readonly key: string;
  readonly value: string;
}

/** The subsections of a section; git gives its name in lower case and theirs as they are. */
function namesIn(settings: readonly Setting[], section: string): readonly string[] {
  const names = settings.map(({ key }) => /^([^.]+)\.(.+)\.[^.]+$/s.exec(key));
  return [...new Set(names.filter((found) => found?.[1] === section).map((found) => found?.[2] ?? ''))];
}

// The user's own filters stay (git would report every large file as changed); a repository's do not.
function* ownSettings(stdout: string): Generator<Setting> {
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
