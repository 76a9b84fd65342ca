/** Random files, read, copied as a model copies, and edited: the edit is made, or its refusal leads to one that is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findLines } from '../../../src/adapters/node/fileLines.ts';
import { applyEdits, type Edited } from '../../../src/tools/fileEdits.ts';
import { fold } from '../../../src/tools/foldedText.ts';
import { showLines } from '../../../src/tools/numberedLines.ts';

const { signal } = new AbortController();

const character = fc.constantFrom(
  ...'ab',
  ...[' ', '  ', '\t', '\u00a0', '\u202f', '\u2009', '\u3000'],
  ...['"', '“', '”', "'", '’', '-', '–', '—', '…', '...', '.'],
  ...['e\u0301', '\u00e9', '\u200b', '\u00ad', '&amp;', '&', '\\', '\u{1f600}'],
);
const line = fc.array(character, { maxLength: 6 }).map((parts) => parts.join(''));

/** Line ends of all kinds but CR alone, or CR alone. */
const file = fc
  .tuple(
    fc.array(line, { minLength: 1, maxLength: 6 }),
    fc.constantFrom('lf', 'crlf', 'mixed', 'cr'),
    fc.boolean(),
  )
  .chain(([lines, kind, endsClosed]) =>
    fc
      .array(fc.constantFrom('\n', '\r\n'), { minLength: lines.length, maxLength: lines.length })
      .map((ends) =>
        lines
          .map((text, index) => {
            const end = { lf: '\n', crlf: '\r\n', cr: '\r', mixed: ends[index] ?? '\n' }[kind];
            return index === lines.length - 1 && !endsClosed ? text : `${text}${end}`;
          })
          .join(''),
      ),
  );

/** How a model copies what it sees. */
const copies = {
  faithfully: (text: string) => text,
  withLineFeeds: (text: string) => text.replaceAll('\r', '\n'),
  withAsciiBlanks: (text: string) => text.replace(/[\u00a0\u202f\u2009\u3000]/g, ' '),
  withAsciiSigns: (text: string) => fold(text, 'characters').text,
  withoutUnseen: (text: string) => text.replace(/[\u200b\u00ad]/g, ''),
  withoutBlanksAtTheEnd: (text: string) => text.replace(/[^\S\n]+$/gm, ''),
  withBlanksForTabs: (text: string) => text.replaceAll('\t', '    '),
  loosely: (text: string) => fold(text, 'loose').text,
  withALineEndTooMany: (text: string) => `${text}\n`,
} as const;

interface Attempt {
  readonly oldText: string;
  readonly edited: Edited;
}

const sign = 'X';

/** An edit that puts a sign into the middle of the old text, and nothing else. */
function attempt(text: string, oldText: string, asLine: boolean): Attempt {
  const end = oldText.includes('\r') ? '\r' : '\n';
  const middle = oldText.indexOf(end, oldText.length / 2);
  const at = middle === -1 ? oldText.length : middle;
  const newText = asLine
    ? `${oldText.slice(0, at)}${end}${sign}${oldText.slice(at)}`
    : `${oldText.slice(0, at)}${sign}${oldText.slice(at)}`;
  return { oldText, edited: applyEdits(text, [{ oldText, newText }], 'a.txt') };
}

function withoutSign(text: string, asLine: boolean): string {
  return asLine ? text.replace(/(?:\r\n|\n|\r)X/, '') : text.replace(sign, '');
}

/** The next old text of a model that reads the refusal; undefined where the refusal names nothing that could be done. */
function nextOldText(message: string, whole: string, last: string): string | undefined {
  const json = /As JSON lines? [\d-]+ (?:is|are) (".*"): take oldText from there/.exec(message)?.[1];
  if (json !== undefined) return JSON.parse(json) as string;
  if (/line ends there\. Leave them out|Leave the line ends|Leave them out/.test(message))
    return last.replace(/^[\r\n]+|[\r\n]+$/g, '');
  if (/stands \d+ times|nothing but blanks/.test(message)) return whole;
  return undefined;
}

/** The lines that a model is shown, and all of them as it would write them, with what the header says of their end. */
async function shownLines(
  text: string,
): Promise<{ readonly lines: readonly string[]; readonly whole: string }> {
  const found = await findLines(Buffer.from(text), signal);
  const result = showLines(
    { name: 'a.txt', lines: found, bytes: 1, isUnsaved: false },
    { startLine: 1, endLine: undefined },
  );
  assert.ok(result.ok);
  const [header = '', ...rest] = (result.output?.text ?? '').split('\n');
  const lines = rest.filter((each) => !each.startsWith('[')).map((each) => each.replace(/^ *\d+\t/, ''));
  return { lines, whole: lines.join('\n') + (header.includes('no newline at the end') ? '' : '\n') };
}

test(
  'K6: reading, copying and editing never loops, and changes nothing but what was asked for',
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        file,
        fc.nat(),
        fc.nat(),
        fc.constantFrom(...(Object.keys(copies) as (keyof typeof copies)[])),
        fc.boolean(),
        async (text, from, count, copy, asLine) => {
          const { lines: shown, whole } = await shownLines(text);
          const start = from % Math.max(1, shown.length);
          const seen = shown.slice(start, start + 1 + (count % 4)).join('\n');
          let oldText = copies[copy](seen);
          fc.pre(text !== '' && oldText !== '');
          for (let tries = 1; ; tries += 1) {
            const { edited } = attempt(text, oldText, asLine);
            if (edited.ok) {
              assert.equal(withoutSign(edited.text, asLine), text);
              return;
            }
            const { message } = edited.error;
            assert.ok(tries < 5, `still refused: ${message}`);
            const next = nextOldText(message, whole, oldText);
            assert.ok(
              next !== undefined && next !== oldText,
              `no way on from ${JSON.stringify(oldText)}: ${message}`,
            );
            oldText = next;
          }
        },
      ),
      { numRuns: 3000, seed: 20261201 },
    );
  },
);
