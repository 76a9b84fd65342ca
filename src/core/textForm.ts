/** How a text stands in its file. */

/** The names that encodings are known by, each with the label under which a `TextDecoder` has it. */
export const encodings = {
  'UTF-8': 'utf-8',
  'UTF-16 LE': 'utf-16le',
  'UTF-16 BE': 'utf-16be',
  GBK: 'gb18030',
  Big5: 'big5',
  Shift_JIS: 'shift_jis',
  'EUC-JP': 'euc-jp',
  'EUC-KR': 'euc-kr',
  'windows-1250': 'windows-1250',
  'windows-1251': 'windows-1251',
  'windows-1252': 'windows-1252',
  'windows-1253': 'windows-1253',
  'windows-1254': 'windows-1254',
  'KOI8-R': 'koi8-r',
} as const;

export type TextEncoding = keyof typeof encodings;

export interface TextForm {
  readonly encoding: TextEncoding;
  /** The file begins with a byte order mark. */
  readonly hasMark: boolean;
}

/** What a reader of a text must know of its file. Absent where it is UTF-8 throughout. */
export interface ReadForm {
  readonly encoding: TextEncoding;
  /** Neither a mark nor the bytes themselves tell the encoding for sure. */
  readonly isGuess: boolean;
  /** Places at which U+FFFD stands for bytes that are no character of the encoding. */
  readonly lostCharacters: number;
}

/** Says how a file was read, for a person or a model; undefined where there is nothing to say. */
export function readFormText(form: ReadForm | undefined): string | undefined {
  if (form === undefined) return undefined;
  const { encoding, isGuess, lostCharacters } = form;
  const parts: string[] = [];
  if (encoding !== 'UTF-8') parts.push(isGuess ? `read as ${encoding}, a guess: it is not UTF-8` : encoding);
  if (lostCharacters > 0) {
    const lost = lostCharacters === 1 ? '1 character' : `${lostCharacters} characters`;
    parts.push(`${encoding === 'UTF-8' ? 'not UTF-8 throughout; ' : ''}${lost} can't be shown (U+FFFD)`);
  }
  return parts.join('; ');
}
