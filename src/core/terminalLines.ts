/** Renders a program's output as the lines that a terminal would show in the end; pure, and no terminal emulator. */
import { signOf } from './visibleText.ts';

/** The line of an output file below which stderr begins. Stdout can end in the alternate screen, and this line ends it. */
export const stderrHeading = '--- stderr ---';

const alternateScreenSign = '[alternate screen, not shown]';
/** A terminal so wide: what goes beyond it is final, as a wrapped row is. It bounds the memory for one line. */
const maxCells = 16 * 1024;
/** No command is longer; what is, is no command. */
const maxParameters = 64;

const lineFeed = 10;
const plainRun = /[^\0-\x08\x0a-\x1f\x7f-\x9f]+/y;
const alternateScreen = /^\?(?:.*;)?(?:1049|1047|47)(?:;|$)/;

/** What comes next belongs to a text, to a command that began, or to a string for the terminal itself. */
type Mode = 'text' | 'escape' | 'designation' | 'command' | 'string' | 'stringEscape';

export function renderTerminal(text: string): string {
  const lines = new TerminalLines();
  return lines.push(text) + lines.end();
}

/**
 * Takes a text in pieces, each of whole characters. Colours, and strings for the terminal itself, are dropped; movements within a line and
 * erasing in it are applied, one character to a cell; other movements are dropped. Each line feed ends a line, so that lines
 * have the same numbers before and after. Of the alternate screen only a sign and the line ends are left. NULs stay.
 */
export class TerminalLines {
  private mode: Mode = 'text';
  private parameters = '';
  private line = new Line();
  private done = '';
  /** In the alternate screen: the beginning of the line that is dropped. */
  private dropped: string | undefined;

  /** Returns the text that is final by now; can be empty. */
  push(text: string): string {
    for (let at = 0; at < text.length;) {
      const run = this.mode === 'text' ? runAt(text, at) : '';
      if (run === '') this.take(text[at] ?? '');
      else this.write(run);
      at += run === '' ? 1 : run.length;
    }
    return this.takeDone();
  }

  /**
   * As `push`, for bytes of ASCII without other control characters than tabs and line feeds: those that are final by now, which
   * nothing was done to. Undefined, and nothing is taken, if more would have to be done.
   */
  append(plain: Buffer): readonly Buffer[] | undefined {
    if (this.mode !== 'text' || this.dropped !== undefined || !this.line.isAtEnd()) return undefined;
    const lastLine = plain.lastIndexOf(lineFeed) + 1;
    const open = (lastLine === 0 ? this.line.column : 0) + plain.length - lastLine;
    const final = plain.length - (open % maxCells);
    if (lastLine === 0 && open < maxCells) {
      this.write(plain.toString('latin1'));
      return [];
    }
    const before = Buffer.from(this.end());
    this.write(plain.toString('latin1', final));
    return [before, plain.subarray(0, final)];
  }

  /** Returns the last line, which has no end. */
  end(): string {
    this.done += this.line.text();
    this.line = new Line();
    return this.takeDone();
  }

  private takeDone(): string {
    const { done } = this;
    this.done = '';
    return done;
  }

  private take(character: string): void {
    // A line feed ends all that is begun: a string that never ends would hide the rest of the output.
    if (character === '\n') return this.endLine();
    switch (this.mode) {
      case 'text':
        return this.takeControl(character);
      case 'escape':
        return this.takeEscape(character);
      case 'designation':
        if (!isIntermediate(character)) this.mode = 'text';
        return;
      case 'command':
        return this.takeCommand(character);
      case 'string':
        if (character === '\x1b') this.mode = 'stringEscape';
        else if (character === '\x07' || character === '\x9c') this.mode = 'text';
        return;
      case 'stringEscape':
        this.mode = 'text';
        // Only a backslash ends the string; another character begins the next sequence.
        if (character !== '\\') this.takeEscape(character);
    }
  }

  private takeControl(character: string): void {
    if (character === '\x1b') this.mode = 'escape';
    else if (character === '\x9b') this.beginCommand();
    else if (beginsString.test(character)) this.mode = 'string';
    else if (character === '\r') this.moveTo(0);
    else if (character === '\b') this.moveTo(this.line.column - 1);
    else if (character !== '\x07') this.write(seen(character));
  }

  private takeEscape(character: string): void {
    this.mode = 'text';
    if (character === '[') this.beginCommand();
    else if (/[\]PX^_]/.test(character)) this.mode = 'string';
    else if (isIntermediate(character)) this.mode = 'designation';
    // A control character aborts the sequence and is itself.
    else if (character < ' ') this.takeControl(character);
  }

  private beginCommand(): void {
    this.mode = 'command';
    this.parameters = '';
  }

  private takeCommand(character: string): void {
    if (character >= ' ' && character <= '?') {
      this.parameters += character;
      if (this.parameters.length > maxParameters) this.mode = 'text';
      return;
    }
    this.mode = 'text';
    if (character < ' ') this.takeControl(character);
    else this.run(character, this.parameters);
  }

  private run(command: string, parameters: string): void {
    if ((command === 'h' || command === 'l') && alternateScreen.test(parameters)) {
      this.switchScreen(command === 'h');
      return;
    }
    if (!/^\d*$/.test(parameters)) return;
    const count = Math.max(1, Number(parameters));
    if (command === 'K' && this.dropped === undefined) this.line.erase(Number(parameters));
    else if (command === 'G') this.moveTo(count - 1);
    else if (command === 'C') this.moveTo(this.line.column + count);
    else if (command === 'D') this.moveTo(this.line.column - count);
  }

  private moveTo(column: number): void {
    if (this.dropped === undefined) this.line.moveTo(column);
  }

  private switchScreen(isAlternate: boolean): void {
    if (isAlternate && this.dropped === undefined) this.write(alternateScreenSign);
    this.dropped = isAlternate ? (this.dropped ?? '') : undefined;
  }

  private write(run: string): void {
    if (this.dropped === undefined) this.done += this.line.write(run);
    else if (this.dropped.length <= stderrHeading.length)
      this.dropped += run.slice(0, stderrHeading.length + 1);
  }

  private endLine(): void {
    this.mode = 'text';
    if (this.dropped === stderrHeading) {
      this.dropped = undefined;
      this.write(stderrHeading);
    }
    if (this.dropped !== undefined) this.dropped = '';
    this.done += `${this.line.text()}\n`;
    this.line = new Line();
  }
}

const beginsString = /[\x90\x98\x9d-\x9f]/;

function isIntermediate(character: string): boolean {
  return character >= ' ' && character <= '/';
}

function runAt(text: string, at: number): string {
  plainRun.lastIndex = at;
  return plainRun.exec(text)?.[0] ?? '';
}

/** A NUL stays as it is, for those who tell text from data by it. */
function seen(control: string): string {
  return control === '\0' ? control : signOf(control);
}

/** One line of cells, of which each holds a character. */
class Line {
  /** The next character's. */
  column = 0;
  private plain = '';
  /** In place of `plain` once something was overwritten. */
  private cells: string[] | undefined;
  private width = 0;

  text(): string {
    return this.cells?.join('') ?? this.plain;
  }

  isAtEnd(): boolean {
    return this.column === this.width;
  }

  moveTo(column: number): void {
    this.column = Math.min(Math.max(column, 0), maxCells - 1);
  }

  /** Returns what goes beyond the width of a line. */
  write(run: string): string {
    if (this.column === this.width && this.cells === undefined && this.width + run.length < maxCells) {
      this.plain += run;
      this.width += lengthOf(run);
      this.column = this.width;
      return '';
    }
    let full = '';
    const cells = this.asCells();
    for (const character of run) {
      while (cells.length < this.column) cells.push(' ');
      cells[this.column] = character;
      this.column += 1;
      if (this.column < maxCells) continue;
      full += cells.join('');
      cells.length = 0;
      this.column = 0;
    }
    this.width = cells.length;
    return full;
  }

  /** 0: from the cursor on. 1: up to it. 2: all. */
  erase(part: number): void {
    if (part === 2 || (part === 0 && this.column === 0)) {
      this.cells = undefined;
      this.plain = '';
      this.width = 0;
      return;
    }
    const cells = this.asCells();
    if (part === 0) cells.length = Math.min(cells.length, this.column);
    if (part === 1) cells.fill(' ', 0, this.column + 1);
    this.width = cells.length;
  }

  private asCells(): string[] {
    this.cells ??= [...this.plain];
    this.plain = '';
    return this.cells;
  }
}

function lengthOf(run: string): number {
  return /[\ud800-\udbff]/.test(run) ? [...run].length : run.length;
}
