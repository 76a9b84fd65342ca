/** Text of others as text alone: nothing in it drives a terminal, reorders what a person reads, or can't be seen. */

// What a sequence sets is no text: without its escape character alone, `[31m` would be left to read. A text for the
// terminal itself (a title, a link's address) counts only where it ends, or an unended one would hide all after it.
const terminalTexts =
  /(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)/g;
const terminalCommands = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]/g;

/**
 * Without a glyph, or only there to reorder: by Unicode's own properties, as the engine knows them. An older engine takes
 * what was assigned since for unassigned, so it shows more by codes and never less.
 */
const unseen =
  '\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\p{Cf}\\p{Cn}\\p{Cs}\\p{Zl}\\p{Zp}';
/** Blank in every font although no property says so: fillers, an empty note head, joiners of numbers and consonants. */
const blank = '\\u2800\\u2d7f\\ufffc\\u{1107f}\\u{13440}-\\u{13442}\\u{16fe4}\\u{1d159}';
const hidden = `[${unseen}${blank}]`;
/** Signs that are seen only by what they do to the letters beside them. */
const stackers =
  '\\u1039\\u17d2\\u1a60\\uaaf6\\u{10a3f}\\u{11133}\\u{113d0}\\u{1193e}\\u{11a47}\\u{11a99}\\u{11d45}\\u{11d97}\\u{11f42}';
/** What looks like an ordinary space and is none, and what every font draws otherwise. */
const lookalike = `[[\\p{Zs}\\p{Co}${stackers}]--[ ]]`;
/** A mark that no letter carries is drawn over what is there before the text, or over nothing. */
const loneMark = '(?<=^|\\s)[\\p{Mn}\\p{Me}]';
const control = '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]';

/** Scripts whose letters take another form beside a joiner. */
const joiningScripts =
  'Arab Syrc Mong Nkoo Deva Beng Guru Gujr Orya Taml Telu Knda Mlym Sinh Khmr Mymr'.split(' ');
const joined = `[${joiningScripts.map((script) => `\\p{sc=${script}}`).join('')}]`;
/** Hidden characters that emoji and some scripts are written with. A piece of a text may begin or end with one. */
const needed = [
  '(?<=^|\\p{Emoji})[\\ufe0e\\ufe0f](?![\\ufe00-\\ufe0f])',
  '(?<=^|[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])\\u200d(?=$|\\p{Extended_Pictographic})',
  `(?<=${joined})[\\u200c\\u200d](?=${joined})`,
  // Signs of Arabic and its kin that enclose the number after them.
  '[\\u0600-\\u0605\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u{110bd}\\u{110cd}](?=\\p{Nd})',
].join('|');

const hiddenInProse = new RegExp(`(${needed})|${hidden}|${control}`, 'gv');
const hiddenOrLookalike = new RegExp(`(${needed})|${hidden}|${lookalike}|${control}`, 'gv');
const hiddenInCode = new RegExp(`${hidden}|${lookalike}|${loneMark}|${control}`, 'gv');
const hiddenInJson = new RegExp(`${hidden}|${lookalike}|[\\u007f-\\u009f]`, 'gv');

/** More marks on one letter run over the lines above and below it. */
const marks = /(\p{Mn}|\p{Me}){5,}/gu;
const marksKept = 4;

/** Nothing in it is searched for. */
const plain = /^[\t\n -~]*$/;

/** The text without escape sequences; one that does not end hides nothing of what follows it. */
export function withoutSequences(text: string): string {
  return plain.test(text) ? text : text.replace(terminalTexts, '').replace(terminalCommands, '');
}

/** The text in which each hidden character is seen as `⟨U+202E⟩` or `␛`; what emoji and scripts need stays. */
export function visibleText(text: string): string {
  if (plain.test(text)) return text;
  const seen = text.replace(hiddenInProse, (character, stays?: string) => stays ?? signOf(character));
  return seen.replace(marks, (run) => {
    const characters = [...run];
    return `${characters.slice(0, marksKept).join('')}⟨${characters.length - marksKept} marks⟩`;
  });
}

/** As `visibleText`, for what will run or be written: spaces that are no spaces are seen, too, and nothing is left out. */
export function visibleCode(text: string): string {
  if (plain.test(text)) return text;
  const seen = text.replace(hiddenInCode, signOf);
  return seen.replace(marks, (run) => {
    const characters = [...run];
    return characters.map((mark, index) => (index < marksKept ? mark : nameOf(mark))).join('');
  });
}

/** The characters of a text that can't be seen in it, or look like an ordinary space; without those that emoji and scripts need. */
export function hiddenCharacters(text: string): ReadonlySet<string> {
  if (plain.test(text)) return new Set();
  return new Set([...text.matchAll(hiddenOrLookalike)].flatMap(([found, stays]) => (stays ? [] : [found])));
}

/** JSON with the same value, in which each hidden character is an escape. */
export function visibleJson(json: string): string {
  if (plain.test(json)) return json;
  return json.replace(hiddenInJson, (character) =>
    Array.from({ length: character.length }, (_, index) => escapeOf(character.charCodeAt(index))).join(''),
  );
}

/** What a document, a log or a terminal shows of it: lines, tabs and visible characters alone. */
export function shownText(text: string): string {
  return visibleText(withoutSequences(text).replace(/\r\n?/g, '\n'));
}

/** The line where VS Code draws an icon for `$(name)`: in quick picks and the status bar. It looks the same. */
export function withoutIcons(line: string): string {
  return line.replaceAll('$(', '$\u200b(');
}

/** The line where VS Code makes a link of `[text](target)`, which would hide the target: in messages. It looks the same. */
export function withoutLinks(line: string): string {
  return line.replaceAll('](', ']\u200b(');
}

/** The sign for a control character, or the code of another that can't be seen. */
export function signOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : nameOf(character);
}

function nameOf(character: string): string {
  return `⟨U+${hex(character.codePointAt(0) ?? 0).toUpperCase()}⟩`;
}

function escapeOf(unit: number): string {
  return `\\u${hex(unit)}`;
}

function hex(code: number): string {
  return code.toString(16).padStart(4, '0');
}
