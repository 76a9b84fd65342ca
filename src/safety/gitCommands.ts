/** The git subcommands that only read, and what each of them may not be given. */

/** What is known of one subcommand. */
export interface GitCommand {
  /** Options that go before the model's. */
  readonly added?: readonly string[];
  /** Second words that are allowed. Where they are given, no other is, and `added` goes after them. */
  readonly verbs?: readonly string[];
  /** The second word that git takes for granted, and the words after which it does not: those change something. */
  readonly defaultVerb?: { readonly name: string; readonly unless: RegExp };
  /** Options whose value may be the next argument; it is joined to them, so that it can't be taken for an option. */
  readonly valueOptions?: RegExp;
  /** Options refused here beside those refused everywhere; an abbreviation of them as well. */
  readonly refused?: readonly string[];
  /** Letters of short options that are refused, also in a cluster such as `-nO`. */
  readonly refusedLetters?: string;
  /** Letters that take the rest of their cluster as a value. */
  readonly valueLetters?: string;
  /** Where given, all other options are refused, because the subcommand can change things. */
  readonly onlyOptions?: RegExp;
  /** Whether the arguments ask for reading only, where options alone do not tell. */
  readonly onlyReads?: (args: readonly string[], words: readonly string[]) => boolean;
  /** Whether its words can name files of the working tree that it reads; in grep the first is a pattern. */
  readonly takesPaths?: 'always' | 'afterPattern';
  /** Without a path it takes the whole working tree, and its words are paths alone. */
  readonly needsPath?: boolean;
  /** Whether it opens tracked files, also those that lie behind a link. */
  readonly followsLinks?: boolean;
  /** Whether it compares files of the working tree with what is stored. */
  readonly comparesFiles?: boolean;
  /** True if the command shows addresses, in which passwords and tokens are. */
  readonly showsAddresses?: boolean;
  /** Whether it shows files through the converters (`textconv`) that a config names, with no option against it. */
  readonly runsConverters?: boolean;
  /** Whether it can't be kept below the working directory. */
  readonly needsRepository?: boolean;
  /** What is different where it must stay below the working directory. */
  readonly inFolder?: Pick<GitCommand, 'added' | 'refused'>;
  /** What to ask for instead. */
  readonly usage?: string;
}

const noPrograms = ['--no-ext-diff', '--no-textconv'];
// -O names a file that orders a diff, anywhere on the disk; git reads it to its end, which a device has not.
const walk = { refusedLetters: 'O', valueLetters: 'SGILUMCBXln' } as const;
const patch: GitCommand = { added: noPrograms, ...walk };
const plain: GitCommand = {};
// A submodule's own config could name programs, so git is kept from looking into them.
const compare: GitCommand = {
  ...walk,
  added: [...noPrograms, '--ignore-submodules=dirty'],
  refused: ['--ignore-submodules'],
  takesPaths: 'always',
  comparesFiles: true,
  inFolder: {
    added: [...noPrograms, '--ignore-submodules=dirty', '--relative'],
    refused: ['--ignore-submodules', '--relative', '--no-relative'],
  },
};
const blame: GitCommand = {
  added: ['--no-textconv'],
  refused: ['--contents', '--ignore-revs-file'],
  refusedLetters: 'SO',
  valueLetters: 'LMC',
  takesPaths: 'always',
};

const listingOption =
  /^(-[ailqr]+|-n[0-9]*|--(list|all|remotes|show-current|ignore-case)|--(contains|no-contains|merged|no-merged|points-at|sort|format|column|no-column|color|no-color|abbrev|no-abbrev)(=.*)?)$/;
const listingValue = /^--(contains|no-contains|merged|no-merged|points-at|sort|format)$/;
// In tag these verify a signature.
const verboseOption = /^(-[ailqrv]*v[ailqrv]*|--verbose)$/;
const listingOrVerbose = new RegExp(`${listingOption.source}|${verboseOption.source}`);

const configReads =
  /^(-l|-z|--(list|get|get-all|get-regexp|get-urlmatch|show-origin|show-scope|name-only|null|local|no-includes|all|regexp|value|fixed-value|type|bool|int|path|default)(=.*)?)$/;

/** By name; a subcommand that is not here is refused. */
export const gitCommands: Readonly<Record<string, GitCommand>> = {
  // A submodule's own config could name programs, so git is kept from looking into them.
  status: {
    added: ['--ignore-submodules=dirty'],
    // Its verbose form shows a diff, for which it knows no --no-textconv.
    refused: ['--ignore-submodules', '--verbose'],
    refusedLetters: 'v',
    valueLetters: 'uM',
    takesPaths: 'always',
    comparesFiles: true,
    needsPath: true,
    usage: 'Use ["diff"] to see changes.',
  },
  diff: {
    ...compare,
    refused: ['--ignore-submodules', '--no-index'],
    inFolder: {
      added: [...noPrograms, '--ignore-submodules=dirty', '--relative'],
      refused: ['--ignore-submodules', '--no-index', '--relative', '--no-relative'],
    },
  },
  'diff-index': compare,
  'diff-files': compare,
  log: patch,
  show: patch,
  whatchanged: patch,
  'diff-tree': patch,
  // It asks git log for patches, and hands no option on that switches converters off.
  'range-diff': { ...patch, runsConverters: true },
  cherry: { onlyOptions: /^(-v|--verbose|--abbrev(=\d+)?)$/ },
  blame,
  annotate: blame,
  grep: {
    added: ['--no-textconv'],
    refused: ['--open-files-in-pager', '--no-index', '--file'],
    refusedLetters: 'Of',
    valueLetters: 'eABCm',
    takesPaths: 'afterPattern',
    followsLinks: true,
  },
  'cat-file': { refused: ['--filters'] },
  shortlog: { refusedLetters: 'O' },
  'ls-files': {
    refused: ['--exclude-from', '--exclude-per-directory'],
    refusedLetters: 'X',
    valueLetters: 'x',
    takesPaths: 'always',
  },
  'ls-tree': plain,
  'rev-parse': plain,
  'rev-list': walk,
  describe: plain,
  'merge-base': plain,
  'name-rev': plain,
  'for-each-ref': plain,
  'show-ref': plain,
  'count-objects': plain,
  'show-branch': plain,
  'check-ignore': { takesPaths: 'always' },
  'check-attr': {
    onlyOptions: /^(-a|-z|--(all|cached|source=.*))$/,
    takesPaths: 'always',
    usage: 'Use ["check-attr", "--all", PATH].',
  },
  'check-mailmap': { onlyOptions: /^$/ },
  'check-ref-format': plain,
  version: { onlyOptions: /^--build-options$/ },
  'symbolic-ref': {
    onlyOptions: /^(-q|--quiet|--short|--recurse|--no-recurse)$/,
    onlyReads: (_args, words) => words.length === 1,
    usage: 'Use ["symbolic-ref", "HEAD"].',
  },
  branch: {
    added: ['--list'],
    valueOptions: listingValue,
    onlyOptions: listingOrVerbose,
    usage: 'It lists branches here, for example ["branch", "--all"].',
  },
  tag: {
    added: ['--list'],
    valueOptions: listingValue,
    onlyOptions: listingOption,
    usage: 'It lists tags here, for example ["tag", "v*"].',
  },
  remote: {
    showsAddresses: true,
    onlyOptions: /^(-v|--verbose|--all|--push)$/,
    onlyReads: ([verb], words) => words.length === 0 || verb === 'get-url',
    usage: 'Use ["remote", "-v"] or ["remote", "get-url", name].',
  },
  worktree: {
    verbs: ['list'],
    onlyOptions: /^(-v|-z|--verbose|--porcelain)$/,
    usage: 'Use ["worktree", "list"].',
  },
  stash: {
    ...patch,
    verbs: ['list', 'show'],
    usage: 'Use ["stash", "list"] or ["stash", "show", name], and the tool git_stash to change things.',
  },
  reflog: {
    ...patch,
    verbs: ['show', 'list', 'exists'],
    defaultVerb: { name: 'show', unless: /^(expire|delete|drop|migrate|write)$/ },
    usage: 'Use ["reflog", "show", ref].',
  },
  submodule: {
    verbs: ['status'],
    // A word alone is a subcommand here, and never a path.
    defaultVerb: { name: 'status', unless: /^[^-]/ },
    onlyOptions: /^(-q|--quiet|--cached|--recursive)$/,
    takesPaths: 'always',
    needsRepository: true,
    usage: 'Use ["submodule", "status"].',
  },
  notes: {
    verbs: ['list', 'show'],
    defaultVerb: { name: 'list', unless: /./ },
    onlyOptions: /^$/,
    usage: 'Use ["notes", "list"] or ["notes", "show", revision].',
  },
  bisect: { verbs: ['log'], onlyOptions: /^$/, usage: 'Use ["bisect", "log"].' },
  'sparse-checkout': { verbs: ['list'], onlyOptions: /^$/, usage: 'Use ["sparse-checkout", "list"].' },
  config: {
    showsAddresses: true,
    // The user's own config can hold secrets; with a scope, git does not follow `include` either.
    added: ['--local'],
    valueOptions: /^--(type|default)$/,
    onlyOptions: configReads,
    onlyReads: readsConfig,
    usage: 'Use ["config", "--list"] or ["config", "--get", key].',
  },
};

// Without an action, one word reads a key and two words write it.
function readsConfig(args: readonly string[], words: readonly string[]): boolean {
  if (args.some((arg) => /^(-l|--list|--get|--get-all|--get-regexp|--get-urlmatch)$/.test(arg))) return true;
  return words.length === 1 && words[0]?.includes('.') === true;
}

/** Refused with every subcommand: they run programs, write files, or look into submodules. */
export const refusedEverywhere: readonly string[] = [
  // It starts the viewer that the config names.
  '--help',
  '--output',
  '--ext-diff',
  '--textconv',
  '--remerge-diff',
  '--diff-merges',
  '--show-signature',
  '--submodule',
  '--recurse-submodules',
  '--alternate-refs',
];

/** Whole options of git that an abbreviation of a refused one looks like. */
export const neverAbbreviations: readonly string[] = ['--text'];
