/** What a repository's own config says that matters to safety. */
import { hardenedArguments, ignoredRevisions } from './gitHardening.ts';

/** Lists the settings that matter here: git has no switch that keeps it from `filter.*`, or from these files. */
export const configListing: readonly string[] = hardenedArguments([
  ...['config', '--get-regexp', '-z', '--show-scope'],
  '^(core\\..*|filter\\..*|hook\\..*|diff\\..*\\.textconv|merge\\..*\\.driver|blame\\.ignorerevsfile|mailmap\\.file)$',
]);

/** Lists the configs that a config names, without reading them: git would tell of their lines where it does not understand one. */
export function includeListing(config?: string): readonly string[] {
  const from = config === undefined ? ['--show-scope', '--show-origin'] : ['--file', config];
  const pattern = String.raw`^include(if\..*)?\.path$`;
  return hardenedArguments(['config', '--no-includes', ...from, '-z', '--get-regexp', pattern]);
}

/** A config that another one names. */
export interface NamedConfig {
  /** As it is written there. */
  readonly value: string;
  /** The config that names it, as git was told of it. */
  readonly by: string;
}

/** Reads what `includeListing` printed; of all configs, those that the repository's own name. */
export function readIncludeListing(stdout: string, config?: string): readonly NamedConfig[] {
  const fields = stdout.split('\0').slice(0, -1);
  if (config !== undefined) return fields.map((setting) => ({ value: valueOf(setting), by: config }));
  const named: NamedConfig[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [scope = '', origin = '', setting = ''] = fields.slice(at, at + 3);
    if (ownScopes.has(scope)) named.push({ value: valueOf(setting), by: origin.replace(/^file:/, '') });
  }
  return named;
}

function valueOf(setting: string): string {
  const end = setting.indexOf('\n');
  return end === -1 ? '' : setting.slice(end + 1);
}

const ownScopes: ReadonlySet<string> = new Set(['local', 'worktree']);

const fileSettings = ['core.excludesfile', 'core.attributesfile', ignoredRevisions, 'mailmap.file'];

/** What a repository's own config says; the user's own settings are not in it. */
export interface RepositoryConfig {
  readonly isRepository: boolean;
  readonly filters: readonly string[];
  /** Names of hooks that the config itself holds, beside those in the folder of hooks. */
  readonly hooks: readonly string[];
  readonly mergeDrivers: readonly string[];
  /** Names of diff drivers with a program that converts files for diffs. */
  readonly converters: readonly string[];
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
    converters: namesIn(own, 'diff'),
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
    if (!ownScopes.has(scope)) continue;
    const end = setting.indexOf('\n');
    yield end === -1
      ? { key: setting, value: '' }
      : { key: setting.slice(0, end), value: setting.slice(end + 1) };
  }
}
