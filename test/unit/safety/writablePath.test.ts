import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
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

test('the settings of an editor’s user are protected, whatever the editor is called, where the home folder is the workspace', async (t) => {
  const root = await temporaryFolder(t);
  const writable = async (named: string): Promise<boolean> =>
    (await resolveWritable(named, { cwd: root, roots: [root] }, { files, stateDir: '/state' })).ok;
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
    'a.code-workspace',
  ])
    assert.equal(await writable(named), false, named);
  for (const named of ['src/user/settings.json', 'data/users/settings.json', 'fixtures/User/settings.json'])
    assert.equal(await writable(named), true, named);
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
