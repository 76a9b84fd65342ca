/** Says why the tool that only reads does not run something of git, and what to use instead. */

type Reason = 'writes' | 'reaches' | 'starts' | 'tells';

const reasons: Readonly<Record<Reason, string>> = {
  writes: 'it can change the repository or files, and this tool only reads',
  reaches: 'it reaches other machines, and this tool has no network',
  starts: 'it starts other programs, which this tool never does',
  tells: 'it shows settings of the person beside those of the repository',
};

const others: Readonly<Record<Reason, string>> = {
  writes:
    'add am apply archive bisect branch bundle checkout checkout-index cherry-pick clean commit commit-graph commit-tree ' +
    'config fast-export fast-import filter-branch format-patch gc hash-object index-pack init maintenance merge merge-file ' +
    'merge-index merge-tree mktag mktree multi-pack-index mv notes pack-objects pack-refs prune prune-packed read-tree ' +
    'rebase reflog repack replace rerere reset restore revert rm sparse-checkout stage stash submodule switch tag ' +
    'unpack-file unpack-objects update-index update-ref update-server-info worktree write-tree',
  reaches:
    'clone daemon fetch fetch-pack http-fetch http-push imap-send ls-remote p4 pull push receive-pack remote ' +
    'request-pull send-email send-pack svn upload-archive upload-pack',
  starts:
    'citool credential difftool for-each-repo gui help hook instaweb mergetool verify-commit verify-tag web--browse',
  tells: 'var',
};

const reasonOf: ReadonlyMap<string, Reason> = new Map(
  (Object.keys(others) as Reason[]).flatMap((reason) =>
    others[reason].split(' ').map((name) => [name, reason] as const),
  ),
);

const instead: Readonly<Record<string, string>> = {
  add: 'Use git_add.',
  stage: 'Use git_add.',
  commit: 'Use git_commit.',
  switch: 'Use git_switch.',
  checkout: 'Use git_switch for branches, and ["show", "REVISION:PATH"] to see an older file.',
  restore: 'Use ["show", "REVISION:PATH"] to see an older file.',
  'format-patch': 'Use ["log", "-p"].',
  'ls-remote': 'Use ["branch", "--remotes"] for what is known of it, or terminal.',
  var: 'Use ["config", "--get", KEY].',
  'verify-commit': 'Use ["cat-file", "-p", REVISION] to see a signature.',
  'verify-tag': 'Use ["cat-file", "-p", TAG] to see a signature.',
  help: 'Use terminal.',
};

/** The refusal of a subcommand, for the model; `allowed` are the names of those that are run. */
export function subcommandRefusal(name: string, allowed: readonly string[]): string {
  const known = allowed.join(', ');
  if (name === '') return `Give a subcommand and its arguments, such as ["status"]. Allowed: ${known}.`;
  if (name.startsWith('-'))
    return `The first argument must be a subcommand, not ${name}; of git's own options only -C and --no-pager can come before it. Allowed: ${known}.`;
  const reason = reasonOf.get(name);
  if (reason === undefined)
    return `git ${name} is not allowed here: this tool does not know it. Allowed: ${known}. Use terminal for others.`;
  return `git ${name} is not allowed here: ${reasons[reason]}. ${instead[name] ?? 'Use terminal, where a person is asked.'}`;
}

/** The refusal of a second word, such as `git stash drop`. */
export function verbRefusal(name: string, verb: string, verbs: readonly string[]): string {
  const asked = `git ${[name, verb].join(' ').trim()} is not allowed here`;
  return `${asked}: of git ${name} this tool runs only ${verbs.join(' and ')}, which change nothing.`;
}

const optionReasons: readonly (readonly [names: readonly string[], why: string])[] = [
  [['--output'], 'writes a file'],
  [['--help'], 'starts a viewer'],
  [
    [
      '--ext-diff',
      '--textconv',
      '--filters',
      '--open-files-in-pager',
      '--alternate-refs',
      '--show-signature',
    ],
    'starts a program that the repository can name',
  ],
  [['--remerge-diff', '--diff-merges'], 'writes objects into the repository'],
  [
    [
      ...['--no-index', '--file', '--contents', '--ignore-revs-file', '--exclude-from'],
      ...['--exclude-per-directory', '--relative', '--no-relative', '-O', '-S', '-f', '-X'],
    ],
    'can show files outside of the workspace',
  ],
  [
    ['--submodule', '--recurse-submodules', '--ignore-submodules'],
    'looks into submodules, whose own settings can name programs',
  ],
  [['--verbose', '-v'], 'shows a diff through programs that the repository can name'],
];

/** The refusal of an option. `refused` is the option that it is or abbreviates; empty if it merely is on no list. */
export function optionRefusal(name: string, option: string, refused: string): string {
  return `git ${name} ${option} is not allowed here: the option ${whyOption(name, refused)}.`;
}

function whyOption(name: string, refused: string): string {
  const known = name === 'grep' && refused === '-O' ? '--open-files-in-pager' : refused;
  const [, why] = optionReasons.find(([names]) => names.includes(known)) ?? [];
  if (why !== undefined) return why;
  return refused === '' ? 'is on no list of options that only read' : 'can do more than read the repository';
}
