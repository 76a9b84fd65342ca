/** Finds the key of a line of front matter, also of one that is mistyped. */

/** The form in which keys are compared. */
export function wordOfKey(key: string): string {
  return key.toLowerCase().replace(/[^a-z]/g, '');
}

const keyLine = /^([ \t]*)(["']?)([A-Za-z][\w-]*)\2[ \t]*[:：=](.*)$/;

/** The key of a line, however far it is indented; undefined where there is none. */
export function keyOfLine(line: string): string | undefined {
  const [, , , key] = keyLine.exec(line) ?? [];
  return key;
}

/** The word of a line's key; empty if there is none. */
export function wordOfLine(line: string): string {
  return wordOfKey(keyOfLine(line) ?? '');
}

/** The words of a line that may be its key: something is before it or in it, or its colon is missing. */
export function wordsAlike(line: string): readonly string[] {
  const found = [shortestKey, longestKey, bareKey].map((form) => form.exec(line)?.[1] ?? '');
  return found.map(wordOfKey);
}

const shortestKey = /^([^#]{1,40}?)[ \t]*[:：=](?=[\s[]|$)/;
const longestKey = /^([^\s#]{1,40})[:：=](?=[\s[]|$)/;
const bareKey =
  /^[^A-Za-z#]*((?:(?:[Dd]is)?[Aa]llowed[-_ ]?)?[Tt]ools|permissions?)(?![A-Za-z])[^a-z]*(?:[A-Z"'`[*]|$)/;

/** The text behind the key, or the whole line where there is none. */
export function valueIn(line: string): string {
  return line.replace(keyLine, '$4').trim();
}

/** True of a value that holds another key: the line between was lost. */
export function isTwoKeys(value: string): boolean {
  return /tools?["']?\s*[:=]/i.test(value);
}
