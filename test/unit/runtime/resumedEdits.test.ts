/** Sessions that are cut off at every event around an edit, and resumed: the edit is made once, and the ending is the same. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SessionEvent } from '../../../src/core/events.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { agentScripts, asksFor, newTexts, says } from '../../fixtures/agentScripts.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { testRuntime } from './testRuntime.ts';

const edit = { path: 'a.txt', edits: [{ oldText: 'one', newText: 'two' }] };
const told = 'Changed a.txt: 1 line added, 1 removed.\n\n1 of 1 calls succeeded';

/** `isMade`: the file had been written when the host died. */
for (const [lastEvent, isMade] of [
  ['call.started', false],
  ['edit.intended', false],
  ['edit.intended', true],
  ['call.settled', true],
] as const)
  test(`cut off after ${lastEvent}, with the file ${isMade ? 'written' : 'as before'}`, async (t) => {
    const folder = await temporaryFolder(t);
    const stateDir = await temporaryFolder(t);
    const file = join(folder, 'a.txt');
    await writeFile(file, 'one\n');
    const scripts = await agentScripts(t, {
      root: [
        asksFor(['r1', 'read_file', { path: 'a.txt' }]),
        asksFor(['e1', 'edit_file', edit]),
        says('Done.'),
      ],
    });
    const first = testRuntime(t, stateDir, scripts.server.url);
    const about = { permission: 'workspace-write', cwd: folder, roots: [folder] } as const;
    const run = await first.startAgent({ prompt: 'Go root', ...about });
    assert.equal((await run.ended).status, 'completed');
    await first.dispose();
    const journal = new SessionFolders(stateDir).journal(run.sessionId);
    await cutBehind(
      journal,
      (event) => event.type === lastEvent && 'callId' in event && event.callId === 'e1',
    );
    await writeFile(file, isMade ? 'two\n' : 'one\n');

    const later = testRuntime(t, stateDir, scripts.server.url);
    const state = await later.openSession(run.sessionId);
    const work = await later.resume(run.sessionId);
    const ending = await work.runs[0]?.ended;
    assert.equal(`${ending?.status} ${ending?.text}`, 'completed Done.');
    assert.equal(await readFile(file, 'utf8'), 'two\n');
    assert.equal(newTexts(scripts.requestsOf('root').at(-1))[0], told);
    assert.equal(state.calls.get('e1')?.state.status, 'succeeded');
    await later.dispose();
  });

/** Leaves the journal as it was right after that event. */
async function cutBehind(journal: string, isLast: (event: SessionEvent) => boolean): Promise<void> {
  const lines = (await readFile(journal, 'utf8')).split('\n');
  const end = lines.findIndex((line) => line !== '' && isLast(JSON.parse(line) as SessionEvent));
  assert.notEqual(end, -1);
  await writeFile(journal, `${lines.slice(0, end + 1).join('\n')}\n`);
}
