/** Tells whether a rule for the beginning of a command covers a whole command, and which beginning to offer. */
import { readShellLine, type SimpleCommand } from './shellLine.ts';

/**
 * Whether the command is one simple command of literal words, without operators, redirections, assignments, expansions
 * and newlines, whose first words are exactly those of the prefix. Never rejects.
 */
export function isCoveredByPrefix(
  command: string,
  prefix: string,
  platform: NodeJS.Platform = process.platform,
): Promise<boolean> {
  return Promise.resolve(isCovered(command, prefix, platform));
}

function isCovered(command: string, prefix: string, platform: NodeJS.Platform): boolean {
  const words = wordsOf(command, platform);
  const first = wordsOf(prefix, platform);
  if (words === undefined || first === undefined || first.length > words.length) return false;
  return first.every((word, index) => word === words[index]);
}

/** The beginning that a rule could be made of; undefined where a rule for it would allow anything. Never rejects. */
export function suggestedPrefix(
  command: string,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  return Promise.resolve(suggest(command, platform));
}

function suggest(command: string, platform: NodeJS.Platform): string | undefined {
  const words = wordsOf(command, platform);
  const [name = ''] = words ?? [];
  if (words === undefined || !/^[A-Za-z][\w.+-]*$/.test(name) || mayRunAnything(name)) return undefined;
  const levels = subcommandLevels(words);
  const prefix = words.slice(0, levels);
  if (prefix.length < levels || !prefix.slice(1).every((word) => /^[A-Za-z][\w:./-]*$/.test(word)))
    return undefined;
  return runsAnythingAs.test(prefix.join(' ')) ? undefined : prefix.join(' ');
}

// Interpreters and shells, programs that run other ones, and those that destroy or send away whatever they are told.
const runsAnything =
  /^(a?sh|ba?sh|dash|zsh|fish|ksh|csh|tcsh|pwsh|powershell|cmd|node|nodejs|deno|bun|bunx|tsx|ts-node|python[\d.]*|pypy\d*|ruby|perl|php|lua|tclsh|Rscript|java|osascript|awk|gawk|mawk|nawk|sed|find|xargs|parallel|env|sudo|doas|su|run0|pkexec|npx|pnpx|uvx|pipx|exec|eval|source|command|builtin|time|timeout|nohup|nice|ionice|setsid|stdbuf|strace|ltrace|gdb|watch|script|expect|chroot|unshare|flock|ssh|scp|sftp|rsync|nc|ncat|socat|telnet|curl|wget|rm|rmdir|dd|mkfs|shred|chmod|chown|chgrp|kill|pkill|killall|mv|cp|ln|tee|install|tar|zip|vi|vim|nvim|emacs|nano|ed|less|more|man|git-[\w-]+|start|open|xdg-open|at|crontab|systemctl)$/i;

// PowerShell's own names for such programs, and programs of Windows; one that is named with its extension is not looked at.
const runsAnythingInWindows =
  /^(.*\.(exe|com|cmd|bat|ps1)|(Invoke|Start|New|Set|Remove|Add|Clear|Move|Copy|Rename|Stop|Import|Register|Enter|Out)-\w+|iex|icm|iwr|irm|saps|sajb|ri|rni|del|erase|rd|mi|ci|move|copy|sc|sal|nal|ni|md|ForEach-Object|foreach|where|Where-Object|wsl|[cw]script|mshta|rundll32|regsvr32|reg|msiexec|schtasks|wmic|forfiles)$/i;

// Of programs with subcommands, those whose own arguments name what is run, or that publish.
const runsAnythingAs =
  /^(npm (x|exec|explore|publish|config|set)|(yarn|pnpm) (dlx|exec|node|publish|config)|git (config|push|clean|reset|rebase|bisect|filter-branch|submodule)|(docker|podman) (run|exec|build|compose)|kubectl (exec|run|delete|apply)|go (run|generate|tool)|cargo (run|install|publish)|uv (run|tool)|poetry run|bundle exec|rake|dotnet (run|exec|tool)|deno|gh (api|alias|extension))\b/;

function mayRunAnything(name: string): boolean {
  return runsAnything.test(name) || runsAnythingInWindows.test(name);
}

const withSubcommands =
  /^(npm|yarn|pnpm|git|cargo|go|docker|podman|kubectl|dotnet|gh|pip3?|uv|poetry|bundle|gradle|mvn|make|just|brew|apt|apt-get|systemctl|terraform|helm|nx|turbo|lerna|ng|vite|nest|rails|mix|composer|rustup|conda|cmake|bazel|pre-commit)$/;

function subcommandLevels([name = '', second]: readonly string[]): number {
  if (!withSubcommands.test(name)) return 1;
  return /^(npm|yarn|pnpm)$/.test(name) && /^(run|run-script)$/.test(second ?? '') ? 3 : 2;
}

function wordsOf(line: string, platform: NodeJS.Platform): readonly string[] | undefined {
  // PowerShell escapes in another way, and an at sign before a word means a variable.
  if (platform === 'win32' && !/^(?!.*(^| )[@,])[\w ./:,@=+-]*$/.test(line)) return undefined;
  const commands = readShellLine(line);
  const [command] = commands ?? [];
  if (commands?.length !== 1 || command === undefined || !isSimple(command)) return undefined;
  const [start, end] = [command.words[0]?.start, command.words.at(-1)?.end];
  // An operator that nothing follows, and a comment.
  if (line.slice(0, start).trim() !== '' || line.slice(end).trim() !== '' || line.includes('\n'))
    return undefined;
  return command.words.map(({ text }) => text);
}

function isSimple({ words, redirections }: SimpleCommand): boolean {
  const [name] = words;
  if (words.some(({ isGlob }) => isGlob)) return false;
  return redirections.length === 0 && name?.isBare === true && !name.text.includes('=');
}
