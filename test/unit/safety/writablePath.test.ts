import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { resolveWritable } from '../../../src/safety/writablePath.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

const files = createFiles();

test('what steers git and the editor is protected, even where it does not exist yet', async (t) => {
  const root = await temporaryFolder(t);
  await mkdir(path.join(root, 'real/.git'), { recursive: true });
  await symlink('real/.git', path.join(root, 'innocent'));
  const writable = async (named: string): Promise<boolean> =>
    (await resolveWritable(named, { cwd: root, roots: [root] }, { files, stateDir: '/state' })).ok;
  for (const named of [
    '.git/config',
    '.git',
    '.GIT/config',
    'sub/.git/hooks/post-checkout',
    'innocent/config',
    'innocent',
    '.vscode/settings.json',
    'deep/er/.VSCode/tasks.json',
    './x/../.git/config',
    '.git./config',
    '.git /config',
    '.g\u200cit/config',
    '.gi\u200dt/HEAD',
    'git~1/config',
    '.git::$INDEX_ALLOCATION/config',
    '\uff0egit/config',
  ])
    assert.equal(await writable(named), false, named);
  for (const named of [
    'a.txt',
    '.gitignore',
    '.github/agents/a.md',
    'git/config',
    '.vscodeignore',
    'x.git/y',
    '.editorconfig',
  ])
    assert.equal(await writable(named), true, named);
});

test('git folders of another name are protected, and the worktrees in a bare repository are not', async (t) => {
  const root = await temporaryFolder(t);
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  git('init', '-q', '--separate-git-dir', 'kept', 'own');
  git('init', '-q', '--bare', 'bare');
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
  git('-C', 'own', ...who, 'commit', '-q', '--allow-empty', '-m', 'First');
  git('-C', 'own', 'worktree', 'add', '-q', '../bare/tree');
  const writable = async (named: string): Promise<boolean> =>
    (await resolveWritable(named, { cwd: root, roots: [root] }, { files, stateDir: '/state' })).ok;
  for (const named of [
    'kept/config',
    'kept/hooks/pre-commit',
    'kept/HOOKS/pre-commit',
    'kept/info/attributes',
    'kept/worktrees/tree/gitdir',
    'kept/worktrees/tree/config.worktree',
    'bare/HEAD',
    'bare/hooks/update',
  ])
    assert.equal(await writable(named), false, named);
  for (const named of ['own/config', 'own/hooks/a', 'bare/tree/config', 'bare/tree/hooks/a', 'bare/notes.md'])
    assert.equal(await writable(named), true, named);
});

/** Makes a folder the person's home, with no other place for settings. */
function liveIn(t: TestContext, home: string, more: Readonly<Record<string, string>> = {}): void {
  const names = ['HOME', 'USERPROFILE', 'XDG_CONFIG_HOME', 'APPDATA', 'VSCODE_APPDATA', 'VSCODE_PORTABLE'];
  const before = names.map((name) => [name, process.env[name]] as const);
  const set = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  for (const name of names) set(name, { HOME: home, USERPROFILE: home, ...more }[name]);
  t.after(() => before.forEach(([name, value]) => set(name, value)));
}

function writableIn(root: string): (named: string) => Promise<boolean> {
  return async (named) =>
    (await resolveWritable(named, { cwd: root, roots: [root] }, { files, stateDir: '/state' })).ok;
}

async function layOut(root: string, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(path.join(root, path.dirname(name)), { recursive: true });
    await writeFile(path.join(root, name), '');
  }
}

test('P1: the settings of an editor’s user are protected, whatever the editor is called, where the home folder is the workspace', async (t) => {
  const root = await temporaryFolder(t);
  liveIn(t, root);
  const writable = writableIn(root);
  for (const named of [
    '.config/Code/User/settings.json',
    '.config/Code - OSS/User/mcp.json',
    '.config/Cursor/User/profiles/x/settings.json',
    '.vscode-server/data/Machine/settings.json',
    '.config/Kiro/User/settings.json',
    '.config/Antigravity/User/tasks.json',
    'Library/Application Support/Trae/User/settings.json',
    'Library/Application Support/Trae CN/User/settings.json',
    '.config/Positron/User/settings.json',
    '.positron-server/data/Machine/settings.json',
    '.config/Void/User/profiles/x/settings.json',
    '.config/SomethingNew/User/settings.json',
    'AppData/Roaming/SomethingNew/User/settings.json',
    '.config/Code/User/snippets/ts.json',
    '.config/Code/User/snippets/all.code-snippets',
    '.config/Code/User/profiles/x/snippets/ts.json',
    '.config/Code/user/KEYBINDINGS.json',
    '.cursor-server/data/User/settings.json',
    '.local/share/code-server/User/settings.json',
    'a.code-workspace',
  ])
    assert.equal(await writable(named), false, named);
  for (const named of [
    'src/user/settings.json',
    'data/users/settings.json',
    'fixtures/User/settings.json',
    '.config/Code/User/notes.txt',
    '.config/Code/settings.json',
    'repo/.config/Code/User/settings.json',
  ])
    assert.equal(await writable(named), true, named);
});

test('K16: ordinary data is no editor’s settings, whatever it is called', async (t) => {
  const root = await temporaryFolder(t);
  liveIn(t, path.join(root, 'home'));
  await layOut(root, 'data/user/bob.json', 'fixtures/data/machine/m0.json', 'vscode-theme/user/a.json');
  for (const named of [
    'data/user/alice.json',
    'fixtures/data/machine/m1.json',
    'vscode-theme/user/b.json',
    'code/user/settings.json',
    'data/user-data/User/settings.json',
    'packages/cursor/machine/tasks.json',
    'sub/.config/App/User/settings.json',
  ])
    assert.equal(await writableIn(root)(named), true, named);
});

test('K16: beside what looks like an editor’s folder, data of another name is made', async (t) => {
  const root = await temporaryFolder(t);
  liveIn(t, path.join(root, 'home'));
  await layOut(
    root,
    'data/user/history/1.json',
    'data/machine/sync/2.json',
    'app/user/globalStorage/x',
    'code/a',
  );
  const writable = writableIn(root);
  for (const named of [
    'data/user/alice.json',
    'data/user/tasks.json',
    'data/machine/settings.json',
    'app/user/alice.json',
    '.config/app/user/alice.json',
    '.local/share/app/machine/m1.jsonc',
    'fixtures/vscode/user-data/user/alice.json',
    'code/data/user/settings.json',
    'test/data/User/snippets/one.json',
    'data/user/profiles/alice/settings.json',
  ])
    assert.equal(await writable(named), true, named);
  for (const named of [
    'app/user/tasks.json',
    '.config/app/user/settings.json',
    'app/user/profiles/x/mcp.json',
  ])
    assert.equal(await writable(named), false, named);
});

test('P1: in the person’s own settings folder every JSON file counts', async (t) => {
  const root = await temporaryFolder(t);
  liveIn(t, root);
  assert.equal(await writableIn(root)('.config/Code/User/somethingNew.json'), false);
});

test('P1: a folder that an editor keeps its user’s data in is known by what the editor left there', async (t) => {
  const root = await temporaryFolder(t);
  liveIn(t, path.join(root, 'home'));
  await layOut(root, 'one/machineid', 'two/Local Storage/x', 'three/User/globalStorage/state.vscdb');
  await layOut(root, 'server/data/CachedExtensionVSIXs/x', 'four/user/workspaceStorage/a/b');
  const writable = writableIn(root);
  for (const named of [
    'one/User/settings.json',
    'two/User/keybindings.json',
    'three/User/profiles/p/tasks.json',
    'three/User/globalStorage/storage.json',
    'server/data/Machine/settings.json',
    'four/USER/mcp.json',
  ])
    assert.equal(await writable(named), false, named);
  for (const named of ['one/notes.json', 'three/User/notes.md', 'one/users/settings.json'])
    assert.equal(await writable(named), true, named);
  const inside = path.join(root, 'three/User');
  assert.equal(await writableIn(inside)('settings.json'), false, 'a workspace inside of such a folder');
});

test('P1: the portable folder beside an editor’s own files is protected before it has been used', async (t) => {
  const root = await temporaryFolder(t);
  liveIn(t, path.join(root, 'home'), { VSCODE_PORTABLE: path.join(root, 'own') });
  await layOut(
    root,
    'linux/resources/app/product.json',
    'windows/Code.exe',
    'new/1a2b/resources/app/product.json',
  );
  await layOut(root, 'mac/Visual Studio Code.app/Contents/Info.plist');
  const writable = writableIn(root);
  for (const named of [
    'linux/data/user-data/User/settings.json',
    'windows/data/user-data/User/snippets/c.json',
    'new/data/user-data/User/tasks.json',
    'mac/code-portable-data/user-data/User/settings.json',
    'own/user-data/User/settings.json',
  ])
    assert.equal(await writable(named), false, named);
  for (const named of ['linux/data/user/alice.json', 'other/data/user-data/User/settings.json'])
    assert.equal(await writable(named), true, named);
});

test('P1: settings that are kept in the workspace and linked to from their place are protected', async (t) => {
  const root = await temporaryFolder(t);
  const config = path.join(await temporaryFolder(t), 'config');
  liveIn(t, path.join(root, 'home'), { XDG_CONFIG_HOME: config });
  await layOut(
    root,
    'dotfiles/vscode.json',
    'dotfiles/Cursor/settings.json',
    'snippets/c.json',
    'dotfiles/other.json',
  );
  await mkdir(path.join(config, 'Code/User'), { recursive: true });
  await mkdir(path.join(config, 'Cursor'));
  await symlink(path.join(root, 'dotfiles/vscode.json'), path.join(config, 'Code/User/settings.json'));
  await symlink(path.join(root, 'snippets'), path.join(config, 'Code/User/snippets'));
  await symlink(path.join(root, 'dotfiles/Cursor'), path.join(config, 'Cursor/User'));
  const writable = writableIn(root);
  for (const named of ['dotfiles/vscode.json', 'dotfiles/Cursor/tasks.json', 'snippets/new.json'])
    assert.equal(await writable(named), false, named);
  assert.equal(await writable('dotfiles/other.json'), true);
});

test('the state folder is protected, but for worktrees of our own in it', async (t) => {
  const root = await temporaryFolder(t);
  const stateDir = path.join(root, 'state');
  const worktree = path.join(stateDir, 'worktrees/s/a');
  await mkdir(worktree, { recursive: true });
  const writable = async (named: string, ...roots: readonly string[]): Promise<boolean> =>
    (await resolveWritable(named, { cwd: root, roots }, { files, stateDir })).ok;
  assert.equal(await writable('state/sessions/x/journal.ndjson', root), false);
  assert.equal(await writable('state', root), false);
  assert.equal(await writable('other/a.txt', root), true);
  assert.equal(await writable(path.join(worktree, 'a.txt'), worktree), true);
  assert.equal(await writable(path.join(worktree, '.git'), worktree), false);
  assert.equal(await writable(path.join(worktree, 'a.txt'), root), false);
  assert.equal(await writable('state/sessions/x', worktree), false);
  assert.equal(await writable(path.join(stateDir, 'sessions/x'), stateDir), false);
});
