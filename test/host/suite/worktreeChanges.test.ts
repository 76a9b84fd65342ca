/** The changes of a worktree open in VS Code's own editor for changes, and the text of before is served for it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { nodeClock } from '../../../src/adapters/node/clock.ts';
import { disk } from '../../../src/adapters/node/disk.ts';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { createProcesses } from '../../../src/adapters/node/processes.ts';
import { createWorktrees } from '../../../src/runtime/worktrees.ts';
import { defaultStateDir } from '../../../src/store/stateDir.ts';
import { showWorktreeChanges } from '../../../src/ui/worktreeChanges.ts';
import { extensionApi } from './extensionApi.ts';

const { signal } = new AbortController();
const owner = { sessionId: 'worktree-changes', agentId: 'agent-2' };

async function repositoryWith(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'allsettled-worktree-')));
  const git = (...args: readonly string[]): unknown => execFileSync('git', [...args], { cwd: root });
  git('init', '-q');
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(root, name), text);
  git('add', '.');
  git('-c', 'user.name=Test', '-c', 'user.email=t@example.invalid', 'commit', '-q', '-m', 'first');
  return root;
}

suite('the changes of a worktree', () => {
  test('open in one editor, with the text of before and the file itself', async () => {
    await extensionApi();
    const root = await repositoryWith({ 'kept.txt': 'one\n', 'gone.txt': 'gone\n' });
    const ports = {
      files: createFiles(),
      processes: createProcesses({ clock: nodeClock }),
      clock: nodeClock,
      shell: { disk },
    };
    const worktrees = createWorktrees({ ...ports, stateDir: defaultStateDir() });
    const request = { ...owner, label: 'Helper', cwd: root, roots: [root], signal };
    const made = await worktrees.create(request);
    assert.ok(made.ok, made.ok ? '' : made.error.message);
    await writeFile(path.join(made.cwd, 'kept.txt'), 'two\n');
    await writeFile(path.join(made.cwd, 'new.txt'), 'new\n');
    await rm(path.join(made.cwd, 'gone.txt'));
    const known = await worktrees.find(owner);
    assert.ok(known);
    const seen = await worktrees.changes(known, signal);
    assert.ok(seen.ok);

    await showWorktreeChanges(known, seen.changes);

    assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.label, 'Worktree of “Helper” (3 files)');
    const query = JSON.stringify([owner.sessionId, owner.agentId, 'kept.txt']);
    const file = vscode.Uri.file(path.join(made.cwd, 'kept.txt'));
    const before = file.with({ scheme: 'allsettled-before', query });
    assert.equal((await vscode.workspace.openTextDocument(before)).getText(), 'one\n');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal((await worktrees.discard(known, true, signal)).kind, 'discarded');
    await rm(root, { recursive: true });
  });
});
