/** What search_text says of what it did not look at, with both engines. */
import assert from 'node:assert/strict';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { findProgram } from '../../../src/adapters/node/findProgram.ts';
import { findRipgrep } from '../../../src/adapters/node/findRipgrep.ts';
import { createTextSearch } from '../../../src/adapters/node/textSearch.ts';
import { createSearchText } from '../../../src/tools/searchText.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { asNobody } from '../../fixtures/asNobody.ts';
import { contextIn } from './toolBench.ts';

const files = createFiles();
// The machine may have no ripgrep; then the second way is the only one that can be tested.
const ways = (await findProgram('rg')) === undefined ? [undefined] : [findRipgrep(), undefined];
const longMs = 2 ** 31 - 1;

type Contents = Readonly<Record<string, string | Buffer>>;

async function tree(t: TestContext, contents: Contents): Promise<string> {
  const root = await temporaryFolder(t);
  await chmod(root, 0o755);
  for (const [name, content] of Object.entries(contents)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), content);
  }
  return root;
}

for (const ripgrepPath of ways) {
  const tool = createSearchText(files, createTextSearch({ ripgrepPath, files, leftOutMs: longMs }));
  const engine = ripgrepPath === undefined ? 'script' : 'ripgrep';

  async function search(root: string, input: object): Promise<string> {
    const checked = tool.check(input);
    assert.ok(checked.ok);
    const result = await tool.run(checked.input, contextIn(root, root));
    const text = result.ok ? result.output.text : `${result.error.kind}: ${result.error.message}`;
    return text.replaceAll(root, 'ROOT');
  }

  describe(engine === 'script' ? 'file by file' : 'with ripgrep', () => {
    const none = 'No matches (0) for needle in the working directory';

    test('K3 3a, 3b: places that can’t be read are counted, whatever else is found', async (t) => {
      const root = await tree(t, { 'secret/a.txt': 'needle', 'private.txt': 'needle', 'b.txt': 'pin' });
      await chmod(path.join(root, 'secret'), 0o000);
      await chmod(path.join(root, 'private.txt'), 0o000);
      const note =
        /\n\[2 places could not be read and were not searched: (private\.txt, secret|secret, private\.txt)\]$/;
      const absent = await asNobody(() => search(root, { pattern: 'needle' }));
      assert.match(absent, note);
      assert.ok(absent.startsWith(`${none}\n`), absent);
      const found = await asNobody(() => search(root, { pattern: '^pin$', regex: true }));
      assert.match(found, note);
      assert.ok(found.startsWith('b.txt:1: pin\n'), found);
      await chmod(path.join(root, 'secret'), 0o755);
    });

    test('K3 3d: a path that can’t be read is an error', async (t) => {
      const root = await tree(t, { 'secret/a.txt': 'needle', 'private.txt': 'needle' });
      for (const name of ['secret', 'private.txt']) {
        await chmod(path.join(root, name), 0o000);
        const text = await asNobody(() => search(root, { pattern: 'needle', path: name }));
        assert.match(text, /^io: ROOT\/\S+ may not be read by this user \(EACCES\)\.$/);
      }
      await chmod(path.join(root, 'secret'), 0o755);
    });

    test('K3 3e: a pattern that no command line holds is refused in words', async (t) => {
      const root = await tree(t, { 'a.txt': 'needle' });
      const text = await search(root, { pattern: 'x'.repeat(140_000) });
      assert.match(text, /^invalidInput: The pattern is too long: it has 140000 characters/);
    });

    const app = {
      'app/[id]/page.tsx': 'needle',
      'app/i/page.tsx': 'needle',
      'a.ts': 'needle',
      'a.test.ts': 'needle',
    };
    const globs: Readonly<Record<string, string>> = {
      'K10 10b app/[id]/**': 'app/[id]/page.tsx',
      'K10 10b app/[id]/page.tsx': 'app/[id]/page.tsx',
      'K10 10c !*.test.ts': 'a.ts app/[id]/page.tsx app/i/page.tsx',
      'K10 10c !app/**': 'a.test.ts a.ts',
      'K10 10d *.ts,*.tsx': 'a.test.ts a.ts app/[id]/page.tsx app/i/page.tsx',
      'K10 10d *.{ts,tsx}': 'a.test.ts a.ts app/[id]/page.tsx app/i/page.tsx',
      'K10 10f app': 'app/[id]/page.tsx app/i/page.tsx',
      'K10 10f app/': 'app/[id]/page.tsx app/i/page.tsx',
      'K10 10f app\\i\\*.tsx': 'app/i/page.tsx',
      'K10 10f ROOT/app/i/*': 'app/i/page.tsx',
      'K10 *.tsx': 'app/[id]/page.tsx app/i/page.tsx',
      'K10 **/*.test.ts': 'a.test.ts',
      'K10 **/page.*': 'app/[id]/page.tsx app/i/page.tsx',
      'K10 [ab].ts': 'a.ts',
      'K10 ./a.ts': 'a.ts',
      'K10 page.tsx': 'app/[id]/page.tsx app/i/page.tsx',
    };
    for (const [name, expected] of Object.entries(globs))
      test(`${name}: the glob is that of list_files`, async (t) => {
        const root = await tree(t, app);
        const glob = name.replace(/^K10 (10\w )?/, '').replace('ROOT', root);
        const text = await search(root, { pattern: 'needle', glob });
        assert.equal(text, expected.replaceAll(/(\S+)/g, '$1:1: needle').replaceAll(/ (?=\S+:1:)/g, '\n'));
      });

    test('K10 10g: a glob with a drive or a colon is no definition of ripgrep’s', async (t) => {
      const root = await tree(t, app);
      assert.match(await search(root, { pattern: 'needle', glob: 'C:\\src\\*.ts' }), /must be relative/);
      assert.match(
        await search(root, { pattern: 'needle', glob: 'include:a' }),
        /^No file in \. matches include:a \(0 files\)/,
      );
    });

    test('K10: no file to search is told apart from no match in files', async (t) => {
      const root = await tree(t, { ...app, 'build/x.css': 'needle', '.gitignore': 'build/\n' });
      const noFile = await search(root, { pattern: 'needle', glob: '*.css' });
      assert.match(
        noFile,
        /^No file in \. matches \*\.css \(0 files\), so nothing was searched\..*build\/x\.css/,
      );
      const noMatch = await search(root, { pattern: 'pin', glob: '*.ts' });
      assert.match(noMatch, /^No matches \(0\) for pin in the working directory, files \*\.ts$/m);
    });

    test('K9 9e: what git ignores is not called absent, and is searched where it is named', async (t) => {
      const root = await tree(t, {
        '.gitignore': 'build/\n*.log\n',
        'build/x.js': 'needle',
        'a.log': 'needle',
      });
      const text = await search(root, { pattern: 'needle' });
      if (engine === 'ripgrep')
        assert.match(
          text,
          /\n\[2 files that are left out, binary or ignored by git, would match: name .*: (a\.log, build\/x\.js|build\/x\.js, a\.log)\]$/,
        );
      else assert.match(text, /\n\[files that git ignores, and binary ones, were not searched\]$/);
      assert.ok(text.startsWith(`${none}\n`));
      for (const input of [{ path: 'build' }, { path: 'build/x.js' }, { glob: 'build/**' }])
        assert.equal(await search(root, { pattern: 'needle', ...input }), 'build/x.js:1: needle');
      assert.equal(await search(root, { pattern: 'needle', path: 'a.log' }), 'a.log:1: needle');
    });

    test('K9 9a: a rule with a slash at its end hides folders alone', async (t) => {
      const root = await tree(t, {
        '.gitignore': 'build/\n',
        'scripts/build': 'needle',
        'build/x.js': 'needle',
      });
      for (const input of [{}, { glob: 'scripts/*' }, { glob: 'build' }])
        assert.match(await search(root, { pattern: 'needle', ...input }), /^scripts\/build:1: needle/m);
    });

    test('K9 9d: a link is not searched twice', async (t) => {
      const root = await tree(t, { 'AGENTS.md': 'needle' });
      await symlink('AGENTS.md', path.join(root, 'CLAUDE.md'));
      assert.equal(await search(root, { pattern: 'needle' }), 'AGENTS.md:1: needle');
      assert.equal(await search(root, { pattern: 'needle', path: 'CLAUDE.md' }), 'AGENTS.md:1: needle');
    });

    test('K18: a text that would match as a regular expression says so', async (t) => {
      const root = await tree(t, { 'a.txt': 'TODO\nFIXME\n', 'b.txt': 'TODO\nfoo()\n' });
      const said = async (pattern: string): Promise<string> => {
        const text = await search(root, { pattern });
        return /as a regular expression it would match (.*): use/.exec(text)?.[1] ?? text;
      };
      assert.equal(await said('TODO|FIXME'), '3 lines');
      assert.equal(await said('TO.*'), '2 lines');
      assert.equal(await said('\\bFIXME\\b'), '1 line');
      assert.equal(await said('^FIX'), '1 line');
      assert.equal(await said('[A-Z]{4}'), '3 lines');
      assert.equal(await said('foo('), 'b.txt:2: foo()');
      assert.equal(await said('bar('), 'No matches (0) for bar( in the working directory');
      assert.equal(await said('BUG|HACK'), 'No matches (0) for BUG|HACK in the working directory');
    });

    test('K20: a match in a line that is too long to show is no "more" of the matches', async (t) => {
      const long = `${'x'.repeat(9 * 1024 * 1024)}needle`;
      const root = await tree(t, { 'a.txt': 'needle', 'b.json': long });
      const text = await search(root, { pattern: 'needle' });
      assert.doesNotMatch(text, /only the first/);
      if (engine === 'script') assert.match(text, /^a\.txt:1: needle\nb\.json:1: \[\.\.\.\]x+needle$/);
      else assert.equal(text, 'a.txt:1: needle\n[1 match in lines of more than 8 MB was not shown: b.json]');
    });

    test('f 2: a file that path names is searched, however large it is', async (t) => {
      const root = await tree(t, { 'big/log.txt': `${'line\n'.repeat(1_300_000)}NEEDLE\n` });
      for (const input of [{ path: 'big/log.txt' }, {}])
        assert.equal(await search(root, { pattern: 'NEEDLE', ...input }), 'big/log.txt:1300001: NEEDLE');
    });

    test('a binary file is left out, and searched where path names it', async (t) => {
      const root = await tree(t, { 'a.bin': '\0\0\nneedle\n', 'b.txt': 'pin' });
      assert.match(await search(root, { pattern: 'needle' }), /\n\[.*binary.*\]$/);
      assert.match(await search(root, { pattern: 'needle', path: 'a.bin' }), /^a\.bin:2: needle$/);
    });

    test('part 2: the words of an empty answer do not run into the path', async (t) => {
      const root = await tree(t, { 'a.txt': 'x' });
      assert.equal(
        await search(root, { pattern: 'X', path: '.' }),
        'No matches (0) for X in the working directory',
      );
      const long = await search(root, { pattern: 'y'.repeat(3000) });
      assert.ok(long.length < 400, long);
    });

    test('part 2: no option of ripgrep’s is advised', async (t) => {
      const root = await tree(t, { 'a.txt': 'aa\nab\n' });
      for (const [pattern, expected] of [
        ['a(?=b)', /^a\.txt:2: ab\n\[look-around and back-references are JavaScript’s/],
        ['(a)\\1', /^a\.txt:1: aa\n\[look-around/],
        ['a\\nb', /^invalidInput: .*a line break is never matched/],
        ['(', /^invalidInput: .*"\(" is not closed/],
        ['\\w{1000}{1000}{50}', /^invalidInput: .*too large|^No matches/],
      ] as const) {
        const text = await search(root, { pattern, regex: true });
        assert.match(text, expected);
        assert.doesNotMatch(text, /--pcre2|--multiline|-U/);
      }
    });
  });
}
