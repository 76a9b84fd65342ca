/** Makes a git command that only reads, and that runs no program which a repository names. */
import type { CallError } from '../core/calls.ts';
import { itemProblem } from './gitItems.ts';
import { gitCommands, neverAbbreviations, refusedEverywhere, type GitCommand } from './gitCommands.ts';
import { magicProblem, pathsOf } from './gitPaths.ts';
import type { GitReach } from './gitPlace.ts';
import { optionRefusal, subcommandRefusal, verbRefusal } from './gitRefusals.ts';

/** The subcommand with its arguments, checked; `gitArguments` makes the whole list. */
export interface GitPlan {
  readonly subcommand: readonly string[];
  /** The arguments that can name files of the working tree; revisions are among them. */
  readonly paths: readonly string[];
}

export type PlannedGit =
  { readonly ok: true; readonly plan: GitPlan } | { readonly ok: false; readonly error: CallError };

// A repository's own config can set each of these to a program of its choice, or lead to one.
const overrides = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.alternateRefsCommand=false',
  'safe.bareRepository=explicit',
  'gpg.program=false',
  'gpg.openpgp.program=false',
  'gpg.x509.program=false',
  'gpg.ssh.program=false',
  'log.showSignature=false',
  'log.diffMerges=separate',
  'diff.submodule=short',
  'diff.orderFile=/dev/null',
  // Otherwise diff writes to the index what it found out about files, whatever the optional locks.
  'diff.autoRefreshIndex=false',
  'status.submoduleSummary=false',
  'submodule.recurse=false',
  'grep.fallbackToNoIndex=false',
  'color.ui=false',
  'core.quotePath=false',
];

const hardened = ['--no-pager', '--no-optional-locks', ...overrides.flatMap((value) => ['-c', value])];

/**
 * Settings that a person may hand to git in the environment: identity, trust in a folder, ways of text and of files.
 * None of them names a program or a file.
 */
const harmlessSettings =
  /^(?:(?:user|author|committer)\.(?:name|email)|user\.useconfigonly|safe\.directory|init\.defaultbranch|i18n\.[\w.-]+|advice\.\w+|core\.(?:abbrev|autocrlf|checkstat|compression|eol|filemode|ignorecase|longpaths|precomposeunicode|protecthfs|protectntfs|safecrlf|symlinks|trustctime|whitespace)|diff\.(?:algorithm|context|renamelimit|renames)|log\.(?:date|decorate)|merge\.(?:conflictstyle|renamelimit|renames)|index\.threads)$/i;

/** What git may and may not find in its environment. */
export const gitEnvironment = {
  withoutEnv: ['GIT_*', 'SSH_ASKPASS', 'PAGER'],
  // The person's own: who commits, and which settings count as theirs.
  keptEnv: [
    ...['GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_AUTHOR_DATE'],
    ...['GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL', 'GIT_COMMITTER_DATE'],
    ...['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM', 'GIT_DISCOVERY_ACROSS_FILESYSTEM'],
  ],
  keptGitSettings: harmlessSettings,
  env: {
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    GIT_OPTIONAL_LOCKS: '0',
    // A partial clone would fetch what it lacks, over a transport that its config names.
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
  },
} as const;

/** Checks the arguments that a model gave. */
export function planGit(args: readonly string[], reach: GitReach = 'repository'): PlannedGit {
  const [name = '', ...given] = args;
  const known = commandOf(args);
  const items = itemProblem(args, Object.keys(gitCommands));
  if (known === undefined) return refused(items ?? subcommandRefusal(name, Object.keys(gitCommands)));
  if (reach === 'folder' && known.needsRepository === true)
    return refused(`The repository reaches beyond the workspace, and git ${name} would show all of it.`);
  const rest = withDefaults(name, known, given);
  const command = reach === 'folder' ? { ...known, ...known.inFolder } : known;
  const problem = argumentProblem(name, command, rest) ?? magicProblem(command, rest, reach);
  if (problem !== undefined) return refused(items ?? [problem, command.usage].filter(Boolean).join(' '));
  const paths = pathsOf(command, rest);
  const here = reach === 'folder' && known.needsPath === true && paths.length === 0 ? ['.'] : [];
  return { ok: true, plan: { subcommand: [...arrange(name, command, rest), ...here], paths } };
}

function commandOf([name = '']: readonly string[]): GitCommand | undefined {
  return Object.hasOwn(gitCommands, name) ? gitCommands[name] : undefined;
}

/** Whether the subcommand lets git look into submodules, whose own config could name programs. */
export function looksIntoSubmodules(subcommand: readonly string[]): boolean {
  return subcommand[0] === 'submodule' || refreshesIndex(subcommand);
}

/** True if the subcommand writes its findings about files to the index. No switch prevents this write. */
export function refreshesIndex([name, ...args]: readonly string[]): boolean {
  return name === 'describe' && args.some((arg) => /^--[db]/.test(arg));
}

/** Whether the subcommand opens tracked files also where they lie behind a link. */
export function followsLinks(subcommand: readonly string[]): boolean {
  return commandOf(subcommand)?.followsLinks === true;
}

/** True if the subcommand compares files of the working tree with what is stored, for which filters would be run. */
export function comparesFiles(subcommand: readonly string[]): boolean {
  if (subcommand.some((arg) => /^--(cached|staged)$/.test(arg))) return false;
  return commandOf(subcommand)?.comparesFiles === true || refreshesIndex(subcommand);
}

/** True if the subcommand shows addresses of other repositories. */
export function showsAddresses(subcommand: readonly string[]): boolean {
  return commandOf(subcommand)?.showsAddresses === true;
}

/** Puts what makes git harmless before a subcommand of our own. */
export function hardenedArguments(subcommand: readonly string[]): readonly string[] {
  return [...hardened, ...subcommand];
}

/** A setting that can't be switched off: an empty value clears the list only after git has read the files. */
export const ignoredRevisions = 'blame.ignorerevsfile';

/** What is switched off in one repository beside what always is. */
export interface SwitchedOff {
  readonly filters: readonly string[];
  /** Names of converters for diffs, which only some subcommands run whatever their options. */
  readonly converters?: readonly string[];
  /** Hooks that the config itself names, which no switch turns off all at once. */
  readonly hooks?: readonly string[];
  /** Keys of settings that name files outside the workspace. */
  readonly files: readonly string[];
  /** Further settings, each as `key=value`. */
  readonly settings?: readonly string[];
}

/** The whole argument list for git, with the named filters, hooks and files blanked. */
export function gitArguments(plan: GitPlan, switchedOff: SwitchedOff): PlannedArguments {
  const { filters, converters = [], hooks = [], files, settings = [] } = switchedOff;
  const unsafe = [...filters, ...hooks].find((name) => /[=\n]/.test(name));
  if (unsafe !== undefined) {
    const message = `The repository configures a filter or hook named ${JSON.stringify(unsafe)}, which can't be switched off.`;
    return { ok: false, error: { kind: 'refused', message } };
  }
  const blanked = filters.flatMap((name) =>
    ['clean=', 'smudge=', 'process=', 'required=false'].flatMap((value) => ['-c', `filter.${name}.${value}`]),
  );
  blanked.push(...hooks.flatMap((name) => ['-c', `hook.${name}.enabled=false`]));
  if (plan.subcommand[0] === 'blame' && files.includes(ignoredRevisions)) {
    const message = `The repository's config sets ${ignoredRevisions} to a file outside the workspace, which can't be switched off.`;
    return { ok: false, error: { kind: 'refused', message } };
  }
  const [converter] = commandOf(plan.subcommand)?.runsConverters === true ? converters : [];
  if (converter !== undefined) {
    const message = `The repository's config names a program (diff.${converter}.textconv) that git ${plan.subcommand[0]} would run. Use ["log", "-p"] for each range.`;
    return { ok: false, error: { kind: 'refused', message } };
  }
  blanked.push(...files.flatMap((key) => ['-c', `${key}=`]));
  blanked.push(...settings.flatMap((setting) => ['-c', setting]));
  return { ok: true, args: [...hardened, ...blanked, ...plan.subcommand] };
}

export type PlannedArguments =
  { readonly ok: true; readonly args: readonly string[] } | { readonly ok: false; readonly error: CallError };

function argumentProblem(name: string, command: GitCommand, args: readonly string[]): string | undefined {
  if (args.some((arg) => arg.includes('\0'))) return 'An argument holds a NUL byte.';
  const end = args.indexOf('--');
  const beforePaths = end === -1 ? args : args.slice(0, end);
  // An option that takes a value takes a "--" for it, too, and then what follows can be options.
  const isEndInDoubt = beforePaths.at(-1)?.startsWith('-') === true;
  const options = (isEndInDoubt ? args : beforePaths).filter((arg) => /^-(?!-?$)/.test(arg));
  const words = beforePaths.filter((arg) => !arg.startsWith('-'));
  const verb = args[0] ?? '';
  if (command.verbs !== undefined && !command.verbs.includes(verb)) {
    return verbRefusal(name, verb, command.verbs);
  }
  for (const option of options) {
    const refusal = refusedOption(command, option);
    if (refusal !== undefined) return optionRefusal(name, option, refusal);
  }
  if (command.onlyReads?.(args, words) === false) {
    return `git ${[name, ...args].join(' ')} could change something.`;
  }
  if (name === 'diff') return outsidePath(args);
  return undefined;
}

/** The option that an argument is refused as: the full name of one, `''` for one on no list; undefined if it is not refused. */
function refusedOption(command: GitCommand, option: string): string | undefined {
  if (command.onlyOptions !== undefined) return command.onlyOptions.test(option) ? undefined : '';
  if (!option.startsWith('--')) return refusedLetter(command, option.slice(1));
  const name = option.replace(/=.*$/s, '');
  if (neverAbbreviations.includes(name)) return undefined;
  return [...refusedEverywhere, ...(command.refused ?? [])].find((full) => full.startsWith(name));
}

function refusedLetter(command: GitCommand, cluster: string): string | undefined {
  for (const letter of cluster) {
    if (command.refusedLetters?.includes(letter)) return `-${letter}`;
    if (command.valueLetters?.includes(letter)) return undefined;
  }
  return undefined;
}

// With a path outside the repository, diff compares any two files, as with --no-index.
function outsidePath(args: readonly string[]): string | undefined {
  const outside = args.find(
    (arg) => /^([\\/]|[a-z]:)/i.test(arg) || (!arg.startsWith('-') && arg.split(/[\\/]/).includes('..')),
  );
  if (outside === undefined) return undefined;
  return `git diff takes paths relative to the working directory, without "..", not ${outside}.`;
}

function arrange(name: string, command: GitCommand, args: readonly string[]): string[] {
  const added = args.includes('--show-current') ? [] : (command.added ?? []);
  if (command.verbs !== undefined) return [name, ...args.slice(0, 1), ...added, ...args.slice(1)];
  // Without a revision and a terminal, shortlog reads a log from its input.
  const needsHead = name === 'shortlog' && args.every((arg) => arg.startsWith('-'));
  return [name, ...added, ...args, ...(needsHead ? ['HEAD'] : [])];
}

/** The arguments with the second word that git takes for granted, and with each value joined to its option. */
function withDefaults(name: string, command: GitCommand, given: readonly string[]): readonly string[] {
  const { defaultVerb, verbs, valueOptions } = command;
  const [first = ''] = given;
  if (defaultVerb && verbs?.includes(first) === false && !defaultVerb.unless.test(first))
    return [defaultVerb.name, ...given];
  const args = name === 'config' && newWord.test(first) ? [`--${first}`, ...given.slice(1)] : given;
  const joined: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const [arg = '', value] = args.slice(at, at + 2);
    const takesValue = valueOptions?.test(arg) === true && value !== undefined && value !== '--';
    joined.push(takesValue ? `${arg}=${value}` : arg);
    if (takesValue) at += 1;
  }
  return joined;
}

// Actions of git config that only git 2.46 and later know as words.
const newWord = /^(get|list)$/;

function refused(message: string): PlannedGit {
  return { ok: false, error: { kind: 'refused', message } };
}
