/** Finds where a text stands but for its blanks and line ends; pure. */

/** The line, counted from 1, that the part begins on if runs of blanks count as one; undefined where it stands nowhere. */
export function lineOfAlike(text: string, part: string): number | undefined {
  const wanted = part.trim().split('\n').map(squeezed);
  if (wanted.join('') === '') return undefined;
  const lines = text.split('\n').map(squeezed);
  const last = wanted.length - 1;
  const fits = (line: string, index: number): boolean => {
    const want = wanted[index] ?? '';
    if (last === 0) return line.includes(want);
    if (index === 0) return line.endsWith(want);
    return index === last ? line.startsWith(want) : line === want;
  };
  const found = lines.findIndex((_, at) =>
    wanted.every((_want, index) => fits(lines[at + index] ?? '', index)),
  );
  return found === -1 ? undefined : found + 1;
}

function squeezed(line: string): string {
  return line.trim().replace(/\s+/g, ' ');
}
