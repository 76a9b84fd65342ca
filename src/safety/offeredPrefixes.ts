/**
 * The beginnings of commands for which "always" is offered, each with the most that a rule for it allows. A program that is
 * not in this table is offered none: a program that runs what it is told, or that can be led to by an option, has no bounds.
 */

export interface OfferedPrefix {
  /** The words of the rule; `*` is the name of a script or target. */
  readonly words: string;
  /** The most that a command does that the rule covers. */
  readonly atMost: string;
  /** The options that the rule covers after these words, with a value after `=` where they end with one. */
  readonly options: string;
  /** The other words that it covers. `inside`: no path that leads out of the folder. */
  readonly operands: 'texts' | 'inside' | 'names' | 'none';
  /** Tells whether all that follows `--` is covered: it goes to the script alone. */
  readonly handsOn?: true;
}

const runsScript = 'Runs this script of the package.json, which can do all that you can.';
const runsTests = 'Runs the code and the tests of this project, which can do all that you can.';
const buildsProject = 'Builds this project by its own build files, which can do all that you can.';
const runsTarget = 'Runs this target of the Makefile, which can do all that you can.';
const runsConfig =
  'Reads and may correct files below this folder, and runs the configuration and plugins of this project.';
const showsHistory = 'Shows what is in the repository; git may run the filters that its configuration names.';
const showsContainers = 'Shows what Docker knows; changes nothing.';

const ofScript = { options: '-s --silent --if-present', operands: 'texts', handsOn: true } as const;
// `yarn run` finds programs, too.
const scripts = ['npm run *', 'npm run-script *', 'pnpm run *'];
const namedScripts = [
  'npm test',
  'yarn test',
  'yarn build',
  'yarn lint',
  'pnpm test',
  'pnpm build',
  'pnpm lint',
];

const ofCargo = {
  options:
    '-q --quiet -v --verbose --release --all --workspace --lib --bins --tests --all-targets --all-features ' +
    '--no-default-features --locked --offline --no-run -p --package --package= --test --test= --features --features=',
  operands: 'names',
} as const;

const ofGo = {
  options: '-v -race -short -run -run= -count= -cover -timeout= -failfast',
  operands: 'inside',
} as const;

const ofHistory = {
  options:
    '-s -v -p -n --oneline --stat --shortstat --numstat --name-only --name-status --graph --all --decorate --short --branch ' +
    '--porcelain --cached --staged --no-color --no-pager --follow --reverse --first-parent --no-merges --patch --word-diff ' +
    '--pretty= --format= --since= --until= --author= --grep= --max-count= --abbrev-commit --date= --unified= --',
  operands: 'inside',
} as const;

const rows: readonly OfferedPrefix[] = [
  ...[...scripts, ...namedScripts].map((words) => ({ words, atMost: runsScript, ...ofScript })),
  { words: 'make *', atMost: runsTarget, options: '-k -s -j -B -n --silent --keep-going', operands: 'names' },
  ...['build', 'check', 'clippy', 'doc', 'test', 'bench'].map((each) => ({
    words: `cargo ${each}`,
    atMost: runsTests,
    ...ofCargo,
    handsOn: true as const,
  })),
  {
    words: 'cargo fmt',
    atMost: 'Formats the Rust code of this project.',
    options: '--all --check',
    operands: 'none',
  },
  { words: 'go test', atMost: runsTests, ...ofGo },
  { words: 'go build', atMost: buildsProject, ...ofGo },
  { words: 'go vet', atMost: 'Reads the Go code of this project.', options: '-v', operands: 'inside' },
  ...['build', 'test'].map((each) => ({
    words: `dotnet ${each}`,
    atMost: runsTests,
    options: '--no-restore --no-build --nologo -c --configuration',
    operands: 'inside' as const,
  })),
  ...['gradle build', 'gradle test', 'gradle check'].map((words) => ({
    words,
    atMost: buildsProject,
    options: '-q --quiet --offline --info --stacktrace --tests --tests=',
    operands: 'names' as const,
  })),
  ...['mvn compile', 'mvn test', 'mvn verify'].map((words) => ({
    words,
    atMost: buildsProject,
    options: '-q -B -o --quiet --batch-mode --offline',
    operands: 'none' as const,
  })),
  {
    words: 'eslint',
    atMost: runsConfig,
    options:
      '--fix --quiet --cache --ext --ext= --max-warnings --max-warnings= --no-warn-ignored --color --no-color',
    operands: 'inside',
  },
  {
    words: 'prettier',
    atMost: runsConfig,
    options: '-c -w -l -u --check --write --list-different --ignore-unknown --no-color',
    operands: 'inside',
  },
  {
    words: 'stylelint',
    atMost: runsConfig,
    options: '--fix --quiet --cache --allow-empty-input',
    operands: 'inside',
  },
  {
    words: 'tsc',
    atMost: 'Checks TypeScript, and writes what the tsconfig.json that is named says.',
    options:
      '-p -b --project --build --noEmit --watch --pretty --incremental --skipLibCheck --strict --noErrorTruncation',
    operands: 'inside',
  },
  ...['jest', 'vitest run'].map((words) => ({
    words,
    atMost: runsTests,
    options:
      '-t --testNamePattern= --verbose --silent --ci --bail --coverage -u --runInBand --passWithNoTests',
    operands: 'inside' as const,
  })),
  {
    words: 'pytest',
    atMost: runsTests,
    options:
      '-q -v -vv -x -s -k -m --lf --ff --sw -l --maxfail= --tb= --durations= --co --collect-only --no-header',
    operands: 'inside',
  },
  {
    words: 'ruff check',
    atMost: 'Reads and may correct Python code below this folder.',
    options: '--fix --quiet -q --statistics --select= --ignore= --diff',
    operands: 'inside',
  },
  {
    words: 'black',
    atMost: 'Formats Python code below this folder.',
    options: '--check --diff -q',
    operands: 'inside',
  },
  ...['status', 'log', 'diff', 'show', 'blame', 'shortlog', 'ls-files', 'rev-parse'].map((each) => ({
    words: `git ${each}`,
    atMost: showsHistory,
    ...ofHistory,
  })),
  {
    words: 'git add',
    atMost: 'Stages files below this folder; git may run the filters that its configuration names.',
    options: '-A -u -v -n -N --all --update --',
    operands: 'inside',
  },
  ...['docker ps', 'docker images', 'docker logs'].map((words) => ({
    words,
    atMost: showsContainers,
    options: '-a -q -n --all --quiet --tail= --since= --no-trunc',
    operands: 'names' as const,
  })),
];

const byWords: ReadonlyMap<string, OfferedPrefix> = new Map(rows.map((row) => [row.words, row]));
const longest = 3;

/** The row whose words the command begins with, and these words as they are in it. */
export function offeredPrefix(
  words: readonly string[],
): { readonly row: OfferedPrefix; readonly prefix: readonly string[] } | undefined {
  for (let length = Math.min(longest, words.length); length > 0; length -= 1) {
    const prefix = words.slice(0, length);
    const open = [...prefix.slice(0, -1), '*'];
    const exact = byWords.get(prefix.join(' '));
    const row =
      exact ?? (length > 1 && isName(prefix.at(-1) ?? '') ? byWords.get(open.join(' ')) : undefined);
    if (row !== undefined) return { row, prefix };
  }
  return undefined;
}

/** Tells whether a command with these words after the prefix does no more than the row says. */
export function isWithin({ options, operands, handsOn }: OfferedPrefix, words: readonly string[]): boolean {
  const end = handsOn ? words.indexOf('--') : -1;
  const known = new Set(options.split(' '));
  return (end < 0 ? words : words.slice(0, end)).every((word) =>
    word.startsWith('-') ? isKnownOption(word, known) : isOperand[operands](word),
  );
}

function isKnownOption(word: string, known: ReadonlySet<string>): boolean {
  const [name = ''] = word.split('=', 1);
  // A number that is written right behind its letter, or alone.
  return known.has(word) || (name !== word && known.has(`${name}=`)) || /^-[nj]?\d+$/.test(word);
}

const isOperand: Readonly<Record<OfferedPrefix['operands'], (word: string) => boolean>> = {
  texts: () => true,
  // A word that begins with `@` is read as a file of further options by some programs.
  inside: (word) => !/^([@/\\~]|[A-Za-z]:)|(^|[/\\=:])\.\.([/\\]|$)/.test(word),
  names: isName,
  none: () => false,
};

function isName(word: string): boolean {
  return /^[A-Za-z0-9][\w:.@/-]*$/.test(word) && !/(^|\/)\.\.(\/|$)/.test(word);
}
