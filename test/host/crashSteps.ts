/** What the workbench test does to an extension host in the midst of its calls, and to the session that it left. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { findProcess } from '../../src/adapters/node/processIdentity.ts';
import { commandAtWork, crashedSession, crashPrompt, subAgent } from './crashedHost.ts';
import type { CrashPlace } from './crashedHost.ts';
import { answer, choose, statusBar } from './gestures.ts';
import { screenshotsFolder } from './paths.ts';
import type { Workbench } from './workbench.ts';

type Step = (workbench: Workbench) => Promise<void>;

/** The last steps: they end the extension host, and with it what the tree showed. */
export function crashSteps({ stateDir, folder, server }: CrashPlace): Readonly<Record<string, Step>> {
  const textOf = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
  return {
    'a session whose extension host is killed is found by the next one': async (workbench) => {
      await workbench.runCommand('AllSettled: Set API Key…');
      await answer(workbench, 'Set API Key', 'no-real-key');
      await workbench.runCommand('AllSettled: Start Agent…');
      await answer(workbench, 'Start Agent', crashPrompt);
      const command = await commandAtWork(folder);
      const [started] = await crashedSession(stateDir);
      assert.ok(started?.type === 'session.started');
      process.kill(started.host.pid, 'SIGKILL');
      await statusBar(workbench, 'AllSettled: 2 interrupted').waitFor();
      assert.equal(await findProcess(command), undefined, 'the command that was left running is ended');
      await workbench.treeRow(/interrupted/);
      const text = await workbench.treeText();
      await workbench.screenshot(path.join(screenshotsFolder, 'killed-host.png'));
      assert.match(text, /terminal {2}interrupted · echo two/);
      assert.match(text, /write_file (made\.txt {2}queued| ?waits.*made\.txt)/);
    },

    'it is resumed to its end, and nothing of it happens twice': async (workbench) => {
      const { page } = workbench;
      await resume(workbench, crashPrompt);
      await statusBar(workbench, 'AllSettled: 1 interrupted').waitFor();
      await resume(workbench, subAgent);
      await page.getByRole('treeitem', { name: /^Session, Note it.*\bcompleted\b/ }).waitFor();
      await statusBar(workbench, /^\W*AllSettled$/).waitFor();
      await workbench.screenshot(path.join(screenshotsFolder, 'killed-host-resumed.png'));
      assert.equal(await textOf('notes.txt'), 'one\ntwo\n');
      assert.equal(await textOf('a.txt'), 'alpha alpha\n');
      assert.equal(await textOf('made.txt'), 'made\n');
      const events = await crashedSession(stateDir);
      const started = events.flatMap((event) => (event.type === 'call.started' ? [event.callId] : []));
      assert.deepEqual(started.toSorted(), ['c1', 'c2', 'e1', 'r1', 's1', 'w2']);
      const outcomes = events.flatMap((event) =>
        event.type === 'call.settled' ? [`${event.callId} ${event.outcome.status}`] : [],
      );
      assert.deepEqual(outcomes.toSorted(), [
        'c1 succeeded',
        'c2 interrupted',
        'e1 succeeded',
        'r1 succeeded',
        's1 succeeded',
        'w2 succeeded',
      ]);
      const sent = JSON.stringify(server.requests.at(-1)?.body.messages);
      assert.match(sent, /effect is unknown: check before/);
      assert.equal(
        sent.split('<task-notification nonce=').length - 1,
        2,
        'told of the interruption and of the end',
      );
    },
  };
}

async function resume(workbench: Workbench, what: string): Promise<void> {
  await workbench.runCommand('AllSettled: Resume…');
  await choose(workbench, what);
}
