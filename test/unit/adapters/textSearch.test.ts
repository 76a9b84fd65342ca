import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, open, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import type { Files, TextQuery } from '../../../src/core/filePorts.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { findProgram } from '../../../src/adapters/node/findProgram.ts';
import { findRipgrep } from '../../../src/adapters/node/findRipgrep.ts';
import { foreignFolders } from '../../../src/adapters/node/foreignFolders.ts';
import { startMatcher } from '../../../src/adapters/node/lineMatcher.ts';
import { readSearchPattern, scriptForm } from '../../../src/adapters/node/searchPattern.ts';
import { createTextSearch } from '../../../src/adapters/node/textSearch.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const { signal } = new AbortController();
const files = createFiles();
const installed = await findProgram('rg');

// The machine may have no ripgrep; then the second way is the only one that can be tested.
const ways = installed === undefined ? [undefined] : [findRipgrep(), undefined];

async function project(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t);
  await mkdir(path.join(folder, '.git'));
  await mkdir(path.join(folder, 'src/deep'), { recursive: true });
  const contents = {
    'a.ts': 'first\nneedle (one)\r\nlast',
    'src/b.ts': 'x needle\ny needle\n',
    'src/deep/c.css': 'needle',
    'src/deep/ignored.log': 'needle',
    '.git/config': 'needle',
    'binary.ts': 'needle\0',
    '.gitignore': '*.log\n',
  };
  for (const [name, text] of Object.entries(contents)) await writeFile(path.join(folder, name), text);
  return folder;
}

for (const ripgrepPath of ways) {
  describe(ripgrepPath === undefined ? 'file by file' : 'with ripgrep', () => {
    const textSearch = createTextSearch({ ripgrepPath, files });

    async function find(folder: string, query: Partial<TextQuery>): Promise<string[]> {
      const whole = { pattern: 'needle', isRegex: false, path: folder, maxMatches: 100, ...query };
      const result = await textSearch.search(whole, signal);
      if (!result.ok) return [`${result.error.kind}: ${result.error.message}`];
      const shown = result.matches.map(
        (match) => `${path.relative(folder, match.path)}:${match.line}: ${match.text}`,
      );
      return result.isCut ? [...shown, 'cut'] : shown;
    }

    test('a FIFO in the place of ignore rules holds nothing up', { timeout: 20_000 }, async (t) => {
      for (const place of ['src', '.', 'src/deep']) {
        const folder = await project(t);
        const ignore = path.join(folder, place, '.gitignore');
        await rm(ignore, { force: true });
        const isLink = place === 'src/deep';
        execFileSync('mkfifo', [isLink ? path.join(folder, 'fifo') : ignore]);
        if (isLink) await symlink('../../fifo', ignore);
        const found = await find(path.join(folder, 'src'), { glob: '*.ts' });
        assert.deepEqual(found, ['b.ts:1: x needle', 'b.ts:2: y needle'], place);
      }
    });

    test('FIFOs and links that go round are passed over', { timeout: 20_000 }, async (t) => {
      const folder = await project(t);
      execFileSync('mkfifo', ['fifo.ts', 'src/fifo.ts'], { cwd: folder });
      await symlink('../fifo.ts', path.join(folder, 'src/link.ts'));
      await symlink('..', path.join(folder, 'src/round'));
      assert.deepEqual(await find(folder, { glob: '*.ts' }), [
        'a.ts:2: needle (one)',
        'src/b.ts:1: x needle',
        'src/b.ts:2: y needle',
      ]);
      assert.match((await find(path.join(folder, 'fifo.ts'), {})).join(), /^notRegularFile: /);
    });

    test('matches come in order, without ignored and binary files and without .git', async (t) => {
      const folder = await project(t);
      assert.deepEqual(await find(folder, {}), [
        'a.ts:2: needle (one)',
        'src/b.ts:1: x needle',
        'src/b.ts:2: y needle',
        'src/deep/c.css:1: needle',
      ]);
    });

    test('a pattern is literal unless it is said to be a regular expression', async (t) => {
      const folder = await project(t);
      assert.deepEqual(await find(folder, { pattern: 'needle (' }), ['a.ts:2: needle (one)']);
      assert.deepEqual(await find(folder, { pattern: '^[xy] n', isRegex: true }), [
        'src/b.ts:1: x needle',
        'src/b.ts:2: y needle',
      ]);
      assert.match((await find(folder, { pattern: '(', isRegex: true }))[0] ?? '', /^invalidInput: .*regex/s);
    });

    test('a pattern that looks like an option is a pattern', async (t) => {
      assert.deepEqual(await find(await project(t), { pattern: '--files' }), []);
    });

    test('a glob limits the files, and ignore rules still apply', async (t) => {
      const folder = await project(t);
      assert.deepEqual(await find(folder, { glob: '*.css' }), ['src/deep/c.css:1: needle']);
      assert.deepEqual(await find(folder, { glob: 'src/**/*.{css,log}' }), ['src/deep/c.css:1: needle']);
      assert.deepEqual(await find(folder, { glob: '*.log' }), []);
    });

    test('a single file can be searched', async (t) => {
      const folder = await project(t);
      assert.deepEqual(await find(path.join(folder, 'src/b.ts'), { pattern: 'y' }), [':2: y needle']);
    });

    test('no more matches come than were asked for, and the result says so', async (t) => {
      const folder = await project(t);
      const result = await find(folder, { maxMatches: 1, glob: 'b.ts' });
      assert.deepEqual(result, ['src/b.ts:1: x needle', 'cut']);
      assert.equal((await find(folder, { maxMatches: 2, glob: 'b.ts' })).at(-1), 'src/b.ts:2: y needle');
    });

    test('of a long line the part around the match is shown', async (t) => {
      const folder = await temporaryFolder(t);
      await writeFile(path.join(folder, 'min.js'), `${'ä'.repeat(5000)}needle${'b'.repeat(5000)}`);
      const [line = ''] = await find(folder, {});
      assert.match(line, /^min\.js:1: \[\.\.\.\]ä{100}needleb+\[\.\.\.\]$/);
      assert.ok(line.length < 600);
    });

    test('a path that is not there is an error', async (t) => {
      const folder = await temporaryFolder(t);
      assert.match((await find(path.join(folder, 'none'), {}))[0] ?? '', /^notFound: /);
    });

    test('a search that was stopped says so', async (t) => {
      const query = { pattern: 'x', isRegex: false, path: await project(t), maxMatches: 1 };
      const result = await textSearch.search(query, AbortSignal.abort());
      assert.ok(!result.ok);
      assert.equal(result.error.kind, 'cancelled');
    });
  });
}

test('a file that takes the pattern too long is named, and the next ones are searched', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(path.join(folder, 'a.txt'), `${'a'.repeat(60)}b`);
  await writeFile(path.join(folder, 'b.txt'), 'aaa\n');
  const textSearch = createTextSearch({ ripgrepPath: undefined, files, limitMs: 200 });
  const query = { pattern: '^(a+)+$', isRegex: true, path: folder, maxMatches: 9 };
  assert.deepEqual(await textSearch.search(query, signal), {
    ok: true,
    matches: [{ path: path.join(folder, 'b.txt'), line: 1, text: 'aaa' }],
    isCut: false,
    unsearched: [{ why: 'slow', count: 1, examples: [path.join(folder, 'a.txt')] }],
    isBeyondRipgrep: false,
  });
});

test('a search ends after a few files that take the pattern too long', async (t) => {
  const folder = await temporaryFolder(t);
  for (let count = 0; count < 7; count += 1)
    await writeFile(path.join(folder, `${count}.txt`), `${'a'.repeat(60)}b`);
  const textSearch = createTextSearch({ ripgrepPath: undefined, files, limitMs: 20 });
  const query = { pattern: '^(a+)+$', isRegex: true, path: folder, maxMatches: 9 };
  const result = await textSearch.search(query, signal);
  assert.deepEqual(result.ok && result.unsearched.map(({ why, count }) => `${why} ${count}`), [
    'slow 5',
    'tooMany 1',
  ]);
});

test('a regular expression that runs for ever is stopped', { timeout: 30_000 }, async () => {
  const pattern = readSearchPattern({ pattern: '^(a+)+$', isRegex: true });
  const form = pattern.ok ? scriptForm(pattern.pattern) : pattern;
  assert.ok(form.ok);
  const matcher = startMatcher(form.wanted, 2 ** 31 - 1);
  assert.deepEqual(await matcher.match(['b', 'aa'], 9), [{ index: 1, start: 0 }]);
  const endless = matcher.match([`${'a'.repeat(60)}b`], 9);
  setImmediate(() => matcher.end());
  await assert.rejects(endless, /thread ended/);
  await assert.rejects(matcher.match(['b'], 9), /the matching was ended/);
});

test('a ripgrep that hangs is ended with its call', { timeout: 20_000 }, async (t) => {
  const folder = await project(t);
  const elsewhere = await temporaryFolder(t);
  execFileSync('mkfifo', ['fifo'], { cwd: elsewhere });
  const program = path.join(elsewhere, 'rg');
  const ripgrepPath = (): Promise<string> => Promise.resolve(program);
  await writeFile(program, `#!/bin/sh\nexec cat '${elsewhere}/fifo'\n`, { mode: 0o755 });
  const abort = new AbortController();
  const query = { pattern: 'needle', isRegex: false, path: folder, maxMatches: 100 };
  const search = createTextSearch({ ripgrepPath, files }).search(query, abort.signal);
  // Opens when the program has opened the other end.
  const writer = await open(path.join(elsewhere, 'fifo'), 'w');
  abort.abort();
  const result = await search;
  await writer.close();
  assert.equal(result.ok ? undefined : result.error.kind, 'cancelled');
});

test('ripgrep is found where VS Code ships it, in each of its layouts', async (t) => {
  const binary = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const target = `${process.platform}-${process.arch}`;
  const layouts = [
    ['node_modules', '@vscode', 'ripgrep', 'bin', binary],
    ['node_modules.asar.unpacked', '@vscode', 'ripgrep-universal', 'bin', target, binary],
  ];
  for (const layout of layouts) {
    const appRoot = await temporaryFolder(t);
    const file = path.join(appRoot, ...layout);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, '', { mode: 0o755 });
    assert.equal(await findRipgrep(appRoot)(await foreignFolders([])), file);
    assert.notEqual(await findRipgrep(appRoot)(await foreignFolders([appRoot])), file);
  }
});

test('f 1: files that a listing leaves out are told, because the text could be in them', async (t) => {
  const folder = await project(t);
  const many: Files = {
    ...files,
    list: async (...args) => {
      const listing = await files.list(...args);
      return listing.ok ? { ...listing, paths: ['src/b.ts'], isCut: true } : listing;
    },
  };
  const textSearch = createTextSearch({ ripgrepPath: undefined, files: many });
  const query = { pattern: 'last', isRegex: false, path: folder, maxMatches: 9 };
  const result = await textSearch.search(query, signal);
  assert.deepEqual(result.ok && [result.matches, result.isCut, result.unsearched[0]?.why], [
    [],
    false,
    'tooMany',
  ]);
});

test('K3: a ripgrep that does not search leaves the pattern to the other engine', async (t) => {
  const folder = await project(t);
  const elsewhere = await temporaryFolder(t);
  const program = path.join(elsewhere, 'rg');
  await writeFile(program, '#!/bin/sh\necho "error: unknown option" >&2\nexit 2\n', { mode: 0o755 });
  const textSearch = createTextSearch({ ripgrepPath: () => Promise.resolve(program), files });
  const query = { pattern: '^x n', isRegex: true, path: folder, maxMatches: 9 };
  const result = await textSearch.search(query, signal);
  assert.deepEqual(result.ok && result.matches, [
    { path: path.join(folder, 'src/b.ts'), line: 1, text: 'x needle' },
  ]);
});

test('K3 3e: a ripgrep that can’t be started is an error of the call', async (t) => {
  const folder = await project(t);
  for (const program of [path.join(folder, 'none'), 'r\0g']) {
    const textSearch = createTextSearch({ ripgrepPath: () => Promise.resolve(program), files });
    const query = { pattern: 'x', isRegex: false, path: folder, maxMatches: 9 };
    const result = await textSearch.search(query, signal);
    assert.equal(result.ok ? undefined : result.error.kind, 'cannotStart');
  }
});

test('a search in files left out ends at its limit, and says that it did not look', async (t) => {
  const folder = await project(t);
  const elsewhere = await temporaryFolder(t);
  const program = path.join(elsewhere, 'rg');
  const script = `case "$*" in *--json*) echo '{"type":"summary","data":{}}';; *) exec sleep 600;; esac`;
  await writeFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const ripgrepPath = (): Promise<string> => Promise.resolve(program);
  const textSearch = createTextSearch({ ripgrepPath, files, leftOutMs: 1 });
  const query = { pattern: 'needle', isRegex: false, path: folder, maxMatches: 9 };
  const result = await textSearch.search(query, signal);
  assert.deepEqual(result.ok && result.unsearched, [{ why: 'ignored', count: 1, examples: [] }]);
});
