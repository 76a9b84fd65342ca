import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { SaveFile } from '../../../src/store/saveFile.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const anything = (): boolean => true;

test('blocks that come together stand whole and in order', async (t) => {
  const path = join(await temporaryFolder(t), 'out.txt');
  const blocks = Array.from({ length: 50 }, (_, index) => `<${index}>${'x'.repeat(20_000)}\n`);
  const opened = await SaveFile.open(path, anything);
  assert.ok(opened.ok);
  await Promise.allSettled(blocks.map((block) => opened.file.append(block)));
  assert.equal(await readFile(path, 'utf8'), blocks.join(''));
  await opened.file.close();
});

test('what a file holds already stays, and a line that broke off is not continued', async (t) => {
  const path = join(await temporaryFolder(t), 'out.txt');
  await writeFile(path, 'old\nbroken');
  const opened = await SaveFile.open(path, (beginning) => beginning.startsWith('old'));
  assert.ok(opened.ok);
  await opened.file.append('one\n');
  await opened.file.append('two\n');
  await opened.file.close();
  assert.equal(await readFile(path, 'utf8'), 'old\nbroken\none\ntwo\n');
});

test('a file that holds something else is refused and left as it is', async (t) => {
  const path = join(await temporaryFolder(t), 'notes.md');
  await writeFile(path, '# Notes\n');
  const opened = await SaveFile.open(path, () => false);
  assert.match(opened.ok ? '' : opened.message, /notes\.md: it holds something else than answers/);
  assert.equal(await readFile(path, 'utf8'), '# Notes\n');
});

test('a folder, a place that does not exist and a FIFO are refused at once', async (t) => {
  const folder = await temporaryFolder(t);
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  for (const name of ['.', 'none/out.txt', 'pipe']) {
    const opened = await SaveFile.open(join(folder, name), anything);
    assert.match(opened.ok ? 'opened' : opened.message, /^The answers can't be saved to /, name);
  }
});

test('a write that fails is told', async (t) => {
  const path = join(await temporaryFolder(t), 'out.txt');
  const opened = await SaveFile.open(path, anything);
  assert.ok(opened.ok);
  await opened.file.close();
  assert.match((await opened.file.append('late\n')) ?? '', /^The answer could not be saved to .*out\.txt: /);
});

const losses: Readonly<Record<string, (path: string) => Promise<void>>> = {
  'is replaced by one that is renamed over it': async (path) => {
    await writeFile(`${path}~`, await readFile(path));
    await rename(`${path}~`, path);
  },
  'is deleted': (path) => rm(path),
  'is emptied': (path) => writeFile(path, ''),
  'gets another text of the same length': async (path) => {
    const { length } = await readFile(path);
    await writeFile(path, `${'x'.repeat(length - 1)}\n`);
  },
};

for (const [what, lose] of Object.entries(losses))
  test(`a file that ${what} between two blocks has both at the end`, async (t) => {
    const path = join(await temporaryFolder(t), 'out.txt');
    const opened = await SaveFile.open(path, anything);
    assert.ok(opened.ok);
    t.after(() => opened.file.close());
    await opened.file.append('<one>\n');
    await lose(path);
    assert.equal(await opened.file.append('<two>\n'), undefined);
    assert.equal(await opened.file.complete(), undefined);
    const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.startsWith('<'));
    assert.deepEqual(lines.toSorted(), ['<one>', '<two>']);
  });

test('blocks that were lost after the last one are written again, and where they cannot be it is told', async (t) => {
  const folder = join(await temporaryFolder(t), 'answers');
  await mkdir(folder);
  const path = join(folder, 'out.txt');
  const opened = await SaveFile.open(path, anything);
  assert.ok(opened.ok);
  t.after(() => opened.file.close());
  await opened.file.append('one\n');
  await rm(path);
  assert.equal(await opened.file.complete(), undefined);
  assert.equal(await readFile(path, 'utf8'), 'one\n');
  await rm(folder, { recursive: true });
  assert.match((await opened.file.complete()) ?? '', /^The answer could not be saved to .*out\.txt: /);
});

test('a file or folder that has become a link is not followed, neither between two blocks nor by who opens it again', async (t) => {
  const [folder, outside] = [join(await temporaryFolder(t), 'out'), await temporaryFolder(t)];
  const target = join(outside, 'target');
  const path = join(folder, 'answers.txt');
  const swaps = {
    file: () => symlink(target, path),
    folder: () => rm(folder, { recursive: true }).then(() => symlink(outside, folder)),
  };
  for (const [what, swap] of Object.entries(swaps))
    for (const text of ['precious\n', undefined]) {
      await rm(target, { force: true });
      if (text !== undefined) await writeFile(target, text);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
      const opened = await SaveFile.open(path, anything);
      assert.ok(opened.ok);
      assert.equal(await opened.file.append('one\n'), undefined);
      await rm(path);
      await swap();
      assert.match(
        (await opened.file.append('two\n')) ?? '',
        /could not be saved to .* link|elsewhere/,
        what,
      );
      await opened.file.close();
      const again = await SaveFile.openAt(path, anything);
      assert.match(again.ok ? 'opened' : again.message, /can't be saved to .* link|elsewhere/, what);
      assert.deepEqual(await readdir(outside), text === undefined ? [] : ['target'], what);
      if (text !== undefined) assert.equal(await readFile(target, 'utf8'), text, what);
    }
});

test('a link that a person names is followed, and the file is where it led then', async (t) => {
  const folder = await temporaryFolder(t);
  const [path, target] = [join(folder, 'link'), join(folder, 'target')];
  await symlink(target, path);
  const opened = await SaveFile.open(path, anything);
  assert.ok(opened.ok);
  assert.equal(opened.file.path, target);
  assert.equal(await opened.file.append('one\n'), undefined);
  await opened.file.close();
  assert.equal(await readFile(target, 'utf8'), 'one\n');
});
