/** Finds what two sequences have in common, in order; pure. */

/** `count` items from there on are the same in both. */
export interface KeptPart {
  readonly old: number;
  readonly now: number;
  readonly count: number;
}

/** Beyond so many pairs only the beginning and the end are compared. */
const mostPairs = 4_000_000;

/** The longest common subsequence, as runs in order. Of very long sequences that differ much, only what begins and ends them. */
export function keptParts(old: readonly string[], now: readonly string[]): readonly KeptPart[] {
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const [oldMiddle, nowMiddle] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  const isShort = oldMiddle.length * nowMiddle.length <= mostPairs;
  return [
    { old: 0, now: 0, count: start },
    ...(isShort ? commonParts(oldMiddle, nowMiddle) : []).map((part) => ({
      old: part.old + start,
      now: part.now + start,
      count: part.count,
    })),
    { old: old.length - end, now: now.length - end, count: end },
  ];
}

function commonParts(old: readonly string[], now: readonly string[]): readonly KeptPart[] {
  const width = now.length + 1;
  // For each pair of beginnings of what is left: how much both have in common from there on.
  const longest = new Uint32Array((old.length + 1) * width);
  const from = (row: number, column: number): number => longest[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1)
    for (let column = now.length - 1; column >= 0; column -= 1)
      longest[row * width + column] =
        old[row] === now[column]
          ? from(row + 1, column + 1) + 1
          : Math.max(from(row + 1, column), from(row, column + 1));
  const parts: KeptPart[] = [];
  for (let row = 0, column = 0; row < old.length && column < now.length;) {
    if (old[row] === now[column]) {
      parts.push({ old: row, now: column, count: 1 });
      row += 1;
      column += 1;
    } else if (from(row + 1, column) >= from(row, column + 1)) row += 1;
    else column += 1;
  }
  return parts;
}

/** As `keptParts` of the items of all lines: first whole lines are compared, and then what is between those that are kept. */
export function keptInLines(
  old: readonly (readonly string[])[],
  now: readonly (readonly string[])[],
): readonly KeptPart[] {
  const [oldStarts, nowStarts] = [startsOf(old), startsOf(now)];
  const kept: KeptPart[] = [];
  let [oldLine, nowLine] = [0, 0];
  const lines = keptParts(old.map(joined), now.map(joined));
  for (const same of [...lines, { old: old.length, now: now.length, count: 0 }]) {
    const between = keptParts(old.slice(oldLine, same.old).flat(), now.slice(nowLine, same.now).flat());
    const [oldFrom, nowFrom] = [oldStarts[oldLine] ?? 0, nowStarts[nowLine] ?? 0];
    for (const part of between)
      kept.push({ old: part.old + oldFrom, now: part.now + nowFrom, count: part.count });
    const start = oldStarts[same.old] ?? 0;
    const count = (oldStarts[same.old + same.count] ?? start) - start;
    kept.push({ old: start, now: nowStarts[same.now] ?? 0, count });
    [oldLine, nowLine] = [same.old + same.count, same.now + same.count];
  }
  return kept;
}

function joined(items: readonly string[]): string {
  return items.join('');
}

/** How many items there are before each line, and in all. */
function startsOf(lines: readonly (readonly string[])[]): readonly number[] {
  let count = 0;
  return [0, ...lines.map((items) => (count += items.length))];
}
