/** How likely a text is that was decoded with one encoding out of many, by its characters beyond ASCII. */
import type { TextEncoding } from '../../../core/textForm.ts';
import { charactersOf, type Bytes } from './byteSequences.ts';
import { commonHan, commonHangul, frequentCyrillic, otherCyrillic } from './commonCharacters.ts';

/** From -2 to 1 for one character, by itself and the characters beside it. */
export type Likelihood = (character: string, before: string, after: string) => number;

const beyondAscii = /[^\0-\x7f]/gu;
const impossible = /[\x80-\x9f\ufffd\p{Co}\p{Cn}]/u;

export function meanLikelihood(text: string, likelihoodOf: Likelihood): number {
  let [sum, count] = [0, 0];
  for (const { 0: character, index } of text.matchAll(beyondAscii)) {
    const before = text[index - 1] ?? '';
    const after = text[index + character.length] ?? '';
    sum += impossible.test(character) ? -2 : likelihoodOf(character, before, after);
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}

const mostControls = 0.01;

/** True for bytes with more control characters than a text has. NUL and those that drive a terminal do not count. */
export function isFullOfControls(bytes: Buffer): boolean {
  let count = 0;
  for (const byte of bytes) if (byte < 0x20 && isRareControl(byte)) count += 1;
  return count > bytes.length * mostControls;
}

function isRareControl(byte: number): boolean {
  return byte !== 0 && byte !== 0x1b && !(byte >= 7 && byte <= 13);
}

const letterOfWord = /[a-zà-öø-ÿ]/i;
const asciiLetter = /[a-z]/i;
const upper = /\p{Lu}/u;
const lower = /\p{Ll}/u;

/** Letters with an accent stand in words among plain letters, and signs beside words. */
export function latin(character: string, before: string, after: string): number {
  if (!upper.test(character) && !lower.test(character)) return sign(character, before, after);
  const isOddCase = upper.test(character) ? lower.test(before) : upper.test(after);
  if (isOddCase) return -0.8;
  if (asciiLetter.test(before) || asciiLetter.test(after)) return 0.9;
  const besideOthers = [before, after].filter((other) => other > '\x7f').length;
  return [0.5, -0.6, 0][besideOthers] ?? 0;
}

function sign(character: string, before: string, after: string): number {
  const isInWord = letterOfWord.test(before) && letterOfWord.test(after);
  return isInWord && character !== '’' ? -0.7 : 0.6;
}

/** The same bytes are frequent letters in the Turkish table; of this one only Icelandic has them. */
const islandic = /[ðþý]/i;

export function westEuropean(character: string, before: string, after: string): number {
  return islandic.test(character) ? 0.5 : latin(character, before, after);
}

const signsBesideWords = /[«»№—–“”…\u00a0]/;

/** For an alphabet of its own, whose letters do not stand among those of ASCII. */
function ofAlphabet(letter: RegExp, frequency: (lowerCase: string) => number): Likelihood {
  return (character, before, after) => {
    if (!letter.test(character)) return besideWords(character, before, after);
    if (asciiLetter.test(before) || asciiLetter.test(after)) return -0.7;
    if (!letter.test(before) && !letter.test(after)) return 0.2;
    if (!upper.test(character)) return frequency(character);
    // The tables of one alphabet differ in the case of their letters, among other things.
    return lower.test(before) ? -0.8 : frequency(character.toLowerCase()) - 0.1;
  };
}

function besideWords(character: string, before: string, after: string): number {
  const isInWord = /\p{L}/u.test(before) && /\p{L}/u.test(after);
  return signsBesideWords.test(character) && !isInWord ? 0.4 : -0.5;
}

function cyrillicFrequency(letter: string): number {
  if (frequentCyrillic.has(letter)) return 1;
  return otherCyrillic.has(letter) ? 0.6 : -0.5;
}

const cyrillicLetter = /\p{sc=Cyrillic}/u;
export const cyrillic = ofAlphabet(cyrillicLetter, cyrillicFrequency);
export const rareCyrillic = ofAlphabet(cyrillicLetter, (letter) => cyrillicFrequency(letter) - 0.05);
export const greek = ofAlphabet(/\p{sc=Greek}/u, () => 0.9);

const punctuation = /[\u3000-\u3011\uff01-\uff0f\uff1a-\uff1f\u2014\u2018-\u201d\u2026\u00b7]/;
const han = /\p{sc=Han}/u;
const kana = /[\u3041-\u30ff]/;
const halfWidthKana = /[\uff61-\uff9f]/;
const hangul = /[\uac00-\ud7a3]/;

function ofHan(isInFirstLevel: (character: string) => boolean): Likelihood {
  return (character) => {
    if (commonHan.has(character)) return 1;
    if (punctuation.test(character) || isInFirstLevel(character)) return 0.6;
    return han.test(character) ? 0 : -0.3;
  };
}

/** The first level of a standard, into which it sorted its frequent characters. Made when it is first asked for. */
function firstLevel(encoding: TextEncoding, leads: Bytes, trails: Bytes): (character: string) => boolean {
  let characters: ReadonlyMap<string, number> | undefined;
  return (character) => {
    characters ??= charactersOf(encoding, [leads, trails]);
    return characters.has(character);
  };
}

export const simplifiedChinese = ofHan(firstLevel('GBK', [0xb0, 0xd7], [0xa1, 0xfe]));
export const traditionalChinese = ofHan(firstLevel('Big5', [0xa4, 0xc6], [0x40, 0xfe]));
const kanji = ofHan(firstLevel('EUC-JP', [0xb0, 0xcf], [0xa1, 0xfe]));

export function japanese(character: string, before: string, after: string): number {
  if (kana.test(character)) return 0.95;
  if (!halfWidthKana.test(character)) return kanji(character, before, after);
  return halfWidthKana.test(before) || halfWidthKana.test(after) ? 0.45 : 0.2;
}

export function korean(character: string): number {
  if (commonHangul.has(character)) return 1;
  return hangul.test(character) || punctuation.test(character) ? 0.3 : -0.4;
}
