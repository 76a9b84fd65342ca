/** J1: a session whose program died before anything that it was started for was on record. */
import assert from 'node:assert/strict';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { SessionKind } from '../../../src/core/events.ts';
import { sealed } from '../../../src/store/journalLine.ts';
import { SessionFolders } from '../../../src/store/sessionFolders.ts';
import { agentList } from '../../../src/views/agentList.ts';
import { sessionRow } from '../../../src/views/sessionRow.ts';
import { statusBarView } from '../../../src/views/statusBar.ts';
import { temporaryFolder } from '../temporaryFolder.ts';
import { SessionScript } from '../views/sessionScript.ts';
import { testRuntime } from './testRuntime.ts';

async function left(t: TestContext, kind: SessionKind) {
  const stateDir = await temporaryFolder(t);
  const journal = new SessionFolders(stateDir).journal('s1');
  const mark = join(dirname(journal), 'unresolved');
  await mkdir(dirname(journal), { recursive: true });
  await writeFile(mark, '');
  const { events } = new SessionScript(kind);
  await writeFile(journal, events.map((event) => `${sealed(JSON.stringify(event))}\n`).join(''));
  const runtime = testRuntime(t, stateDir);
  const isMarked = (): Promise<boolean> =>
    stat(mark).then(
      () => true,
      () => false,
    );
  return { runtime, isMarked, state: await runtime.openSession('s1') };
}

const words: Readonly<Record<SessionKind, RegExp>> = {
  batch: /^The calls of this batch were not on record; run it again\. The program was closed before/,
  agent: /^The agent of this session was not on record; start it again\. /,
  agents: /^The tasks of this session were not on record; run them again\. /,
};

for (const kind of ['batch', 'agent', 'agents'] as const) {
  test(`J1: of kind ${kind}, it says what is known and stays marked`, async (t) => {
    const { runtime, state, isMarked } = await left(t, kind);
    await assert.rejects(runtime.resume('s1'), { message: words[kind] });
    assert.match(sessionRow(state).description, /^interrupted · nothing on record$/);
    assert.match(statusBarView([state], state.lastAt).text, /1 interrupted/);
    assert.deepEqual(
      agentList([state], state.lastAt).map(({ actions }) => actions),
      [['open', 'dismiss']],
    );
    await runtime.dispose();
    assert.equal(await isMarked(), true);
  });

  test(`J1: of kind ${kind}, it can be dismissed`, async (t) => {
    const { runtime, state, isMarked } = await left(t, kind);
    await runtime.dismiss('s1');
    assert.equal(state.cutOff, 'dismissed');
    assert.match(statusBarView([state], state.lastAt).text, /AllSettled$/);
    await runtime.dispose();
    assert.equal(await isMarked(), false);
  });
}
