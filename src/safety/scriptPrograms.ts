/** The kinds of programs by what they do with their words: run a file, hand the words on, or run nothing. */

/** `data`: it runs none of its words. `texts`: words that are not known name no script of its. `any`: whatever is in none of the lists. */
export type ProgramKind = 'data' | 'texts' | 'shell' | 'interpreter' | 'wrapper' | 'finder' | 'any';

function list(names: string): ReadonlySet<string> {
  return new Set(names.split(' '));
}

const data = list(
  '[ [[ test echo printf true false : pwd cat tac nl head tail wc ls dir stat file du df basename dirname realpath readlink ' +
    'mkdir rmdir touch rm cp mv ln chmod chown chgrp cut tr uniq sort comm paste join fold fmt expand column diff cmp md5sum ' +
    'sha1sum sha256sum sha512sum base64 xxd od hexdump strings date sleep seq yes tee grep egrep fgrep rg jq sed tar gzip ' +
    'gunzip zip unzip id whoami uname hostname which type ps kill pgrep printenv read mapfile readarray unset set shift shopt ' +
    'return exit break continue wait jobs umask ulimit getopts let tput clear curl wget cd pushd popd',
);

/** Of these, programs that hand on what is in the files: a copy of a script, or what another command reads. */
export const passesOn = list(
  'cat tac nl head tail cp mv ln tee sed cut tr uniq sort paste join fold fmt expand column gunzip unzip tar base64 xxd jq',
);

/** Options that make such a program run another one. */
const runsByOption =
  /^(--(pre|to-command|compress-program|use-compress-program|checkpoint-action|rsh-command|info-script|new-volume-script|use-askpass|config)(=|$)|-[IFK]$)/;

const texts = list('git gh docker podman kubectl npm pnpm yarn bun brew apt apt-get pip pip3 cargo go');
const textsByOption =
  /^(-c|-x|--exec|--exec-path.*|--upload-pack.*|--receive-pack.*|--config-env.*|bisect|submodule|difftool|mergetool|config|filter-branch|run|exec|explore|dlx|create|init|test|start|-C|--prefix.*|--cwd.*|--dir.*|--script-shell.*|tool|generate|-exec|-toolexec|compose|x)$/;

const shells = list('bash sh dash zsh ksh mksh ash rbash fish csh tcsh');
const wrappers = list(
  'env sudo doas su run0 pkexec time nohup nice ionice setsid stdbuf timeout exec command builtin watch strace ltrace gdb ' +
    'valgrind perf chroot unshare flock xvfb-run dotenv cross-env direnv mise asdf nix nix-shell conda gosu systemd-run tmux ' +
    'screen script coproc busybox toybox caffeinate chronic unbuffer parallel xargs ssh eval trap alias npx pnpx bunx uvx pipx ' +
    'concurrently nodemon entr uv poetry pipenv bundle rlwrap taskset numactl firejail bwrap',
);
const interpreters =
  /^(node|nodejs|deno|bun|tsx|ts-node(-\w+)?|python[\d.]*|pypy[\d.]*|ruby|perl|php|lua[\d.]*|luajit|Rscript|java|osascript|tclsh|wish|julia|elixir|swift|groovy|scala|guile|racket|expect|g?awk|mawk|electron|source|\.|pwsh|powershell|make|gmake|just)$/;

/** The kind of a program that is called by these words. */
export function kindOf(name: string, args: readonly string[]): ProgramKind {
  if (name === 'sed' && args.some((arg) => /^(-\w*f|--file)/.test(arg))) return 'any';
  if (data.has(name)) return args.some((arg) => runsByOption.test(arg)) ? 'any' : 'data';
  if (texts.has(name)) return args.some((arg) => textsByOption.test(arg)) ? 'any' : 'texts';
  if (shells.has(name)) return 'shell';
  if (name === 'find') return 'finder';
  if (wrappers.has(name)) return 'wrapper';
  return interpreters.test(name) ? 'interpreter' : 'any';
}

/** Looks for its tests by itself, where no file is named. */
export const testRunner =
  /^(pytest|py\.test|jest|vitest|mocha|ava|tap|jasmine|karma|cypress|playwright|rspec|phpunit|nose2?|tox|nox|minitest|bats|busted|stack|ctest|behave|cucumber)$/;

/** Builds what is in the folder, and mostly runs some of it. */
export const builder =
  /^(go|cargo|dotnet|mvn|mvnw|gradle|gradlew|swift|stack|cabal|mix|sbt|lein|zig|bazel|ninja|cmake|meson|scons|ant|tilt|skaffold)$/;

const packageFile = ['package.json'];
const makeFiles = ['GNUmakefile', 'makefile', 'Makefile'];
const pythonFiles = ['conftest.py', 'pytest.ini', 'pyproject.toml'];

/** The files from which a program takes its orders, in its folder or the nearest above. */
export const lookedFor: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    ...Object.fromEntries(
      ['npm', 'npx', 'yarn', 'pnpm', 'pnpx', 'bun', 'bunx'].map((name) => [name, packageFile]),
    ),
    ...Object.fromEntries(['make', 'gmake'].map((name) => [name, makeFiles])),
    just: ['justfile', 'Justfile', '.justfile'],
    rake: ['Rakefile'],
    cargo: ['Cargo.toml', 'build.rs', '.cargo/config.toml'],
    gradle: ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'],
    mvn: ['pom.xml'],
    pytest: pythonFiles,
    'py.test': pythonFiles,
    tox: ['tox.ini'],
    nox: ['noxfile.py'],
    pip: ['setup.py', 'setup.cfg', 'pyproject.toml'],
    pip3: ['setup.py', 'setup.cfg', 'pyproject.toml'],
    deno: ['deno.json', 'deno.jsonc'],
    docker: ['Dockerfile', 'docker-compose.yml', 'compose.yaml'],
    'docker-compose': ['docker-compose.yml', 'compose.yaml'],
    cmake: ['CMakeLists.txt'],
    ninja: ['build.ninja'],
    invoke: ['tasks.py'],
    fab: ['fabfile.py'],
    gulp: ['gulpfile.js', 'gulpfile.mjs', 'gulpfile.ts'],
    grunt: ['Gruntfile.js', 'Gruntfile.cjs'],
    bundle: ['Gemfile'],
    rspec: ['.rspec'],
    task: ['Taskfile.yml', 'Taskfile.yaml'],
    vagrant: ['Vagrantfile'],
    bazel: ['WORKSPACE', 'MODULE.bazel', 'BUILD'],
    'pre-commit': ['.pre-commit-config.yaml'],
  }),
);

/** Other names under which a program finds its settings, which mostly are code: `eslint.config.js`, `.mocharc.cjs`. */
export function ownSettings(name: string): RegExp {
  const plain = name.replace(/[^\w-]/g, '.').replace(/-cli$/, '');
  return new RegExp(String.raw`^\.?${plain}(rc|\.config|\.conf)(\.[\w.]+)?$`, 'i');
}

/** Subcommands of git that run the hooks of the repository. */
export const gitWithHooks = list(
  'commit merge rebase checkout switch push pull am cherry-pick revert worktree clone stash gc fetch apply',
);

// In Windows `npm` is `npm.cmd`.
export function programName(word: string): string {
  return (word.split(/[\\/]/).at(-1) ?? '').replace(/\.(exe|cmd|ps1)$/i, '');
}

/** The places of installed programs. These are held no more than those that PATH leads to. */
export const ofSystem = /^\/(usr\/(local\/)?)?s?bin\/[^/]+$|^\/opt\/homebrew\/bin\/[^/]+$/;

/** A word that is likely to be run even though nothing is there: what is put there later was not approved. */
export const hasScriptEnding = /\.(sh|bash|zsh|[cm]?[jt]s|py|rb|pl|php|lua|ps[dm]?1|cmd|bat|mk)$/;

/** Runs the scripts of a package.json. */
export const packageManager = /^(npm|pnpm|yarn|bun)$/;

/** In code that is no file of its own. */
export const loadsInCode =
  /\b(import|require|load|use|do|source|include|from|exec\w*|system|spawn\w*|open|popen|subprocess|getline)\b|`|\|\s*"/;

/** An option, a setting of a variable, a duration, or what stands for an argument. */
export const isBesideCommand = /^[-+]|^\w+=|^[\d.]+[smhd]?$|^\{.*\}$/;

/** The options of wrappers that take the next word for their value; of no other wrapper it is known where the command begins. */
export const valuedOptions: ReadonlyMap<string, string> = new Map([
  ['xargs', 'nILPsdEa'],
  ['sudo', 'ughpCTRDUrt'],
  ['doas', 'uC'],
  ['env', 'uC'],
  ['timeout', 'sk'],
  ['nice', 'n'],
  ['ionice', 'cnp'],
  ['stdbuf', 'ioe'],
  ['time', 'fo'],
  ['exec', 'a'],
  ...['nohup', 'setsid', 'command', 'builtin', 'coproc', 'busybox', 'toybox', 'chronic'].map(
    (name) => [name, ''] as const,
  ),
]);

/** Variables that say where programs, modules and start-up files are, or name some. */
export const leadsPrograms =
  /PATH$|^(HOME|ZDOTDIR|XDG_\w+|BASH_ENV|ENV|IFS|PROMPT_COMMAND|SHELL|EDITOR|VISUAL|PAGER|CC|CXX|LD|AR|CLASSPATH|MAKEFLAGS|MAKEFILES|GOFLAGS|RUSTC\w*)$|^(LD|DYLD|GIT|PERL5|RUBY|NODE|PYTHON|JAVA|JDK|BASH_FUNC|CARGO|npm_config|NPM_CONFIG)_?\w*$|_(WRAPPER|OPTS|OPTIONS)$/;

/** Those of them whose value is a file or a folder, also where it is one plain word. */
export const namesPlace = /(PATH|HOME|DIR|LIB|FILES|STARTUP|PRELOAD|GLOBAL|SYSTEM|(?<!^NODE_)ENV)$/;

/** Options of an interpreter that name modules, or folders to look for them in. */
export const namesModules: ReadonlyMap<string, RegExp> = new Map([
  ['perl', /^-(\w*[IMm]|d)[\w:./=-]*$/],
  ['ruby', /^-\w*[Ir]/],
  ['lua', /^-l/],
  ['java', /^(-cp|-classpath|--class-path.*|-p|--module-path.*|@.*)$/],
  ['php', /^-d/],
]);
