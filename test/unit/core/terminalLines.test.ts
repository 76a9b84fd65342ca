import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { RenderedOutput } from '../../../src/adapters/node/renderedOutput.ts';
import { renderTerminal, TerminalLines } from '../../../src/core/terminalLines.ts';

const cases: readonly (readonly [name: string, output: string, shown: string])[] = [
  ['colours are dropped', '\x1b[1;31mFAILED\x1b[0m a\x1b[38;5;12mb\x1b[m\n', 'FAILED ab\n'],
  ['a carriage return begins the line again', 'loading 10%\rloading 99%\n', 'loading 99%\n'],
  ['what a shorter text leaves of a longer one stays', 'loading\rdone\n', 'doneing\n'],
  ['line ends of Windows are line ends', 'one\r\ntwo\r\n', 'one\ntwo\n'],
  ['a carriage return at the end changes nothing', 'one\r', 'one'],
  ['backspaces move back', 'spin |\b/\b-\b\\\n', 'spin \\\n'],
  ['a backspace at the beginning stays there', '\b\ba\n', 'a\n'],
  ['a line is erased from the cursor on', 'loading\r\x1b[Kdone\n', 'done\n'],
  ['a line is erased up to the cursor', 'abcd\b\b\x1b[1Kx\n', '  xd\n'],
  ['a line is erased as a whole', 'abc\x1b[2K\rxy\n', 'xy\n'],
  ['a column is gone to', '\x1b[2K\x1b[1G⠋ one\x1b[2K\x1b[1G⠙ two\n', '⠙ two\n'],
  ['the cursor moves within the line', 'abc\x1b[2DX\x1b[3CY\n', 'aXc  Y\n'],
  ['movements between lines are dropped', 'a\nb\x1b[1A\x1b[2J\x1b[10;20Hc\n', 'a\nbc\n'],
  ['modes and the like are dropped', '\x1b[?25lx\x1b[?2004h\x1b(B\x1b7\x1b8\x1b=y\x1b[?25h\n', 'xy\n'],
  ['titles and links are dropped', '\x1b]0;title\x07a\x1b]8;;http://x/\x1b\\link\x1b]8;;\x1b\\\n', 'alink\n'],
  ['strings for the terminal are dropped', '\x1bPq#0;2\x1b\\a\x1b_Gf=1;AAAA\x1b\\b\x1b^p\x1b\\\n', 'ab\n'],
  ['a string that never ends hides no further line', 'a\x1b]0;title\nFAILED\n', 'a\nFAILED\n'],
  ['codes of eight bits are codes', '\u009b31mred\u009b0m\u009d0;t\u009c.\n', 'red.\n'],
  ['bells are dropped', 'a\x07b\n', 'ab\n'],
  ['other control characters are seen', 'a\x01\x0c\x7f\u0085\n', 'a␁␌␡⟨U+0085⟩\n'],
  ['NULs and tabs stay', 'a\0b\tc\n', 'a\0b\tc\n'],
  ['wide and combined characters are not split', '中文😀\r日\n', '日文😀\n'],
  [
    'the alternate screen is dropped',
    'a\n\x1b[?1049hTUI\x1b[5;5Hmore\x1b[?1049lb\n',
    'a\n[alternate screen, not shown]b\n',
  ],
  [
    'its line ends stay, so that lines keep their numbers',
    '\x1b[?1049h1\n2\n\x1b[?1049lb\n',
    '[alternate screen, not shown]\n\nb\n',
  ],
  [
    'it ends with stdout',
    '\x1b[?1049hTUI\n--- stderr ---\nFAILED\n',
    '[alternate screen, not shown]\n--- stderr ---\nFAILED\n',
  ],
];

describe('K12: output is shown as a terminal shows it in the end', () => {
  for (const [name, output, shown] of cases)
    test(name, () => {
      assert.equal(renderTerminal(output), shown);
      const lines = new TerminalLines();
      const bySingleCharacters = [...output].map((character) => lines.push(character)).join('');
      assert.equal(bySingleCharacters + lines.end(), shown);
    });
});

test('K12: 2,000 progress lines that overwrite each other are one line', () => {
  const progress = Array.from({ length: 2000 }, (_, index) => `\r\x1b[32m[${index}/1999]\x1b[0m compiling`);
  assert.equal(renderTerminal(`${progress.join('')}\nok\n`), '[1999/1999] compiling\nok\n');
});

test('a line of 100 MB takes no memory that grows with it', () => {
  const lines = new TerminalLines();
  const piece = `${'x'.repeat(999)}\r`.repeat(10) + 'y'.repeat(90_000);
  let shown = 0;
  for (let count = 0; count < 1000; count += 1) shown += lines.push(piece).length;
  assert.ok(shown > 80_000_000, String(shown));
  assert.ok(lines.end().length <= 16 * 1024);
});

/** What a token does to one line of cells; undefined: nothing. */
type Effect = (line: string[], column: number) => number | undefined;
const writes =
  (character: string): Effect =>
  (line, column) => {
    while (line.length < column) line.push(' ');
    line[column] = character;
    return column + 1;
  };
const erases =
  (from: (column: number) => number, to: (column: number) => number, isCut: boolean): Effect =>
  (line, column) => {
    if (isCut) line.length = Math.min(line.length, from(column));
    else line.fill(' ', from(column), to(column));
    return undefined;
  };
const tokens: readonly (readonly [string, Effect])[] = [
  ...[...'ab 中😀é\t'].map((character) => [character, writes(character)] as const),
  ['\r', () => 0],
  ['\b', (_line, column) => Math.max(0, column - 1)],
  [
    '\x1b[K',
    erases(
      (column) => column,
      () => 0,
      true,
    ),
  ],
  [
    '\x1b[0K',
    erases(
      (column) => column,
      () => 0,
      true,
    ),
  ],
  [
    '\x1b[1K',
    erases(
      () => 0,
      (column) => column + 1,
      false,
    ),
  ],
  [
    '\x1b[2K',
    erases(
      () => 0,
      () => 0,
      true,
    ),
  ],
  ['\x1b[4G', () => 3],
  ['\x1b[2C', (_line, column) => column + 2],
  ['\x1b[D', (_line, column) => Math.max(0, column - 1)],
  ['\x1b[31m', () => undefined],
  ['\x1b]0;a b\x07', () => undefined],
  ['\x1b[3A', () => undefined],
  ['\x07', () => undefined],
];
const token = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...tokens) },
  { weight: 2, arbitrary: fc.constant(undefined) },
);

/** As the bytes of an output are rendered. */
function inBytes(pieces: readonly string[]): string {
  const output = new RenderedOutput();
  return Buffer.concat([
    ...pieces.flatMap((piece) => output.push(Buffer.from(piece))),
    output.end(),
  ]).toString();
}

test('random output is shown as a model with cells has it, wherever it is cut', () => {
  fc.assert(
    fc.property(fc.array(token, { maxLength: 80 }), fc.array(fc.nat(400)), (sequence, cuts) => {
      const done: string[] = [];
      let [line, column]: [string[], number] = [[], 0];
      for (const each of sequence) {
        if (each) column = each[1](line, column) ?? column;
        else [line, column] = (done.push(`${line.join('')}\n`), [[], 0]);
      }
      const characters = [...sequence.map((each) => each?.[0] ?? '\n').join('')];
      const lines = new TerminalLines();
      const ends = [...new Set(cuts)].filter((cut) => cut < characters.length).sort((a, b) => a - b);
      const pieces = [0, ...ends].map((start, index) => characters.slice(start, ends[index]).join(''));
      const shown = pieces.map((piece) => lines.push(piece)).join('') + lines.end();
      assert.equal(shown, done.join('') + line.join(''));
      assert.equal(inBytes(pieces), shown);
    }),
    { numRuns: 2000 },
  );
});

test('a text without control characters is shown as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const plain = text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, '');
      assert.equal(renderTerminal(plain), plain);
    }),
  );
});

test('long lines of plain bytes are shown as they are, wherever they are cut', () => {
  const text =
    ['a'.repeat(40_000), 'b'.repeat(16 * 1024), 'c'.repeat(100), '\td', ''].join('\n') + 'e'.repeat(33_000);
  for (const size of [1000, 4096, 16 * 1024, 65_536]) {
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
      text.slice(index * size, (index + 1) * size),
    );
    assert.equal(inBytes(pieces), text);
    assert.equal(inBytes([...pieces, '\rX\n']), inBytes([`${text}\rX\n`]));
  }
});
