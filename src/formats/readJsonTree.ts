/** Reads JSON with comments and trailing commas into a tree whose nodes know their places. */
import { createScanner, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import type { RawProblem } from './fileProblem.ts';

/** Deeper nesting is refused: the parser recurses. */
const maxDepth = 200;

export type JsonTree =
  | { readonly ok: true; readonly root: Node }
  | { readonly ok: false; readonly problems: readonly RawProblem[] };

/** Every syntax error at its place, or the tree. */
export function readJsonTree(text: string): JsonTree {
  // The scanner knows no byte order mark; a space in its place keeps every offset.
  const json = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const tooDeep = firstTooDeep(json);
  if (tooDeep) return { ok: false, problems: [tooDeep] };
  const errors: ParseError[] = [];
  const root = parseTree(json, errors, { allowTrailingComma: true });
  if (root !== undefined && errors.length === 0) return { ok: true, root };
  if (json.trim() === '') return { ok: false, problems: [{ message: emptyFile, offset: 0, length: 0 }] };
  return { ok: false, problems: errors.map((error) => inWords(error, json)) };
}

const emptyFile = 'The file is empty: a JSON object was expected.';

function firstTooDeep(json: string): RawProblem | undefined {
  const scanner = createScanner(json, true);
  let depth = 0;
  scanner.scan();
  for (; scanner.getTokenOffset() < json.length; scanner.scan()) {
    const first = json[scanner.getTokenOffset()];
    if (first === '{' || first === '[') depth++;
    if (first === '}' || first === ']') depth--;
    if (depth <= maxDepth) continue;
    const message = `Nested too deeply: at most ${maxDepth} levels are allowed.`;
    return { message, offset: scanner.getTokenOffset(), length: 1 };
  }
  return undefined;
}

type ErrorName = ReturnType<typeof printParseErrorCode>;

const words: Readonly<Record<ErrorName, string>> = {
  InvalidSymbol: 'a word that JSON does not know; text needs double quotes',
  InvalidNumberFormat: 'a number that JSON does not know',
  PropertyNameExpected: 'a key in double quotes was expected',
  ValueExpected: 'a value was expected',
  ColonExpected: 'a colon was expected',
  CommaExpected: 'a comma was expected',
  CloseBraceExpected: 'a closing brace } was expected',
  CloseBracketExpected: 'a closing bracket ] was expected',
  EndOfFileExpected: 'the end of the file was expected',
  InvalidCommentToken: 'a comment is not allowed here',
  UnexpectedEndOfComment: 'the comment does not end',
  UnexpectedEndOfString: 'the text does not end: a double quote is missing',
  UnexpectedEndOfNumber: 'the number does not end',
  InvalidUnicode: 'the \\u escape needs four hexadecimal digits',
  InvalidEscapeCharacter: 'JSON does not know this escape',
  InvalidCharacter: 'text may not hold this control character: write it as an escape',
  '<unknown ParseErrorCode>': 'a mistake was found',
};

function inWords({ error, offset, length }: ParseError, json: string): RawProblem {
  const found = offset >= json.length ? ' at the end of the file' : '';
  return { message: `Not JSON: ${words[printParseErrorCode(error)]}${found}.`, offset, length };
}
