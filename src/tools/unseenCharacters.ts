/** Names the characters of a text that can't be seen in it, or are taken for a blank; pure. */
import { hiddenCharacters } from '../core/visibleText.ts';
import { codeOf } from './lineDifferences.ts';

const mostCharacters = 5;
const mostLines = 5;

/** A line that tells of them below numbered lines, for a model that is to copy these; none where there is nothing to tell. */
export function unseenNote(numberedLines: readonly string[]): readonly string[] {
  const numbersByCode = new Map<string, string[]>();
  for (const line of numberedLines) {
    const tab = line.indexOf('\t');
    for (const character of hiddenCharacters(line.slice(tab + 1))) {
      const code = codeOf(character);
      const numbers = numbersByCode.get(code);
      if (numbers) numbers.push(line.slice(0, tab).trim());
      else numbersByCode.set(code, [line.slice(0, tab).trim()]);
    }
  }
  if (numbersByCode.size === 0) return [];
  const told = [...numbersByCode]
    .slice(0, mostCharacters)
    .map(([code, numbers]) => `${code} in ${linesText(numbers)}`);
  const more = numbersByCode.size > mostCharacters ? '; and others' : '';
  return [`[not to be seen above, or like a blank: ${told.join('; ')}${more}]`];
}

function linesText(numbers: readonly string[]): string {
  const named = numbers.slice(0, mostLines).join(', ');
  const more = numbers.length - mostLines;
  return `${numbers.length === 1 ? 'line' : 'lines'} ${named}${more > 0 ? ` and ${more} more` : ''}`;
}
