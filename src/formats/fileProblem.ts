/** What is wrong in a file, and where. */
import type { FileLine, InputProblem } from '../core/tools.ts';

/** A range of a file's text. `line` and `column` count from 1; columns and offsets are UTF-16 units, as in VS Code. */
export interface FilePlace {
  readonly offset: number;
  readonly length: number;
  readonly line: number;
  readonly column: number;
}

/** One problem of a file; `message` says what is wrong and what would be right. */
export interface FileProblem extends FilePlace {
  readonly message: string;
  /** Where it is in another file, which `message` names too. */
  readonly at?: FileLine;
}

/** A problem as a reader finds it: where its line is, is worked out once at the end. */
export interface RawProblem {
  readonly message: string;
  readonly at?: FileLine;
  readonly offset: number;
  readonly length: number;
}

/** The message with the place in front that is in another file, where it is in one. */
export function placedMessage({ message, at }: Pick<InputProblem, 'message' | 'at'>): string {
  return at ? `${at.file}:${at.line}: ${message}` : message;
}

/** A problem as one line of text: `12:7 message`, behind the file's name where one is given. */
export function problemLine(problem: FileProblem, file?: string): string {
  const place = `${problem.line}:${problem.column}`;
  return file === undefined ? `${place} ${problem.message}` : `${file}:${place} ${problem.message}`;
}
