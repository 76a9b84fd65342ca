/** What the workbench test does with a session that a dead program left. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { answerDialog, choose, click, dialog, listRow, pressInList, statusBar } from './gestures.ts';
import { leftTitle } from './leftSession.ts';
import { screenshotsFolder } from './paths.ts';
import type { Workbench } from './workbench.ts';

type Step = (workbench: Workbench) => Promise<void>;

export const recoverySteps: Readonly<Record<string, Step>> = {
  'a window finds what a dead program left, and asks nothing': async (workbench) => {
    await statusBar(workbench, 'AllSettled: 1 interrupted').waitFor();
    await workbench.treeRow(/interrupted/);
    await workbench.widenSideBar(480);
    const text = await workbench.treeText();
    await photograph(workbench, 'interrupted-tree');
    assert.match(text, /interrupted · the program was closed/);
    assert.match(text, /terminal {2}interrupted · npm run report/);
    assert.match(text, /terminal npm test {2}queued/);
    assert.equal(await workbench.page.locator('.notification-toast').count(), 0);
  },

  'the list behind the status bar says why and when, and dismisses': async (workbench) => {
    const row = listRow(workbench, leftTitle);
    await click(statusBar(workbench), row);
    await photograph(workbench, 'interrupted-list');
    const text = await row.innerText();
    assert.match(text, /interrupted · the program was closed/);
    assert.match(text, /terminal npm run report: interrupted · \d min ago/);
    await pressInList(workbench, row, 'Dismiss');
    await statusBar(workbench, /^\W*AllSettled$/).waitFor();
    assert.match(await workbench.treeText(), /terminal {2}cancelled · npm test/);
  },

  'a past session is deleted after a question': async (workbench) => {
    const { page } = workbench;
    await workbench.runCommand('AllSettled: Delete Session…');
    await page.getByPlaceholder("1 session can't be read: Show Log names it.").waitFor();
    await photograph(workbench, 'session-list');
    await choose(workbench, leftTitle);
    await dialog(workbench).waitFor();
    await photograph(workbench, 'delete-session');
    await answerDialog(workbench, 'Delete');
    await page
      .getByRole('treeitem', { name: /interrupted/ })
      .first()
      .waitFor({ state: 'detached' });
  },
};

async function photograph(workbench: Workbench, name: string): Promise<void> {
  await workbench.screenshot(path.join(screenshotsFolder, `${name}.png`));
}
