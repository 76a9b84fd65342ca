/** Which known name somebody meant who wrote an unknown one. */

/** `, did you mean "x"?` for the nearest name, else a list of all names. */
export function suggestion(written: string, names: readonly string[]): string {
  const nearest = nearestName(written, names);
  if (nearest !== undefined) return `, did you mean "${nearest}"?`;
  return names.length === 0 ? '.' : `. Known are: ${names.join(', ')}.`;
}

/** The name that takes fewest changes to reach; undefined where even that takes more than a third of it. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  if (written.length > 100) return undefined;
  let nearest: string | undefined;
  let fewest = Math.max(1, Math.floor(written.length / 3)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - written.length) >= fewest) continue;
    const changes = changesBetween(written.toLowerCase(), name.toLowerCase());
    if (changes >= fewest) continue;
    fewest = changes;
    nearest = name;
  }
  return nearest;
}

/** Insertions, removals, replacements and swaps of neighbours between two words. */
function changesBetween(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= b.length; column++) {
      const replaced = at(row - 1, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const fewest = Math.min(replaced, at(row - 1, column) + 1, at(row, column - 1) + 1);
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current.push(isSwap ? Math.min(fewest, at(row - 2, column - 2) + 1) : fewest);
    }
  }
  return at(a.length, b.length);
}
