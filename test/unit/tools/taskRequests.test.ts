import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import type { Permission } from '../../../src/core/agents.ts';
import { ownTools } from '../../../src/formats/toolWords.ts';
import { taskRequests, type TaskRequests } from '../../../src/tools/taskRequests.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

/** Two tasks for an agent with a front matter, under a permission. */
async function asked(
  t: TestContext,
  matter: string,
  permission: Permission = 'unlimited',
): Promise<TaskRequests> {
  const folder = await temporaryFolder(t);
  await mkdir(path.join(folder, '.claude/agents'), { recursive: true });
  await writeFile(path.join(folder, '.claude/agents/x.md'), `---\n${matter}\n---\nYou review.`);
  const task = { note: 'n', prompt: 'p', agent: 'x', permission };
  return taskRequests(
    { tasks: [task, task], cwd: folder, roots: [folder], ceiling: permission },
    {
      files: createFiles(),
      sessions: { find: () => undefined, open: () => Promise.reject(new Error('There is no session.')) },
      tools: ownTools,
      isTrusted: true,
    },
    new AbortController().signal,
  );
}

describe('a definition bounds its agent:', () => {
  const rows: readonly (readonly [matter: string, permission: Permission, expected: object])[] = [
    ['name: x', 'unlimited', { permission: 'unlimited' }],
    ['permissionMode: plan', 'unlimited', { permission: 'read-only' }],
    ['permissionMode: bypassPermissions', 'read-only', { permission: 'read-only' }],
    ['permission: unlimited', 'workspace-write', { permission: 'workspace-write' }],
    ['maxTurns: 7', 'unlimited', { permission: 'unlimited', limits: { maxTurns: 7 } }],
    ['isolation: worktree', 'workspace-write', { permission: 'workspace-write', isolation: 'worktree' }],
    ['isolation: worktree', 'read-only', { permission: 'read-only' }],
    ['model: claude-opus-5', 'read-only', { permission: 'read-only', model: 'claude-opus-5' }],
  ];
  for (const [matter, permission, expected] of rows)
    test(`${matter} under ${permission}`, async (t) => {
      const made = await asked(t, matter, permission);
      const [first] = made.ok ? made.requests : [];
      assert.ok(first?.kind === 'spawn');
      const common = { prompt: 'p', label: 'n', task: { index: 0, note: 'n' }, systemPrompt: 'You review.' };
      assert.deepEqual(first.request, { ...common, ...expected });
    });
});

test('what is lost is told once, at the task that first names the definition', async (t) => {
  const made = await asked(t, 'tools: Read, WebFetch');
  assert.deepEqual(
    made.ok &&
      made.warnings.map(({ path: at, at: place }) => [at, path.basename(place?.file ?? ''), place?.line]),
    [[['tasks', 0, 'agent'], 'x.md', 2]],
  );
});

test('what is wrong is told once, with its own line', async (t) => {
  const made = await asked(t, 'name: x\ntools: [Read');
  assert.deepEqual(
    !made.ok &&
      made.problems.map(({ path: at, at: place }) => [at, path.basename(place?.file ?? ''), place?.line]),
    [[['tasks', 0, 'agent'], 'x.md', 3]],
  );
});
