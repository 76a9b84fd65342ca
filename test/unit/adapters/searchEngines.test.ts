/** K4: both search engines find the same lines, in one syntax. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { findProgram } from '../../../src/adapters/node/findProgram.ts';
import { findRipgrep } from '../../../src/adapters/node/findRipgrep.ts';
import { createTextSearch } from '../../../src/adapters/node/textSearch.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { searchTable, type SearchRow } from './searchTable.ts';

const { signal } = new AbortController();
const files = createFiles();
// The machine may have no ripgrep; then the second way is the only one that can be tested.
const ways = (await findProgram('rg')) === undefined ? [undefined] : [findRipgrep(), undefined];

for (const ripgrepPath of ways) {
  const textSearch = createTextSearch({ ripgrepPath, files });

  async function find(folder: string, { pattern, isText, content }: SearchRow): Promise<string> {
    await writeFile(path.join(folder, 'a.txt'), content);
    const query = { pattern, isRegex: isText !== true, path: folder, maxMatches: 100 };
    const result = await textSearch.search(query, signal);
    return result.ok ? result.matches.map(({ line }) => line).join(' ') : result.error.message;
  }

  describe(ripgrepPath === undefined ? 'file by file' : 'with ripgrep', () => {
    for (const about of new Set(searchTable.map((row) => row.about)))
      test(about, async (t) => {
        const folder = await temporaryFolder(t);
        for (const row of searchTable.filter((each) => each.about === about)) {
          const found = await find(folder, row);
          if (row.found instanceof RegExp) assert.match(found, row.found, row.pattern.slice(0, 100));
          else assert.equal(found, row.found.join(' '), row.pattern.slice(0, 100));
        }
      });
  });
}
