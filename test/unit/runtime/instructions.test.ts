import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path, { join } from 'node:path';
import { test } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { importsOf } from '../../../src/runtime/instructionImports.ts';
import { readInstructions } from '../../../src/runtime/instructions.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const files = createFiles();

interface Layout {
  /** Texts by path; `-> target` is a link, a trailing slash a folder. The agent starts in `start`. */
  readonly tree: Readonly<Record<string, string>>;
  readonly start?: string;
  /** The workspace folder; `start` where absent. */
  readonly root?: string;
  /** The titles of what is given and its texts, in order. */
  readonly given: readonly (readonly [title: string, text: string])[];
  readonly notes?: readonly string[];
}

const long = `${'x'.repeat(99)}\n`.repeat(960);

const layouts: Readonly<Record<string, Layout>> = {
  'one file': { tree: { 'AGENTS.md': 'rules\n' }, given: [['AGENTS.md', 'rules']] },
  'K15 15a: a file of 96,000 characters is cut at the end of a line, and that is told': {
    tree: { 'AGENTS.md': long },
    given: [['AGENTS.md', long.slice(0, 63_999)]],
    notes: ['Of AGENTS.md only the first 63999 of 95999 characters are here; read the rest with read_file'],
  },
  'K15 15b: a file that is only an import': {
    tree: { 'AGENTS.md': '@CLAUDE.md\n', 'CLAUDE.md': 'the rules' },
    given: [
      ['AGENTS.md', '@CLAUDE.md'],
      ['CLAUDE.md, imported by AGENTS.md', 'the rules'],
    ],
  },
  'K15 15b: imports inside a sentence, from below, and from an import': {
    tree: {
      'CLAUDE.md': 'See @docs/style.md, and @docs/tests.md.',
      'docs/style.md': 'style, as in @./deep.md',
      'docs/tests.md': 'tests',
      'docs/deep.md': 'deep',
    },
    given: [
      ['CLAUDE.md', 'See @docs/style.md, and @docs/tests.md.'],
      ['docs/style.md, imported by CLAUDE.md', 'style, as in @./deep.md'],
      ['docs/deep.md, imported by docs/style.md', 'deep'],
      ['docs/tests.md, imported by CLAUDE.md', 'tests'],
    ],
  },
  'an @ in code, in an address and before a name that is no file means no import': {
    tree: {
      'AGENTS.md': 'Ask a@b.md or @alice, use `@docs/a.md` and @types/node.\n```\n@docs/a.md\n```',
      'docs/a.md': 'not this',
    },
    given: [['AGENTS.md', 'Ask a@b.md or @alice, use `@docs/a.md` and @types/node.\n```\n@docs/a.md\n```']],
  },
  'an import that is missing, outside of the workspace or in the home folder is named': {
    tree: { 'work/AGENTS.md': '@gone.md\n@../secret.md\n@~/mine.md', 'secret.md': 'secret' },
    start: 'work',
    given: [['AGENTS.md', '@gone.md\n@../secret.md\n@~/mine.md']],
    notes: [
      'AGENTS.md imports gone.md: there is no such file',
      '../secret.md leads out of the workspace and is not read',
      'AGENTS.md imports ~/mine.md: outside of the workspace, not read',
    ],
  },
  'files that import each other are given once': {
    tree: { 'AGENTS.md': 'a @b.md', 'b.md': 'b @AGENTS.md' },
    given: [
      ['AGENTS.md', 'a @b.md'],
      ['b.md, imported by AGENTS.md', 'b @AGENTS.md'],
    ],
  },
  'K15 15d: AGENTS.md and CLAUDE.md with different texts are both given': {
    tree: { 'AGENTS.md': 'first', 'CLAUDE.md': 'second' },
    given: [
      ['AGENTS.md', 'first'],
      ['CLAUDE.md', 'second'],
    ],
  },
  'a copy and a link are given once': {
    tree: { 'AGENTS.md': 'same\n', 'CLAUDE.md': 'same', 'CLAUDE.local.md': '-> AGENTS.md' },
    given: [['AGENTS.md', 'same']],
  },
  'K15 15e: a folder inside a repository has those of the folders above it, nearest first': {
    tree: {
      'repo/.git/': '',
      'repo/AGENTS.md': 'far',
      'repo/packages/CLAUDE.md': 'nearer',
      'repo/packages/pkg/AGENTS.md': 'near',
      'AGENTS.md': 'beyond the repository',
    },
    start: 'repo/packages/pkg',
    given: [
      ['AGENTS.md', 'near'],
      ['../CLAUDE.md', 'nearer'],
      ['../../AGENTS.md', 'far'],
    ],
  },
  'a start folder below the workspace folder, without a repository': {
    tree: { 'ws/AGENTS.md': 'far', 'ws/src/': '', 'AGENTS.md': 'beyond' },
    start: 'ws/src',
    root: 'ws',
    given: [['../AGENTS.md', 'far']],
  },
  'K15 15e: .claude/CLAUDE.md and .github/copilot-instructions.md': {
    tree: { '.claude/CLAUDE.md': 'claude', '.github/copilot-instructions.md': 'copilot' },
    given: [
      ['.claude/CLAUDE.md', 'claude'],
      ['.github/copilot-instructions.md', 'copilot'],
    ],
  },
  'a name in another case counts': { tree: { 'agents.md': 'rules' }, given: [['agents.md', 'rules']] },
  'an empty file gives nothing, and hides nothing': {
    tree: { 'AGENTS.md': ' \n', 'CLAUDE.md': 'rules' },
    given: [['CLAUDE.md', 'rules']],
  },
  'a byte order mark is no part of the text': {
    tree: { 'AGENTS.md': '\uFEFFrules' },
    given: [['AGENTS.md', 'rules']],
  },
  'what does not fit any more is named, because the nearest comes first': {
    tree: { 'repo/.git/': '', 'repo/AGENTS.md': 'far', 'repo/pkg/AGENTS.md': 'x'.repeat(63_999) },
    start: 'repo/pkg',
    given: [['AGENTS.md', 'x'.repeat(63_999)]],
    notes: [
      '../AGENTS.md is left out: the instructions before it fill the limit of characters; read it with read_file',
    ],
  },
};

for (const [name, { tree, start = '.', root = start, given, notes = [] }] of Object.entries(layouts)) {
  test(`K15, a layout of instructions: ${name}`, async (t) => {
    const folder = await temporaryFolder(t);
    await plant(folder, tree);
    const place = { cwd: join(folder, start), roots: [join(folder, root)] };
    const read = await readInstructions(place, files);
    assert.equal(
      read.text,
      [
        ...given.map(([title, text]) => `--- ${title} ---\n${text}`),
        ...notes.map((note) => `[${note}]`),
      ].join('\n\n'),
    );
    assert.deepEqual(read.notes, notes);
    assert.deepEqual(
      read.files.map((file) => path.relative(place.cwd, file)),
      given.map(([title]) => title.replace(/, imported by .*/, '')),
    );
  });
}

test('K15: a FIFO, a folder and a link out of the workspace are named, and nothing waits for them', async (t) => {
  const [root, outside] = [await temporaryFolder(t), await temporaryFolder(t)];
  await writeFile(join(outside, 'credentials'), 'secret');
  execFileSync('mkfifo', [join(root, 'AGENTS.md')]);
  await mkdir(join(root, 'CLAUDE.md'));
  await symlink(join(outside, 'credentials'), join(root, 'CLAUDE.local.md'));
  const { text, notes } = await readInstructions({ cwd: root, roots: [root] }, files);
  assert.equal(notes.length, 3);
  assert.match(notes[0] ?? '', /^AGENTS\.md could not be read: .*FIFO/);
  assert.match(notes[1] ?? '', /^CLAUDE\.md could not be read: .*folder/);
  assert.equal(notes[2], 'CLAUDE.local.md leads out of the workspace and is not read');
  assert.doesNotMatch(text, /secret/);
});

test('a link that a repository brings along leads its instructions to no file outside of the workspace', async (t) => {
  const [root, outside] = [await temporaryFolder(t), await temporaryFolder(t)];
  await plant(root, { 'sub/': '', 'shared.md': 'shared' });
  await writeFile(join(outside, 'credentials'), 'secret');
  const place = { cwd: join(root, 'sub'), roots: [root] };
  for (const [target, given] of [
    [join(outside, 'credentials'), false],
    ['/proc/self/environ', false],
    ['../shared.md', true],
  ] as const) {
    await rm(join(root, 'sub/AGENTS.md'), { force: true });
    await symlink(target, join(root, 'sub/AGENTS.md'));
    const { text } = await readInstructions(place, files);
    assert.equal(text === '--- AGENTS.md ---\nshared', given, target);
    assert.equal(text.includes('leads out of the workspace'), !given, target);
  }
});

test('an import ends before the sentence does', () => {
  const paths = importsOf('(see @a.md), "@b/c.txt": @d.md! @../e and **@f.md**').map(
    ({ path: link }) => link,
  );
  assert.deepEqual(paths, ['a.md', 'b/c.txt', 'd.md', '../e', 'f.md']);
});

async function plant(folder: string, tree: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(tree)) {
    const file = join(folder, name);
    await mkdir(name.endsWith('/') ? file : path.dirname(file), { recursive: true });
    if (name.endsWith('/')) continue;
    const target = /^-> (.*)/.exec(text)?.[1];
    if (target === undefined) await writeFile(file, text);
    else await symlink(target, file);
  }
}

test('K11 11a, 11c: instructions in another encoding are read as their text, and how is told', async (t) => {
  const folder = await temporaryFolder(t);
  const place = { cwd: folder, roots: [folder] };
  const utf16 = Buffer.from('\ufeffAlways use “tabs”.\r\n', 'utf16le');
  await writeFile(join(folder, 'AGENTS.md'), utf16);
  await writeFile(join(folder, 'CLAUDE.md'), Buffer.from('\ufeffMarked.\n'));
  const { text, notes } = await readInstructions(place, files);
  assert.match(text, /Always use “tabs”\./);
  assert.doesNotMatch(text, /[\0\ufeff\ufffd]/);
  assert.deepEqual(notes, ['AGENTS.md: UTF-16 LE']);
  await writeFile(join(folder, 'AGENTS.md'), Buffer.from('b2bbd2aad0deb8c4b2e2cad4a1a30a', 'hex'));
  const inGbk = await readInstructions(place, files);
  assert.match(inGbk.text, /不要修改测试。/);
  assert.deepEqual(inGbk.notes, ['AGENTS.md: read as GBK, a guess: it is not UTF-8']);
});
