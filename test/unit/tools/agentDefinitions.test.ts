import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { findDefinition } from '../../../src/tools/agentDefinitions.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const text = (name: string): string => `---\nname: ${name}\n---\nYou are ${name}.`;

interface Layout {
  /** The text of each file, by its path in the repository. */
  readonly files: Readonly<Record<string, string>>;
  /** Where each link leads, as it is written. */
  readonly links?: Readonly<Record<string, string>>;
  /** Where the work starts, in the repository. */
  readonly start?: string;
  readonly isRepository?: false;
}

/** What is found by a name: the system prompt, or the message with the folder left out. */
async function found(t: TestContext, name: string, layout: Layout): Promise<string> {
  const outside = await temporaryFolder(t);
  const top = path.join(outside, 'repo');
  const { files, links = {}, start = '.', isRepository = true } = layout;
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.join(top, path.dirname(file)), { recursive: true });
    await writeFile(path.join(top, file), content);
  }
  for (const [link, target] of Object.entries(links)) {
    await mkdir(path.join(top, path.dirname(link)), { recursive: true });
    await symlink(target, path.join(top, link));
  }
  if (isRepository) await mkdir(path.join(top, '.git'), { recursive: true });
  const cwd = path.join(top, start);
  await mkdir(cwd, { recursive: true });
  const place = { cwd, roots: [cwd] };
  const read = await findDefinition(name, place, createFiles(), new AbortController().signal);
  if (read.ok) return read.definition.systemPrompt;
  const at = read.at ? `${read.at.file}:${read.at.line}: ` : '';
  return `${at}${read.message}`.replaceAll(outside, '');
}

const plain = { '.claude/agents/plain.md': text('plain') };

describe('a definition is found', () => {
  const rows: readonly (readonly [name: string, named: string, layout: Layout])[] = [
    ...['.claude/', '.claude', '.claude/*', '*.md', '**/agents'].map(
      (rule) =>
        [
          `K1 1a that git ignores by ${rule}`,
          'plain',
          { files: { ...plain, '.gitignore': `${rule}\n` } },
        ] as const,
    ),
    ['K1 1a in a folder that ignores itself', 'plain', { files: { ...plain, '.claude/.gitignore': '*\n' } }],
    [
      'K1 1b that is a link',
      'x',
      { files: { 'prompts/x.md': text('x') }, links: { '.claude/agents/x.md': '../../prompts/x.md' } },
    ],
    [
      'in a folder that is a link',
      'x',
      { files: { 'prompts/x.md': text('x') }, links: { '.claude/agents': '../prompts' } },
    ],
    ['K1 1d from a folder of the repository', 'plain', { files: plain, start: 'pkg/deep' }],
    [
      'K1 1d that is a link there',
      'x',
      {
        files: { 'prompts/x.md': text('x') },
        links: { '.claude/agents/x.md': '../../prompts/x.md' },
        start: 'pkg',
      },
    ],
    ['in a folder of the folder', 'plain', { files: { '.claude/agents/team/plain.md': text('other') } }],
    ['by that folder too', 'team/plain', { files: { '.claude/agents/team/plain.md': text('other') } }],
    ['by its front matter', 'Some One', { files: { '.github/agents/b.agent.md': text('Some One') } }],
    ['with an ending in capitals', 'plain', { files: { '.github/agents/plain.MD': text('plain') } }],
    ['outside of a repository', 'plain', { files: plain, isRepository: false }],
    [
      'beside a link that leads back',
      'plain',
      { files: plain, links: { '.claude/agents/again': '../agents', '.claude/agents/self': '.' } },
    ],
  ];
  for (const [name, named, layout] of rows)
    test(name, async (t) => assert.match(await found(t, named, layout), /^You are/));
});

test('the nearest of two definitions counts', async (t) => {
  const files = {
    '.claude/agents/a.md': '---\nname: a\n---\nOf the top.',
    'pkg/.github/agents/a.md': '---\nname: a\n---\nOf the package.',
  };
  assert.equal(await found(t, 'a', { files, start: 'pkg' }), 'Of the package.');
  assert.equal(await found(t, 'a', { files }), 'Of the top.');
});

describe('a definition is not found', () => {
  const rows: readonly (readonly [name: string, layout: Layout, message: RegExp])[] = [
    [
      'though links lead in circles',
      { files: {}, links: { '.claude/agents/again': '../agents', '.claude/agents/self': '.' } },
      /: there is none\.$/,
    ],
    ['where there is none', { files: {} }, / is named "x": there is none\.$/],
    [
      'above a folder of no repository',
      { files: plain, start: 'pkg', isRepository: false },
      /: there is none\.$/,
    ],
    [
      'in a file that can not be read, which is said',
      { files: { '.claude/agents/y.md': '---\nname: x\ntools: [Read\n---\nText.' } },
      / is named "x", did you mean "y"\? Not read: \/repo\/\.claude\/agents\/y\.md:3: The front matter is not YAML/,
    ],
    [
      'in a link that leads nowhere, which is said',
      { files: {}, links: { '.claude/agents/y.md': 'gone.md' } },
      / Not read: There is no file \/repo\/\.claude\/agents\/y\.md\.$/,
    ],
  ];
  for (const [name, layout, message] of rows)
    test(name, async (t) => assert.match(await found(t, 'x', layout), message));
});

test('a link that leads out of the workspace is not followed, and is named', async (t) => {
  const other = await temporaryFolder(t);
  await mkdir(path.join(other, 'agents'));
  await writeFile(path.join(other, 'agents/x.md'), text('x'));
  const folder = await found(t, 'x', { files: {}, links: { '.claude': other } });
  assert.match(folder, /there is none\. Not read: .*\.claude\/agents is outside the workspace/);
  const links = { '.claude/agents/x.md': path.join(other, 'agents/x.md') };
  assert.match(await found(t, 'x', { files: {}, links }), /x\.md is outside the workspace/);
});

test('a definition in UTF-16 keeps its restriction, or is refused', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(path.join(folder, '.claude/agents'), { recursive: true });
  const file = path.join(folder, '.claude/agents/x.md');
  await writeFile(file, Buffer.from('\uFEFF---\ntools: Read\n---\nText.', 'utf16le'));
  const place = { cwd: folder, roots: [folder] };
  const read = await findDefinition('x', place, createFiles(), new AbortController().signal);
  assert.equal(read.ok ? read.definition.rules.length : 1, 1);
});

test('a broken definition is told with its own file and line', async (t) => {
  const files = { '.claude/agents/x.md': '---\nname: x\ntools: [Read\n---\nText.' };
  assert.match(
    await found(t, 'x', { files }),
    /^\/repo\/\.claude\/agents\/x\.md:3: The front matter is not YAML: "tools" can't be read/,
  );
});

test('K11 11a: a definition in another encoding is read as its text', async (t) => {
  const folder = await temporaryFolder(t);
  const place = { cwd: folder, roots: [folder] };
  await mkdir(path.join(folder, '.claude/agents'), { recursive: true });
  const write = (content: Buffer): Promise<void> =>
    writeFile(path.join(folder, '.claude/agents/x.md'), content);
  const found = async (): Promise<string> => {
    const read = await findDefinition('x', place, createFiles(), new AbortController().signal);
    return read.ok ? read.definition.systemPrompt : read.message;
  };
  await write(Buffer.from('\ufeff---\r\nname: x\r\n---\r\nPrüfe alles.', 'utf16le'));
  assert.equal(await found(), 'Prüfe alles.');
  await write(Buffer.from('---\nname: x\n---\nPrüfe alles.', 'latin1'));
  assert.equal(await found(), 'Prüfe alles.');
});
