/** The characters that a class matches when case does not count. */

const lastCased = 0x1ffff;
let cased: readonly number[] | undefined;

/**
 * The class, in JavaScript's syntax, with what it matches where case does not count. For expressions of which other parts
 * heed case: V8 has the flag of a group `(?i:...)` count for classes behind the group too.
 */
export function withCaseVariants(classText: string): string {
  const own = new RegExp(`^${classText}$`, 'v');
  const all = new RegExp(`^${classText}$`, 'iv');
  const added: string[] = [];
  // A negated class matches less.
  const removed: string[] = [];
  cased ??= [...casedCodePoints()];
  for (const codePoint of cased) {
    const character = String.fromCodePoint(codePoint);
    const isMatched = all.test(character);
    if (isMatched !== own.test(character))
      (isMatched ? added : removed).push(`\\u{${codePoint.toString(16)}}`);
  }
  return `[[${classText}--[${removed.join('')}]]${added.join('')}]`;
}

function* casedCodePoints(): Iterable<number> {
  for (let codePoint = 0; codePoint <= lastCased; codePoint += 1) {
    const character = String.fromCodePoint(codePoint);
    if (character.toLowerCase() !== character || character.toUpperCase() !== character) yield codePoint;
  }
}
