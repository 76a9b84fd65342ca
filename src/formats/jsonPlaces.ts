/** Where an offset lies in a text, in lines and columns. */
import type { FileProblem, RawProblem } from './fileProblem.ts';

/** Finds the line and column of an offset; both count from 1. */
export type PlaceOf = (offset: number) => Pick<FileProblem, 'line' | 'column'>;

/** Reads a text's lines once, so that any number of places can be asked for. */
export function placesIn(text: string): PlaceOf {
  const starts = lineStarts(text);
  return (offset) => {
    const line = lastStartBefore(offset, starts);
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

/** Gives each problem its line and column, and sorts all by their place in the text. */
export function placeProblems(problems: readonly RawProblem[], placeOf: PlaceOf): readonly FileProblem[] {
  return problems
    .map((problem) => ({ ...problem, ...placeOf(problem.offset) }))
    .sort((a, b) => a.offset - b.offset || a.length - b.length);
}

/** The offset at which each line starts; CRLF, LF and CR each end a line. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return starts;
}

function lastStartBefore(offset: number, starts: readonly number[]): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
