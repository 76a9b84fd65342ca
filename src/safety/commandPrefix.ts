/** Tells whether a rule for the beginning of a command covers a whole command, and which beginning to offer. */
import { isWithin, offeredPrefix, type OfferedPrefix } from './offeredPrefixes.ts';
import { readShellLine, type SimpleCommand } from './shellLine.ts';

/**
 * Tells whether the command is one simple command of literal words, without operators, redirections, assignments, expansions
 * and newlines, whose first words are exactly those of the prefix. Where that prefix is one that is offered, what follows
 * must keep to what the offer said that it does at most. Never rejects.
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
  if (!first.every((word, index) => word === words[index])) return false;
  // A rule that a person wrote for another beginning covers what they wrote.
  const row = rowFor(first);
  return row === undefined || isWithin(row, words.slice(first.length));
}

/** The beginning that a rule could be made of; undefined where no rule with known bounds covers the command. Never rejects. */
export function suggestedPrefix(
  command: string,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  return Promise.resolve(suggest(command, platform));
}

function suggest(command: string, platform: NodeJS.Platform): string | undefined {
  const words = wordsOf(command, platform) ?? [];
  const offered = offeredPrefix(words);
  const isBounded = offered && isWithin(offered.row, words.slice(offered.prefix.length));
  return isBounded ? offered.prefix.join(' ') : undefined;
}

/** The most that a rule for this beginning allows; undefined if no rule for it is offered. */
export function prefixBounds(
  prefix: string,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  return rowFor(wordsOf(prefix, platform) ?? [])?.atMost;
}

/** The row that is about these words, and no fewer. */
function rowFor(words: readonly string[]): OfferedPrefix | undefined {
  const offered = offeredPrefix(words);
  return offered?.prefix.length === words.length ? offered.row : undefined;
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
