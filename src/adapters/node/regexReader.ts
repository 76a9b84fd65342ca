/** Reads a pattern by its characters. */

/** Leaves the reading of a pattern that ripgrep's syntax does not have. */
export class RegexProblem extends Error {}

export interface RegexFlags {
  readonly ignoresCase: boolean;
  readonly isUnicode: boolean;
  /** Blanks and comments are no part of the pattern. */
  readonly isSpaced: boolean;
}

export class RegexReader {
  flags: RegexFlags = { ignoresCase: false, isUnicode: true, isSpaced: false };
  position = 0;
  /** Properties of `\p{}` that JavaScript does not have, as they were read. */
  readonly unknownProperties: string[] = [];
  private readonly characters: readonly string[];

  constructor(pattern: string) {
    this.characters = [...pattern];
  }

  /** Empty at the end. */
  get next(): string {
    return this.characters[this.position] ?? '';
  }

  get isAtEnd(): boolean {
    return this.position >= this.characters.length;
  }

  take(): string {
    const taken = this.next;
    this.position += 1;
    return taken;
  }

  startsWith(text: string): boolean {
    return [...text].every((character, index) => this.characters[this.position + index] === character);
  }

  /** Takes a text if it comes next. */
  takeIf(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.position += [...text].length;
    return true;
  }

  takeWhile(isWanted: (character: string) => boolean): string {
    let taken = '';
    while (!this.isAtEnd && isWanted(this.next)) taken += this.take();
    return taken;
  }

  /** Takes all up to a text, and that; undefined, with nothing taken, where it does not come. */
  takeUntil(end: string): string | undefined {
    const start = this.position;
    let taken = '';
    while (!this.isAtEnd) {
      if (this.takeIf(end)) return taken;
      taken += this.take();
    }
    this.position = start;
    return undefined;
  }

  /** Passes over blanks and comments where the pattern allows them. */
  skipSpace(): void {
    while (this.flags.isSpaced && !this.isAtEnd) {
      if (isBlank(this.next)) this.take();
      else if (this.next === '#') this.takeWhile((character) => character !== '\n');
      else return;
    }
  }

  /** The next character behind the present one and behind blanks. */
  peekBehind(): string {
    const start = this.position;
    this.take();
    this.skipSpace();
    const found = this.next;
    this.position = start;
    return found;
  }

  /** `at` counts from 0. */
  fail(message: string, at = this.position): never {
    throw new RegexProblem(`${message} (at character ${at + 1})`);
  }
}

export function isBlank(character: string): boolean {
  return /^\p{White_Space}$/u.test(character);
}
