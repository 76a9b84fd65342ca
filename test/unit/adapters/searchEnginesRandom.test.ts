/** K4: random patterns find the same lines of random files with both search engines. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { findProgram } from '../../../src/adapters/node/findProgram.ts';
import { findRipgrep } from '../../../src/adapters/node/findRipgrep.ts';
import { createTextSearch } from '../../../src/adapters/node/textSearch.ts';
import { seededRandom } from '../../fixtures/seededRandom.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const { signal } = new AbortController();
const rounds = Number(process.env['SEARCH_ROUNDS'] ?? 40);
const seed = Number(process.env['SEARCH_SEED'] ?? 1);

const atoms = [
  ...[
    'a',
    'b',
    'B',
    'é',
    'É',
    'я',
    'ſ',
    'K',
    '1',
    '٣',
    '_',
    ' ',
    '\\.',
    '\\-',
    '\\t',
    '\\/',
    '-',
    '"',
    '{'.replace('{', '\\{'),
  ],
  ...[
    '.',
    '\\w',
    '\\W',
    '\\d',
    '\\D',
    '\\s',
    '\\S',
    '\\pL',
    '\\P{Lu}',
    '\\p{Greek}',
    '\\p{Ll}',
    '\\p{Alphabetic}',
  ],
  ...[
    '[ab]',
    '[^a]',
    '[a-c1]',
    '[[:alpha:]_]',
    '[[:^space:]]',
    '[\\w--b]',
    '[a-z&&[^a]]',
    '[a-b~~b-c]',
    '[^\\s.]',
    '[]\\-x]',
  ],
  ...['^', '$', '\\b', '\\B', '\\A', '\\z', '\\r', '(?-u:\\b)', '(?-u:\\w)', '[^\\w--_]', '[[^a]&&[^b]]'],
];
const repetitions = ['', '', '', '', '*', '+', '?', '*?', '{2}', '{1,3}', '{0}', '{2,}', '++'];
const groups = ['(', '(?:', '(?i:', '(?-i:', '(?P<n>', '(?s:'];
const letters = [
  'a',
  'b',
  'B',
  'é',
  'É',
  'я',
  'ſ',
  'k',
  'K',
  '1',
  '٣',
  '_',
  ' ',
  '.',
  '-',
  '\t',
  '/',
  '"',
  '{',
  'α',
  '漢',
  '\r',
  '\u2028',
  '\u0301',
];

type Pick = <T>(of: readonly T[]) => T;

function patternOf(pick: Pick, depth: number): string {
  const count = pick([1, 1, 2, 3, 4]);
  const parts = Array.from({ length: count }, () => {
    if (depth > 0 && pick([0, 0, 0, 1]) === 1)
      return `${pick(groups)}${patternOf(pick, depth - 1)})${pick(repetitions)}`;
    return pick(atoms) + pick(repetitions);
  });
  return `${pick(['', '', '', '', '(?i)'])}${parts.join(pick(['', '', '', '|']))}`;
}

function contentOf(pick: Pick): string {
  const lines = Array.from({ length: 30 }, () =>
    Array.from({ length: pick([0, 1, 2, 3, 5]) }, () => pick(letters)).join(''),
  );
  return lines.map((line) => line + pick(['\n', '\n', '\r\n'])).join('') + pick(['', 'a', 'b\r']);
}

test('K4: random patterns', async (t) => {
  // Without ripgrep there is nothing to compare with.
  if ((await findProgram('rg')) === undefined) return;
  const random = seededRandom(seed);
  const pick: Pick = (of) => of[Math.floor(random() * of.length)] as (typeof of)[number];
  const folder = await temporaryFolder(t);
  const files = createFiles();
  for (let count = 0; count < 6; count += 1) await writeFile(path.join(folder, `${count}`), contentOf(pick));
  const engines = [findRipgrep(), undefined].map((ripgrepPath) => createTextSearch({ ripgrepPath, files }));
  for (let round = 0; round < rounds; round += 1) {
    const pattern = patternOf(pick, 2);
    const query = { pattern, isRegex: true, path: folder, maxMatches: 1000 };
    const [withRipgrep, without] = await Promise.allSettled(
      engines.map((engine) => engine.search(query, signal)),
    );
    assert.deepEqual(without, withRipgrep, `seed ${seed}: ${pattern}`);
  }
});
