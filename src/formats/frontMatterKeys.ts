/** Reads the keys of a front matter that matter here, as YAML or as people write it. */
import { load, YAMLException } from 'js-yaml';
import type { FrontMatter, Unreadable } from './frontMatter.ts';
import { isTwoKeys, keyOfLine, valueIn, wordOfKey, wordOfLine, wordsAlike } from './frontMatterLines.ts';

/** A key with its value. */
export interface MatterKey {
  /** In lower case, with letters alone: `disallowedtools`. */
  readonly word: string;
  /** As the file writes it. */
  readonly key: string;
  readonly value: unknown;
  /** Counts from 1. */
  readonly line: number;
}

export type MatterKeys = { readonly ok: true; readonly keys: readonly MatterKey[] } | Unreadable;

export interface WantedKeys {
  /** What is read; the rest is passed over, whatever it holds. */
  readonly isWanted: (word: string) => boolean;
  /** What must not be passed over where it can't be read. */
  readonly isRestriction: (word: string) => boolean;
  /** What is a restriction, or one that is spelled wrong. */
  readonly isAlike: (word: string) => boolean;
}

/** Text that is no YAML is read key by key, so that only an error in what is wanted counts. */
export function readMatterKeys(matter: FrontMatter, wanted: WantedKeys): MatterKeys {
  const read = readAll(matter, wanted);
  const large = read.ok ? read.keys.find(({ value }) => roomFor(value, maxValues) < 0) : undefined;
  return large ? unreadable(large.line, large.key, 'it holds too much') : read;
}

const maxValues = 2000;

/** The rest of a room of so many values; below 0 as soon as it is used up. Aliases multiply, and can lead in circles. */
function roomFor(value: unknown, room: number): number {
  if (typeof value !== 'object' || value === null) return room - 1;
  let left = room - 1;
  for (const inner of Object.values(value)) {
    if (left < 0) return left;
    left = roomFor(inner, left);
  }
  return left;
}

function readAll(matter: FrontMatter, wanted: WantedKeys): MatterKeys {
  const whole = loadYaml(matter.lines.join('\n'));
  const blocks = blocksOf(matter);
  if (whole.ok && isKeyed(whole.value)) {
    const { value: values } = whole;
    const texts = blocks.filter(
      ({ key, lines: [first = ''] }) => typeof values[key] === 'string' && !/^["']/.test(valueIn(first)),
    );
    return (
      hiddenIn(texts, wanted, (line) => [wordOfLine(line)]) ?? {
        ok: true,
        keys: keysOf(values, matter, wanted),
      }
    );
  }
  if (blocks.length === 1 && matter.lines.some((line) => line.trim() !== ''))
    return { ok: false, line: matter.firstLine, message: 'The front matter must be keys with values.' };
  return readBlocks(blocks, wanted);
}

type Loaded =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string };

function loadYaml(yaml: string): Loaded {
  try {
    return { ok: true, value: load(yaml) ?? {} };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return { ok: false, reason: error.reason };
  }
}

function isKeyed(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keysOf(
  values: Readonly<Record<string, unknown>>,
  { lines, firstLine }: FrontMatter,
  { isWanted }: WantedKeys,
): readonly MatterKey[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const word = wordOfKey(key);
    const at = lines.findIndex((line) => /^\S/.test(line) && wordOfKey(keyOfLine(line) ?? '') === word);
    return isWanted(word) ? [{ word, key, value, line: firstLine + Math.max(at, 0) }] : [];
  });
}

interface Block {
  /** Empty for what stands before the first key. */
  readonly key: string;
  readonly line: number;
  /** The first line and those that belong to it. */
  readonly lines: readonly string[];
}

function blocksOf({ lines, firstLine }: FrontMatter): readonly Block[] {
  const blocks: (Block & { readonly lines: string[] })[] = [{ key: '', line: firstLine - 1, lines: [''] }];
  for (const [index, line] of lines.entries()) {
    const key = /^\S/.test(line) ? keyOfLine(line) : undefined;
    if (key === undefined) blocks.at(-1)?.lines.push(line);
    else blocks.push({ key, line: firstLine + index, lines: [line] });
  }
  return blocks;
}

/** The first line of other blocks that names a restriction, which would be taken for more of the text above. */
function hiddenIn(
  blocks: readonly Block[],
  { isRestriction }: Pick<WantedKeys, 'isRestriction'>,
  wordsOfLine: (line: string) => readonly string[],
): Unreadable | undefined {
  for (const { key, line, lines } of blocks) {
    // A text of its own form, or keys below a key.
    const isApart = key !== '' && /^(?:[|>]|$)/.test(valueIn(lines[0] ?? ''));
    if (isApart || isRestriction(wordOfKey(key))) continue;
    const at = lines.findIndex(
      (each, index) =>
        wordsOfLine(each).some(isRestriction) || (index === 0 && isName(key) && isTwoKeys(valueIn(each))),
    );
    if (at >= 0) return { ok: false, line: line + at, message: hidden };
  }
  return undefined;
}

function isName(key: string): boolean {
  return ['name', 'model'].includes(wordOfKey(key));
}

const hidden =
  'This names tools, and is no key: a key begins its line, has a colon, and is spelled as it should be.';

function readBlocks(blocks: readonly Block[], wanted: WantedKeys): MatterKeys {
  const { isWanted, isRestriction, isAlike } = wanted;
  const problem = hiddenIn(blocks, { isRestriction: isAlike }, wordsAlike);
  if (problem) return problem;
  const keys: MatterKey[] = [];
  for (const block of blocks) {
    const word = wordOfKey(block.key);
    if (!isWanted(word)) continue;
    const read = valueOf(block, isRestriction(word));
    if (!read.ok) return unreadable(block.line, block.key, read.reason);
    keys.push({ word, key: block.key, value: read.value, line: block.line });
  }
  return { ok: true, keys };
}

function unreadable(line: number, key: string, reason: string): Unreadable {
  return {
    ok: false,
    line,
    message: `The front matter is not YAML: "${key}" can't be read, ${reason}.`,
  };
}

/** A restriction must be whole; of other keys the first line is enough. */
function valueOf({ lines, key }: Block, isRestriction: boolean): Loaded {
  const [first = '', ...rest] = lines;
  const own = rest.filter((line) => /^(?:[ \t]|-|\]|\})/.test(line) || line.trim() === '');
  const written = valueIn(first);
  if (isRestriction && own.length < rest.length)
    return { ok: false, reason: 'a line below it belongs to no key' };
  const loaded = loadYaml([`${key}: ${written}`, ...own].join('\n'));
  if (loaded.ok && isKeyed(loaded.value)) return { ok: true, value: loaded.value[key] };
  if (!isRestriction) return { ok: true, value: written.replace(/^(["'])(.*)\1$/, '$2') };
  return (
    fromWords([written, ...own]) ?? { ok: false, reason: loaded.ok ? 'its value is missing' : loaded.reason }
  );
}

/** Words that YAML reserves, as `*`, are taken as they are where no bracket is left open. */
function fromWords(lines: readonly string[]): Loaded | undefined {
  const text = lines
    .map((line) => line.trim().replace(/^-\s+|\s#.*$/g, ''))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n');
  const inside = /^\[([^[\]{}]*)\]$/s.exec(text)?.[1] ?? text;
  return /[[\]{}>|]/.test(inside) ? undefined : { ok: true, value: inside };
}
