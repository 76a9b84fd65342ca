/** Reads the tools that a front matter names: a text, a list, or a map of names to yes and no. */
import { toolsNamed } from './toolWords.ts';

/** A tool as the file names it. */
export interface NamedTool {
  /** Its whole text, for messages: `Bash(npm test:*)`. */
  readonly text: string;
  readonly name: string;
  /** Only some uses of the tool are meant. */
  readonly isNarrowed?: true;
}

/** `granted` absent: all. */
export interface NamedTools {
  readonly granted?: readonly NamedTool[];
  readonly withheld: readonly NamedTool[];
}

/** Undefined where the value says nothing that can be read. */
export function readNamedTools(value: unknown): NamedTools | undefined {
  if ((JSON.stringify(value) ?? '').length > maxChars) return undefined;
  if (value === null || value === false) return nothing;
  if (value === true) return everything;
  if (typeof value === 'string') return fromText(value);
  if (Array.isArray(value)) return fromWords(itemsOf(value));
  if (typeof value === 'object') return fromMap(value as Readonly<Record<string, unknown>>);
  return undefined;
}

const maxChars = 20_000;

/** Without runs of blanks and lines, for which the patterns here would take long. */
function shortened(text: string): string {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/\s*\n\s*/g, '\n')
    .trim();
}

const nothing: NamedTools = { granted: [], withheld: [] };
const everything: NamedTools = { withheld: [] };

const allTools = /^(?:\*|(?:all|any|every)(?: (?:the )?(?:available )?tools?)?|inherit(?:ed)?|default)$/i;
const noTools = /^(?:none|nothing|no tools?|n\/a)$/i;
const allBut =
  /^(?:\*|all|any|every(?:thing)?)(?: (?:the )?(?:available )?tools?)?[,:]?\s+(?:except|but|besides|without|minus|excluding|other than)(?: for)?:?\s+(.+)$/is;

function fromText(text: string): NamedTools {
  const value = shortened(text);
  if (value === '' || noTools.test(value)) return nothing;
  const [, taken] = allBut.exec(value) ?? [];
  if (taken !== undefined) return { withheld: wordsOf(taken).map(({ tool }) => tool) };
  return fromWords([value]);
}

interface Word {
  readonly tool: NamedTool;
  readonly isTaken: boolean;
}

function fromWords(items: readonly string[]): NamedTools {
  const found = items.flatMap((item) =>
    allTools.test(item) ? [{ tool: { text: '*', name: '*' }, isTaken: false }] : wordsOf(item),
  );
  const withheld = found.filter(({ isTaken }) => isTaken).map(({ tool }) => tool);
  const granted = found.filter(({ isTaken }) => !isTaken).map(({ tool }) => tool);
  const isOfAll = granted.some(({ name }) => name === '*') || (granted.length === 0 && withheld.length > 0);
  return isOfAll ? { withheld } : { granted, withheld };
}

/** The items of a YAML list as texts; a comma inside of parentheses has split one there. */
function itemsOf(list: readonly unknown[]): readonly string[] {
  const items: string[] = [];
  for (const value of list) {
    const item = typeof value === 'string' ? shortened(value) : `${JSON.stringify(value)}`;
    const last = items.at(-1);
    if (last !== undefined && isOpen(last)) items[items.length - 1] = `${last}, ${item}`;
    else items.push(item);
  }
  return items;
}

function isOpen(item: string): boolean {
  return item.split('(').length > item.split(')').length;
}

const joiningWord = /^(?:and|or|plus|the|&|\+)$/i;

/** The tools of a text: commas and lines part them, and blanks if the words between are tools and no one name. */
function wordsOf(text: string): readonly Word[] {
  return split(text, /[,;|\n]/).flatMap((part) => {
    const whole = bare(part);
    const each = split(whole, /\s/).map(bare);
    const isOne = isKnown(whole) || whole.startsWith('{') || !each.some(isKnown);
    return (isOne ? [whole] : each).filter((one) => one !== '' && !joiningWord.test(one)).map(wordOf);
  });
}

function isKnown(word: string): boolean {
  return Array.isArray(toolsNamed(nameOf(word)));
}

function wordOf(text: string): Word {
  const [, sign = '', rest = text] = /^([!-]?)(.*)$/s.exec(text) ?? [];
  const name = nameOf(rest);
  const narrowing = rest.slice(name.length).trim();
  const isNarrowed = narrowing !== '' && !/^\((?:\*|\*\*|\*:\*|(?:\.?\/)?\*\*\/\*)?\)$/.test(narrowing);
  return { tool: { text: rest, name, ...(isNarrowed && { isNarrowed }) }, isTaken: sign !== '' };
}

/** All of a text whose parentheses do not close: it may hold more names. */
function nameOf(text: string): string {
  return isOpen(text) ? text : text.replace(/\s*\(.*$/s, '');
}

/** Without a list's dash, quotes, and the signs with which a chat names a tool. */
function bare(part: string): string {
  return part
    .trim()
    .replace(/^-\s+/, '')
    .replace(/^["'`]+|["'`]+$/g, '')
    .replace(/^[#@](?=\w)/, '')
    .trim();
}

/** Splits at what separates, but not inside of parentheses, and not before one. */
function split(text: string, separator: RegExp): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const sign of text.replace(/\s+\(/g, '(')) {
    if (sign === '(') depth += 1;
    if (sign === ')') depth = Math.max(0, depth - 1);
    if (depth === 0 && separator.test(sign)) parts.push('');
    else parts[parts.length - 1] += sign;
  }
  return parts;
}

/** As opencode has it: what is not named is there, unless `*` takes it away. */
function fromMap(map: Readonly<Record<string, unknown>>): NamedTools | undefined {
  const entries = Object.entries(map).map(([key, value]) => ({
    ...wordOf(key).tool,
    means: meaningOf(value),
  }));
  if (entries.some(({ means }) => means === undefined)) return undefined;
  const withheld = entries.filter(({ means, name }) => means === 'no' && name !== '*');
  if (!entries.some(({ means, name }) => means === 'no' && name === '*')) return { withheld };
  return { granted: entries.filter(({ means }) => means === 'yes'), withheld };
}

function meaningOf(value: unknown): 'yes' | 'no' | undefined {
  if (value === true || /^(?:true|yes|on|allow|enabled)$/i.test(String(value))) return 'yes';
  if (value === false || /^(?:false|no|off|deny|disabled|none)$/i.test(String(value))) return 'no';
  return undefined;
}
