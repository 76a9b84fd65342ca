/** Counts the lines that an edit added and removed; pure. */

export interface ChangedLines {
  readonly added: number;
  readonly removed: number;
}

/** Beyond so many changed lines a count that is not the smallest possible will do. */
const longestSearch = 1000;

/** The fewest lines that turn one text into the other; of texts that differ in very many lines, an upper bound. */
export function changedLines(before: string, after: string): ChangedLines {
  const [old, now] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  const room = Math.min(old.length, now.length) - start;
  while (end < room && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return shortestEdit(old.slice(start, old.length - end), now.slice(start, now.length - end));
}

/** "3 lines added, 1 removed" */
export function changedLinesText({ added, removed }: ChangedLines): string {
  if (added === 0 && removed === 0) return 'no line added or removed';
  const parts = [added > 0 ? `${counted(added)} added` : '', removed > 0 ? removedText(added, removed) : ''];
  return parts.filter((part) => part !== '').join(', ');
}

function removedText(added: number, removed: number): string {
  return added > 0 ? `${removed} removed` : `${counted(removed)} removed`;
}

function counted(count: number): string {
  return count === 1 ? '1 line' : `${count} lines`;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Myers' greedy search, for the length alone: of `distance` changes the rest follows from the two lengths. */
function shortestEdit(old: readonly string[], now: readonly string[]): ChangedLines {
  const reached = new Map<number, number>([[1, 0]]);
  const longest = Math.min(old.length + now.length, longestSearch);
  for (let distance = 0; distance <= longest; distance += 1) {
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      const [above, left] = [reached.get(diagonal + 1) ?? -1, reached.get(diagonal - 1) ?? -1];
      let x = diagonal === -distance || (diagonal !== distance && left < above) ? above : left + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x += 1;
      reached.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) {
        const kept = (old.length + now.length - distance) / 2;
        return { added: now.length - kept, removed: old.length - kept };
      }
    }
  }
  return { added: now.length, removed: old.length };
}
