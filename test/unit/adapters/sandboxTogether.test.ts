/** S1, S2: confined commands beside others, of this program and of another, and what they try with protected places. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { createSandbox } from '../../../src/adapters/node/sandbox.ts';
import { attack, pictureOf } from '../../fixtures/breaches.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const processes = createProcesses({ clock: nodeClock, killGraceMs: 50 });
const world = await realpath(await mkdtemp(path.join(tmpdir(), 'allsettled-')));
const [sandbox, another] = ['one', 'another'].map((name) =>
  createSandbox({
    processes,
    clock: nodeClock,
    stateDir: path.join(world, name),
    home: path.join(world, 'home'),
  }),
) as [ReturnType<typeof createSandbox>, ReturnType<typeof createSandbox>];
after(async () => {
  sandbox.dispose();
  another.dispose();
  await rm(world, { recursive: true, force: true });
});
const works = (await sandbox.state()).kind === 'works';

async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

function gitInit(folder: string): void {
  execFileSync('git', ['init', '--quiet', folder], { env: { ...process.env, GIT_TEMPLATE_DIR: '' } });
}

const settings: readonly (readonly [what: string, prepare: (folder: string) => Promise<void> | void])[] = [
  ['an empty folder', () => undefined],
  ['a new repository', gitInit],
  [
    'a folder with all protected places',
    async (folder) => {
      gitInit(folder);
      await writeAll(folder, { '.vscode/a.json': '', 'all.code-workspace': '{}', 'sub/.vscode/b.json': '' });
    },
  ],
];

/** The lines of a picture that tell of protected places. */
function protectedLines(picture: readonly string[]): readonly string[] {
  return picture.filter((line) =>
    /(?:^|\/)\.(?:git|vscode)[/:]|\.code-workspace:|BREACH|\.allsettled/.test(line),
  );
}

for (const [what, prepare] of settings)
  for (const count of [2, 3, 8, 16])
    test(`S1: ${count} confined commands at once write no protected place of ${what}`, async (t) => {
      const workspace = await temporaryFolder(t);
      await prepare(workspace);
      const before = protectedLines(await pictureOf(workspace));
      const { failures } = await attack({ sandbox, processes, workspace, commands: count, followers: 1 });
      assert.deepEqual(works ? failures : [], []);
      assert.deepEqual(protectedLines(await pictureOf(workspace)), before);
    });

test('S1: two programs that confine commands of one folder do not open it to each other', async (t) => {
  const workspace = await temporaryFolder(t);
  for (let round = 0; round < 3; round += 1) {
    const ended = await Promise.allSettled(
      [sandbox, another].map((one) =>
        attack({ sandbox: one, processes, workspace, commands: 4, followers: 1 }),
      ),
    );
    for (const end of ended)
      assert.deepEqual(end.status === 'fulfilled' && works ? end.value.failures : [], []);
    assert.deepEqual(await pictureOf(workspace), []);
  }
});

/** Runs a confined command. Settles with its output and the remarks of its result. */
async function run(
  command: string,
  workspace: string,
  roots: readonly string[] = [workspace],
): Promise<{ readonly text: string; readonly remarks: readonly string[] } | undefined> {
  const confined = await sandbox.confine(command, { roots, writable: roots });
  if (!confined.ok) return works ? { text: confined.error.message, remarks: [] } : undefined;
  const { line, env, remarks } = confined.command;
  const { signal } = new AbortController();
  const end = await processes.run({ command: { kind: 'shell', line }, env, cwd: workspace, signal });
  const later = await confined.command.release();
  if (end.kind === 'cannotStart') return assert.fail(end.error.message);
  const texts = [end.output.stdout, end.output.stderr].map(({ kept }) =>
    kept.isWhole ? kept.text : kept.head,
  );
  return { text: texts.join(''), remarks: [...remarks, ...later] };
}

const deep = 'a/b/c/d/e/f/g/h';
const tries: readonly (readonly [what: string, files: Record<string, string>, command: string])[] = [
  ['a repository eight folders deep', { [`${deep}/.git/HEAD`]: '' }, `echo x >${deep}/.git/config`],
  ['settings eight folders deep', { [`${deep}/.vscode/a`]: '' }, `echo x >${deep}/.vscode/settings.json`],
  [
    'a git folder under another name',
    { '.git': 'gitdir: data\n', 'data/HEAD': '' },
    'mkdir data/hooks; echo x >data/config',
  ],
  [
    'another case of a name',
    { '.Git/HEAD': '', '.VSCODE/a': '' },
    'echo x >.Git/config; echo x >.VSCODE/settings.json',
  ],
  ['a folder around one', { 'sub/.git/HEAD': '' }, 'mv sub sub2; mkdir -p sub/.git/hooks; rm -rf sub'],
  [
    'a hard link of one',
    { '.git/config': 'a', 'x.code-workspace': 'a' },
    'ln .git/config h; ln x.code-workspace w; echo x >h; echo x >w; rm -f h w',
  ],
  ['a folder that becomes one', { 'sub/a': '' }, 'mv sub .vscode; cp -r sub .vscode; mv -T sub .git'],
];

for (const [what, files, command] of tries)
  test(`S2: a confined command does not get to write ${what}`, async (t) => {
    const workspace = await temporaryFolder(t);
    await writeAll(workspace, files);
    const before = await pictureOf(workspace);
    await run(command, workspace);
    assert.deepEqual(await pictureOf(workspace), before);
  });

test('S2: each of several roots is protected, also one inside of another and in a repository', async (t) => {
  const outer = await temporaryFolder(t);
  const [repository, inner] = [path.join(outer, 'r'), path.join(outer, 'r', 'inner')];
  await writeAll(outer, { 'r/inner/a': '', 'r/b': '' });
  gitInit(repository);
  const before = await pictureOf(outer);
  const command =
    'for d in . .. ../..; do mkdir -p $d/.vscode $d/.git; echo x >$d/.vscode/x; echo x >$d/.git/x; done';
  await run(command, inner, [repository, inner, outer]);
  assert.deepEqual(await pictureOf(outer), before);
});

test('S2: no command runs where a protected place is a link that it could replace', async (t) => {
  const workspace = await temporaryFolder(t);
  await writeAll(workspace, { 'editor/settings.json': '{}', 'sub/a': '' });
  await symlink('editor', path.join(workspace, '.vscode'));
  const before = await pictureOf(workspace);
  const ran = await run('rm .vscode; mkdir .vscode; echo x >.vscode/settings.json; echo ran', workspace);
  if (ran)
    assert.match(ran.text, /\.vscode is a symbolic link, and a command could replace it\. Replace it by/);
  assert.deepEqual(await pictureOf(workspace), before);
});

test('S2: a workspace file that appeared while a command ran is told', async (t) => {
  const workspace = await temporaryFolder(t);
  await writeAll(workspace, { 'old.code-workspace': '{}' });
  const ran = await run('echo {} >new.code-workspace; echo x >old.code-workspace', workspace);
  if (ran)
    assert.match(ran.remarks.join(), /^\[While it ran, a workspace file was made: "new\.code-workspace"\. /);
});

test('S1: a temporary folder in the workspace gives a command no way out of it', async (t) => {
  const workspace = await temporaryFolder(t);
  const usual = process.env['TMPDIR'];
  process.env['TMPDIR'] = workspace;
  t.after(() => (usual === undefined ? delete process.env['TMPDIR'] : (process.env['TMPDIR'] = usual)));
  const ran = await run(
    'echo t >"$TMPDIR/t" && cat "$TMPDIR/t"; case $TMPDIR in "$PWD"*) echo inside;; esac',
    workspace,
  );
  if (ran) assert.equal(ran.text, 't\n');
  assert.deepEqual(await readdir(workspace), []);
});
