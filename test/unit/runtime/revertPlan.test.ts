import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { createFiles } from '../../../src/adapters/node/files.ts';
import { planRevert } from '../../../src/runtime/revertPlan.ts';
import { revertQuestion } from '../../../src/views/revertText.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { ok, SessionScript } from '../views/sessionScript.ts';

/** An agent that made a file in a worktree of its own, which is `fate` by now. */
async function standingIn(folder: string, fate?: 'merged' | 'discarded'): Promise<string> {
  const script = new SessionScript();
  const worktree = { path: path.join(folder, 'tree'), branch: 'b', base: 'c' };
  const about = { model: 'm', permission: 'workspace-write', systemPrompt: '', tools: [] } as const;
  script.add({ type: 'agent.created', agentId: 'a1', label: 'Kid', ...about, worktree });
  script.run('Go.').turn().turnBatch().call('c1', 'write_file', {}).start('c1');
  const edit = { path: path.join(worktree.path, 'a.txt'), before: 'h', after: null, text: '', bytes: 0 };
  script.add({ type: 'edit.intended', callId: 'c1', edit });
  script.settle('c1', ok('')).end({});
  if (fate) script.add({ type: 'worktree.settled', agentId: 'a1', fate });
  const { state } = script;
  const { signal } = new AbortController();
  const ports = { files: createFiles(), blobFolder: folder };
  const plan = await planRevert(state, { kind: 'agent', agentId: 'a1' }, ports, signal);
  const [file] = plan.files;
  const why = file?.standing.kind === 'impossible' ? file.standing.why : file?.standing.kind;
  const question = revertQuestion(state, {
    ...plan,
    files: plan.files.map((each) => ({ ...each, standing: { kind: 'asLeft' } })),
  });
  return `${why}${question?.detail.includes('merged or applied') ? ', and what was merged stays' : ''}`;
}

test('nothing is restored into a worktree that is gone, which would make its folder again', async (t) => {
  const folder = await temporaryFolder(t);
  const gone = 'the worktree that it was in is gone';
  assert.equal(await standingIn(folder), gone);
  await mkdir(path.join(folder, 'tree'));
  const notKept = 'its text from before was not kept';
  assert.equal(await standingIn(folder), notKept);
  assert.equal(await standingIn(folder, 'discarded'), gone);
  assert.equal(await standingIn(folder, 'merged'), `${notKept}, and what was merged stays`);
});
